/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GEN-6: no call is a thread cancellation point.
 */
#include "general_cases.h"

/* Everything that a thread can call, with a cancellation pending. */
static apr_status_t live_through_all(void *baton)
{
    apr_pool_t *pool = baton;
    const char *name = tst_name(NULL);
    apr_uint32_t value;
    ist_mutex_t *mutex;
    ist_semaphore_t *semaphore;
    ist_region_t *region;
    ist_shm_t *shm;
    ist_mutex_open(&mutex, name, IST_CREATE, 0, pool);
    ist_mutex_lock(mutex);
    ist_mutex_unlock(mutex);
    ist_mutex_trylock(mutex);
    ist_mutex_unlock(mutex);
    ist_mutex_timedlock(mutex, 1000);
    ist_mutex_unlock(mutex);
    ist_semaphore_open(&semaphore, name, 1, 2, IST_CREATE, 0, pool);
    ist_semaphore_wait(semaphore);
    ist_semaphore_trywait(semaphore);
    ist_semaphore_timedwait(semaphore, 1000);
    ist_semaphore_post(semaphore);
    ist_semaphore_value(semaphore, &value);
    ist_shm_open(&shm, name, 100, IST_CREATE | IST_POPULATE, 0, pool);
    ist_region_open(&region, name, 100, IST_CREATE, 0, pool);
    ist_region_lock(region);
    ist_region_unlock(region);
    ist_region_notify(region);
    ist_region_wait(region);
    ist_region_timedwait(region, 1000);
    ist_sweep(NULL, pool);
    ist_region_close(region);
    ist_shm_close(shm);
    ist_semaphore_close(semaphore);
    ist_mutex_close(mutex);
    return APR_SUCCESS;
}

static void not_one(void)
{
    TST_NEED(TST_CANCEL);
    TST_TRUE(tst_survives_cancel(live_through_all, tst_subpool()));
    for (int i = 0; i < TST_KINDS; i++)
        TST_TRUE(!tst_exists(tst_kinds[i], tst_name(NULL), 0));
}

static apr_status_t fail_in_all(void *baton)
{
    apr_pool_t *pool = baton;
    tst_handle_t handle;
    for (int i = 0; i < TST_KINDS; i++) {
        tst_open(&handle, tst_kinds[i], tst_name(NULL), 0, pool);
        tst_open(&handle, tst_kinds[i], tst_name("is"), IST_CREATE_ONLY, pool);
    }
    return APR_SUCCESS;
}

static void not_when_it_fails(void)
{
    TST_NEED(TST_CANCEL);
    tst_handle_t handle;
    for (int i = 0; i < TST_KINDS; i++)
        TST_MUST(tst_open(&handle, tst_kinds[i], tst_name("is"), IST_CREATE, tst_pool()));
    TST_TRUE(tst_survives_cancel(fail_in_all, tst_subpool()));
}

static apr_status_t wait_for_post(void *baton)
{
    return ist_semaphore_timedwait(baton, 150 * 1000);
}

/* Asleep in the system, for more than a slice. */
static void not_when_it_sleeps(void)
{
    TST_NEED(TST_CANCEL);
    ist_semaphore_t *semaphore;
    TST_MUST(ist_semaphore_open(&semaphore, tst_name(NULL), 0, 1, IST_CREATE, 0, tst_pool()));
    TST_TRUE(tst_survives_cancel(wait_for_post, semaphore));
}

const tst_case_t general_cancel_cases[] = {
    {"GEN-6 no call is a cancellation point", not_one},
    {"GEN-6 no call that fails is a cancellation point", not_when_it_fails},
    {"GEN-6 no sleep is a cancellation point", not_when_it_sleeps},
    {NULL, NULL},
};
