/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GEN-3: bad arguments have a status, and touch nothing.
 */
#include "general_cases.h"

#include <string.h>

#define EACH_KIND(i) for (int i = 0; i < TST_KINDS; i++)

static void null_arguments(void)
{
    apr_pool_t *pool = tst_pool();
    const char *name = tst_name(NULL);
    ist_mutex_t *mutex = NULL;
    ist_semaphore_t *semaphore = NULL;
    ist_shm_t *shm = NULL;
    ist_region_t *region = NULL;
    TST_STATUS(ist_mutex_open(NULL, name, IST_CREATE, 0, pool), APR_EINVAL);
    TST_STATUS(ist_mutex_open(&mutex, NULL, IST_CREATE, 0, pool), APR_EINVAL);
    TST_STATUS(ist_mutex_open(&mutex, name, IST_CREATE, 0, NULL), APR_EINVAL);
    TST_STATUS(ist_semaphore_open(NULL, name, 0, 1, IST_CREATE, 0, pool), APR_EINVAL);
    TST_STATUS(ist_semaphore_open(&semaphore, NULL, 0, 1, IST_CREATE, 0, pool), APR_EINVAL);
    TST_STATUS(ist_semaphore_open(&semaphore, name, 0, 1, IST_CREATE, 0, NULL), APR_EINVAL);
    TST_STATUS(ist_shm_open(NULL, name, 1, IST_CREATE, 0, pool), APR_EINVAL);
    TST_STATUS(ist_shm_open(&shm, NULL, 1, IST_CREATE, 0, pool), APR_EINVAL);
    TST_STATUS(ist_shm_open(&shm, name, 1, IST_CREATE, 0, NULL), APR_EINVAL);
    TST_STATUS(ist_region_open(NULL, name, 1, IST_CREATE, 0, pool), APR_EINVAL);
    TST_STATUS(ist_region_open(&region, NULL, 1, IST_CREATE, 0, pool), APR_EINVAL);
    TST_STATUS(ist_region_open(&region, name, 1, IST_CREATE, 0, NULL), APR_EINVAL);
    EACH_KIND(i)
        TST_TRUE(!tst_exists(tst_kinds[i], name, 0));
}

static void null_handles(void)
{
    apr_uint32_t value;
    TST_STATUS(ist_mutex_lock(NULL), APR_EINVAL);
    TST_STATUS(ist_mutex_trylock(NULL), APR_EINVAL);
    TST_STATUS(ist_mutex_timedlock(NULL, 0), APR_EINVAL);
    TST_STATUS(ist_mutex_unlock(NULL), APR_EINVAL);
    TST_STATUS(ist_mutex_close(NULL), APR_EINVAL);
    TST_NUMBER(ist_mutex_created(NULL), 0);
    TST_STATUS(ist_semaphore_wait(NULL), APR_EINVAL);
    TST_STATUS(ist_semaphore_trywait(NULL), APR_EINVAL);
    TST_STATUS(ist_semaphore_timedwait(NULL, 0), APR_EINVAL);
    TST_STATUS(ist_semaphore_post(NULL), APR_EINVAL);
    TST_STATUS(ist_semaphore_post_n(NULL, 1, NULL), APR_EINVAL);
    TST_STATUS(ist_semaphore_value(NULL, &value), APR_EINVAL);
    TST_NUMBER(ist_semaphore_maximum(NULL), 0);
    TST_NUMBER(ist_semaphore_created(NULL), 0);
    TST_STATUS(ist_semaphore_close(NULL), APR_EINVAL);
    TST_STATUS(ist_shm_close(NULL), APR_EINVAL);
    TST_TRUE(ist_shm_base(NULL) == NULL);
    TST_NUMBER(ist_shm_size(NULL), 0);
    TST_NUMBER(ist_shm_created(NULL), 0);
}

static void null_regions(void)
{
    TST_STATUS(ist_region_lock(NULL), APR_EINVAL);
    TST_STATUS(ist_region_trylock(NULL), APR_EINVAL);
    TST_STATUS(ist_region_timedlock(NULL, 0), APR_EINVAL);
    TST_STATUS(ist_region_unlock(NULL), APR_EINVAL);
    TST_STATUS(ist_region_notify(NULL), APR_EINVAL);
    TST_STATUS(ist_region_wait(NULL), APR_EINVAL);
    TST_STATUS(ist_region_trywait(NULL), APR_EINVAL);
    TST_STATUS(ist_region_timedwait(NULL, 0), APR_EINVAL);
    TST_STATUS(ist_region_close(NULL), APR_EINVAL);
    TST_TRUE(ist_region_base(NULL) == NULL);
    TST_NUMBER(ist_region_size(NULL), 0);
    TST_NUMBER(ist_region_created(NULL), 0);
}

static apr_status_t see_nothing(void *baton, const ist_info_t *info)
{
    (void)baton, (void)info;
    return APR_SUCCESS;
}

static void null_to_the_rest(void)
{
    ist_semaphore_t *semaphore;
    TST_STATUS(ist_list(NULL, NULL, tst_pool()), APR_EINVAL);
    TST_STATUS(ist_list(see_nothing, NULL, NULL), APR_EINVAL);
    TST_STATUS(ist_sweep(NULL, NULL), APR_EINVAL);
    TST_MUST(ist_semaphore_open(&semaphore, tst_name(NULL), 0, 1, IST_CREATE, 0, tst_pool()));
    TST_STATUS(ist_semaphore_value(semaphore, NULL), APR_EINVAL);
    TST_OK(ist_semaphore_close(semaphore));
}

/* Everyone must be refused, and the output left NULL. */
static void refuse(ist_kind_e kind, const char *name, apr_uint32_t flags, apr_uint64_t size,
                   apr_uint32_t maximum, apr_fileperms_t access, apr_status_t want)
{
    tst_handle_t handle;
    apr_status_t got = tst_open_as(&handle, kind, name, flags, size, maximum, access, tst_pool());
    TST_SAY(got == want, "%s with flags %#x, size %ld, maximum %lu, access %#x: %s, not %s",
            tst_kind_name(kind), (unsigned)flags, (long)size, (unsigned long)maximum,
            (unsigned)access, tst_status_name(got), tst_status_name(want));
    TST_TRUE(handle.mutex == NULL && handle.semaphore == NULL && handle.shm == NULL &&
             handle.region == NULL && handle.queue == NULL);
    if (got == APR_SUCCESS)
        tst_close(&handle);
}

static void bad_flags(void)
{
    const apr_uint32_t both = IST_CREATE | IST_CREATE_ONLY;
    EACH_KIND(i) {
        ist_kind_e kind = tst_kinds[i];
        const apr_uint32_t fit = kind == IST_KIND_QUEUE ? IST_SEND | IST_RECEIVE : 0;
        for (apr_uint32_t bit = 0x20; bit != 0; bit <<= 1) {
            if ((bit & fit) == 0)
                refuse(kind, tst_name(NULL), IST_CREATE | bit, 1, 1, 0, APR_EINVAL);
        }
        refuse(kind, tst_name(NULL), both, 1, 1, 0, APR_EINVAL);
        refuse(kind, tst_name(NULL), IST_READ_ONLY | IST_CREATE, 1, 1, 0, APR_EINVAL);
        refuse(kind, tst_name(NULL), IST_READ_ONLY | IST_CREATE_ONLY, 1, 1, 0, APR_EINVAL);
        if (kind != IST_KIND_SHM)
            refuse(kind, tst_name(NULL), IST_READ_ONLY, 1, 1, 0, APR_EINVAL);
        TST_TRUE(!tst_exists(kind, tst_name(NULL), 0));
    }
    refuse(IST_KIND_MUTEX, tst_name(NULL), IST_CREATE | IST_POPULATE, 0, 0, 0, APR_EINVAL);
    refuse(IST_KIND_SEMAPHORE, tst_name(NULL), IST_CREATE | IST_POPULATE, 0, 1, 0, APR_EINVAL);
}

static void bad_sizes(void)
{
    refuse(IST_KIND_SHM, tst_name(NULL), IST_CREATE, 0, 0, 0, APR_EINVAL);
    refuse(IST_KIND_SHM, tst_name(NULL), IST_CREATE_ONLY, 0, 0, 0, APR_EINVAL);
    refuse(IST_KIND_REGION, tst_name(NULL), IST_CREATE, 0, 0, 0, APR_EINVAL);
    refuse(IST_KIND_REGION, tst_name(NULL), IST_CREATE_ONLY, 0, 0, 0, APR_EINVAL);
    refuse(IST_KIND_QUEUE, tst_name(NULL), IST_CREATE, 0, 1, 0, APR_EINVAL);
    refuse(IST_KIND_QUEUE, tst_name(NULL), IST_CREATE_ONLY, 1, 0, 0, APR_EINVAL);
    TST_TRUE(!tst_exists(IST_KIND_SHM, tst_name(NULL), 0));
}

/* A size whose whole length can't be expressed must not wrap round. */
static void sizes_past_all_memory(void)
{
    const ist_kind_e kinds[] = {IST_KIND_SHM, IST_KIND_REGION};
    const apr_size_t sizes[] = {~(apr_size_t)0, ~(apr_size_t)0 - 4095, ~(apr_size_t)0 / 2};
    const int count = sizeof(apr_size_t) == 4 ? 2 : 3; /* there are machines with the last one */
    for (int k = 0; k < 2; k++) {
        for (int s = 0; s < count; s++) {
            tst_handle_t handle;
            apr_status_t got = tst_open_as(&handle, kinds[k], tst_name(NULL), IST_CREATE, sizes[s],
                                           0, 0, tst_pool());
            TST_SAY(got == APR_ENOMEM || got == APR_ENOSPC, "it was %s", tst_status_name(got));
        }
        TST_TRUE(!tst_exists(kinds[k], tst_name(NULL), 0));
    }
}

static void bad_counts(void)
{
    const ist_kind_e kind = IST_KIND_SEMAPHORE;
    const char *name = tst_name(NULL);
    refuse(kind, name, IST_CREATE, 0, 0, 0, APR_EINVAL);
    refuse(kind, name, IST_CREATE, 2, 1, 0, APR_EINVAL);
    refuse(kind, name, IST_CREATE, 0, 0x80000000u, 0, APR_EINVAL);
    refuse(kind, name, IST_CREATE, 0, 0xffffffffu, 0, APR_EINVAL);
    refuse(kind, name, IST_CREATE, 0xffffffffu, 0x7fffffff, 0, APR_EINVAL);
    TST_TRUE(!tst_exists(kind, name, 0));
}

static void bad_counts_to_post(void)
{
    ist_semaphore_t *semaphore;
    apr_uint32_t value = 7, before = 9;
    TST_MUST(ist_semaphore_open(&semaphore, tst_name(NULL), 1, 3, IST_CREATE, 0, tst_pool()));
    TST_STATUS(ist_semaphore_post_n(semaphore, 0, &before), APR_EINVAL);
    TST_NUMBER(before, 9);
    TST_STATUS(ist_semaphore_post_n(semaphore, 0xffffffffu, &before), IST_EOVERFLOW);
    TST_STATUS(ist_semaphore_post_n(semaphore, 0x80000000u, NULL), IST_EOVERFLOW);
    TST_OK(ist_semaphore_value(semaphore, &value));
    TST_NUMBER(value, 1);
    TST_OK(ist_semaphore_close(semaphore));
}

/* Without a create flag they are not looked at, however absurd. */
static void ignored_without_create(void)
{
    const apr_fileperms_t absurd = 0x7ffff;
    EACH_KIND(i) {
        tst_handle_t one, two;
        ist_kind_e kind = tst_kinds[i];
        apr_uint64_t size = kind == IST_KIND_SEMAPHORE ? 77 : 0;
        refuse(kind, tst_name("none"), 0, size, 3, absurd, APR_ENOENT);
        TST_MUST(tst_open(&one, kind, tst_name(NULL), IST_CREATE, tst_pool()));
        TST_OK(tst_open_as(&two, kind, tst_name(NULL), 0, size, 0, absurd, tst_pool()));
        TST_OK(tst_close(&two));
        TST_OK(tst_close(&one));
    }
}

/* An existing object does not make bad arguments good. */
static void checked_though_it_exists(void)
{
    EACH_KIND(i) {
        tst_handle_t one;
        ist_kind_e kind = tst_kinds[i];
        TST_MUST(tst_open(&one, kind, tst_name(NULL), IST_CREATE, tst_pool()));
        refuse(kind, tst_name(NULL), IST_CREATE, 1, 1, 0x7ffff, APR_EINVAL);
        if (kind == IST_KIND_SEMAPHORE)
            refuse(kind, tst_name(NULL), IST_CREATE, 2, 1, 0, APR_EINVAL);
        if (kind == IST_KIND_SHM || kind == IST_KIND_REGION || kind == IST_KIND_QUEUE)
            refuse(kind, tst_name(NULL), IST_CREATE, 0, 1, 0, APR_EINVAL);
        TST_OK(tst_close(&one));
    }
}

const tst_case_t general_misuse_cases[] = {
    {"GEN-3 NULL arguments of open are APR_EINVAL", null_arguments},
    {"GEN-3 a NULL handle is APR_EINVAL everywhere", null_handles},
    {"GEN-3 a NULL region is APR_EINVAL everywhere", null_regions},
    {"GEN-3 NULL to list, sweep and value", null_to_the_rest},
    {"GEN-3 unknown and senseless flags", bad_flags},
    {"GEN-3 size 0 with create", bad_sizes},
    {"GEN-3 sizes past all memory", sizes_past_all_memory},
    {"GEN-3 counts out of range", bad_counts},
    {"GEN-3 counts out of range to post", bad_counts_to_post},
    {"GEN-3 size, counts and access are ignored without create", ignored_without_create},
    {"GEN-3 bad arguments are refused though the object exists", checked_though_it_exists},
    {NULL, NULL},
};
