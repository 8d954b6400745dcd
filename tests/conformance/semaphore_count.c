/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SEM-1: initial and maximum counts. SEM-5: the count as a hint.
 */
#include "semaphore_cases.h"

#define MOST IST_COUNT_MAX

static const struct {
    apr_uint32_t initial;
    apr_uint32_t maximum;
} good[] = {{0, 1}, {1, 1}, {0, 5}, {3, 5}, {5, 5}, {0, MOST}, {1, MOST}, {MOST, MOST},
            {0, MOST - 1}, {65535, 65536}, {65536, 65537}};

static void told_to_everybody(void)
{
    tst_peer_t *peer = tst_peer_start();
    for (apr_size_t i = 0; i < sizeof good / sizeof *good; i++) {
        apr_int64_t told = -1;
        ist_semaphore_t *sem = semaphore_fresh(good[i].initial, good[i].maximum);
        TST_NUMBER(ist_semaphore_created(sem), 1);
        TST_NUMBER(semaphore_value(sem), good[i].initial);
        TST_NUMBER(ist_semaphore_maximum(sem), good[i].maximum);
        TST_MUST(tst_peer_open(peer, 0, IST_KIND_SEMAPHORE, tst_name(NULL), 0, 0, 0, 0));
        TST_OK(tst_peer_ask(peer, &told, "value 0"));
        TST_NUMBER(told, good[i].initial);
        TST_OK(tst_peer_ask(peer, &told, "maximum 0"));
        TST_NUMBER(told, good[i].maximum);
        TST_OK(tst_peer_do(peer, "close 0"));
        TST_OK(ist_semaphore_close(sem));
    }
}

static void as_many_units(void)
{
    const apr_uint32_t counts[] = {0, 1, 2, 7, 1000};
    for (int i = 0; i < 5; i++) {
        ist_semaphore_t *sem = semaphore_fresh(counts[i], 1000);
        TST_NUMBER(semaphore_drain(sem), counts[i]);
        TST_STATUS(ist_semaphore_timedwait(sem, 0), APR_TIMEUP);
        TST_OK(ist_semaphore_close(sem));
    }
}

/* Whoever comes later gets what is there. */
static void later_counts_are_ignored(void)
{
    ist_semaphore_t *sem = semaphore_fresh(3, 5), *again = NULL;
    TST_OK(ist_semaphore_open(&again, tst_name(NULL), 7, 9, IST_CREATE, 0, tst_pool()));
    TST_NUMBER(ist_semaphore_created(again), 0);
    TST_NUMBER(ist_semaphore_maximum(again), 5);
    TST_NUMBER(semaphore_value(again), 3);
    TST_OK(ist_semaphore_open(&again, tst_name(NULL), 9, 1, 0, 0, tst_pool()));
    TST_NUMBER(ist_semaphore_maximum(again), 5);
    TST_OK(ist_semaphore_open(&again, tst_name(NULL), 0, 0xffffffff, 0, 0, tst_pool()));
    TST_NUMBER(ist_semaphore_maximum(again), 5);
    tst_peer_t *peer = tst_peer_start();
    TST_OK(tst_peer_open(peer, 0, IST_KIND_SEMAPHORE, tst_name(NULL), IST_CREATE, 0, 1, 0));
    apr_int64_t told = -1;
    TST_OK(tst_peer_ask(peer, &told, "maximum 0"));
    TST_NUMBER(told, 5);
    TST_NUMBER(semaphore_value(sem), 3);
    TST_NUMBER(semaphore_drain(sem), 3);
}

static const struct {
    apr_uint32_t initial;
    apr_uint32_t maximum;
} bad[] = {{0, 0}, {1, 0}, {2, 1}, {6, 5}, {0, 0x80000000}, {1, 0xffffffff},
           {0x80000000, 0x80000000}, {0xffffffff, 0xffffffff}, {0x80000000, MOST},
           {0xffffffff, 1}};

static void bad_counts_are_refused(void)
{
    const apr_uint32_t flags[] = {IST_CREATE, IST_CREATE_ONLY};
    for (apr_size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ist_semaphore_t *sem = NULL;
        TST_STATUS(ist_semaphore_open(&sem, tst_name(NULL), bad[i].initial, bad[i].maximum,
                                      flags[i % 2], 0, tst_pool()), APR_EINVAL);
        TST_TRUE(sem == NULL);
        TST_NUMBER(tst_exists(IST_KIND_SEMAPHORE, tst_name(NULL), 0), 0);
    }
    /* Even where there is one already: the call can't know. */
    semaphore_fresh(1, 2);
    for (apr_size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ist_semaphore_t *sem = NULL;
        TST_STATUS(ist_semaphore_open(&sem, tst_name(NULL), bad[i].initial, bad[i].maximum,
                                      IST_CREATE, 0, tst_pool()), APR_EINVAL);
    }
}

static void each_life_has_its_own(void)
{
    for (apr_uint32_t i = 1; i <= 5; i++) {
        ist_semaphore_t *sem = semaphore_fresh(i, i + 1);
        tst_peer_t *peer = semaphore_peer();
        TST_NUMBER(semaphore_value(sem), i);
        TST_NUMBER(ist_semaphore_maximum(sem), i + 1);
        TST_OK(tst_peer_do(peer, "post 0 1"));
        TST_OK(ist_semaphore_close(sem));
        tst_peer_kill(peer);
    }
}

static void hint_follows(void)
{
    ist_semaphore_t *sem = semaphore_fresh(0, 100), *again = semaphore_again();
    tst_peer_t *peer = semaphore_peer();
    apr_int64_t told = -1;
    TST_OK(ist_semaphore_post_n(sem, 60, NULL));
    TST_NUMBER(semaphore_value(again), 60);
    TST_OK(tst_peer_ask(peer, &told, "value 0"));
    TST_NUMBER(told, 60);
    TST_OK(tst_peer_do(peer, "wait 0"));
    TST_NUMBER(semaphore_value(sem), 59);
    TST_OK(ist_semaphore_trywait(again));
    TST_OK(tst_peer_ask(peer, &told, "value 0"));
    TST_NUMBER(told, 58);
    /* Reading it takes nothing. */
    for (int i = 0; i < 10; i++)
        TST_NUMBER(semaphore_value(sem), 58);
    TST_NUMBER(semaphore_drain(sem), 58);
    TST_NUMBER(semaphore_value(sem), 0);
}

/* Sleepers are no part of the count. */
static void hint_while_others_wait(void)
{
    ist_semaphore_t *sem = semaphore_fresh(0, 10);
    tst_peer_t *peer = semaphore_peer();
    tst_peer_begin(peer, "wait 0");
    TST_NUMBER(tst_peer_blocked(peer), 1);
    TST_NUMBER(semaphore_value(sem), 0);
    apr_uint32_t previous = 99;
    TST_OK(ist_semaphore_post_n(sem, 3, &previous));
    TST_NUMBER(previous, 0);
    TST_OK(tst_peer_end(peer, NULL));
    TST_NUMBER(semaphore_value(sem), 2);
}

static void hint_has_to_go_somewhere(void)
{
    ist_semaphore_t *sem = semaphore_fresh(4, 10);
    TST_STATUS(ist_semaphore_value(sem, NULL), APR_EINVAL);
    TST_NUMBER(semaphore_value(sem), 4);
}

const tst_case_t semaphore_count_cases[] = {
    {"SEM-1 initial and maximum counts are told to everybody", told_to_everybody},
    {"SEM-1 as many units as the initial count says", as_many_units},
    {"SEM-1 a later opener's counts are ignored", later_counts_are_ignored},
    {"SEM-1 counts out of range are refused, and leave nothing", bad_counts_are_refused},
    {"SEM-1 each life of a name has its own counts", each_life_has_its_own},
    {"SEM-5 the count can be read by everybody", hint_follows},
    {"SEM-5 the count is right while others sleep", hint_while_others_wait},
    {"SEM-5 a count without a place to go is refused", hint_has_to_go_somewhere},
    {NULL, NULL},
};
