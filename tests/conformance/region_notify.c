/* SPDX-License-Identifier: Apache-2.0 */
/*
 * REG-2: what is announced, and what is seen by those that it wakes.
 */
#include "region_cases.h"

#include "layout.h"

#include <stdlib.h>

#define SHORT_USEC (100 * 1000)
#define LATE_USEC (20 * APR_USEC_PER_SEC)
#define WAITERS 4
#define WORDS 128
#define LAPS 15

static void statuses(void)
{
    ist_region_t *region = region_fresh(tst_name(NULL), 100);
    ist_region_t *again = region_again(tst_name(NULL));
    tst_peer_t *peer = region_peer();
    TST_STATUS(ist_region_trywait(region), APR_EBUSY);
    TST_STATUS(ist_region_timedwait(region, 0), APR_TIMEUP);
    TST_OK(ist_region_notify(again));
    TST_OK(ist_region_wait(region));
    TST_OK(tst_peer_do(peer, "notify 0"));
    TST_OK(ist_region_timedwait(again, 0));
    TST_OK(ist_region_notify(region));
    TST_OK(tst_peer_do(peer, "trywait 0"));
    TST_STATUS(tst_peer_do(peer, "trywait 0"), APR_EBUSY);
    TST_STATUS(tst_peer_do(peer, "timedwait 0 1"), APR_TIMEUP);
}

static void each_wakes_one_wait(void)
{
    ist_region_t *region = region_fresh(tst_name(NULL), 100);
    for (int i = 0; i < 100; i++)
        TST_OK(ist_region_notify(region));
    for (int i = 0; i < 100; i++)
        TST_OK(i % 3 == 0   ? ist_region_wait(region)
               : i % 3 == 1 ? ist_region_trywait(region)
                            : ist_region_timedwait(region, 0));
    TST_STATUS(ist_region_trywait(region), APR_EBUSY);
}

static void never_early(void)
{
    const apr_interval_time_t waits[] = {0, 1, 1000, SHORT_USEC};
    ist_region_t *region = region_fresh(tst_name(NULL), 100);
    for (int i = 0; i < 4; i++) {
        apr_int64_t start = tst_now();
        TST_STATUS(ist_region_timedwait(region, waits[i]), APR_TIMEUP);
        TST_TOOK(start, waits[i]);
    }
}

static void waits_until_the_notify(void)
{
    const char *const commands[] = {"wait 0", "timedwait 0 -1", "timedwait 0 9223372036854775807"};
    ist_region_t *region = region_fresh(tst_name(NULL), 100);
    tst_peer_t *peer = region_peer();
    for (int i = 0; i < 3; i++) {
        tst_peer_begin(peer, "%s", commands[i]);
        TST_NUMBER(tst_peer_blocked(peer), 1);
        TST_NUMBER(tst_peer_answered(peer, 2 * SHORT_USEC), 0);
        TST_OK(ist_region_notify(region));
        TST_OK(tst_peer_end(peer, NULL));
        TST_STATUS(ist_region_trywait(region), APR_EBUSY);
    }
}

/* By the notify itself, not by the sleeper's next look. */
static void woken_by_the_notify(void)
{
    tst_laps_t laps = {0, {0}};
    ist_region_t *region = region_fresh(tst_name(NULL), 100);
    tst_peer_t *peer = region_peer();
    for (int i = 0; i < LAPS; i++) {
        tst_peer_begin(peer, "wait 0");
        TST_NUMBER(tst_peer_blocked(peer), 1);
        apr_int64_t start = tst_now();
        TST_OK(ist_region_notify(region));
        TST_OK(tst_peer_end(peer, NULL));
        tst_lap(&laps, start);
    }
    TST_PROMPT(&laps, TST_PROMPT_USEC);
}

/* Neither waits for the other: lock and announcement are two things. */
static void lock_and_notify_are_apart(void)
{
    ist_region_t *region = region_fresh(tst_name(NULL), 100);
    tst_peer_t *peer = region_peer();
    TST_OK(ist_region_lock(region));
    TST_OK(tst_peer_do(peer, "notify 0"));
    TST_OK(tst_peer_do(peer, "wait 0"));
    TST_OK(ist_region_unlock(region));
    TST_OK(tst_peer_do(peer, "lock 0"));
    TST_OK(ist_region_notify(region));
    TST_OK(ist_region_wait(region));
    TST_OK(tst_peer_do(peer, "unlock 0"));
}

static void wakes_as_many(void)
{
    tst_peer_t *peers[WAITERS];
    ist_region_t *region = region_fresh(tst_name(NULL), 100);
    for (int i = 0; i < WAITERS; i++) {
        peers[i] = region_peer();
        tst_peer_begin(peers[i], "wait 0");
        TST_NUMBER(tst_peer_blocked(peers[i]), 1);
    }
    for (int i = 0; i < WAITERS; i++)
        TST_OK(ist_region_notify(region));
    for (int i = 0; i < WAITERS; i++)
        TST_OK(tst_peer_end(peers[i], NULL));
    TST_STATUS(ist_region_trywait(region), APR_EBUSY);
}

/* So many notifications can't be made one by one here: the count is set. */
static void overflow_is_harmless(void)
{
    tst_raw_t raw;
    ist_region_t *region = region_fresh(tst_name(NULL), 100);
    tst_peer_t *peer = region_peer();
    TST_MUST_TRUE(tst_raw_open(&raw, IST_KIND_REGION, tst_name(NULL), 0));
    isti_header_t *header = (void *)raw.base;
    TST_NUMBER(atomic_load(&header->count[0].word), 0);
    atomic_fetch_or(&header->count[0].word, IST_COUNT_MAX - 1);
    TST_OK(ist_region_notify(region));
    for (int i = 0; i < 3; i++) {
        TST_STATUS(ist_region_notify(region), IST_EOVERFLOW);
        TST_STATUS(tst_peer_do(peer, "notify 0"), IST_EOVERFLOW);
    }
    TST_NUMBER(atomic_load(&header->count[0].word), IST_COUNT_MAX);
    TST_OK(ist_region_trywait(region));
    TST_OK(tst_peer_do(peer, "wait 0"));
    TST_OK(ist_region_notify(region));
    TST_OK(tst_peer_do(peer, "notify 0"));
    TST_STATUS(ist_region_notify(region), IST_EOVERFLOW);
    TST_OK(ist_region_lock(region));
    TST_OK(ist_region_unlock(region));
    tst_raw_close(&raw);
}

/* ---- there and back ---- */

typedef struct mail_t {
    apr_uint32_t word[WORDS]; /* plain memory */
} mail_t;

static void put(ist_region_t *region, apr_uint32_t number)
{
    mail_t *mail = ist_region_base(region);
    TST_MUST(ist_region_lock(region));
    for (int i = 0; i < WORDS; i++)
        mail->word[i] = number;
    TST_MUST(ist_region_unlock(region));
    TST_MUST(ist_region_notify(region));
}

/* The number that the notification announced; 0 when it is torn. */
static apr_uint32_t get(ist_region_t *region)
{
    const mail_t *mail = ist_region_base(region);
    TST_MUST(ist_region_timedwait(region, tst_scaled(LATE_USEC)));
    TST_MUST(ist_region_lock(region));
    apr_uint32_t number = mail->word[0];
    for (int i = 1; i < WORDS; i++)
        if (mail->word[i] != number)
            number = 0;
    TST_MUST(ist_region_unlock(region));
    return number;
}

/* The role "echo": ROUNDS. Sends back what it gets. */
int region_notify_echo(int argc, const char *const *argv)
{
    int rounds = argc == 1 ? atoi(argv[0]) : 0;
    ist_region_t *there = region_again(tst_name("there")), *back = region_again(tst_name("back"));
    for (int i = 0; i < rounds; i++)
        put(back, get(there));
    return 0;
}

static void exchange(void)
{
    const apr_uint32_t rounds = (apr_uint32_t)tst_rounds(20000);
    ist_region_t *there = region_fresh(tst_name("there"), sizeof(mail_t));
    ist_region_t *back = region_fresh(tst_name("back"), sizeof(mail_t));
    tst_peer_t *echo = tst_role_start("echo", tst_print("%u", rounds), NULL);
    for (apr_uint32_t i = 1; i <= rounds; i++) {
        put(there, i);
        TST_MUST_TRUE(get(back) == i);
    }
    TST_NUMBER(tst_peer_wait(echo), 0);
}

const tst_case_t region_notify_cases[] = {
    {"REG-2 notify, wait, try and timed wait answer as they should", statuses},
    {"REG-2 each notification is for one wait", each_wakes_one_wait},
    {"REG-2 a timed wait never ends early, nor very late", never_early},
    {"REG-2 wait waits until the notify, for ever if need be", waits_until_the_notify},
    {"REG-2 a sleeper is woken by the notify itself", woken_by_the_notify},
    {"REG-2 to notify and wait needs no lock", lock_and_notify_are_apart},
    {"REG-2 as many are woken as notifications are made", wakes_as_many},
    {"REG-2 a notify at the maximum is harmless", overflow_is_harmless},
    {"REG-2 what was written before a notify is seen by who wakes", exchange},
    {NULL, NULL},
};
