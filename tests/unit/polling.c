/* SPDX-License-Identifier: Apache-2.0 */
/* MTX-2, MTX-3, SEM-4: polling before sleeping, where there are two cores. */
#include "unit.h"

#include <stdlib.h>

#define BUDGET (60 * 1000) /* as spin.c says, in nanoseconds */

/* What the other process does at the n-th look at the clock from now. */
static uint32_t looks;
static fake_thing_t *thing;

static void begin(ist_kind_e kind)
{
    fake.cores = 2;
    fake.tick = 1000;
    thing = fake_find(kind, "n");
    looks = 2;
}

static void unlock(void *baton)
{
    (void)baton;
    if (looks > 0 && --looks == 0)
        thing->lock[0].owner = NULL;
}

static void die(void *baton)
{
    (void)baton;
    if (looks > 0 && --looks == 0) {
        thing->lock[0].died = 1;
        thing->lock[0].owner = NULL;
    }
}

static void post(void *baton)
{
    (void)baton;
    if (looks > 0 && --looks == 0)
        atomic_fetch_add(&thing->header->count[0].word, 1);
}

/* It is free before anybody would have slept. */
static void soon(void)
{
    ist_mutex_t *mutex = unit_mutex("n");
    ist_semaphore_t *sem = unit_semaphore("n", 0, 9);
    begin(IST_KIND_MUTEX);
    fake.looked = unlock;
    thing->lock[0].owner = fake_other;
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
    thing->lock[0].owner = fake_other;
    looks = 2;
    TST_OK(ist_mutex_timedlock(mutex, 1000000));
    TST_OK(ist_mutex_unlock(mutex));
    begin(IST_KIND_SEMAPHORE);
    fake.looked = post;
    TST_OK(ist_semaphore_wait(sem));
    TST_NUMBER(fake.sleeps, 0);
}

/* Who polls hears of a death as a sleeper does, and starts at depth one. */
static void owner_dies(void)
{
    ist_mutex_t *mutex = unit_mutex("n");
    fake.cores = 2; /* asked for at the first poll, which is near */
    for (int timed = 0; timed < 2; timed++) {
        fake.looked = NULL;
        TST_OK(ist_mutex_lock(mutex));
        TST_OK(ist_mutex_lock(mutex));
        unit_new_thread(); /* the owner's end is still to come */
        begin(IST_KIND_MUTEX);
        fake.looked = die;
        thing->lock[0].owner = fake_other;
        TST_STATUS(timed ? ist_mutex_timedlock(mutex, 1000000) : ist_mutex_lock(mutex),
                   IST_ABANDONED);
        TST_OK(ist_mutex_unlock(mutex));
        TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    }
    TST_NUMBER(fake.sleeps, 0);
}

/* A try that must not wait looks once, and a timeout ends the polling, too. */
static void not_for_long(void)
{
    ist_mutex_t *mutex = unit_mutex("n");
    begin(IST_KIND_MUTEX);
    thing->lock[0].owner = fake_other;
    fake.calls[FAKE_LOCK] = 0;
    TST_STATUS(ist_mutex_trylock(mutex), APR_EBUSY);
    TST_STATUS(ist_mutex_timedlock(mutex, 0), APR_TIMEUP);
    TST_NUMBER(fake.calls[FAKE_LOCK], 2);
    TST_NUMBER(fake.calls[FAKE_NOW], 0);
    int64_t before = unit_now();
    TST_STATUS(ist_mutex_timedlock(mutex, 5), APR_TIMEUP);
    TST_TRUE(unit_now() - before >= 5000);
    TST_TRUE(unit_now() - before < BUDGET);
    /* Nothing is waited for twice: what was polled away is not slept. */
    const apr_interval_time_t timeout = 100;
    fake.tick = 1000;
    before = unit_now();
    TST_STATUS(ist_mutex_timedlock(mutex, timeout), APR_TIMEUP);
    TST_TRUE(unit_now() - before >= timeout * ISTI_NANO);
    TST_TRUE(unit_now() - before < timeout * ISTI_NANO + 10 * fake.tick);
    ist_semaphore_t *sem = unit_semaphore("n", 0, 9);
    before = unit_now();
    TST_STATUS(ist_semaphore_timedwait(sem, timeout), APR_TIMEUP);
    TST_TRUE(unit_now() - before >= timeout * ISTI_NANO);
    TST_TRUE(unit_now() - before < timeout * ISTI_NANO + 10 * fake.tick);
}

static void give_way(void *baton)
{
    (void)baton;
    thing->lock[0].owner = NULL;
}

/* Who polled in vain sleeps; after two such, so many waits sleep at once. */
static void in_vain(void)
{
    static const uint32_t skips[] = {0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 512};
    ist_mutex_t *mutex = unit_mutex("n");
    begin(IST_KIND_MUTEX);
    fake.meanwhile = give_way;
    uint32_t locks = 0;
    for (size_t i = 0; i < sizeof skips / sizeof *skips; i++) {
        for (uint32_t skipped = 0; skipped <= skips[i]; skipped++, locks++) {
            thing->lock[0].owner = fake_other;
            int64_t before = unit_now();
            fake.turn_at = 0;
            fake.turns = 1;
            fake.turn[0] = (fake_turn_t){FAKE_AS_IS, 0};
            TST_OK(ist_mutex_lock(mutex));
            TST_OK(ist_mutex_unlock(mutex));
            int polled = unit_now() - before >= BUDGET;
            TST_SAY(polled == (skipped == skips[i]), "lock %u, %u of %u", (unsigned)locks,
                    (unsigned)skipped, (unsigned)skips[i]);
        }
    }
    TST_NUMBER(fake.sleeps, locks);
}

/* It is there at the third look; a time passes between two of them. */
typedef struct third_t {
    uint32_t looks;
    int64_t time;
} third_t;

static int at_third(void *what)
{
    third_t *third = what;
    atomic_fetch_add(&fake.now, third->time);
    return ++third->looks == 3;
}

/* What polls with success polls the next time, too, unless it was off its core. */
static void times_change(void)
{
    isti_spin_t spin;
    third_t third = {0, 1000};
    fake.cores = 2;
    atomic_init(&spin.failures, 5);
    atomic_init(&spin.skip, 1);
    TST_NUMBER(isti_spin(&spin, 32, at_third, &third, INT64_MAX), 0);
    TST_NUMBER(third.looks, 0);
    TST_NUMBER(isti_spin(&spin, 32, at_third, &third, INT64_MAX), 3);
    TST_NUMBER(atomic_load(&spin.failures), 0);
    third = (third_t){1, 5 * BUDGET};
    TST_NUMBER(isti_spin(&spin, 32, at_third, &third, INT64_MAX), 2);
    TST_NUMBER(atomic_load(&spin.failures), 1);
}

/* On one core, or by the environment; putenv is in C libraries everywhere. */
static void forbidden(void)
{
    static char no[] = "ISTHMUS_SPIN=0", yes[] = "ISTHMUS_SPIN=1";
    isti_spin_t spin;
    third_t third = {2, 0};
    atomic_init(&spin.failures, 0);
    atomic_init(&spin.skip, 0);
    fake.cores = 1;
    TST_NUMBER(isti_spin(&spin, 1, at_third, &third, INT64_MAX), 0);
    fake.cores = 2;
    isti_spin_forget();
    putenv(no);
    TST_NUMBER(isti_spin(&spin, 1, at_third, &third, INT64_MAX), 0);
    TST_NUMBER(third.looks, 2);
    isti_spin_forget();
    putenv(yes);
    TST_NUMBER(isti_spin(&spin, 1, at_third, &third, INT64_MAX), 1);
}

const tst_case_t unit_polling[] = {
    {"MTX-2 SEM-2 what comes soon is polled for", soon},
    {"MTX-3 who polls hears of a death", owner_dies},
    {"GEN-7 polling ends with the timeout", not_for_long},
    {"MTX-2 polling in vain is given up, and tried again", in_vain},
    {"MTX-2 polling that pays goes on", times_change},
    {"MTX-2 nobody polls on one core, or where ISTHMUS_SPIN is 0", forbidden},
    {NULL, NULL},
};
