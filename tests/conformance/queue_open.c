/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QUE-1, GEN-3 and LIFE-1: a queue's measures, its birth and its end.
 */
#include "queue_cases.h"

#include <string.h>

static apr_status_t open_with(apr_uint32_t message_size, apr_uint32_t capacity, apr_uint32_t flags)
{
    const ist_queue_geometry_t geometry = {message_size, capacity};
    ist_queue_t *queue = NULL;
    apr_status_t status =
        ist_queue_open(&queue, tst_name(NULL), &geometry, flags, 0, tst_pool());
    TST_TRUE((queue != NULL) == (status == APR_SUCCESS));
    if (status == APR_SUCCESS)
        TST_OK(ist_queue_close(queue));
    return status;
}

static void bad_arguments(void)
{
    const ist_queue_geometry_t good = {10, 10};
    ist_queue_t *queue = NULL;
    TST_STATUS(ist_queue_open(NULL, tst_name(NULL), &good, IST_CREATE, 0, tst_pool()), APR_EINVAL);
    TST_STATUS(ist_queue_open(&queue, NULL, &good, IST_CREATE, 0, tst_pool()), APR_EINVAL);
    TST_STATUS(ist_queue_open(&queue, "a/b", &good, IST_CREATE, 0, tst_pool()), APR_EINVAL);
    TST_STATUS(ist_queue_open(&queue, tst_name(NULL), &good, IST_CREATE, 0, NULL), APR_EINVAL);
    TST_STATUS(ist_queue_open(&queue, tst_name(NULL), NULL, IST_CREATE, 0, tst_pool()),
               APR_EINVAL);
    TST_STATUS(ist_queue_open(&queue, tst_name_of(IST_NAME_MAX + 1), &good, IST_CREATE, 0,
                              tst_pool()),
               APR_ENAMETOOLONG);
    TST_STATUS(open_with(0, 10, IST_CREATE), APR_EINVAL);
    TST_STATUS(open_with((1u << 30) + 1, 1, IST_CREATE), APR_EINVAL);
    TST_STATUS(open_with(10, 0, IST_CREATE), APR_EINVAL);
    TST_STATUS(open_with(10, 10, IST_CREATE | IST_SOLE), APR_EINVAL);
    TST_STATUS(open_with(10, 10, IST_CREATE | IST_READ_ONLY), APR_EINVAL);
    TST_STATUS(open_with(10, 10, IST_CREATE | IST_CREATE_ONLY | BOTH), APR_EINVAL);
    TST_STATUS(open_with(10, 10, IST_CREATE | 0x100u), APR_EINVAL);
    TST_STATUS(open_with(0, 0, BOTH), APR_ENOENT); /* not looked at */
    TST_TRUE(!tst_exists(IST_KIND_QUEUE, tst_name(NULL), 0));
}

static void other_kinds_flags(void)
{
    const apr_uint32_t flags[] = {IST_SEND, IST_RECEIVE, IST_SOLE};
    ist_mutex_t *mutex;
    ist_region_t *region;
    for (int i = 0; i < 3; i++) {
        TST_STATUS(ist_mutex_open(&mutex, tst_name(NULL), IST_CREATE | flags[i], 0, tst_pool()),
                   APR_EINVAL);
        TST_STATUS(ist_region_open(&region, tst_name(NULL), 10, IST_CREATE | flags[i], 0,
                                   tst_pool()),
                   APR_EINVAL);
    }
}

static void measures(void)
{
    const apr_uint32_t sizes[] = {1, 7, 8, 9, 64, 1000, 4096, 70000};
    const apr_uint32_t capacities[] = {1, 2, 3, 100};
    ist_queue_geometry_t got;
    for (int i = 0; i < 8; i++) {
        for (int n = 0; n < 4; n++) {
            ist_queue_t *queue = queue_fresh(sizes[i], capacities[n]);
            TST_OK(ist_queue_geometry(queue, &got));
            TST_NUMBER(got.message_size, sizes[i]);
            TST_TRUE(got.capacity >= capacities[n]);
            TST_TRUE(queue_fill(queue, sizes[i]) >= got.capacity);
            ist_queue_t *again = queue_again(0);
            memset(&got, 0, sizeof got);
            TST_OK(ist_queue_geometry(again, &got));
            TST_NUMBER(got.message_size, sizes[i]);
            TST_OK(ist_queue_close(again));
            TST_OK(ist_queue_close(queue));
        }
    }
}

static void what_exists_stays(void)
{
    ist_queue_geometry_t got;
    const ist_queue_geometry_t less = {50, 1}, wider = {101, 1}, deeper = {50, 100000};
    ist_queue_t *queue = queue_fresh(100, 4);
    ist_queue_t *again = NULL;
    TST_OK(ist_queue_open(&again, tst_name(NULL), &less, IST_CREATE | IST_SEND, 0, tst_pool()));
    TST_TRUE(!ist_queue_created(again));
    TST_OK(ist_queue_geometry(again, &got));
    TST_NUMBER(got.message_size, 100);
    TST_OK(ist_queue_close(again));
    TST_STATUS(ist_queue_open(&again, tst_name(NULL), &wider, IST_CREATE, 0, tst_pool()),
               IST_ESIZE);
    TST_STATUS(ist_queue_open(&again, tst_name(NULL), &deeper, IST_CREATE, 0, tst_pool()),
               IST_ESIZE);
    TST_STATUS(ist_queue_open(&again, tst_name(NULL), &less, IST_CREATE_ONLY, 0, tst_pool()),
               APR_EEXIST);
    TST_OK(queue_send(queue, 100, 1));
    queue_next(queue, 100, 1);
}

static void fresh_each_time(void)
{
    for (int i = 0; i < 3; i++) {
        ist_queue_t *queue = queue_fresh(100, 10);
        queue_is_empty(queue);
        TST_OK(queue_send(queue, 9, 1));
        TST_OK(ist_queue_close(queue));
        TST_STATUS(ist_queue_trysend(queue, "", 0), APR_EINVAL);
        TST_STATUS(ist_queue_close(queue), APR_EINVAL);
        TST_TRUE(!tst_exists(IST_KIND_QUEUE, tst_name(NULL), 0));
        TST_TRUE(!tst_exists(IST_KIND_SENDERS, tst_name(NULL), 0));
        TST_TRUE(!tst_exists(IST_KIND_RECEIVERS, tst_name(NULL), 0));
    }
}

static void outlives_its_creator(void)
{
    tst_peer_t *creator = tst_peer_start();
    TST_MUST(tst_peer_open(creator, 0, IST_KIND_QUEUE, tst_name(NULL), IST_CREATE | IST_SEND, 500,
                           10, 0));
    ist_queue_t *queue = queue_again(IST_RECEIVE);
    TST_OK(tst_peer_do(creator, "send 0 300 5"));
    tst_peer_kill(creator);
    queue_next(queue, 300, 5);
    queue_is_empty(queue);
    TST_OK(ist_queue_close(queue));
    TST_STATUS(open_with(0, 0, 0), APR_ENOENT);
    queue_reclaim();
}

static void dies_with_its_pool(void)
{
    const ist_queue_geometry_t geometry = {10, 10};
    apr_pool_t *pool = tst_subpool();
    ist_queue_t *queue;
    TST_MUST(ist_queue_open(&queue, tst_name(NULL), &geometry, IST_CREATE | BOTH | IST_SOLE, 0,
                            pool));
    apr_pool_destroy(pool);
    TST_STATUS(open_with(0, 0, 0), APR_ENOENT);
    TST_OK(open_with(10, 10, IST_CREATE_ONLY | BOTH | IST_SOLE));
}

static void looks(void)
{
    ist_queue_state_t state;
    ist_queue_t *queue = queue_fresh(100, 10);
    ist_queue_t *looker = queue_again(0);
    TST_STATUS(ist_queue_trysend(looker, "x", 1), APR_EINVAL);
    TST_STATUS(ist_queue_tryreceive(looker, NULL, 0, NULL), APR_EINVAL);
    TST_OK(ist_queue_state(looker, &state));
    TST_NUMBER(state.messages, 0);
    TST_NUMBER(state.bytes, 0);
    for (int i = 0; i < 5; i++)
        TST_OK(queue_send(queue, 100, 0));
    TST_OK(ist_queue_state(looker, &state));
    TST_NUMBER(state.messages, 5);
    TST_NUMBER(state.bytes, 5 * 112);
    TST_TRUE(state.room >= state.bytes);
    TST_NUMBER(state.sent - state.received, state.bytes);
    TST_STATUS(ist_queue_state(looker, NULL), APR_EINVAL);
    TST_STATUS(ist_queue_geometry(looker, NULL), APR_EINVAL);
}

static void too_large_for_memory(void)
{
    apr_status_t status = open_with(1u << 30, 0xffffffffu, IST_CREATE);
    TST_SAY(status == APR_ENOMEM || status == APR_ENOSPC, "it is %s", tst_status_name(status));
    TST_TRUE(!tst_exists(IST_KIND_QUEUE, tst_name(NULL), 0));
}

static void beside_all_kinds(void)
{
    const ist_queue_geometry_t geometry = {10, 10};
    const apr_uint32_t scopes[] = {0, IST_GLOBAL};
    const char *name = tst_name_of(IST_NAME_MAX);
    for (int i = 0; i < (tst_can(TST_GLOBAL) ? 2 : 1); i++) {
        tst_handle_t other[4];
        ist_queue_t *queue, *again;
        for (int n = 0; n < 4; n++)
            TST_OK(tst_open(&other[n], tst_kinds[n], name, IST_CREATE_ONLY | scopes[i],
                            tst_pool()));
        TST_OK(ist_queue_open(&queue, name, &geometry, IST_CREATE_ONLY | BOTH | scopes[i], 0,
                              tst_pool()));
        TST_TRUE(tst_exists(IST_KIND_QUEUE, name, scopes[i]));
        TST_OK(ist_queue_open(&again, name, NULL, IST_RECEIVE | scopes[i], 0, tst_pool()));
        TST_OK(queue_send(queue, 10, 5));
        queue_next(again, 10, 5);
        TST_OK(ist_queue_close(again));
        TST_OK(ist_queue_close(queue));
        TST_TRUE(!tst_exists(IST_KIND_QUEUE, name, scopes[i]));
        for (int n = 0; n < 4; n++)
            TST_OK(tst_close(&other[n]));
    }
}

const tst_case_t queue_open_cases[] = {
    {"GEN-3 bad arguments of a queue", bad_arguments},
    {"GEN-3 a queue's flags mean nothing to other kinds", other_kinds_flags},
    {"QUE-1 a queue has the measures asked", measures},
    {"QUE-1 a queue that exists keeps its measures", what_exists_stays},
    {"LIFE-1 a queue dies with its last holder", fresh_each_time},
    {"LIFE-3 a queue outlives its creator", outlives_its_creator},
    {"GEN-5 a queue dies with its pool", dies_with_its_pool},
    {"NAME-2 a queue beside all kinds, with 200 bytes", beside_all_kinds},
    {"QUE-1 looking takes no side", looks},
    {"SHM-3 a queue that no memory holds", too_large_for_memory},
    {NULL, NULL},
};
