/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SEM-2: posts of n units, all or nothing. SEM-6: posts of signal handlers.
 */
#include "semaphore_cases.h"

#include <errno.h>

#define MOST IST_COUNT_MAX
#define UNTOUCHED 0xdeadbeef

static void previous_is_told(void)
{
    ist_semaphore_t *sem = semaphore_fresh(2, 1000);
    tst_peer_t *peer = semaphore_peer();
    apr_uint32_t count = 2;
    for (apr_uint32_t n = 1; n < 20; n++) {
        apr_uint32_t previous = UNTOUCHED;
        apr_int64_t told = -1;
        TST_OK(ist_semaphore_post_n(sem, n, &previous));
        TST_NUMBER(previous, count);
        count += n;
        TST_OK(tst_peer_ask(peer, &told, "post 0 1"));
        TST_NUMBER(told, count);
        count += 1;
    }
    TST_NUMBER(semaphore_drain(sem), count);
}

static void previous_may_be_null(void)
{
    ist_semaphore_t *sem = semaphore_fresh(0, 10);
    TST_OK(ist_semaphore_post_n(sem, 4, NULL));
    TST_OK(ist_semaphore_post(sem));
    TST_STATUS(ist_semaphore_post_n(sem, 6, NULL), IST_EOVERFLOW);
    TST_NUMBER(semaphore_drain(sem), 5);
}

static void refused(ist_semaphore_t *sem, apr_uint32_t n, apr_status_t wanted)
{
    apr_int64_t before = semaphore_value(sem);
    apr_uint32_t previous = UNTOUCHED;
    TST_STATUS(ist_semaphore_post_n(sem, n, &previous), wanted);
    TST_NUMBER(previous, UNTOUCHED);
    TST_NUMBER(semaphore_value(sem), before);
}

static void all_or_nothing(void)
{
    ist_semaphore_t *sem = semaphore_fresh(7, 10);
    refused(sem, 4, IST_EOVERFLOW);
    refused(sem, 10, IST_EOVERFLOW);
    refused(sem, 11, IST_EOVERFLOW);
    refused(sem, MOST, IST_EOVERFLOW);
    apr_uint32_t previous = UNTOUCHED;
    TST_OK(ist_semaphore_post_n(sem, 3, &previous));
    TST_NUMBER(previous, 7);
    refused(sem, 1, IST_EOVERFLOW);
    TST_STATUS(ist_semaphore_post(sem), IST_EOVERFLOW);
    TST_OK(ist_semaphore_trywait(sem));
    refused(sem, 2, IST_EOVERFLOW);
    TST_OK(ist_semaphore_post(sem));
    TST_NUMBER(semaphore_drain(sem), 10);
}

static void refused_in_another_process(void)
{
    ist_semaphore_t *sem = semaphore_fresh(3, 3);
    tst_peer_t *peer = semaphore_peer();
    TST_STATUS(tst_peer_do(peer, "post 0 1"), IST_EOVERFLOW);
    TST_OK(ist_semaphore_wait(sem));
    TST_STATUS(tst_peer_do(peer, "post 0 2"), IST_EOVERFLOW);
    TST_OK(tst_peer_do(peer, "post 0 1"));
    TST_STATUS(tst_peer_do(peer, "post 0 1"), IST_EOVERFLOW);
    TST_NUMBER(semaphore_drain(sem), 3);
}

static void none_is_no_number(void)
{
    ist_semaphore_t *sem = semaphore_fresh(1, 2);
    refused(sem, 0, APR_EINVAL);
    TST_OK(ist_semaphore_post(sem));
    refused(sem, 0, APR_EINVAL);
    TST_NUMBER(semaphore_drain(sem), 2);
}

/* Numbers that are negative, or overflow a sum, when taken for an int. */
static void numbers_past_the_limit(void)
{
    const apr_uint32_t counts[] = {0, 1, MOST - 1, MOST};
    for (int i = 0; i < 4; i++) {
        ist_semaphore_t *sem = semaphore_fresh(counts[i], MOST);
        refused(sem, 0xffffffff, IST_EOVERFLOW);
        refused(sem, 0x80000000, IST_EOVERFLOW);
        refused(sem, 0x80000001, IST_EOVERFLOW);
        if (counts[i] > 0)
            refused(sem, MOST, IST_EOVERFLOW);
        TST_OK(ist_semaphore_close(sem));
    }
}

static void up_to_the_largest(void)
{
    ist_semaphore_t *sem = semaphore_fresh(0, MOST);
    apr_uint32_t previous = UNTOUCHED;
    TST_OK(ist_semaphore_post_n(sem, MOST, &previous));
    TST_NUMBER(previous, 0);
    TST_NUMBER(semaphore_value(sem), MOST);
    refused(sem, 1, IST_EOVERFLOW);
    TST_OK(ist_semaphore_wait(sem));
    TST_NUMBER(semaphore_value(sem), MOST - 1);
    refused(sem, 2, IST_EOVERFLOW);
    TST_OK(ist_semaphore_post_n(sem, 1, &previous));
    TST_NUMBER(previous, MOST - 1);
    refused(sem, 1, IST_EOVERFLOW);
}

/* ---- SEM-6 ---- */

typedef struct handler_t {
    ist_semaphore_t *sem;
    volatile long good, full, other, spoilt;
} handler_t;

static void post_in_handler(void *baton)
{
    handler_t *handler = baton;
    const int interrupted = errno;
    errno = ERANGE;
    apr_status_t status = ist_semaphore_post(handler->sem);
    handler->spoilt += errno != ERANGE;
    errno = interrupted;
    if (status == APR_SUCCESS)
        handler->good++;
    else if (status == IST_EOVERFLOW)
        handler->full++;
    else
        handler->other++;
}

static void from_a_handler(void)
{
    TST_NEED(TST_SIGNALS);
    handler_t handler = {semaphore_fresh(0, 3), 0, 0, 0, 0};
    tst_peer_t *waiter = semaphore_peer();
    tst_signal_take(1, post_in_handler, &handler);
    tst_peer_begin(waiter, "wait 0");
    TST_NUMBER(tst_peer_blocked(waiter), 1);
    for (int i = 1; i <= 5; i++) {
        tst_signal_thread(tst_sys_thread_id());
        TST_NUMBER(tst_signal_count(), i);
        if (i == 1)
            TST_OK(tst_peer_end(waiter, NULL));
    }
    TST_NUMBER(handler.good, 4);
    TST_NUMBER(handler.full, 1);
    TST_NUMBER(handler.other, 0);
    TST_NUMBER(handler.spoilt, 0);
    TST_NUMBER(semaphore_drain(handler.sem), 3);
}

static apr_status_t send_signals(void *baton)
{
    for (int i = tst_rounds(20000); i > 0; i--)
        tst_signal_thread(*(long *)baton);
    return APR_SUCCESS;
}

/* The handler's post in the middle of the same thread's posts and waits. */
static void from_a_handler_amid_calls(void)
{
    TST_NEED(TST_SIGNALS);
    handler_t handler = {semaphore_fresh(0, IST_COUNT_MAX), 0, 0, 0, 0};
    long self = tst_sys_thread_id();
    apr_int64_t posted = 0, taken = 0;
    tst_signal_take(0, post_in_handler, &handler);
    tst_thread_t *sender = tst_thread_start(send_signals, &self);
    while (!tst_thread_ended(sender, 0)) {
        for (int i = 0; i < 200; i++) {
            posted += ist_semaphore_post(handler.sem) == APR_SUCCESS;
            taken += ist_semaphore_wait(handler.sem) == APR_SUCCESS;
            taken += ist_semaphore_timedwait(handler.sem, 1) == APR_SUCCESS;
        }
    }
    TST_OK(tst_thread_join(sender));
    TST_NUMBER(handler.full + handler.other + handler.spoilt, 0);
    TST_TRUE(handler.good > 0);
    TST_NUMBER(semaphore_drain(handler.sem), posted + handler.good - taken);
}

const tst_case_t semaphore_post_cases[] = {
    {"SEM-2 the count before is told exactly", previous_is_told},
    {"SEM-2 the count before need not be asked for", previous_may_be_null},
    {"SEM-2 past the maximum nothing changes", all_or_nothing},
    {"SEM-2 past the maximum nothing changes for another process", refused_in_another_process},
    {"SEM-2 a post of 0 units is refused", none_is_no_number},
    {"SEM-2 numbers past the largest count overflow", numbers_past_the_limit},
    {"SEM-2 the largest count can be reached, and not passed", up_to_the_largest},
    {"SEM-6 a signal handler may post", from_a_handler},
    {"SEM-6 a signal handler may post amid the calls of its thread", from_a_handler_amid_calls},
    {NULL, NULL},
};
