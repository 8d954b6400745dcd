/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GEN-5: handles, their pools, and what a closed one answers.
 */
#include "general_cases.h"

static void closed_mutex(void)
{
    ist_mutex_t *mutex;
    TST_MUST(ist_mutex_open(&mutex, tst_name(NULL), IST_CREATE, 0, tst_pool()));
    TST_NUMBER(ist_mutex_created(mutex), 1);
    TST_OK(ist_mutex_close(mutex));
    TST_STATUS(ist_mutex_close(mutex), APR_EINVAL);
    TST_STATUS(ist_mutex_lock(mutex), APR_EINVAL);
    TST_STATUS(ist_mutex_trylock(mutex), APR_EINVAL);
    TST_STATUS(ist_mutex_timedlock(mutex, 1), APR_EINVAL);
    TST_STATUS(ist_mutex_unlock(mutex), APR_EINVAL);
    TST_NUMBER(ist_mutex_created(mutex), 0);
}

static void closed_semaphore(void)
{
    ist_semaphore_t *semaphore;
    apr_uint32_t value;
    TST_MUST(ist_semaphore_open(&semaphore, tst_name(NULL), 1, 2, IST_CREATE, 0, tst_pool()));
    TST_NUMBER(ist_semaphore_created(semaphore), 1);
    TST_OK(ist_semaphore_close(semaphore));
    TST_STATUS(ist_semaphore_close(semaphore), APR_EINVAL);
    TST_STATUS(ist_semaphore_wait(semaphore), APR_EINVAL);
    TST_STATUS(ist_semaphore_trywait(semaphore), APR_EINVAL);
    TST_STATUS(ist_semaphore_timedwait(semaphore, 1), APR_EINVAL);
    TST_STATUS(ist_semaphore_post(semaphore), APR_EINVAL);
    TST_STATUS(ist_semaphore_post_n(semaphore, 1, &value), APR_EINVAL);
    TST_STATUS(ist_semaphore_value(semaphore, &value), APR_EINVAL);
    TST_NUMBER(ist_semaphore_maximum(semaphore), 0);
    TST_NUMBER(ist_semaphore_created(semaphore), 0);
}

static void closed_segment(void)
{
    ist_shm_t *shm;
    TST_MUST(ist_shm_open(&shm, tst_name(NULL), 10, IST_CREATE, 0, tst_pool()));
    TST_NUMBER(ist_shm_created(shm), 1);
    TST_OK(ist_shm_close(shm));
    TST_STATUS(ist_shm_close(shm), APR_EINVAL);
    TST_TRUE(ist_shm_base(shm) == NULL);
    TST_NUMBER(ist_shm_size(shm), 0);
    TST_NUMBER(ist_shm_created(shm), 0);
}

static void closed_region(void)
{
    ist_region_t *region;
    TST_MUST(ist_region_open(&region, tst_name(NULL), 10, IST_CREATE, 0, tst_pool()));
    TST_NUMBER(ist_region_created(region), 1);
    TST_OK(ist_region_close(region));
    TST_STATUS(ist_region_close(region), APR_EINVAL);
    TST_STATUS(ist_region_lock(region), APR_EINVAL);
    TST_STATUS(ist_region_trylock(region), APR_EINVAL);
    TST_STATUS(ist_region_timedlock(region, 1), APR_EINVAL);
    TST_STATUS(ist_region_unlock(region), APR_EINVAL);
    TST_STATUS(ist_region_notify(region), APR_EINVAL);
    TST_STATUS(ist_region_wait(region), APR_EINVAL);
    TST_STATUS(ist_region_trywait(region), APR_EINVAL);
    TST_STATUS(ist_region_timedwait(region, 1), APR_EINVAL);
    TST_TRUE(ist_region_base(region) == NULL);
    TST_NUMBER(ist_region_size(region), 0);
    TST_NUMBER(ist_region_created(region), 0);
}

static void the_pool_closes(void)
{
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t handle;
        apr_pool_t *pool = tst_subpool();
        TST_MUST(tst_open(&handle, tst_kinds[i], tst_name(NULL), IST_CREATE, pool));
        TST_TRUE(tst_exists(tst_kinds[i], tst_name(NULL), 0));
        apr_pool_destroy(pool);
        TST_TRUE(!tst_exists(tst_kinds[i], tst_name(NULL), 0));
    }
}

/* Clearing is no destroying, but the handles go all the same. */
static void a_cleared_pool_closes(void)
{
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t handle;
        apr_pool_t *pool = tst_subpool();
        TST_MUST(tst_open(&handle, tst_kinds[i], tst_name(NULL), IST_CREATE, pool));
        apr_pool_clear(pool);
        TST_TRUE(!tst_exists(tst_kinds[i], tst_name(NULL), 0));
        TST_MUST(tst_open(&handle, tst_kinds[i], tst_name(NULL), IST_CREATE_ONLY, pool));
        apr_pool_destroy(pool);
    }
}

/* An explicit close takes its clean-up away: the pool must not close again. */
static void closed_before_the_pool(void)
{
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t first, second;
        apr_pool_t *pool = tst_subpool();
        TST_MUST(tst_open(&first, tst_kinds[i], tst_name(NULL), IST_CREATE, pool));
        TST_MUST(tst_open(&second, tst_kinds[i], tst_name(NULL), 0, tst_pool()));
        TST_OK(tst_close(&first));
        apr_pool_destroy(pool);
        TST_TRUE(tst_exists(tst_kinds[i], tst_name(NULL), 0));
        TST_OK(tst_close(&second));
        TST_TRUE(!tst_exists(tst_kinds[i], tst_name(NULL), 0));
    }
}

static void handles_are_counted(void)
{
    tst_handle_t many[20];
    for (int i = 0; i < TST_KINDS; i++) {
        TST_MUST(tst_open(&many[0], tst_kinds[i], tst_name(NULL), IST_CREATE, tst_pool()));
        for (int j = 1; j < 20; j++)
            TST_MUST(tst_open(&many[j], tst_kinds[i], tst_name(NULL), 0, tst_pool()));
        for (int j = 0; j < 20; j++) {
            TST_TRUE(tst_exists(tst_kinds[i], tst_name(NULL), 0));
            TST_OK(tst_close(&many[(j * 7) % 20]));
        }
        TST_TRUE(!tst_exists(tst_kinds[i], tst_name(NULL), 0));
    }
}

const tst_case_t general_handles_cases[] = {
    {"GEN-5 a closed mutex answers APR_EINVAL", closed_mutex},
    {"GEN-5 a closed semaphore answers APR_EINVAL", closed_semaphore},
    {"GEN-5 a closed segment answers APR_EINVAL", closed_segment},
    {"GEN-5 a closed region answers APR_EINVAL", closed_region},
    {"GEN-5 destroying the pool closes", the_pool_closes},
    {"GEN-5 clearing the pool closes", a_cleared_pool_closes},
    {"GEN-5 a pool does not close what was closed", closed_before_the_pool},
    {"GEN-5 many handles of one object", handles_are_counted},
    {NULL, NULL},
};
