/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SEM-3: who is woken, and what it sees then.
 */
#include "semaphore_cases.h"

#include <stdlib.h>

#define WAITERS 6
#define WORDS 64
#define LAPS 15
#define LATE_USEC (20 * APR_USEC_PER_SEC)

/* By the post itself, not by the sleeper's next look at the count. */
static void woken_by_the_post(void)
{
    tst_laps_t laps = {0, {0}};
    ist_semaphore_t *sem = semaphore_fresh(0, 100);
    tst_peer_t *peer = semaphore_peer();
    for (int i = 0; i < LAPS; i++) {
        tst_peer_begin(peer, "%s", i % 2 ? "wait 0" : "timedwait 0 3600000000");
        TST_NUMBER(tst_peer_blocked(peer), 1);
        apr_int64_t start = tst_now();
        TST_OK(ist_semaphore_post(sem));
        TST_OK(tst_peer_end(peer, NULL));
        tst_lap(&laps, start);
    }
    TST_PROMPT(&laps, TST_PROMPT_USEC);
}

static void all_woken_by_the_post(void)
{
    tst_peer_t *peers[WAITERS];
    tst_laps_t laps = {0, {0}};
    ist_semaphore_t *sem = semaphore_fresh(0, 100);
    for (int i = 0; i < WAITERS; i++)
        peers[i] = semaphore_peer();
    for (int lap = 0; lap < LAPS; lap++) {
        for (int i = 0; i < WAITERS; i++) {
            tst_peer_begin(peers[i], "wait 0");
            TST_NUMBER(tst_peer_blocked(peers[i]), 1);
        }
        apr_int64_t start = tst_now();
        TST_OK(ist_semaphore_post_n(sem, WAITERS, NULL));
        for (int i = 0; i < WAITERS; i++)
            TST_OK(tst_peer_end(peers[i], NULL));
        tst_lap(&laps, start);
    }
    TST_PROMPT(&laps, TST_PROMPT_USEC);
}

/* n units wake n sleepers, however many posts they come in. */
static void wakes_as_many(const apr_uint32_t *posts, int count)
{
    tst_peer_t *peers[WAITERS];
    ist_semaphore_t *sem = semaphore_fresh(0, 100);
    for (int i = 0; i < WAITERS; i++) {
        peers[i] = semaphore_peer();
        tst_peer_begin(peers[i], "%s", i % 2 ? "wait 0" : "timedwait 0 -1");
        TST_NUMBER(tst_peer_blocked(peers[i]), 1);
    }
    apr_int64_t start = tst_now();
    for (int i = 0; i < count; i++)
        TST_OK(ist_semaphore_post_n(sem, posts[i], NULL));
    for (int i = 0; i < WAITERS; i++)
        TST_OK(tst_peer_end(peers[i], NULL));
    TST_TOOK(start, 0);
    TST_NUMBER(semaphore_value(sem), 0);
}

static void by_one_post(void)
{
    const apr_uint32_t posts[] = {WAITERS};
    wakes_as_many(posts, 1);
}

static void by_several_posts(void)
{
    const apr_uint32_t posts[] = {1, 2, 1, 2};
    wakes_as_many(posts, 4);
}

/* No more are woken than there are units. */
static void not_more_than_units(void)
{
    tst_peer_t *peers[WAITERS];
    int woken = 0;
    ist_semaphore_t *sem = semaphore_fresh(0, 100);
    for (int i = 0; i < WAITERS; i++) {
        peers[i] = semaphore_peer();
        tst_peer_begin(peers[i], "wait 0");
        TST_NUMBER(tst_peer_blocked(peers[i]), 1);
    }
    TST_OK(ist_semaphore_post_n(sem, 2, NULL));
    apr_int64_t end = tst_now() + tst_scaled(APR_USEC_PER_SEC);
    while (semaphore_value(sem) > 0 && tst_now() < end)
        tst_sys_pause(1000);
    TST_NUMBER(semaphore_value(sem), 0);
    for (int i = 0; i < WAITERS; i++)
        woken += tst_peer_answered(peers[i], tst_scaled(50000));
    TST_NUMBER(woken, 2);
    TST_OK(ist_semaphore_post_n(sem, WAITERS - 2, NULL));
    for (int i = 0; i < WAITERS; i++)
        TST_OK(tst_peer_end(peers[i], NULL));
    TST_NUMBER(semaphore_value(sem), 0);
}

/* More units than sleepers: the rest is there for those that come. */
static void the_rest_stays(void)
{
    ist_semaphore_t *sem = semaphore_fresh(0, 100);
    tst_peer_t *peer = semaphore_peer();
    tst_peer_begin(peer, "wait 0");
    TST_NUMBER(tst_peer_blocked(peer), 1);
    TST_OK(ist_semaphore_post_n(sem, 5, NULL));
    TST_OK(tst_peer_end(peer, NULL));
    TST_NUMBER(semaphore_drain(sem), 4);
    TST_STATUS(ist_semaphore_trywait(sem), APR_EBUSY);
}

/* ---- what was written before the post is seen after the wait ---- */

typedef struct letter_t {
    apr_uint32_t word[WORDS]; /* plain memory: only the semaphores order it */
} letter_t;

static letter_t *letters(apr_size_t count, apr_uint32_t flags)
{
    ist_shm_t *shm = NULL;
    TST_MUST(ist_shm_open(&shm, tst_name(NULL), count * sizeof(letter_t), flags, 0, tst_pool()));
    return ist_shm_base(shm);
}

static void write_letter(letter_t *letter, apr_uint32_t number)
{
    for (int i = 0; i < WORDS; i++)
        letter->word[i] = number;
}

static int is_letter(const letter_t *letter, apr_uint32_t number)
{
    for (int i = 0; i < WORDS; i++)
        if (letter->word[i] != number)
            return 0;
    return 1;
}

/* The role "writer": ROUNDS LETTERS. As many letters may be under way. */
int semaphore_wake_writer(int argc, const char *const *argv)
{
    apr_uint32_t rounds = argc == 2 ? (apr_uint32_t)atoi(argv[0]) : 0;
    apr_uint32_t count = argc == 2 ? (apr_uint32_t)atoi(argv[1]) : 1;
    letter_t *letter = letters(count, 0);
    ist_semaphore_t *full = semaphore_again(), *empty = NULL;
    TST_MUST(ist_semaphore_open(&empty, tst_name("empty"), 0, 0, 0, 0, tst_pool()));
    for (apr_uint32_t i = 1; i <= rounds; i++) {
        TST_MUST(ist_semaphore_timedwait(empty, tst_scaled(LATE_USEC)));
        write_letter(&letter[i % count], i);
        TST_MUST(ist_semaphore_post(full));
    }
    return 0;
}

static void letters_arrive(apr_uint32_t rounds, apr_uint32_t count)
{
    letter_t *letter = letters(count, IST_CREATE);
    ist_semaphore_t *full = semaphore_fresh(0, count), *empty = NULL;
    TST_MUST(ist_semaphore_open(&empty, tst_name("empty"), count, count, IST_CREATE, 0,
                                tst_pool()));
    tst_peer_t *writer = tst_role_start("writer", tst_print("%u", rounds),
                                        tst_print("%u", count), NULL);
    for (apr_uint32_t i = 1; i <= rounds; i++) {
        TST_MUST(i % 2 ? ist_semaphore_timedwait(full, tst_scaled(LATE_USEC))
                       : ist_semaphore_wait(full));
        TST_MUST_TRUE(is_letter(&letter[i % count], i));
        TST_MUST(ist_semaphore_post(empty));
    }
    TST_NUMBER(tst_peer_wait(writer), 0);
}

static void one_by_one(void)
{
    letters_arrive((apr_uint32_t)tst_rounds(20000), 1);
}

static void many_under_way(void)
{
    letters_arrive((apr_uint32_t)tst_rounds(100000), 32);
}

/* What is taken without a wait was written before the post, too. */
static void by_trywait(void)
{
    enum { COUNT = 16 };
    const apr_uint32_t rounds = (apr_uint32_t)tst_rounds(50000);
    letter_t *letter = letters(COUNT, IST_CREATE);
    ist_semaphore_t *full = semaphore_fresh(0, COUNT), *empty = NULL;
    TST_MUST(ist_semaphore_open(&empty, tst_name("empty"), COUNT, COUNT, IST_CREATE, 0,
                                tst_pool()));
    tst_peer_t *writer = tst_role_start("writer", tst_print("%u", rounds),
                                        tst_print("%d", COUNT), NULL);
    apr_int64_t end = tst_now() + tst_scaled(LATE_USEC);
    for (apr_uint32_t i = 1; i <= rounds; i++) {
        apr_status_t status;
        while ((status = ist_semaphore_trywait(full)) == APR_EBUSY)
            TST_MUST_TRUE(tst_now() < end);
        TST_MUST(status);
        TST_MUST_TRUE(is_letter(&letter[i % COUNT], i));
        TST_MUST(ist_semaphore_post(empty));
    }
    TST_NUMBER(tst_peer_wait(writer), 0);
}

const tst_case_t semaphore_wake_cases[] = {
    {"SEM-3 a sleeper is woken by the post itself", woken_by_the_post},
    {"SEM-3 all sleepers are woken by the post of n units itself", all_woken_by_the_post},
    {"SEM-3 one post of n units wakes n sleepers", by_one_post},
    {"SEM-3 several posts wake as many sleepers", by_several_posts},
    {"SEM-3 no more are woken than there are units", not_more_than_units},
    {"SEM-3 units that nobody waits for stay", the_rest_stays},
    {"SEM-3 writes before a post are seen after the wait", one_by_one},
    {"SEM-3 writes before posts are seen with many under way", many_under_way},
    {"SEM-3 writes before a post are seen after a trywait", by_trywait},
    {NULL, NULL},
};
