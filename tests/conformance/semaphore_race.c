/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SEM-2: counts that stay exact whoever posts and takes at once.
 */
#include "semaphore_cases.h"

#include <stdlib.h>

#define POSTERS 8
#define TAKERS 3

/* The role "poster": ATTEMPTS MOST. Posts 1 to MOST units, so often. Says how
 * many units it posted, and the sum of the counts before. */
int semaphore_race_poster(int argc, const char *const *argv)
{
    int attempts = argc == 2 ? atoi(argv[0]) : 0;
    apr_uint32_t most = argc == 2 ? (apr_uint32_t)atoi(argv[1]) : 1;
    apr_int64_t posted = 0, before = 0;
    ist_semaphore_t *sem = semaphore_again();
    tst_tell("ready");
    tst_listen();
    for (int i = 0; i < attempts; i++) {
        apr_uint32_t n = 1 + tst_random(most), previous = 0;
        apr_status_t status = ist_semaphore_post_n(sem, n, &previous);
        if (status == APR_SUCCESS) {
            posted += n;
            before += previous;
        } else {
            TST_STATUS(status, IST_EOVERFLOW);
        }
    }
    tst_tell("%" APR_INT64_T_FMT, posted);
    tst_tell("%" APR_INT64_T_FMT, before);
    return 0;
}

/* The role "taker": takes until the parent says that it is enough; says how
 * many it took. The maximum must never be passed meanwhile. */
int semaphore_race_taker(int argc, const char *const *argv)
{
    (void)argc, (void)argv;
    apr_int64_t taken = 0;
    ist_semaphore_t *sem = semaphore_again(), *enough = NULL;
    TST_MUST(ist_semaphore_open(&enough, tst_name("enough"), 0, 0, 0, 0, tst_pool()));
    tst_tell("ready");
    tst_listen();
    while (ist_semaphore_trywait(enough) == APR_EBUSY) {
        TST_TRUE(semaphore_value(sem) <= (apr_int64_t)ist_semaphore_maximum(sem));
        for (int i = 0; i < 20; i++)
            taken += ist_semaphore_timedwait(sem, i % 2 ? 0 : 1000) == APR_SUCCESS;
    }
    tst_tell("%" APR_INT64_T_FMT, taken);
    return 0;
}

static void start(tst_peer_t **peers, int count, const char *role, int attempts, int most)
{
    for (int i = 0; i < count; i++)
        peers[i] = tst_role_start(role, tst_print("%d", attempts), tst_print("%d", most), NULL);
    for (int i = 0; i < count; i++)
        tst_peer_expect(peers[i], "ready");
}

static void go(tst_peer_t **peers, int count)
{
    for (int i = 0; i < count; i++)
        tst_peer_say(peers[i], "go");
}

typedef struct sums_t {
    apr_int64_t posted, before;
} sums_t;

static sums_t gather(tst_peer_t **peers, int count)
{
    sums_t sums = {0, 0};
    for (int i = 0; i < count; i++) {
        sums.posted += semaphore_hear(peers[i]);
        sums.before += semaphore_hear(peers[i]);
        TST_NUMBER(tst_peer_wait(peers[i]), 0);
    }
    return sums;
}

/* Far more attempts than room: exactly the room is filled, by whomever. */
static void at_the_maximum(void)
{
    tst_peer_t *peers[POSTERS];
    const int attempts = tst_rounds(20000);
    const apr_int64_t maximum = (apr_int64_t)attempts * POSTERS / 2 + 1;
    ist_semaphore_t *sem = semaphore_fresh(0, (apr_uint32_t)maximum);
    start(peers, POSTERS, "poster", attempts, 1);
    go(peers, POSTERS);
    sums_t sums = gather(peers, POSTERS);
    TST_NUMBER(sums.posted, maximum);
    TST_NUMBER(semaphore_value(sem), maximum);
    TST_STATUS(ist_semaphore_post(sem), IST_EOVERFLOW);
    /* Each count from 0 up was seen by one poster: their sum tells. */
    TST_NUMBER(sums.before, maximum * (maximum - 1) / 2);
    TST_NUMBER(semaphore_drain(sem), maximum);
}

/* With room for all of them nothing is lost either. */
static void below_the_maximum(void)
{
    tst_peer_t *peers[POSTERS];
    const int attempts = tst_rounds(20000);
    ist_semaphore_t *sem = semaphore_fresh(0, IST_COUNT_MAX);
    start(peers, POSTERS, "poster", attempts, 5);
    go(peers, POSTERS);
    sums_t sums = gather(peers, POSTERS);
    TST_TRUE(sums.posted >= (apr_int64_t)attempts * POSTERS);
    TST_NUMBER(semaphore_drain(sem), sums.posted);
}

/* A low maximum, with takers who make room: what was posted was taken, or is
 * there. */
static void conserved(int maximum, int most)
{
    tst_peer_t *posters[POSTERS], *takers[TAKERS];
    ist_semaphore_t *sem = semaphore_fresh(0, (apr_uint32_t)maximum), *enough = NULL;
    apr_int64_t taken = 0;
    TST_MUST(ist_semaphore_open(&enough, tst_name("enough"), 0, TAKERS, IST_CREATE, 0,
                                tst_pool()));
    start(takers, TAKERS, "taker", 0, 0);
    start(posters, POSTERS, "poster", tst_rounds(10000), most);
    go(takers, TAKERS);
    go(posters, POSTERS);
    sums_t sums = gather(posters, POSTERS);
    TST_OK(ist_semaphore_post_n(enough, TAKERS, NULL));
    for (int i = 0; i < TAKERS; i++) {
        taken += semaphore_hear(takers[i]);
        TST_NUMBER(tst_peer_wait(takers[i]), 0);
    }
    TST_TRUE(sums.posted > 0);
    apr_int64_t left = semaphore_drain(sem);
    TST_TRUE(left <= maximum);
    TST_NUMBER(taken + left, sums.posted);
}

static void conserved_one_by_one(void)
{
    conserved(3, 1);
}

static void conserved_many_at_once(void)
{
    conserved(7, 7);
}

/* At the brim: each unit that is taken makes room for exactly one. */
static void ping_pong_at_the_brim(void)
{
    tst_peer_t *peers[POSTERS];
    apr_int64_t taken = 0;
    ist_semaphore_t *sem = semaphore_fresh(1, 1);
    start(peers, POSTERS, "poster", tst_rounds(10000), 1);
    go(peers, POSTERS);
    for (int i = tst_rounds(10000); i > 0; i--)
        taken += ist_semaphore_trywait(sem) == APR_SUCCESS;
    sums_t sums = gather(peers, POSTERS);
    TST_NUMBER(sums.before, 0);
    TST_NUMBER(semaphore_drain(sem), 1 + sums.posted - taken);
}

const tst_case_t semaphore_race_cases[] = {
    {"SEM-2 8 processes post at the maximum, exactly", at_the_maximum},
    {"SEM-2 8 processes post below the maximum, and nothing is lost", below_the_maximum},
    {"SEM-2 units are conserved among posters and takers", conserved_one_by_one},
    {"SEM-2 units are conserved when many are posted at once", conserved_many_at_once},
    {"SEM-2 at a maximum of 1 there is never a second unit", ping_pong_at_the_brim},
    {NULL, NULL},
};
