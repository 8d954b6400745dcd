/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SEM-4, and SEM-2 "at any death": nobody sleeps on while there are units, and
 * what a dead process said it did, it did.
 */
#include "semaphore_cases.h"

#include <stdlib.h>
#include <string.h>

/* The promise is 250 ms on a machine with a core to spare. */
#define SOON_USEC APR_USEC_PER_SEC

#define LOOK_USEC 5000

/* Written by the doomed: what they were about to do, and did. */
typedef struct ledger_t {
    volatile apr_uint64_t tried, done, refused;
} ledger_t;

static ledger_t *ledger(apr_uint32_t flags)
{
    ist_shm_t *shm = NULL;
    TST_MUST(ist_shm_open(&shm, tst_name(NULL), sizeof(ledger_t), flags, 0, tst_pool()));
    return ist_shm_base(shm);
}

static void killed_asleep(void)
{
    ist_semaphore_t *sem = semaphore_fresh(0, 10);
    tst_peer_t *survivor = semaphore_peer();
    for (int i = 0; i < tst_rounds(15); i++) {
        tst_peer_t *victim = semaphore_peer();
        tst_peer_begin(victim, "%s", i % 2 ? "wait 0" : "timedwait 0 -1");
        TST_NUMBER(tst_peer_blocked(victim), 1);
        tst_peer_begin(survivor, "wait 0");
        TST_NUMBER(tst_peer_blocked(survivor), 1);
        tst_peer_kill(victim);
        TST_OK(ist_semaphore_post(sem));
        TST_TRUE(tst_peer_answered(survivor, tst_scaled(SOON_USEC)));
        TST_OK(tst_peer_end(survivor, NULL));
        TST_NUMBER(semaphore_value(sem), 0);
    }
}

/* Several of the sleepers die; each unit still finds one that lives. */
static void most_are_killed_asleep(void)
{
    enum { DEAD = 4, ALIVE = 3 };
    tst_peer_t *dead[DEAD], *alive[ALIVE];
    ist_semaphore_t *sem = semaphore_fresh(0, 10);
    for (int i = 0; i < DEAD + ALIVE; i++) {
        tst_peer_t *peer = semaphore_peer();
        tst_peer_begin(peer, "wait 0");
        TST_NUMBER(tst_peer_blocked(peer), 1);
        if (i % 2 == 0)
            dead[i / 2] = peer;
        else
            alive[i / 2] = peer;
    }
    for (int i = 0; i < DEAD; i++)
        tst_peer_kill(dead[i]);
    for (int i = 0; i < ALIVE; i++)
        TST_OK(ist_semaphore_post(sem));
    for (int i = 0; i < ALIVE; i++) {
        TST_TRUE(tst_peer_answered(alive[i], tst_scaled(SOON_USEC)));
        TST_OK(tst_peer_end(alive[i], NULL));
    }
    TST_NUMBER(semaphore_value(sem), 0);
}

/* Who was woken may die before it takes the unit: the wake-up must not be
 * lost. It may have taken it; then the next post wakes the other. */
static void woken_and_killed(void)
{
    ist_semaphore_t *sem = semaphore_fresh(0, 10);
    tst_peer_t *survivor = semaphore_peer();
    for (int i = 0; i < tst_rounds(40); i++) {
        tst_peer_t *victim = semaphore_peer();
        tst_peer_begin(victim, "wait 0");
        TST_NUMBER(tst_peer_blocked(victim), 1);
        tst_peer_begin(survivor, "wait 0");
        TST_NUMBER(tst_peer_blocked(survivor), 1);
        TST_OK(ist_semaphore_post(sem));
        tst_peer_kill(victim);
        apr_int64_t end = tst_now() + tst_scaled(SOON_USEC);
        while (!tst_peer_answered(survivor, LOOK_USEC) && semaphore_value(sem) > 0)
            TST_MUST_TRUE(tst_now() < end);
        int taken = !tst_peer_answered(survivor, 0);
        if (taken)
            TST_OK(ist_semaphore_post(sem));
        TST_TRUE(tst_peer_answered(survivor, tst_scaled(SOON_USEC)));
        TST_OK(tst_peer_end(survivor, NULL));
        TST_TRUE(semaphore_drain(sem) <= taken);
    }
}

/* The role "doomed-poster": MOST. Posts 1 to MOST units, until it is killed. */
int semaphore_death_poster(int argc, const char *const *argv)
{
    apr_uint32_t most = argc == 1 ? (apr_uint32_t)atoi(argv[0]) : 1;
    ledger_t *book = ledger(0);
    ist_semaphore_t *sem = semaphore_again();
    tst_tell("ready");
    for (;;) {
        apr_uint32_t n = 1 + tst_random(most);
        book->tried += n;
        apr_status_t status = ist_semaphore_post_n(sem, n, NULL);
        if (status == APR_SUCCESS) {
            book->done += n;
        } else {
            TST_MUST_STATUS(status, IST_EOVERFLOW);
            book->refused += n;
        }
    }
}

/* The role "doomed-taker": takes until it is killed. */
int semaphore_death_taker(int argc, const char *const *argv)
{
    (void)argc, (void)argv;
    ledger_t *book = ledger(0);
    ist_semaphore_t *sem = semaphore_again();
    tst_tell("ready");
    for (apr_uint32_t i = 0;; i++) {
        book->tried++;
        TST_MUST(i % 2 ? ist_semaphore_wait(sem) : ist_semaphore_timedwait(sem, -1));
        book->done++;
    }
}

static tst_peer_t *doom(const char *role, int most)
{
    tst_peer_t *peer = tst_role_start(role, tst_print("%d", most), NULL);
    tst_peer_expect(peer, "ready");
    return peer;
}

/* What was posted is what the dead one wrote down, or its last post more. */
static void poster_at_any_instant(void)
{
    ledger_t *book = ledger(IST_CREATE);
    for (int i = 0; i < tst_rounds(60); i++) {
        int most = 1 + i % 3;
        memset((void *)book, 0, sizeof *book);
        ist_semaphore_t *sem = semaphore_fresh(0, i % 2 ? IST_COUNT_MAX : 1000);
        tst_peer_t *poster = doom("doomed-poster", most);
        apr_int64_t taken = 0;
        for (apr_int64_t end = tst_now() + tst_random(2000); tst_now() < end;)
            taken += ist_semaphore_trywait(sem) == APR_SUCCESS;
        tst_peer_kill(poster);
        apr_int64_t units = taken + semaphore_drain(sem);
        apr_uint64_t open = book->tried - book->done - book->refused;
        TST_TRUE(open <= (apr_uint64_t)most);
        TST_SAY(units == (apr_int64_t)book->done || units == (apr_int64_t)(book->done + open),
                "%ld units, of %ld posted and %ld under way", (long)units, (long)book->done,
                (long)open);
        /* It is in order still. */
        TST_OK(ist_semaphore_post(sem));
        TST_OK(ist_semaphore_wait(sem));
        TST_OK(ist_semaphore_close(sem));
    }
}

/* A unit that a dead process took is gone; one that it did not is there. */
static void taker_at_any_instant(void)
{
    ledger_t *book = ledger(IST_CREATE);
    for (int i = 0; i < tst_rounds(60); i++) {
        memset((void *)book, 0, sizeof *book);
        ist_semaphore_t *sem = semaphore_fresh(0, IST_COUNT_MAX);
        tst_peer_t *taker = doom("doomed-taker", 0);
        apr_int64_t posted = 0;
        for (apr_int64_t end = tst_now() + tst_random(2000); tst_now() < end;)
            posted += ist_semaphore_post(sem) == APR_SUCCESS;
        tst_peer_kill(taker);
        apr_int64_t gone = posted - semaphore_drain(sem);
        TST_SAY(gone == (apr_int64_t)book->done || gone == (apr_int64_t)book->tried,
                "%ld units are gone, of %ld taken and %ld tried", (long)gone, (long)book->done,
                (long)book->tried);
        TST_OK(ist_semaphore_post(sem));
        TST_OK(ist_semaphore_wait(sem));
        TST_OK(ist_semaphore_close(sem));
    }
}

/* A poster dies while others sleep: what it posted wakes them, soon. */
static void sleepers_of_a_dead_poster(void)
{
    ledger_t *book = ledger(IST_CREATE);
    ist_semaphore_t *sem = semaphore_fresh(0, IST_COUNT_MAX);
    tst_peer_t *sleeper = semaphore_peer();
    for (int i = 0; i < tst_rounds(40); i++) {
        memset((void *)book, 0, sizeof *book);
        tst_peer_begin(sleeper, "wait 0");
        TST_NUMBER(tst_peer_blocked(sleeper), 1);
        tst_peer_t *poster = tst_role_start("doomed-poster", "1", NULL);
        while (book->tried == 0 && !tst_peer_answered(sleeper, 0))
            ;
        tst_peer_kill(poster);
        int answered = tst_peer_answered(sleeper, tst_scaled(SOON_USEC));
        TST_TRUE(answered || semaphore_value(sem) == 0);
        if (!answered)
            TST_OK(ist_semaphore_post(sem));
        TST_OK(tst_peer_end(sleeper, NULL));
        semaphore_drain(sem);
    }
}

static void taken_is_not_given_back(void)
{
    const char *const ends[] = {"exit 0", "die", "abort"};
    ist_semaphore_t *sem = semaphore_fresh(9, 9);
    for (int i = 0; i < 3; i++) {
        tst_peer_t *taker = semaphore_peer();
        TST_OK(tst_peer_do(taker, "wait 0"));
        TST_OK(tst_peer_do(taker, "trywait 0"));
        tst_peer_begin(taker, "%s", ends[i]);
        tst_peer_wait(taker);
        TST_NUMBER(semaphore_value(sem), 9 - 2 * (i + 1));
    }
    TST_NUMBER(semaphore_drain(sem), 3);
}

static void posted_stays(void)
{
    ist_semaphore_t *sem = semaphore_fresh(0, 9);
    for (int i = 0; i < 3; i++) {
        tst_peer_t *poster = semaphore_peer();
        TST_OK(tst_peer_do(poster, "post 0 2"));
        tst_peer_kill(poster);
    }
    TST_NUMBER(semaphore_drain(sem), 6);
}

const tst_case_t semaphore_death_cases[] = {
    {"SEM-4 a waiter that is killed asleep keeps nobody asleep", killed_asleep},
    {"SEM-4 many waiters killed asleep keep nobody asleep", most_are_killed_asleep},
    {"SEM-4 a waiter that is woken and killed keeps nobody asleep", woken_and_killed},
    {"SEM-4 a poster killed at any instant keeps nobody asleep", sleepers_of_a_dead_poster},
    {"SEM-4 a taker killed at any instant took what it said", taker_at_any_instant},
    {"SEM-4 what a dead process took is not given back", taken_is_not_given_back},
    {"SEM-4 what a dead process posted stays", posted_stays},
    {"SEM-2 a poster killed at any instant posted all or nothing", poster_at_any_instant},
    {NULL, NULL},
};
