/* SPDX-License-Identifier: Apache-2.0 */
/* Opening: what may happen, what is told, and patience with the half-made. */
#include "unit.h"

#include <string.h>

static apr_status_t open_shm(apr_uint32_t flags, apr_size_t size)
{
    ist_shm_t *shm;
    return ist_shm_open(&shm, "n", size, flags, 0, tst_pool());
}

static void what_may_happen(void)
{
    TST_STATUS(open_shm(0, 8), APR_ENOENT);
    fake_thing_t *thing = fake_make(IST_KIND_SHM, "n", 8, 0, 0);
    TST_STATUS(open_shm(IST_CREATE_ONLY, 8), APR_EEXIST);
    TST_OK(open_shm(IST_CREATE, 8));
    TST_OK(open_shm(0, 8));
    TST_STATUS(open_shm(IST_CREATE_ONLY, 8), APR_EEXIST);
    fake_others_close(thing);
}

static void created_tells(void)
{
    ist_mutex_t *first, *second, *third;
    ist_semaphore_t *sem;
    (void)fake_make(IST_KIND_SEMAPHORE, "n", 0, 0, 1);
    TST_MUST(ist_mutex_open(&first, "n", IST_CREATE_ONLY, 0, tst_pool()));
    TST_MUST(ist_mutex_open(&second, "n", IST_CREATE, 0, tst_pool()));
    TST_MUST(ist_mutex_open(&third, "n", 0, 0, tst_pool()));
    TST_MUST(ist_semaphore_open(&sem, "n", 0, 1, IST_CREATE, 0, tst_pool()));
    TST_NUMBER(ist_mutex_created(first), 1);
    TST_NUMBER(ist_mutex_created(second), 0);
    TST_NUMBER(ist_mutex_created(third), 0);
    TST_NUMBER(ist_semaphore_created(sem), 0);
    TST_NUMBER(ist_shm_created(unit_shm("n", 1)), 1);
    TST_NUMBER(ist_region_created(unit_region("n", 1)), 1);
}

static void half_made(void)
{
    fake.again = 5;
    int64_t before = unit_now();
    TST_OK(open_shm(IST_CREATE, 8));
    TST_NUMBER(fake.calls[FAKE_OPEN], 6);
    TST_NUMBER(fake.pauses, 5);
    for (uint32_t i = 0; i < fake.pauses; i++)
        TST_NUMBER(fake.paused[i], 20u << i);
    TST_NUMBER(unit_now() - before, (20 + 40 + 80 + 160 + 320) * ISTI_NANO);
}

static void half_made_for_ever(void)
{
    fake.again = UINT32_MAX;
    int64_t before = unit_now();
    TST_STATUS(open_shm(IST_CREATE, 8), APR_EBUSY);
    int64_t patience = unit_now() - before;
    TST_SAY(patience > 1999 * UNIT_MS && patience < 2100 * UNIT_MS, "it took %d ms",
            (int)(patience / UNIT_MS));
    for (uint32_t i = 1; i < FAKE_LOG; i++)
        TST_SAY(fake.paused[i] >= fake.paused[i - 1], "pause %u is of %u us, after one of %u",
                (unsigned)i, (unsigned)fake.paused[i], (unsigned)fake.paused[i - 1]);
    TST_SAY(fake.paused[FAKE_LOG - 1] <= 2000, "nobody is asleep for long");
    unit_nothing_left("an open in vain");
    fake.again = 0;
    TST_OK(open_shm(IST_CREATE, 8));
}

/* Slow tries, or a machine asleep: it is time that counts, not tries. */
static void time_goes_by(void)
{
    fake.again = UINT32_MAX;
    fake.tick = 700 * UNIT_MS;
    TST_STATUS(open_shm(IST_CREATE, 8), APR_EBUSY);
    TST_NUMBER(fake.calls[FAKE_OPEN], 4);
}

static const apr_status_t answers[] = {
    APR_ENOENT,   APR_EEXIST,   APR_EACCES, APR_ENOMEM, APR_ENOSPC,     IST_EFOREIGN,
    IST_ECORRUPT, IST_EVERSION, IST_EABI,   UNIT_ERROR, IST_ENAMESPACE,
};

static void answers_are_told(void)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        ist_mutex_t *mutex = (void *)&fake;
        fake_fail(3, answers[i]); /* after the key and the memory for it */
        TST_STATUS(ist_mutex_open(&mutex, "n", IST_CREATE, 0, tst_pool()), answers[i]);
        TST_NUMBER(fake.failed, FAKE_OPEN);
        TST_TRUE(mutex == NULL);
        unit_nothing_left("a failed open");
    }
}

static void no_memory(void)
{
    ist_mutex_t *mutex = (void *)&fake;
    fake_fail(2, UNIT_ERROR);
    TST_STATUS(ist_mutex_open(&mutex, "n", IST_CREATE, 0, tst_pool()), APR_ENOMEM);
    TST_NUMBER(fake.failed, FAKE_ALLOCATE);
    TST_TRUE(mutex == NULL);
    TST_NUMBER(fake.calls[FAKE_OPEN], 0);
}

static void no_user(void)
{
    ist_region_t *region = (void *)&fake;
    fake_fail(1, UNIT_ERROR);
    TST_STATUS(ist_region_open(&region, "n", 8, IST_CREATE, 0, tst_pool()), UNIT_ERROR);
    TST_NUMBER(fake.failed, FAKE_ENCODE);
    TST_TRUE(region == NULL);
    TST_NUMBER(fake.calls[FAKE_OPEN], 0);
}

static void no_clean_up(void)
{
    apr_pool_t *pool = tst_subpool();
    ist_semaphore_t *sem;
    for (uint32_t n = 1; n <= 3; n++) {
        fake_fail(n, UNIT_ERROR);
        TST_TRUE(ist_semaphore_open(&sem, "n", 0, 1, IST_CREATE, 0, pool) != APR_SUCCESS);
        TST_NUMBER(fake.clean_ups, 0);
    }
    fake_fail(0, APR_SUCCESS);
    TST_MUST(ist_semaphore_open(&sem, "n", 0, 1, IST_CREATE, 0, pool));
    TST_NUMBER(fake.clean_ups, 1);
    TST_OK(ist_semaphore_close(sem));
    TST_NUMBER(fake.clean_ups, 0);
    uint32_t before = fake_total();
    apr_pool_destroy(pool);
    TST_NUMBER(fake_total(), before);
}

static void kinds_and_scopes(void)
{
    ist_shm_t *global;
    ist_shm_t *local = unit_shm("n", 8);
    (void)unit_mutex("n");
    (void)unit_semaphore("n", 0, 1);
    (void)unit_region("n", 8);
    TST_MUST(ist_shm_open(&global, "n", 16, IST_CREATE | IST_GLOBAL, 0, tst_pool()));
    TST_NUMBER(fake.calls[FAKE_OPEN], 5);
    TST_NUMBER(ist_shm_size(local), 8);
    TST_NUMBER(ist_shm_size(global), 16);
    TST_TRUE(ist_shm_base(local) != ist_shm_base(global));
    (void)unit_shm("N", 8);
    TST_NUMBER(fake.calls[FAKE_OPEN], 6);
}

/* Every page is touched, and what is there stays. */
static void populate(void)
{
    enum { SIZE = 3 * 4096 + 5 };
    ist_shm_t *shm, *again, *reader;
    TST_MUST(ist_shm_open(&shm, "n", SIZE, IST_CREATE | IST_POPULATE, 0, tst_pool()));
    unsigned char *base = ist_shm_base(shm);
    for (int i = 0; i < SIZE; i++)
        TST_SAY(base[i] == 0, "byte %d is zeroed", i);
    memset(base, 0xa5, SIZE);
    TST_OK(ist_shm_open(&again, "n", 0, IST_POPULATE, 0, tst_pool()));
    TST_OK(ist_shm_open(&reader, "n", 0, IST_POPULATE | IST_READ_ONLY, 0, tst_pool()));
    for (int i = 0; i < SIZE; i++)
        TST_SAY(base[i] == 0xa5, "byte %d is as it was", i);
}

const tst_case_t unit_opening[] = {
    {"OPEN-1 open, create, create only", what_may_happen},
    {"OPEN-2 the handle tells who created", created_tells},
    {"OPEN-3 what is just being made is tried again, after growing pauses", half_made},
    {"OPEN-3 what is being made for ever is busy after two seconds", half_made_for_ever},
    {"OPEN-3 patience is time, however few the tries", time_goes_by},
    {"GEN-1 GEN-4 each answer to an open is told as it is", answers_are_told},
    {"GEN-1 GEN-4 no memory for the handle's object", no_memory},
    {"GEN-1 who can't be named can't open", no_user},
    {"GEN-4 neither a failed open nor a close leaves a clean-up", no_clean_up},
    {"NAME-2 NAME-3 kinds, scopes and cases of letters are apart", kinds_and_scopes},
    {"SHM-5 populating changes nothing", populate},
    {NULL, NULL},
};
