/* SPDX-License-Identifier: Apache-2.0 */
/* One process, one view of each object, however many handles. */
#include "unit.h"

#include <string.h>

static void one_view(void)
{
    ist_shm_t *first = unit_shm("n", 64);
    ist_shm_t *second = unit_shm("n", 64);
    const fake_thing_t *thing = fake_find(IST_KIND_SHM, "n");
    TST_NUMBER(fake.calls[FAKE_OPEN], 1);
    TST_TRUE(ist_shm_base(first) == ist_shm_base(second));
    TST_NUMBER(thing->holders, 1);
    TST_OK(ist_shm_close(first));
    TST_NUMBER(fake.calls[FAKE_CLOSE], 0);
    memset(ist_shm_base(second), 1, 64);
    TST_OK(ist_shm_close(second));
    TST_NUMBER(fake.calls[FAKE_CLOSE], 1);
    unit_nothing_left("both closes");
}

static void create_only_here(void)
{
    ist_mutex_t *mutex;
    (void)unit_mutex("n");
    TST_STATUS(ist_mutex_open(&mutex, "n", IST_CREATE_ONLY, 0, tst_pool()), APR_EEXIST);
    TST_TRUE(mutex == NULL);
}

static void reader_apart(void)
{
    ist_shm_t *reader, *reader_too;
    (void)unit_shm("n", 64);
    TST_MUST(ist_shm_open(&reader, "n", 0, IST_READ_ONLY, 0, tst_pool()));
    TST_MUST(ist_shm_open(&reader_too, "n", 0, IST_READ_ONLY, 0, tst_pool()));
    TST_NUMBER(fake.calls[FAKE_OPEN], 2);
    TST_TRUE(unit_object(reader) == unit_object(reader_too));
    TST_NUMBER(unit_object(reader)->spec.read_only, 1);
    TST_NUMBER(ist_shm_size(reader), 64);
}

static void exact_sizes(void)
{
    static const apr_size_t sizes[] = {1, 7, 4095, 4096, 4097, 70001};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        ist_shm_t *shm = unit_shm("n", sizes[i]), *taken, *larger;
        TST_NUMBER(ist_shm_size(shm), sizes[i]);
        TST_NUMBER((uintptr_t)ist_shm_base(shm) % 4096, 0);
        TST_OK(ist_shm_open(&taken, "n", 0, 0, 0, tst_pool()));
        TST_NUMBER(ist_shm_size(taken), sizes[i]);
        TST_STATUS(ist_shm_open(&larger, "n", sizes[i] + 1, 0, 0, tst_pool()), IST_ESIZE);
        TST_TRUE(larger == NULL);
        TST_OK(ist_shm_close(taken));
        TST_OK(ist_shm_close(shm));
        unit_nothing_left("two closes");
    }
}

/* Here nobody had it open before: the view that was made goes again. */
static void too_small_elsewhere(void)
{
    ist_shm_t *shm;
    ist_region_t *region;
    (void)fake_make(IST_KIND_SHM, "n", 8, 0, 0);
    (void)fake_make(IST_KIND_REGION, "n", 8, 0, 1);
    TST_STATUS(ist_shm_open(&shm, "n", 9, 0, 0, tst_pool()), IST_ESIZE);
    TST_STATUS(ist_region_open(&region, "n", 9, IST_CREATE, 0, tst_pool()), IST_ESIZE);
    TST_NUMBER(fake.calls[FAKE_CLOSE], 2);
    unit_nothing_left("two opens in vain");
    TST_OK(ist_shm_open(&shm, "n", 8, 0, 0, tst_pool()));
    TST_OK(ist_region_open(&region, "n", 8, IST_CREATE, 0, tst_pool()));
}

static void too_much(void)
{
    ist_shm_t *shm;
    TST_STATUS(ist_shm_open(&shm, "n", (apr_size_t)-1, IST_CREATE, 0, tst_pool()), APR_ENOMEM);
    unit_nothing_left("an open in vain");
}

static void name_removed(void)
{
    ist_mutex_t *nameless = unit_mutex("n");
    fake_unname(fake_find(IST_KIND_MUTEX, "n"));
    ist_mutex_t *fresh = unit_mutex("n");
    ist_mutex_t *shared = unit_mutex("n");
    TST_NUMBER(ist_mutex_created(fresh), 1);
    TST_NUMBER(ist_mutex_created(shared), 0);
    TST_TRUE(unit_object(nameless) != unit_object(fresh));
    TST_TRUE(unit_object(shared) == unit_object(fresh));
    TST_OK(ist_mutex_lock(nameless));
    TST_STATUS(ist_mutex_unlock(fresh), IST_ENOTOWNER);
    TST_OK(ist_mutex_lock(fresh));
    TST_OK(ist_mutex_unlock(nameless));
    TST_OK(ist_mutex_close(nameless));
    TST_OK(ist_mutex_unlock(shared));
}

static void dead_one(void)
{
    fake_thing_t *thing = fake_make(IST_KIND_SHM, "n", 64, 0, 0);
    ist_shm_t *shm;
    memset((char *)thing->header + ISTI_HEADER_SIZE, 1, 64);
    thing->others = 0; /* its only holder was killed */
    TST_STATUS(ist_shm_open(&shm, "n", 0, 0, 0, tst_pool()), APR_ENOENT);
    thing = fake_make(IST_KIND_SHM, "m", 64, 0, 0);
    memset((char *)thing->header + ISTI_HEADER_SIZE, 1, 64);
    thing->others = 0;
    shm = unit_shm("m", 32);
    TST_NUMBER(ist_shm_created(shm), 1);
    TST_NUMBER(ist_shm_size(shm), 32);
    TST_NUMBER(*(unsigned char *)ist_shm_base(shm), 0);
}

static void others_hold_on(void)
{
    ist_shm_t *shm = unit_shm("n", 8);
    fake_thing_t *thing = fake_find(IST_KIND_SHM, "n");
    thing->others = 1;
    memcpy(ist_shm_base(shm), "kept", 5);
    TST_OK(ist_shm_close(shm));
    shm = unit_shm("n", 8);
    TST_NUMBER(ist_shm_created(shm), 0);
    TST_TRUE(strcmp(ist_shm_base(shm), "kept") == 0);
    fake_others_close(thing);
}

static void pools(void)
{
    ist_mutex_t *inner, *outer;
    apr_pool_t *pool = tst_subpool();
    TST_MUST(ist_mutex_open(&inner, "n", IST_CREATE, 0, pool));
    TST_MUST(ist_mutex_open(&inner, "m", IST_CREATE, 0, pool));
    TST_MUST(ist_mutex_open(&outer, "n", IST_CREATE, 0, tst_pool()));
    apr_pool_destroy(pool);
    TST_NUMBER(fake.calls[FAKE_CLOSE], 1);
    TST_TRUE(fake_find(IST_KIND_MUTEX, "m") == NULL);
    TST_OK(ist_mutex_lock(outer));
    TST_OK(ist_mutex_unlock(outer));
}

static void open_and_close(void *baton)
{
    _Atomic(uint32_t) *created = baton;
    apr_pool_t *pool;
    if (apr_pool_create(&pool, NULL) != APR_SUCCESS)
        abort();
    for (int i = 0; i < 500; i++) {
        ist_semaphore_t *sem;
        apr_uint32_t flags = i % 2 == 0 ? IST_CREATE : IST_CREATE_ONLY;
        apr_status_t rv = ist_semaphore_open(&sem, "n", 0, 1, flags, 0, pool);
        if (rv == APR_EEXIST)
            continue;
        TST_OK(rv);
        atomic_fetch_add(created, (uint32_t)ist_semaphore_created(sem));
        TST_OK(ist_semaphore_close(sem));
    }
    apr_pool_destroy(pool);
}

/* Each birth has one creator, and each death follows a birth. */
static void many_threads(void)
{
    _Atomic(uint32_t) created = 0;
    unit_threads(8, open_and_close, &created);
    TST_NUMBER(created, fake.calls[FAKE_CLOSE]);
    TST_TRUE(created > 0);
    unit_nothing_left("all threads");
}

const tst_case_t unit_sharing[] = {
    {"GEN-5 two handles are one view, closed with the last", one_view},
    {"OPEN-1 create only, beside a handle of one's own", create_only_here},
    {"SHM-4 a reader's view is apart from a writer's", reader_apart},
    {"SHM-1 SHM-2 sizes are exact, bases aligned", exact_sizes},
    {"SHM-1 GEN-4 what is too small is let go of", too_small_elsewhere},
    {"SHM-3 more than there is", too_much},
    {"LIFE-3 a name that was removed means the next object", name_removed},
    {"LIFE-1 what dead processes left is not met", dead_one},
    {"LIFE-1 what others hold is met again", others_hold_on},
    {"GEN-5 a pool that dies closes its handles alone", pools},
    {"GEN-6 threads that open and close one name at once", many_threads},
    {NULL, NULL},
};
