/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SEM-3: wait, try, timed; and GEN-7, what is promised of time.
 */
#include "semaphore_cases.h"

#define SHORT_USEC (100 * 1000)

static void statuses(void)
{
    ist_semaphore_t *sem = semaphore_fresh(3, 3);
    tst_peer_t *peer = semaphore_peer();
    TST_OK(ist_semaphore_wait(sem));
    TST_OK(ist_semaphore_trywait(sem));
    TST_OK(ist_semaphore_timedwait(sem, 1000));
    TST_STATUS(ist_semaphore_trywait(sem), APR_EBUSY);
    TST_STATUS(ist_semaphore_timedwait(sem, 0), APR_TIMEUP);
    TST_STATUS(tst_peer_do(peer, "trywait 0"), APR_EBUSY);
    TST_STATUS(tst_peer_do(peer, "timedwait 0 0"), APR_TIMEUP);
    TST_OK(ist_semaphore_post(sem));
    TST_OK(tst_peer_do(peer, "trywait 0"));
    TST_STATUS(tst_peer_do(peer, "timedwait 0 1"), APR_TIMEUP);
    TST_OK(tst_peer_do(peer, "post 0 1"));
    TST_OK(ist_semaphore_wait(sem));
    TST_STATUS(ist_semaphore_trywait(sem), APR_EBUSY);
}

static void never_early(void)
{
    const apr_interval_time_t waits[] = {0, 1, 999, 1000, 15000, SHORT_USEC, 333333};
    ist_semaphore_t *sem = semaphore_fresh(0, 1);
    for (int i = 0; i < 7; i++) {
        apr_int64_t start = tst_now();
        TST_STATUS(ist_semaphore_timedwait(sem, waits[i]), APR_TIMEUP);
        TST_TOOK(start, waits[i]);
    }
    TST_NUMBER(semaphore_value(sem), 0);
    TST_OK(ist_semaphore_post(sem));
    TST_NUMBER(semaphore_drain(sem), 1);
}

static void there_is_taken_at_once(void)
{
    const apr_interval_time_t waits[] = {0, 1, SHORT_USEC, 3600 * APR_USEC_PER_SEC, APR_INT64_MAX,
                                         IST_FOREVER, -5, APR_INT64_MIN};
    ist_semaphore_t *sem = semaphore_fresh(8, 8);
    for (int i = 0; i < 8; i++) {
        apr_int64_t start = tst_now();
        TST_OK(ist_semaphore_timedwait(sem, waits[i]));
        TST_TOOK(start, 0);
    }
    TST_STATUS(ist_semaphore_trywait(sem), APR_EBUSY);
}

static void waits_on(const char *command)
{
    ist_semaphore_t *sem = semaphore_fresh(0, 5);
    tst_peer_t *peer = semaphore_peer();
    tst_peer_begin(peer, "%s", command);
    TST_NUMBER(tst_peer_blocked(peer), 1);
    /* Longer than a slice of waiting, so that one ends in vain before. */
    TST_NUMBER(tst_peer_answered(peer, 2 * SHORT_USEC), 0);
    apr_int64_t start = tst_now();
    TST_OK(ist_semaphore_post(sem));
    TST_OK(tst_peer_end(peer, NULL));
    TST_TOOK(start, 0);
    TST_NUMBER(semaphore_value(sem), 0);
}

static void wait_waits(void)
{
    waits_on("wait 0");
}

static void for_ever(void)
{
    waits_on("timedwait 0 -1");
}

static void any_negative(void)
{
    waits_on("timedwait 0 -9223372036854775808");
}

static void huge(void)
{
    waits_on("timedwait 0 9223372036854775807");
}

static void huge_in_nanoseconds(void)
{
    waits_on("timedwait 0 9223372036854776"); /* 2^63 ns and a bit */
}

static void hour(void)
{
    waits_on("timedwait 0 3600000000");
}

static apr_status_t wait_for_ever(void *sem)
{
    return ist_semaphore_timedwait(sem, IST_FOREVER);
}

static void between_threads(void)
{
    ist_semaphore_t *sem = semaphore_fresh(0, 5), *again = semaphore_again();
    for (int i = 0; i < tst_rounds(50); i++) {
        tst_thread_t *waiter = tst_thread_start(wait_for_ever, sem);
        TST_NUMBER(tst_thread_blocked(waiter), 1);
        TST_OK(ist_semaphore_post(again));
        TST_OK(tst_thread_join(waiter));
    }
    TST_NUMBER(semaphore_value(sem), 0);
}

/* A unit belongs to nobody: any thread may post what another one took. */
static void nobody_owns_a_unit(void)
{
    ist_semaphore_t *sem = semaphore_fresh(1, 1);
    tst_peer_t *peer = semaphore_peer();
    for (int i = 0; i < 10; i++) {
        TST_OK(tst_peer_do(peer, "wait 0"));
        TST_OK(ist_semaphore_post(sem));
        TST_OK(ist_semaphore_wait(sem));
        TST_OK(tst_peer_do(peer, "thread post 0 1"));
    }
    TST_NUMBER(semaphore_value(sem), 1);
}

static void given_up_is_gone(void)
{
    ist_semaphore_t *sem = semaphore_fresh(0, 5);
    tst_peer_t *first = semaphore_peer(), *second = semaphore_peer();
    tst_peer_begin(second, "wait 0");
    TST_NUMBER(tst_peer_blocked(second), 1);
    for (int i = 0; i < 5; i++)
        TST_STATUS(tst_peer_do(first, "timedwait 0 %d", i * 100), APR_TIMEUP);
    TST_OK(ist_semaphore_post(sem));
    TST_OK(tst_peer_end(second, NULL));
    TST_STATUS(tst_peer_do(first, "trywait 0"), APR_EBUSY);
    TST_OK(ist_semaphore_post(sem));
    TST_OK(tst_peer_do(first, "trywait 0"));
}

static void signals_do_not_end_it(void)
{
    TST_NEED(TST_SIGNALS);
    ist_semaphore_t *sem = semaphore_fresh(0, 5);
    tst_peer_t *peer = semaphore_peer();
    for (int restart = 0; restart < 2; restart++) {
        TST_OK(tst_peer_do(peer, "signals %d", restart));
        apr_int64_t start = tst_now(), came = 0;
        tst_peer_begin(peer, "timedwait 0 %d", 3 * SHORT_USEC);
        while (!tst_peer_answered(peer, 5000))
            tst_signal_send(tst_peer_pid(peer));
        TST_TOOK(start, 3 * SHORT_USEC);
        TST_STATUS(tst_peer_end(peer, NULL), APR_TIMEUP);
        TST_OK(tst_peer_ask(peer, &came, "signalled"));
        TST_TRUE(came > 0);
        tst_peer_begin(peer, "wait 0");
        for (int i = 0; i < 20; i++) {
            tst_signal_send(tst_peer_pid(peer));
            TST_NUMBER(tst_peer_answered(peer, 1000), 0);
        }
        TST_OK(ist_semaphore_post(sem));
        TST_OK(tst_peer_end(peer, NULL));
    }
}

const tst_case_t semaphore_wait_cases[] = {
    {"SEM-3 wait, try and timed wait answer as they should", statuses},
    {"SEM-3 a timed wait never ends early, nor very late", never_early},
    {"SEM-3 what is there is taken whatever the timeout", there_is_taken_at_once},
    {"SEM-3 wait waits until the post", wait_waits},
    {"SEM-3 a timed wait for ever waits until the post", for_ever},
    {"SEM-3 the most negative timeout means for ever", any_negative},
    {"SEM-3 the largest timeout waits until the post", huge},
    {"SEM-3 a timeout past 2^63 nanoseconds waits until the post", huge_in_nanoseconds},
    {"SEM-3 a timeout of an hour waits until the post", hour},
    {"SEM-3 threads of one process wake one another", between_threads},
    {"SEM-3 a unit belongs to nobody", nobody_owns_a_unit},
    {"SEM-3 who gave up is in nobody's way", given_up_is_gone},
    {"SEM-3 signals neither end nor prolong a wait", signals_do_not_end_it},
    {NULL, NULL},
};
