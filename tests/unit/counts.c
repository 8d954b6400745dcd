/* SPDX-License-Identifier: Apache-2.0 */
/* SEM-1, SEM-2, SEM-3, SEM-5: counts, with a header and without. */
#include "unit.h"

static apr_uint32_t value_of(ist_semaphore_t *sem)
{
    apr_uint32_t value = 0xdeadbeef;
    TST_OK(ist_semaphore_value(sem, &value));
    return value;
}

static void births(void)
{
    static const apr_uint32_t counts[][2] = {
        {0, 1}, {1, 1}, {3, 7}, {0, IST_COUNT_MAX}, {IST_COUNT_MAX, IST_COUNT_MAX}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        ist_semaphore_t *later;
        ist_semaphore_t *sem = unit_semaphore("n", counts[i][0], counts[i][1]);
        TST_NUMBER(value_of(sem), counts[i][0]);
        TST_NUMBER(ist_semaphore_maximum(sem), counts[i][1]);
        TST_OK(ist_semaphore_open(&later, "n", 1, 2, IST_CREATE, 0, tst_pool()));
        TST_NUMBER(value_of(later), counts[i][0]);
        TST_NUMBER(ist_semaphore_maximum(later), counts[i][1]);
        TST_OK(ist_semaphore_close(later));
        TST_OK(ist_semaphore_close(sem));
    }
}

static void births_bare(void)
{
    fake.bare = 1;
    births();
}

/* For an opener in another process, the counts are the object's too. */
static void found(void)
{
    ist_semaphore_t *sem;
    (void)fake_make(IST_KIND_SEMAPHORE, "n", 0, 3, 9);
    TST_MUST(ist_semaphore_open(&sem, "n", 1, 2, IST_CREATE, 0, tst_pool()));
    TST_NUMBER(value_of(sem), 3);
    TST_NUMBER(ist_semaphore_maximum(sem), 9);
    fake.bare = 1;
    (void)fake_make(IST_KIND_SEMAPHORE, "m", 0, 3, 9);
    TST_MUST(ist_semaphore_open(&sem, "m", 1, 2, IST_CREATE, 0, tst_pool()));
    TST_NUMBER(value_of(sem), 3);
    TST_NUMBER(ist_semaphore_maximum(sem), 9);
}

static void all_or_none(void)
{
    ist_semaphore_t *sem = unit_semaphore("n", 0, 10);
    apr_uint32_t previous = 77;
    TST_STATUS(ist_semaphore_post_n(sem, 11, &previous), IST_EOVERFLOW);
    TST_NUMBER(previous, 77);
    TST_OK(ist_semaphore_post_n(sem, 4, &previous));
    TST_NUMBER(previous, 0);
    TST_STATUS(ist_semaphore_post_n(sem, 7, &previous), IST_EOVERFLOW);
    TST_NUMBER(previous, 0);
    TST_NUMBER(value_of(sem), 4);
    TST_OK(ist_semaphore_post_n(sem, 6, &previous));
    TST_NUMBER(previous, 4);
    TST_STATUS(ist_semaphore_post(sem), IST_EOVERFLOW);
    TST_STATUS(ist_semaphore_post_n(sem, IST_COUNT_MAX, NULL), IST_EOVERFLOW);
    TST_STATUS(ist_semaphore_post_n(sem, 0x80000000u, NULL), IST_EOVERFLOW);
    TST_STATUS(ist_semaphore_post_n(sem, 0xffffffffu, &previous), IST_EOVERFLOW);
    TST_NUMBER(value_of(sem), 10);
    for (int i = 0; i < 10; i++)
        TST_OK(ist_semaphore_trywait(sem));
    TST_STATUS(ist_semaphore_trywait(sem), APR_EBUSY);
    TST_OK(ist_semaphore_post(sem));
    TST_NUMBER(value_of(sem), 1);
}

static void all_or_none_bare(void)
{
    fake.bare = 1;
    all_or_none();
}

static void largest(void)
{
    ist_semaphore_t *sem = unit_semaphore("n", 0, IST_COUNT_MAX);
    apr_uint32_t previous;
    TST_STATUS(ist_semaphore_post_n(sem, 0x80000000u, &previous), IST_EOVERFLOW);
    TST_OK(ist_semaphore_post_n(sem, IST_COUNT_MAX, &previous));
    TST_NUMBER(previous, 0);
    TST_STATUS(ist_semaphore_post(sem), IST_EOVERFLOW);
    TST_STATUS(ist_semaphore_post_n(sem, IST_COUNT_MAX, &previous), IST_EOVERFLOW);
    TST_NUMBER(value_of(sem), IST_COUNT_MAX);
    TST_OK(ist_semaphore_wait(sem));
    TST_OK(ist_semaphore_post_n(sem, 1, &previous));
    TST_NUMBER(previous, IST_COUNT_MAX - 1);
}

/* What is available costs no call of the system's. */
static void without_the_system(void)
{
    ist_semaphore_t *sem = unit_semaphore("n", 3, 3);
    uint32_t before = fake_total();
    TST_OK(ist_semaphore_trywait(sem));
    TST_OK(ist_semaphore_wait(sem));
    TST_OK(ist_semaphore_timedwait(sem, 5));
    TST_OK(ist_semaphore_post_n(sem, 3, NULL));
    TST_OK(ist_semaphore_timedwait(sem, 0));
    TST_NUMBER(value_of(sem), 2);
    TST_NUMBER(fake_total(), before);
}

static void damaged_maximum(void)
{
    static const uint32_t never[] = {0, 0x80000000u, 0xffffffffu};
    fake_thing_t *thing = fake_make(IST_KIND_SEMAPHORE, "n", 0, 0, 5);
    ist_semaphore_t *sem;
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        thing->header->count[0].maximum = never[i];
        TST_STATUS(ist_semaphore_open(&sem, "n", 0, 0, 0, 0, tst_pool()), IST_ECORRUPT);
        TST_TRUE(sem == NULL);
        unit_nothing_left("an open in vain");
    }
    thing->header->count[0].maximum = 5;
    TST_MUST(ist_semaphore_open(&sem, "n", 0, 0, 0, 0, tst_pool()));
    thing->header->count[0].maximum = 0xffffffffu; /* later: it was copied once */
    TST_NUMBER(ist_semaphore_maximum(sem), 5);
    TST_STATUS(ist_semaphore_post_n(sem, 6, NULL), IST_EOVERFLOW);
    TST_OK(ist_semaphore_post_n(sem, 5, NULL));
}

/* A count that somebody scribbled over never grows out of its half. */
static void damaged_count(void)
{
    ist_semaphore_t *sem = unit_semaphore("n", 0, 5);
    isti_count_slot_t *slot = unit_object(sem)->count[0].slot;
    static const uint32_t scribbles[] = {6, 0x80000000u, 0xffffffffu, 0xfffffffeu};
    for (size_t i = 0; i < sizeof scribbles / sizeof *scribbles; i++) {
        atomic_store(&slot->word, scribbles[i]);
        TST_STATUS(ist_semaphore_post(sem), IST_EOVERFLOW);
        TST_STATUS(ist_semaphore_post_n(sem, 5, NULL), IST_EOVERFLOW);
        TST_NUMBER(value_of(sem), scribbles[i]);
        TST_OK(ist_semaphore_trywait(sem));
        TST_TRUE(atomic_load(&slot->word) == scribbles[i] - UINT64_C(1));
    }
}

static void no_counts_told(void)
{
    ist_semaphore_t *sem;
    apr_uint32_t value = 77;
    fake.bare = 1;
    fake_fail(4, UNIT_ERROR); /* key, memory, open, count */
    TST_STATUS(ist_semaphore_open(&sem, "n", 0, 1, IST_CREATE, 0, tst_pool()), UNIT_ERROR);
    TST_NUMBER(fake.failed, FAKE_COUNT);
    TST_TRUE(sem == NULL);
    unit_nothing_left("an open in vain");
    TST_TRUE(fake_find(IST_KIND_SEMAPHORE, "n") == NULL);
    sem = unit_semaphore("n", 1, 2);
    fake_fail(1, UNIT_ERROR);
    TST_STATUS(ist_semaphore_value(sem, &value), UNIT_ERROR);
    fake_fail(1, UNIT_ERROR);
    TST_STATUS(ist_semaphore_post(sem), UNIT_ERROR);
    fake_fail(1, UNIT_ERROR);
    TST_STATUS(ist_semaphore_trywait(sem), UNIT_ERROR);
}

static void notifications(void)
{
    ist_region_t *region = unit_region("n", 8);
    isti_count_slot_t *slot = unit_object(region)->count[0].slot;
    TST_STATUS(ist_region_trywait(region), APR_EBUSY);
    TST_STATUS(ist_region_timedwait(region, 0), APR_TIMEUP);
    TST_OK(ist_region_notify(region));
    TST_OK(ist_region_wait(region));
    atomic_store(&slot->word, IST_COUNT_MAX - 1);
    TST_OK(ist_region_notify(region));
    TST_STATUS(ist_region_notify(region), IST_EOVERFLOW);
    TST_TRUE(atomic_load(&slot->word) == IST_COUNT_MAX);
    TST_OK(ist_region_timedwait(region, 1));
    TST_OK(ist_region_notify(region));
}

/* ---- threads ------------------------------------------------------------------ */

enum { MAXIMUM = 1000, EACH = 40000 };

typedef struct crowd_t {
    ist_semaphore_t *sem;
    _Atomic(uint32_t) posted, taken, refused;
} crowd_t;

/* Beyond the maximum, each `previous` a place of its own below it. */
static void post_many(void *baton)
{
    crowd_t *crowd = baton;
    for (apr_uint32_t i = 0; i < EACH; i++) {
        apr_uint32_t n = 1 + i % 3, previous = MAXIMUM;
        apr_status_t rv = ist_semaphore_post_n(crowd->sem, n, &previous);
        if (rv == IST_EOVERFLOW) {
            atomic_fetch_add(&crowd->refused, 1);
            if (i % 2 == 0 && ist_semaphore_trywait(crowd->sem) == APR_SUCCESS)
                atomic_fetch_add(&crowd->taken, 1);
            continue;
        }
        TST_OK(rv);
        TST_SAY(previous + n <= MAXIMUM, "%u units after a post", (unsigned)(previous + n));
        atomic_fetch_add(&crowd->posted, n);
    }
}

static void many_posters(void)
{
    crowd_t crowd = {unit_semaphore("n", 0, MAXIMUM), 0, 0, 0};
    unit_threads(8, post_many, &crowd);
    TST_TRUE(crowd.refused > 0);
    TST_NUMBER(value_of(crowd.sem), crowd.posted - crowd.taken);
    TST_TRUE(value_of(crowd.sem) <= MAXIMUM);
}

static void many_posters_bare(void)
{
    fake.bare = 1;
    many_posters();
}

const tst_case_t unit_counts[] = {
    {"SEM-1 the first counts are the counts", births},
    {"SEM-1 the first counts are the counts (no header)", births_bare},
    {"SEM-1 a later opener's counts are ignored", found},
    {"SEM-2 SEM-3 a post adds all or none", all_or_none},
    {"SEM-2 SEM-3 a post adds all or none (no header)", all_or_none_bare},
    {"SEM-2 the largest count", largest},
    {"SEM-3 SEM-5 what is there is taken without the system", without_the_system},
    {"OPEN-4 SEM-2 a maximum that was damaged", damaged_maximum},
    {"SEM-2 a count that was damaged", damaged_count},
    {"GEN-1 GEN-4 a system that tells no counts (no header)", no_counts_told},
    {"REG-2 notifications up to the maximum", notifications},
    {"SEM-2 eight posters at the maximum, exactly", many_posters},
    {"SEM-2 eight posters at the maximum, exactly (no header)", many_posters_bare},
    {NULL, NULL},
};
