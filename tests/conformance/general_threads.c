/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GEN-6: many threads, one handle.
 */
#include "general_cases.h"

#define THREADS 4
#define ROUNDS  2000

typedef struct shared_t {
    ist_mutex_t *mutex;
    ist_semaphore_t *semaphore;
    ist_region_t *region;
    int number; /* guarded by the lock under test */
} shared_t;

static apr_status_t add_under_mutex(void *baton)
{
    shared_t *shared = baton;
    for (int i = 0; i < ROUNDS; i++) {
        apr_status_t status = ist_mutex_lock(shared->mutex);
        if (status != APR_SUCCESS)
            return status;
        shared->number++;
        status = ist_mutex_unlock(shared->mutex);
        if (status != APR_SUCCESS)
            return status;
    }
    return APR_SUCCESS;
}

static apr_status_t add_under_region(void *baton)
{
    shared_t *shared = baton;
    for (int i = 0; i < ROUNDS; i++) {
        apr_status_t status = ist_region_lock(shared->region);
        if (status != APR_SUCCESS)
            return status;
        shared->number++;
        status = ist_region_unlock(shared->region);
        if (status != APR_SUCCESS)
            return status;
    }
    return APR_SUCCESS;
}

static apr_status_t take_units(void *baton)
{
    shared_t *shared = baton;
    for (int i = 0; i < ROUNDS; i++) {
        apr_status_t status = ist_semaphore_wait(shared->semaphore);
        if (status != APR_SUCCESS)
            return status;
    }
    return APR_SUCCESS;
}

static apr_status_t give_units(void *baton)
{
    shared_t *shared = baton;
    for (int i = 0; i < ROUNDS; i++) {
        apr_status_t status = ist_semaphore_post(shared->semaphore);
        if (status != APR_SUCCESS)
            return status;
    }
    return APR_SUCCESS;
}

static void together(tst_thread_fn_t *run, shared_t *shared)
{
    tst_thread_t *threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        threads[i] = tst_thread_start(run, shared);
    for (int i = 0; i < THREADS; i++)
        TST_OK(tst_thread_join(threads[i]));
}

static void one_mutex(void)
{
    shared_t shared = {NULL, NULL, NULL, 0};
    TST_MUST(ist_mutex_open(&shared.mutex, tst_name(NULL), IST_CREATE, 0, tst_pool()));
    together(add_under_mutex, &shared);
    TST_NUMBER(shared.number, THREADS * ROUNDS);
    TST_OK(ist_mutex_close(shared.mutex));
}

static void one_region(void)
{
    shared_t shared = {NULL, NULL, NULL, 0};
    TST_MUST(ist_region_open(&shared.region, tst_name(NULL), 1, IST_CREATE, 0, tst_pool()));
    together(add_under_region, &shared);
    TST_NUMBER(shared.number, THREADS * ROUNDS);
    TST_OK(ist_region_close(shared.region));
}

static void one_semaphore(void)
{
    shared_t shared = {NULL, NULL, NULL, 0};
    apr_uint32_t value = 9;
    tst_thread_t *threads[2 * THREADS];
    TST_MUST(ist_semaphore_open(&shared.semaphore, tst_name(NULL), 0, IST_COUNT_MAX, IST_CREATE, 0,
                                tst_pool()));
    for (int i = 0; i < 2 * THREADS; i++)
        threads[i] = tst_thread_start(i % 2 == 0 ? take_units : give_units, &shared);
    for (int i = 0; i < 2 * THREADS; i++)
        TST_OK(tst_thread_join(threads[i]));
    TST_OK(ist_semaphore_value(shared.semaphore, &value));
    TST_NUMBER(value, 0);
    TST_OK(ist_semaphore_close(shared.semaphore));
}

/* Opening and closing in many threads, each with a pool of its own. */
static apr_status_t open_and_close(void *baton)
{
    const char *name = baton;
    apr_pool_t *pool = NULL;
    apr_status_t status = apr_pool_create(&pool, NULL);
    for (int i = 0; i < 200 && status == APR_SUCCESS; i++) {
        tst_handle_t handle;
        status = tst_open(&handle, tst_kinds[i % TST_KINDS], name, IST_CREATE, pool);
        if (status == APR_SUCCESS)
            status = tst_close(&handle);
    }
    apr_pool_destroy(pool);
    return status;
}

static void opening_in_threads(void)
{
    tst_thread_t *threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        threads[i] = tst_thread_start(open_and_close, (void *)(apr_uintptr_t)tst_name(NULL));
    for (int i = 0; i < THREADS; i++)
        TST_OK(tst_thread_join(threads[i]));
    for (int i = 0; i < TST_KINDS; i++)
        TST_TRUE(!tst_exists(tst_kinds[i], tst_name(NULL), 0));
}

const tst_case_t general_threads_cases[] = {
    {"GEN-6 threads share one handle of a mutex", one_mutex},
    {"GEN-6 threads share one handle of a semaphore", one_semaphore},
    {"GEN-6 threads share one handle of a region", one_region},
    {"GEN-6 threads open and close one name at once", opening_in_threads},
    {NULL, NULL},
};
