/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SEM-6: posts and notifications of signal handlers.
 */
#include "semaphore_cases.h"

#include <errno.h>

/* The calls that a handler may make. */
typedef enum way_t { POST, POST_TWO, NOTIFY, WAYS } way_t;

typedef struct handler_t {
    ist_semaphore_t *sem;
    ist_region_t *region;
    way_t way;
    int rotates; /* each signal goes the next way */
    volatile long good[WAYS], full, other, spoilt;
} handler_t;

static apr_status_t call(const handler_t *handler)
{
    apr_uint32_t previous;
    if (handler->way == POST)
        return ist_semaphore_post(handler->sem);
    if (handler->way == POST_TWO)
        return ist_semaphore_post_n(handler->sem, 2, &previous);
    return ist_region_notify(handler->region);
}

static void on_signal(void *baton)
{
    handler_t *handler = baton;
    const int interrupted = errno;
    errno = ERANGE;
    apr_status_t status = call(handler);
    handler->spoilt += errno != ERANGE;
    errno = interrupted;
    if (status == APR_SUCCESS)
        handler->good[handler->way]++;
    else if (status == IST_EOVERFLOW)
        handler->full++;
    else
        handler->other++;
    if (handler->rotates)
        handler->way = (way_t)((handler->way + 1) % WAYS);
}

static void arm(handler_t *handler, apr_uint32_t maximum)
{
    handler->sem = semaphore_fresh(0, maximum);
    TST_MUST(ist_region_open(&handler->region, tst_name(NULL), 1, IST_CREATE_ONLY, 0, tst_pool()));
    tst_signal_take(!handler->rotates, on_signal, handler);
}

static apr_int64_t drain_region(ist_region_t *region)
{
    apr_int64_t units = 0;
    apr_status_t status;
    while ((status = ist_region_trywait(region)) == APR_SUCCESS)
        units++;
    TST_STATUS(status, APR_EBUSY);
    return units;
}

/* The first signal wakes a waiter of another process; then there are some more. */
static void wake_and_go_on(handler_t *handler, ist_kind_e kind, int signals)
{
    tst_peer_t *waiter = tst_peer_start();
    arm(handler, 4);
    TST_MUST(tst_peer_open(waiter, 0, kind, tst_name(NULL), 0, 0, 0, 0));
    tst_peer_begin(waiter, "wait 0");
    TST_NUMBER(tst_peer_blocked(waiter), 1);
    for (int i = 1; i <= signals; i++) {
        tst_signal_thread(tst_sys_thread_id());
        TST_NUMBER(tst_signal_count(), i);
        if (i == 1)
            TST_OK(tst_peer_end(waiter, NULL));
    }
    TST_NUMBER(handler->other, 0);
    TST_NUMBER(handler->spoilt, 0);
}

static void may_post(void)
{
    TST_NEED(TST_SIGNALS);
    handler_t handler = {.way = POST};
    wake_and_go_on(&handler, IST_KIND_SEMAPHORE, 6);
    TST_NUMBER(handler.good[POST], 5);
    TST_NUMBER(handler.full, 1);
    TST_NUMBER(semaphore_drain(handler.sem), 4);
}

/* With room for one unit alone, none is posted. */
static void may_post_two(void)
{
    TST_NEED(TST_SIGNALS);
    handler_t handler = {.way = POST_TWO};
    wake_and_go_on(&handler, IST_KIND_SEMAPHORE, 3);
    TST_NUMBER(handler.good[POST_TWO], 2);
    TST_NUMBER(handler.full, 1);
    TST_NUMBER(semaphore_drain(handler.sem), 3);
}

static void may_notify(void)
{
    TST_NEED(TST_SIGNALS);
    handler_t handler = {.way = NOTIFY};
    wake_and_go_on(&handler, IST_KIND_REGION, 5);
    TST_NUMBER(handler.good[NOTIFY], 5);
    TST_NUMBER(drain_region(handler.region), 4);
}

static apr_status_t send_signals(void *baton)
{
    for (int i = tst_rounds(20000); i > 0; i--)
        tst_signal_thread(*(long *)baton);
    return APR_SUCCESS;
}

/* Any of the handler's calls in the middle of the same thread's, on the same objects. */
static void amid_calls(void)
{
    TST_NEED(TST_SIGNALS);
    handler_t handler = {.rotates = 1};
    long self = tst_sys_thread_id();
    apr_int64_t units = 0, news = 0;
    arm(&handler, IST_COUNT_MAX);
    tst_thread_t *sender = tst_thread_start(send_signals, &self);
    while (!tst_thread_ended(sender, 0)) {
        for (int i = 0; i < 100; i++) {
            units += ist_semaphore_post(handler.sem) == APR_SUCCESS;
            units -= ist_semaphore_wait(handler.sem) == APR_SUCCESS;
            units -= ist_semaphore_timedwait(handler.sem, 1) == APR_SUCCESS;
            news += ist_region_notify(handler.region) == APR_SUCCESS;
            news -= ist_region_wait(handler.region) == APR_SUCCESS;
            news -= ist_region_timedwait(handler.region, 1) == APR_SUCCESS;
        }
    }
    TST_OK(tst_thread_join(sender));
    TST_NUMBER(handler.full + handler.other + handler.spoilt, 0);
    for (int way = 0; way < WAYS; way++)
        TST_TRUE(handler.good[way] > 0);
    TST_NUMBER(semaphore_drain(handler.sem),
               units + handler.good[POST] + 2 * handler.good[POST_TWO]);
    TST_NUMBER(drain_region(handler.region), news + handler.good[NOTIFY]);
}

const tst_case_t semaphore_handler_cases[] = {
    {"SEM-6 a signal handler may post", may_post},
    {"SEM-6 a signal handler may post several units", may_post_two},
    {"SEM-6 a signal handler may notify", may_notify},
    {"SEM-6 a signal handler may do so amid the calls of its thread", amid_calls},
    {NULL, NULL},
};
