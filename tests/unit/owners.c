/* SPDX-License-Identifier: Apache-2.0 */
/* MTX-1, MTX-2, MTX-6: who owns a mutex, how deep, and how many. */
#include "unit.h"

#include <stdio.h>

/* What threads of a case have in common. */
typedef struct both_t {
    ist_mutex_t *mutex;
    apr_status_t unlocked, tried, timed;
} both_t;

static void recursion(void)
{
    ist_mutex_t *one = unit_mutex("n"), *two = unit_mutex("n");
    TST_OK(ist_mutex_lock(one));
    TST_OK(ist_mutex_trylock(two));
    TST_OK(ist_mutex_timedlock(one, 1));
    TST_OK(ist_mutex_timedlock(two, 0));
    TST_OK(ist_mutex_timedlock(one, IST_FOREVER));
    TST_NUMBER(fake.calls[FAKE_LOCK], 1);
    for (int i = 0; i < 4; i++)
        TST_OK(ist_mutex_unlock(two));
    TST_NUMBER(fake.calls[FAKE_UNLOCK], 0);
    TST_OK(ist_mutex_unlock(one));
    TST_NUMBER(fake.calls[FAKE_UNLOCK], 1);
    TST_STATUS(ist_mutex_unlock(one), IST_ENOTOWNER);
}

static void another_thread(void *baton)
{
    both_t *both = baton;
    both->unlocked = ist_mutex_unlock(both->mutex);
    both->tried = ist_mutex_trylock(both->mutex);
    both->timed = ist_mutex_timedlock(both->mutex, 1000);
}

static void not_owners(void)
{
    both_t both = {unit_mutex("n"), APR_SUCCESS, APR_SUCCESS, APR_SUCCESS};
    TST_STATUS(ist_mutex_unlock(both.mutex), IST_ENOTOWNER);
    TST_OK(ist_mutex_lock(both.mutex));
    unit_threads(1, another_thread, &both);
    TST_STATUS(both.unlocked, IST_ENOTOWNER);
    TST_STATUS(both.tried, APR_EBUSY);
    TST_STATUS(both.timed, APR_TIMEUP);
    TST_NUMBER(fake.calls[FAKE_UNLOCK], 0);
    TST_OK(ist_mutex_unlock(both.mutex));
    unit_threads(1, another_thread, &both);
    TST_STATUS(both.unlocked, IST_ENOTOWNER);
    TST_OK(both.tried);
    TST_OK(both.timed);
}

static void held_elsewhere(void)
{
    ist_mutex_t *mutex = unit_mutex("n");
    fake_thing_t *thing = fake_find(IST_KIND_MUTEX, "n");
    thing->lock[0].owner = fake_other;
    int64_t before = unit_now();
    TST_STATUS(ist_mutex_trylock(mutex), APR_EBUSY);
    TST_STATUS(ist_mutex_timedlock(mutex, 0), APR_TIMEUP);
    TST_NUMBER(unit_now(), before);
    TST_NUMBER(fake.sleeps, 0);
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    thing->lock[0].owner = NULL;
    TST_OK(ist_mutex_trylock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
}

static void deepest(void)
{
    ist_mutex_t *mutex = unit_mutex("n");
    isti_owner_t *owner = &unit_object(mutex)->owner[0];
    TST_OK(ist_mutex_lock(mutex));
    owner->deeper = UINT32_MAX - 2;
    TST_OK(ist_mutex_lock(mutex));
    TST_STATUS(ist_mutex_lock(mutex), IST_ELIMIT);
    TST_STATUS(ist_mutex_trylock(mutex), IST_ELIMIT);
    TST_STATUS(ist_mutex_timedlock(mutex, 1), IST_ELIMIT);
    TST_OK(ist_mutex_unlock(mutex));
    TST_OK(ist_mutex_lock(mutex));
    owner->deeper = 0;
    TST_OK(ist_mutex_unlock(mutex));
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
}

/* One over the limit, by every way to lock, reaches no system. */
static void refused_over_limit(ist_mutex_t *mutex, ist_region_t *region)
{
    uint32_t before = fake_total();
    TST_STATUS(ist_mutex_lock(mutex), IST_ELIMIT);
    TST_STATUS(ist_mutex_trylock(mutex), IST_ELIMIT);
    TST_STATUS(ist_mutex_timedlock(mutex, 1), IST_ELIMIT);
    TST_STATUS(ist_mutex_timedlock(mutex, IST_FOREVER), IST_ELIMIT);
    TST_STATUS(ist_region_lock(region), IST_ELIMIT);
    TST_STATUS(ist_region_trylock(region), IST_ELIMIT);
    TST_NUMBER(fake_total(), before);
}

static void lock_in_thread(void *baton)
{
    TST_OK(ist_mutex_lock(baton));
    TST_OK(ist_mutex_unlock(baton));
}

static void most_held(void)
{
    static ist_mutex_t *mutex[IST_HELD_MAX + 1];
    ist_region_t *region = unit_region("n", 1);
    for (int i = 0; i <= IST_HELD_MAX; i++) {
        char name[16];
        snprintf(name, sizeof name, "m%d", i);
        mutex[i] = unit_mutex(name);
        if (i < IST_HELD_MAX)
            TST_OK(ist_mutex_lock(mutex[i]));
    }
    refused_over_limit(mutex[IST_HELD_MAX], region);
    TST_OK(ist_mutex_lock(mutex[0])); /* deeper is not one more */
    TST_OK(ist_mutex_unlock(mutex[0]));
    refused_over_limit(mutex[IST_HELD_MAX], region);
    unit_threads(1, lock_in_thread, mutex[IST_HELD_MAX]);
    TST_OK(ist_mutex_unlock(mutex[7]));
    TST_OK(ist_region_lock(region)); /* a region's counts as well */
    TST_STATUS(ist_mutex_lock(mutex[IST_HELD_MAX]), IST_ELIMIT);
    TST_OK(ist_region_lock(region));
    TST_OK(ist_region_unlock(region));
    TST_OK(ist_region_unlock(region));
    for (int i = 0; i < IST_HELD_MAX; i++)
        TST_STATUS(ist_mutex_unlock(mutex[i]), i == 7 ? IST_ENOTOWNER : APR_SUCCESS);
    TST_NUMBER(unit_held(), 0);
}

/* A lock that fails is neither owned nor counted. */
static void failed_locks(void)
{
    ist_mutex_t *mutex = unit_mutex("n");
    fake_thing_t *thing = fake_find(IST_KIND_MUTEX, "n");
    for (uint32_t n = 1; n <= 2; n++) {
        thing->lock[0].owner = fake_other;
        fake_fail(n, UNIT_ERROR);
        TST_STATUS(ist_mutex_lock(mutex), UNIT_ERROR);
        fake_fail(n, UNIT_ERROR);
        TST_STATUS(ist_mutex_timedlock(mutex, 1000), UNIT_ERROR);
        TST_NUMBER(unit_held(), 0);
        TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    }
    fake_fail(1, UNIT_ERROR);
    TST_STATUS(ist_mutex_trylock(mutex), UNIT_ERROR);
    thing->lock[0].owner = NULL;
    TST_OK(ist_mutex_lock(mutex));
    TST_NUMBER(unit_held(), 1);
    fake_fail(1, UNIT_ERROR);
    TST_STATUS(ist_mutex_unlock(mutex), UNIT_ERROR);
    TST_NUMBER(unit_held(), 0);
    TST_OK(ist_mutex_close(mutex));
}

/* The price of a lock that is free, but for a thread's first: one call, and no
 * look at the clock. */
static void free_locks(void)
{
    ist_mutex_t *mutex = unit_mutex("n");
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
    uint32_t before = fake_total(), looks = fake.calls[FAKE_NOW];
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
    TST_NUMBER(fake_total() - before, 2);
    TST_OK(ist_mutex_trylock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
    TST_NUMBER(fake_total() - before, 4);
    TST_NUMBER(fake.calls[FAKE_NOW], looks);
}

typedef struct tally_t {
    ist_mutex_t *mutex;
    uint32_t plain; /* right only when one at a time adds to it */
} tally_t;

static void add_often(void *baton)
{
    tally_t *tally = baton;
    for (int i = 0; i < 2000; i++) {
        apr_status_t rv = i % 3 == 0 ? ist_mutex_timedlock(tally->mutex, INT64_C(1) << 60)
                                     : ist_mutex_lock(tally->mutex);
        TST_OK(rv);
        TST_OK(ist_mutex_lock(tally->mutex));
        tally->plain++;
        TST_OK(ist_mutex_unlock(tally->mutex));
        TST_OK(ist_mutex_unlock(tally->mutex));
    }
}

static void one_at_a_time(void)
{
    tally_t tally = {unit_mutex("n"), 0};
    unit_threads(4, add_often, &tally);
    TST_NUMBER(tally.plain, 4 * 2000);
}

const tst_case_t unit_owners[] = {
    {"MTX-1 recursion counts over all handles and calls", recursion},
    {"MTX-1 MTX-2 another thread neither unlocks nor locks", not_owners},
    {"MTX-2 GEN-7 what another process holds is busy at once", held_elsewhere},
    {"MTX-6 the deepest recursion", deepest},
    {"MTX-6 the 1025th mutex of a thread", most_held},
    {"MTX-1 GEN-1 what the system refuses is not owned", failed_locks},
    {"MTX-2 a free lock is one call, without the clock", free_locks},
    {"MTX-1 GEN-6 threads through one handle, one at a time", one_at_a_time},
    {NULL, NULL},
};
