/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GEN-6: no call is a thread cancellation point.
 */
#include "general_cases.h"

#define SLEEP (250 * 1000) /* more than a slice */

/* ---- everything that a thread can call, with a cancellation pending ---- */

static void through_mutex(const char *name, apr_pool_t *pool)
{
    ist_mutex_t *mutex;
    TST_OK(ist_mutex_open(&mutex, name, IST_CREATE, 0, pool));
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
    TST_OK(ist_mutex_trylock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
    TST_OK(ist_mutex_timedlock(mutex, 1000));
    TST_OK(ist_mutex_unlock(mutex));
    TST_OK(ist_mutex_close(mutex));
}

static void through_semaphore(const char *name, apr_pool_t *pool)
{
    apr_uint32_t value;
    ist_semaphore_t *semaphore;
    TST_OK(ist_semaphore_open(&semaphore, name, 1, 2, IST_CREATE, 0, pool));
    TST_OK(ist_semaphore_wait(semaphore));
    TST_STATUS(ist_semaphore_trywait(semaphore), APR_EBUSY);
    TST_STATUS(ist_semaphore_timedwait(semaphore, 1000), APR_TIMEUP);
    TST_OK(ist_semaphore_post(semaphore));
    TST_OK(ist_semaphore_post_n(semaphore, 1, &value));
    TST_OK(ist_semaphore_value(semaphore, &value));
    TST_OK(ist_semaphore_close(semaphore));
}

static void through_segment(const char *name, apr_pool_t *pool)
{
    ist_shm_t *shm, *view;
    TST_OK(ist_shm_open(&shm, name, 100, IST_CREATE | IST_POPULATE, 0, pool));
    TST_OK(ist_shm_open(&view, name, 0, IST_READ_ONLY, 0, pool));
    TST_OK(ist_shm_close(view));
    TST_OK(ist_shm_close(shm));
}

static void through_region(const char *name, apr_pool_t *pool)
{
    ist_region_t *region;
    TST_OK(ist_region_open(&region, name, 100, IST_CREATE, 0, pool));
    TST_OK(ist_region_lock(region));
    TST_OK(ist_region_unlock(region));
    TST_OK(ist_region_trylock(region));
    TST_OK(ist_region_unlock(region));
    TST_OK(ist_region_timedlock(region, 1000));
    TST_OK(ist_region_unlock(region));
    TST_OK(ist_region_notify(region));
    TST_OK(ist_region_wait(region));
    TST_STATUS(ist_region_trywait(region), APR_EBUSY);
    TST_STATUS(ist_region_timedwait(region, 1000), APR_TIMEUP);
    TST_OK(ist_region_close(region));
}

static void through_sends(ist_queue_t *queue)
{
    char text[4] = "abc";
    void *place;
    apr_size_t sent;
    const ist_message_t message = {text, sizeof text};
    TST_OK(ist_queue_send(queue, text, 4));
    TST_OK(ist_queue_trysend(queue, text, 4));
    TST_OK(ist_queue_timedsend(queue, text, 4, 1000));
    TST_OK(ist_queue_send_n(queue, &message, 1, &sent, 1000));
    TST_OK(ist_queue_reserve(queue, 4, &place, 1000));
    TST_OK(ist_queue_cancel(queue));
    TST_OK(ist_queue_reserve(queue, 4, &place, 1000));
    TST_OK(ist_queue_commit(queue, 4));
}

static void through_receives(ist_queue_t *queue)
{
    char room[4];
    const void *place;
    apr_size_t size;
    ist_message_t message = {room, sizeof room};
    TST_OK(ist_queue_receive(queue, room, sizeof room, &size));
    TST_OK(ist_queue_tryreceive(queue, room, sizeof room, &size));
    TST_OK(ist_queue_timedreceive(queue, room, sizeof room, &size, 1000));
    TST_OK(ist_queue_receive_n(queue, &message, 1, &size, 1000));
    TST_OK(ist_queue_peek(queue, &place, &size, 1000));
    TST_OK(ist_queue_putback(queue));
    TST_OK(ist_queue_peek(queue, &place, &size, 1000));
    TST_OK(ist_queue_release(queue));
    TST_STATUS(ist_queue_tryreceive(queue, room, sizeof room, &size), APR_EBUSY);
    TST_STATUS(ist_queue_timedreceive(queue, room, sizeof room, &size, 1000), APR_TIMEUP);
}

static void through_queue(const char *name, apr_uint32_t sides, apr_pool_t *pool)
{
    const ist_queue_geometry_t asked = {4, 8};
    ist_queue_geometry_t geometry;
    ist_queue_state_t state;
    ist_queue_t *queue;
    TST_OK(ist_queue_open(&queue, name, &asked, IST_CREATE | sides, 0, pool));
    through_sends(queue);
    TST_OK(ist_queue_state(queue, &state));
    TST_OK(ist_queue_geometry(queue, &geometry));
    through_receives(queue);
    TST_OK(ist_queue_close(queue));
}

static apr_status_t see(void *baton, const ist_info_t *info)
{
    (void)info;
    ++*(int *)baton;
    return APR_SUCCESS;
}

static apr_status_t live_through_all(void *baton)
{
    const char *name = tst_name(NULL);
    int seen = 0;
    through_mutex(name, baton);
    through_semaphore(name, baton);
    through_segment(name, baton);
    through_region(name, baton);
    through_queue(name, IST_SEND | IST_RECEIVE, baton);
    through_queue(name, IST_SEND | IST_RECEIVE | IST_SOLE, baton);
    TST_OK(ist_list(see, &seen, baton));
    TST_TRUE(seen > 0); /* at least what the case itself has open */
    return ist_sweep(NULL, baton);
}

static void not_one(void)
{
    TST_NEED(TST_CANCEL);
    tst_handle_t handle;
    TST_MUST(tst_open(&handle, IST_KIND_SHM, tst_name("is"), IST_CREATE, tst_pool()));
    TST_TRUE(tst_survives_cancel(live_through_all, tst_subpool()));
    for (int i = 0; i < TST_KINDS; i++)
        TST_TRUE(!tst_exists(tst_kinds[i], tst_name(NULL), 0));
}

/* ---- what fails ---- */

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

/* ---- what sleeps in the system, for a while and in vain ---- */

static apr_status_t wait_for_post(void *baton)
{
    return TST_STATUS(ist_semaphore_timedwait(baton, SLEEP), APR_TIMEUP);
}

static void not_when_it_sleeps(void)
{
    TST_NEED(TST_CANCEL);
    ist_semaphore_t *semaphore;
    TST_MUST(ist_semaphore_open(&semaphore, tst_name(NULL), 0, 1, IST_CREATE, 0, tst_pool()));
    TST_TRUE(tst_survives_cancel(wait_for_post, semaphore));
}

static apr_status_t wait_for_lock(void *baton)
{
    return TST_STATUS(ist_mutex_timedlock(baton, SLEEP), APR_TIMEUP);
}

static void not_when_it_sleeps_for_a_lock(void)
{
    TST_NEED(TST_CANCEL);
    ist_mutex_t *mutex;
    TST_MUST(ist_mutex_open(&mutex, tst_name(NULL), IST_CREATE, 0, tst_pool()));
    TST_MUST(ist_mutex_lock(mutex));
    TST_TRUE(tst_survives_cancel(wait_for_lock, mutex));
    TST_OK(ist_mutex_unlock(mutex));
}

static apr_status_t wait_for_message(void *baton)
{
    char room[4096];
    apr_size_t size;
    return TST_STATUS(ist_queue_timedreceive(baton, room, sizeof room, &size, SLEEP), APR_TIMEUP);
}

static apr_status_t wait_for_room(void *baton)
{
    char message[4096] = "";
    while (ist_queue_trysend(baton, message, sizeof message) == APR_SUCCESS)
        continue;
    return TST_STATUS(ist_queue_timedsend(baton, message, sizeof message, SLEEP), APR_TIMEUP);
}

static void not_when_it_sleeps_for_a_queue(void)
{
    TST_NEED(TST_CANCEL);
    tst_handle_t handle;
    TST_MUST(tst_open(&handle, IST_KIND_QUEUE, tst_name(NULL), IST_CREATE | IST_SEND | IST_RECEIVE,
                      tst_pool()));
    TST_TRUE(tst_survives_cancel(wait_for_message, handle.queue));
    TST_TRUE(tst_survives_cancel(wait_for_room, handle.queue));
}

const tst_case_t general_cancel_cases[] = {
    {"GEN-6 no call is a cancellation point", not_one},
    {"GEN-6 no call that fails is a cancellation point", not_when_it_fails},
    {"GEN-6 no sleep for a unit is a cancellation point", not_when_it_sleeps},
    {"GEN-6 no sleep for a lock is a cancellation point", not_when_it_sleeps_for_a_lock},
    {"GEN-6 no sleep for a queue is a cancellation point", not_when_it_sleeps_for_a_queue},
    {NULL, NULL},
};
