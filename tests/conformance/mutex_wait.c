/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MTX-2: lock, try, timed; and GEN-7, what is promised of time.
 */
#include "mutex_cases.h"

#define WAITERS 4
#define LAPS 15
#define SHORT_USEC (100 * 1000)

static void busy(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *owner = mutex_peer();
    TST_OK(tst_peer_do(owner, "lock 0"));
    TST_STATUS(ist_mutex_trylock(mutex), APR_EBUSY);
    TST_STATUS(tst_in_thread(mutex_try, mutex), APR_EBUSY);
    TST_STATUS(tst_peer_do(owner, "thread trylock 0"), APR_EBUSY);
    TST_OK(tst_peer_do(owner, "unlock 0"));
    TST_OK(ist_mutex_trylock(mutex));
    TST_STATUS(tst_peer_do(owner, "trylock 0"), APR_EBUSY);
    TST_OK(ist_mutex_unlock(mutex));
}

static void never_early(void)
{
    const apr_interval_time_t waits[] = {0, 1, 999, 1000, 15000, SHORT_USEC, 333333};
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *owner = mutex_peer();
    TST_OK(tst_peer_do(owner, "lock 0"));
    for (int i = 0; i < 7; i++) {
        apr_int64_t start = tst_now();
        TST_STATUS(ist_mutex_timedlock(mutex, waits[i]), APR_TIMEUP);
        TST_TOOK(start, waits[i]);
        TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    }
    TST_OK(tst_peer_do(owner, "unlock 0"));
    mutex_is_free(mutex);
}

/* Between threads of one process it is another path in some systems. */
static void never_early_in_a_process(void)
{
    mutex_holder_t holder;
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    mutex_hold(&holder, mutex, 1, 1);
    apr_int64_t start = tst_now();
    TST_STATUS(ist_mutex_timedlock(mutex, SHORT_USEC), APR_TIMEUP);
    TST_TOOK(start, SHORT_USEC);
    start = tst_now();
    TST_STATUS(ist_mutex_timedlock(mutex, 0), APR_TIMEUP);
    TST_TOOK(start, 0);
    mutex_let_go(&holder);
    mutex_is_free(mutex);
}

static void free_is_taken_at_once(void)
{
    const apr_interval_time_t waits[] = {0, 1, SHORT_USEC, 3600 * APR_USEC_PER_SEC, APR_INT64_MAX,
                                         IST_FOREVER, -5, APR_INT64_MIN};
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    for (int i = 0; i < 8; i++) {
        apr_int64_t start = tst_now();
        TST_OK(ist_mutex_timedlock(mutex, waits[i]));
        TST_TOOK(start, 0);
        TST_OK(ist_mutex_unlock(mutex));
    }
}

/* A wait without an end in sight ends when the mutex is unlocked. */
static void waits_on(const char *command)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *peer = mutex_peer();
    TST_OK(ist_mutex_lock(mutex));
    tst_peer_begin(peer, "%s", command);
    TST_NUMBER(tst_peer_blocked(peer), 1);
    /* Longer than a slice of waiting, so that one ends in vain before. */
    TST_NUMBER(tst_peer_answered(peer, 2 * SHORT_USEC), 0);
    apr_int64_t start = tst_now();
    TST_OK(ist_mutex_unlock(mutex));
    TST_OK(tst_peer_end(peer, NULL));
    TST_TOOK(start, 0);
    TST_STATUS(ist_mutex_trylock(mutex), APR_EBUSY);
    TST_OK(tst_peer_do(peer, "unlock 0"));
    mutex_is_free(mutex);
}

static void lock_waits(void)
{
    waits_on("lock 0");
}

static void for_ever(void)
{
    waits_on("timedlock 0 -1");
}

static void any_negative(void)
{
    waits_on("timedlock 0 -9223372036854775808");
}

static void huge(void)
{
    waits_on("timedlock 0 9223372036854775807");
}

static void huge_in_nanoseconds(void)
{
    waits_on("timedlock 0 9223372036854776"); /* 2^63 ns and a bit */
}

static void hour(void)
{
    waits_on("timedlock 0 3600000000");
}

static void everybody_gets_it(void)
{
    tst_peer_t *peers[WAITERS];
    int done[WAITERS] = {0};
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    TST_OK(ist_mutex_lock(mutex));
    for (int i = 0; i < WAITERS; i++) {
        peers[i] = mutex_peer();
        tst_peer_begin(peers[i], "%s", i % 2 ? "lock 0" : "timedlock 0 3600000000");
        TST_NUMBER(tst_peer_blocked(peers[i]), 1);
    }
    TST_OK(ist_mutex_unlock(mutex));
    for (int i = 0; i < WAITERS; i++) {
        int next = mutex_next_answer(peers, done, WAITERS);
        TST_MUST_TRUE(next >= 0);
        done[next] = 1;
        TST_OK(tst_peer_end(peers[next], NULL));
        TST_STATUS(ist_mutex_trylock(mutex), APR_EBUSY);
        TST_OK(tst_peer_do(peers[next], "unlock 0"));
    }
    mutex_is_free(mutex);
}

/* By the unlock itself, not by the sleeper's next look. */
static void woken_by_the_unlock(void)
{
    tst_laps_t laps = {0, {0}};
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *peer = mutex_peer();
    for (int i = 0; i < LAPS; i++) {
        TST_OK(ist_mutex_lock(mutex));
        tst_peer_begin(peer, "%s", i % 2 ? "lock 0" : "timedlock 0 3600000000");
        TST_NUMBER(tst_peer_blocked(peer), 1);
        apr_int64_t start = tst_now();
        TST_OK(ist_mutex_unlock(mutex));
        TST_OK(tst_peer_end(peer, NULL));
        tst_lap(&laps, start);
        TST_OK(tst_peer_do(peer, "unlock 0"));
    }
    TST_PROMPT(&laps, TST_PROMPT_USEC);
}

/* Who gave up is no obstacle to those that come later. */
static void given_up_is_gone(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *first = mutex_peer(), *second = mutex_peer();
    TST_OK(ist_mutex_lock(mutex));
    tst_peer_begin(second, "lock 0");
    TST_NUMBER(tst_peer_blocked(second), 1);
    for (int i = 0; i < 5; i++)
        TST_STATUS(tst_peer_do(first, "timedlock 0 %d", i * 100), APR_TIMEUP);
    TST_OK(ist_mutex_unlock(mutex));
    TST_OK(tst_peer_end(second, NULL));
    TST_STATUS(tst_peer_do(first, "trylock 0"), APR_EBUSY);
    TST_OK(tst_peer_do(second, "unlock 0"));
    TST_OK(tst_peer_do(first, "trylock 0"));
    TST_OK(tst_peer_do(first, "unlock 0"));
}

static void signals_do_not_end_it(void)
{
    TST_NEED(TST_SIGNALS);
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *peer = mutex_peer();
    TST_OK(ist_mutex_lock(mutex));
    for (int restart = 0; restart < 2; restart++) {
        TST_OK(tst_peer_do(peer, "signals %d", restart));
        apr_int64_t start = tst_now(), came = 0;
        tst_peer_begin(peer, "timedlock 0 %d", 3 * SHORT_USEC);
        while (!tst_peer_answered(peer, 5000))
            tst_signal_send(tst_peer_pid(peer));
        TST_TOOK(start, 3 * SHORT_USEC);
        TST_STATUS(tst_peer_end(peer, NULL), APR_TIMEUP);
        TST_OK(tst_peer_ask(peer, &came, "signalled"));
        TST_TRUE(came > 0);
    }
    TST_OK(ist_mutex_unlock(mutex));
}

const tst_case_t mutex_wait_cases[] = {
    {"MTX-2 a try at a locked mutex is busy", busy},
    {"MTX-2 a timed lock never ends early, nor very late", never_early},
    {"MTX-2 a timed lock never ends early between threads", never_early_in_a_process},
    {"MTX-2 a free mutex is taken whatever the timeout", free_is_taken_at_once},
    {"MTX-2 lock waits until the unlock", lock_waits},
    {"MTX-2 a timed lock for ever waits until the unlock", for_ever},
    {"MTX-2 the most negative timeout means for ever", any_negative},
    {"MTX-2 the largest timeout waits until the unlock", huge},
    {"MTX-2 a timeout past 2^63 nanoseconds waits until the unlock", huge_in_nanoseconds},
    {"MTX-2 a timeout of an hour waits until the unlock", hour},
    {"MTX-2 a sleeper is woken by the unlock itself", woken_by_the_unlock},
    {"MTX-2 everybody who waits gets it", everybody_gets_it},
    {"MTX-2 who gave up is in nobody's way", given_up_is_gone},
    {"MTX-2 signals neither end nor prolong a timed lock", signals_do_not_end_it},
    {NULL, NULL},
};
