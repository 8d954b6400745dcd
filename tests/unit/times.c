/* SPDX-License-Identifier: Apache-2.0 */
/* GEN-7: timeouts, deadlines and slices, for all that waits. */
#include "unit.h"

/* All that waits: none of them gets what it waits for, but by what a case does. */
typedef enum way_e { LOCK, WAIT, WAIT_BARE, REGION_LOCK, REGION_WAIT, WAYS } way_e;

static ist_mutex_t *mutex;
static ist_semaphore_t *sem, *bare;
static ist_region_t *region;

static fake_thing_t *thing_of(way_e way)
{
    static const ist_kind_e kinds[] = {IST_KIND_MUTEX, IST_KIND_SEMAPHORE, IST_KIND_SEMAPHORE,
                                       IST_KIND_REGION, IST_KIND_REGION};
    return fake_find(kinds[way], way == WAIT_BARE ? "bare" : "n");
}

static void begin(void)
{
    mutex = unit_mutex("n");
    sem = unit_semaphore("n", 0, 9);
    region = unit_region("n", 1);
    fake.bare = 1;
    bare = unit_semaphore("bare", 0, 9);
    thing_of(LOCK)->lock[0].owner = fake_other;
    thing_of(REGION_LOCK)->lock[0].owner = fake_other;
}

static apr_status_t wait_for(way_e way, apr_interval_time_t timeout)
{
    switch (way) {
    case LOCK:
        return ist_mutex_timedlock(mutex, timeout);
    case WAIT:
        return ist_semaphore_timedwait(sem, timeout);
    case WAIT_BARE:
        return ist_semaphore_timedwait(bare, timeout);
    case REGION_LOCK:
        return ist_region_timedlock(region, timeout);
    default:
        return ist_region_timedwait(region, timeout);
    }
}

static apr_status_t wait_forever(way_e way)
{
    switch (way) {
    case LOCK:
        return ist_mutex_lock(mutex);
    case WAIT:
        return ist_semaphore_wait(sem);
    case WAIT_BARE:
        return ist_semaphore_wait(bare);
    case REGION_LOCK:
        return ist_region_lock(region);
    default:
        return ist_region_wait(region);
    }
}

/* What is waited for is there now: a unit without a ring where there is a word. */
static void provide(way_e way)
{
    fake_thing_t *thing = thing_of(way);
    if (way == LOCK || way == REGION_LOCK)
        thing->lock[0].owner = NULL;
    else if (way == WAIT_BARE)
        thing->bell[0]++;
    else
        atomic_fetch_add(&thing->header->count[0].word, 1);
}

static void take_back(way_e way)
{
    if (way == LOCK)
        TST_OK(ist_mutex_unlock(mutex));
    if (way == REGION_LOCK)
        TST_OK(ist_region_unlock(region));
    if (way == LOCK || way == REGION_LOCK)
        thing_of(way)->lock[0].owner = fake_other;
    fake.sleeps = 0;
}

static void try_once(void)
{
    begin();
    for (way_e way = LOCK; way < WAYS; way++) {
        int64_t before = unit_now();
        TST_STATUS(wait_for(way, 0), APR_TIMEUP);
        TST_NUMBER(unit_now(), before);
        TST_NUMBER(fake.sleeps, 0);
        provide(way);
        TST_OK(wait_for(way, 0));
        take_back(way);
    }
    TST_STATUS(ist_semaphore_trywait(bare), APR_EBUSY);
    TST_STATUS(ist_region_trywait(region), APR_EBUSY);
    TST_STATUS(ist_region_trylock(region), APR_EBUSY);
}

static void to_the_microsecond(void)
{
    static const apr_interval_time_t timeouts[] = {1,      2,      999,    99999,
                                                   100000, 100001, 250000, 3600000000};
    begin();
    for (way_e way = LOCK; way < WAYS; way++) {
        for (size_t i = 0; i < sizeof timeouts / sizeof *timeouts; i++) {
            int64_t before = unit_now();
            TST_STATUS(wait_for(way, timeouts[i]), APR_TIMEUP);
            TST_NUMBER(unit_now() - before, timeouts[i] * ISTI_NANO);
        }
    }
}

static void slices(void)
{
    begin();
    for (way_e way = LOCK; way < WAYS; way++) {
        fake.sleeps = 0;
        TST_STATUS(wait_for(way, 250000), APR_TIMEUP);
        TST_NUMBER(fake.sleeps, 3);
        TST_NUMBER(fake.slept[0], ISTI_SLICE);
        TST_NUMBER(fake.slept[1], ISTI_SLICE);
        TST_NUMBER(fake.slept[2], ISTI_SLICE / 2);
    }
    TST_TRUE(ISTI_SLICE_LONG <= 200 * UNIT_MS); /* SEM-4, MTX-4: a quarter of a second */
}

/* A system's wait may end for no reason, or a tick early: time is not up. */
static void early_returns(void)
{
    begin();
    for (way_e way = LOCK; way < WAYS; way++) {
        static const int64_t lasts[] = {0, 0, 1, 499999, 0, 999, 0};
        fake.turns = sizeof lasts / sizeof *lasts;
        for (uint32_t i = 0; i < fake.turns; i++)
            fake.turn[i] = (fake_turn_t){APR_TIMEUP, lasts[i]};
        fake.turn_at = 0;
        int64_t before = unit_now();
        TST_STATUS(wait_for(way, 1000), APR_TIMEUP);
        TST_NUMBER(unit_now() - before, 1000 * ISTI_NANO);
        TST_NUMBER(fake.turn_at, 7);
    }
}

static void late_returns(void)
{
    begin();
    fake.turns = 1;
    fake.turn[0] = (fake_turn_t){APR_TIMEUP, 77 * UNIT_MS};
    for (way_e way = LOCK; way < WAYS; way++) {
        fake.turn_at = 0;
        fake.sleeps = 0;
        int64_t before = unit_now();
        TST_STATUS(wait_for(way, 1000), APR_TIMEUP);
        TST_NUMBER(unit_now() - before, 77 * UNIT_MS);
        TST_NUMBER(fake.sleeps, 1);
    }
}

/* Time that goes by between the looks at the clock is part of the wait. */
static void slow_machine(void)
{
    begin();
    fake.tick = 30 * UNIT_MS;
    for (way_e way = LOCK; way < WAYS; way++) {
        int64_t before = unit_now();
        TST_STATUS(wait_for(way, 500000), APR_TIMEUP);
        int64_t lasted = unit_now() - before;
        TST_SAY(lasted >= 500 * UNIT_MS && lasted <= 700 * UNIT_MS, "way %d lasted %d ms", (int)way,
                (int)(lasted / UNIT_MS));
    }
}

/* Provides what is waited for in the n-th sleep. */
typedef struct later_t {
    way_e way;
    uint32_t sleep;
} later_t;

static void later(void *baton)
{
    const later_t *wanted = baton;
    if (fake.sleeps == wanted->sleep)
        provide(wanted->way);
}

static void for_ever(void)
{
    static const apr_interval_time_t timeouts[] = {
        IST_FOREVER,      -2,         INT64_MIN, INT64_MAX, INT64_MAX / 1000, INT64_MAX / 1000 - 1,
        INT64_C(1) << 53, 86400000000};
    begin();
    for (way_e way = LOCK; way < WAYS; way++) {
        later_t baton = {way, 50};
        fake.meanwhile = later;
        fake.baton = &baton;
        for (size_t i = 0; i <= sizeof timeouts / sizeof *timeouts; i++) {
            fake.sleeps = 0;
            if (i == sizeof timeouts / sizeof *timeouts)
                TST_OK(wait_forever(way));
            else
                TST_OK(wait_for(way, timeouts[i]));
            TST_SAY(fake.sleeps >= 50, "way %d slept %u times", (int)way, (unsigned)fake.sleeps);
            take_back(way);
        }
    }
}

/* The system started its clock long ago: no sum of times passes the end of it. */
static void old_clock(void)
{
    begin();
    atomic_store(&fake.now, INT64_MAX - 9000 * UNIT_MS);
    for (way_e way = LOCK; way < WAYS; way++) {
        later_t baton = {way, 2};
        fake.meanwhile = later;
        fake.baton = &baton;
        fake.sleeps = 0;
        TST_OK(wait_for(way, INT64_MAX / 1000 - 1));
        take_back(way);
        TST_OK(wait_for(way, INT64_MAX));
        take_back(way);
        fake.meanwhile = NULL;
        int64_t before = unit_now();
        TST_STATUS(wait_for(way, 5000), APR_TIMEUP);
        TST_NUMBER(unit_now() - before, 5 * UNIT_MS);
        isti_thread.slice.time = 0;
    }
}

/* It comes with the very end of the time: it is taken, not left. */
static void at_the_last_moment(void)
{
    begin();
    for (way_e way = LOCK; way < WAYS; way++) {
        later_t baton = {way, 1};
        fake.meanwhile = later;
        fake.baton = &baton;
        fake.sleeps = 0;
        int64_t before = unit_now();
        TST_OK(wait_for(way, 50000));
        TST_TRUE(unit_now() - before <= 50 * UNIT_MS);
        take_back(way);
    }
}

/* A lock that has to queue looks at the clock when a slice is over, not before. */
static void lock_slices(void)
{
    begin();
    later_t baton = {LOCK, 1};
    fake.meanwhile = later;
    fake.baton = &baton;
    TST_OK(ist_mutex_lock(mutex));
    TST_NUMBER(fake.slept[0], ISTI_SLICE);
    uint32_t looks = fake.calls[FAKE_NOW];
    take_back(LOCK);
    atomic_fetch_add(&fake.now, ISTI_SLICE / 4);
    TST_OK(ist_mutex_lock(mutex));
    TST_NUMBER(fake.calls[FAKE_NOW], looks);
    TST_NUMBER(fake.slept[0], ISTI_SLICE - ISTI_SLICE / 4);
    take_back(LOCK);
    atomic_fetch_add(&fake.now, ISTI_SLICE);
    TST_OK(ist_mutex_lock(mutex));
    TST_NUMBER(fake.calls[FAKE_NOW], looks + 1);
    TST_NUMBER(fake.slept[0], ISTI_SLICE);
    take_back(LOCK);
}

const tst_case_t unit_times[] = {
    {"GEN-7 timeout 0 tries once, and takes what is there", try_once},
    {"GEN-7 a timeout is exact on an exact clock", to_the_microsecond},
    {"GEN-7 SEM-4 MTX-4 a wait is made of slices", slices},
    {"GEN-7 never early when the system is", early_returns},
    {"GEN-7 over at once when the system was late", late_returns},
    {"GEN-7 the time between the waits counts", slow_machine},
    {"GEN-7 negative and huge timeouts", for_ever},
    {"GEN-7 a clock near its end", old_clock},
    {"GEN-7 what comes at the last moment is taken", at_the_last_moment},
    {"MTX-2 MTX-4 the slices of a lock that queues", lock_slices},
    {NULL, NULL},
};
