/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GEN-7: time. Never early; late only within loose limits.
 */
#include "general_cases.h"

#define MSEC    1000
#define HUGE_US ((apr_interval_time_t)0x7fffffffffffffff)
#define LOOSE   (2000 * MSEC) /* what a busy machine may add */

/* The six timed calls, on things that are taken, or are free. */
typedef struct timed_t {
    ist_mutex_t *mutex;
    ist_semaphore_t *semaphore;
    ist_region_t *locked;   /* its lock */
    ist_region_t *unmarked; /* its notifications */
    tst_peer_t *owner;
} timed_t;

static void open_all(timed_t *timed)
{
    apr_pool_t *pool = tst_pool();
    TST_MUST(ist_mutex_open(&timed->mutex, tst_name(NULL), IST_CREATE, 0, pool));
    TST_MUST(ist_semaphore_open(&timed->semaphore, tst_name(NULL), 0, 9, IST_CREATE, 0, pool));
    TST_MUST(ist_region_open(&timed->locked, tst_name("l"), 1, IST_CREATE, 0, pool));
    TST_MUST(ist_region_open(&timed->unmarked, tst_name("u"), 1, IST_CREATE, 0, pool));
    timed->owner = NULL;
}

static void take_all(timed_t *timed)
{
    timed->owner = tst_peer_start();
    TST_MUST(tst_peer_open(timed->owner, 0, IST_KIND_MUTEX, tst_name(NULL), 0, 0, 0, 0));
    TST_MUST(tst_peer_open(timed->owner, 1, IST_KIND_REGION, tst_name("l"), 0, 0, 0, 0));
    TST_MUST(tst_peer_do(timed->owner, "lock 0"));
    TST_MUST(tst_peer_do(timed->owner, "lock 1"));
}

static void give_all(timed_t *timed)
{
    TST_OK(tst_peer_do(timed->owner, "unlock 0"));
    TST_OK(tst_peer_do(timed->owner, "unlock 1"));
    TST_OK(ist_semaphore_post_n(timed->semaphore, 9, NULL));
    for (int i = 0; i < 9; i++)
        TST_OK(ist_region_notify(timed->unmarked));
}

static apr_status_t call(timed_t *timed, int which, apr_interval_time_t timeout)
{
    switch (which) {
    case 0:
        return ist_mutex_timedlock(timed->mutex, timeout);
    case 1:
        return ist_semaphore_timedwait(timed->semaphore, timeout);
    case 2:
        return ist_region_timedlock(timed->locked, timeout);
    default:
        return ist_region_timedwait(timed->unmarked, timeout);
    }
}

/* All are in vain, and take their time. */
static void in_vain(apr_interval_time_t timeout, int rounds)
{
    timed_t timed;
    open_all(&timed);
    take_all(&timed);
    for (int which = 0; which < 4; which++) {
        for (int i = 0; i < rounds; i++) {
            apr_int64_t start = tst_now();
            TST_STATUS(call(&timed, which, timeout), APR_TIMEUP);
            apr_int64_t took = tst_now() - start;
            TST_SAY(took >= timeout, "call %d: %ld us came after %ld", which, (long)timeout,
                    (long)took);
            TST_SAY(took < timeout + tst_scaled(LOOSE), "call %d: %ld us took %ld", which,
                    (long)timeout, (long)took);
        }
    }
}

static void nothing(void)
{
    in_vain(0, 50);
}

static void one_microsecond(void)
{
    in_vain(1, 50);
}

static void a_millisecond(void)
{
    in_vain(1500, 20);
}

static void a_tenth(void)
{
    in_vain(100 * MSEC, 2);
}

/* Longer than any slice that a wait may be made of. */
static void half_a_second(void)
{
    in_vain(517 * MSEC, 1);
}

/* What is there is taken, whatever the timeout. */
static void available(void)
{
    const apr_interval_time_t timeouts[] = {0, 1, 100 * MSEC, IST_FOREVER, -2, HUGE_US,
                                            HUGE_US - 1, -HUGE_US - 1};
    timed_t timed;
    open_all(&timed);
    TST_MUST(ist_semaphore_post_n(timed.semaphore, 8, NULL));
    for (int i = 0; i < 8; i++) {
        TST_MUST(ist_region_notify(timed.unmarked));
        for (int which = 0; which < 4; which++) {
            apr_int64_t start = tst_now();
            TST_OK(call(&timed, which, timeouts[i]));
            TST_TRUE(tst_now() - start < tst_scaled(LOOSE));
        }
    }
    for (int i = 0; i < 8; i++) {
        TST_OK(ist_mutex_unlock(timed.mutex));
        TST_OK(ist_region_unlock(timed.locked));
    }
}

typedef struct waiter_t {
    timed_t *timed;
    int which;
    apr_interval_time_t timeout;
} waiter_t;

/* A lock that is got is given back at once: its thread ends. */
static apr_status_t wait_once(void *baton)
{
    waiter_t *self = baton;
    apr_status_t status = call(self->timed, self->which, self->timeout);
    if (status == APR_SUCCESS && self->which == 0)
        return ist_mutex_unlock(self->timed->mutex);
    if (status == APR_SUCCESS && self->which == 2)
        return ist_region_unlock(self->timed->locked);
    return status;
}

/* These sleep until there is something, and get it, though the wall clock jumps
 * meanwhile. */
static void patient_amid(apr_int64_t jump, const apr_interval_time_t *timeouts, int count)
{
    timed_t timed;
    tst_thread_t *threads[16];
    waiter_t waiters[16];
    int n = 0;
    open_all(&timed);
    take_all(&timed);
    for (int i = 0; i < count; i++) {
        for (int which = 0; which < 4; which++, n++) {
            waiters[n] = (waiter_t){&timed, which, timeouts[i]};
            threads[n] = tst_thread_start(wait_once, &waiters[n]);
        }
    }
    for (int i = 0; i < n; i++)
        TST_SAY(tst_thread_blocked(threads[i]), "call %d did not wait", waiters[i].which);
    if (jump != 0)
        tst_clock_jump(jump);
    TST_TRUE(!tst_thread_ended(threads[0], 300 * MSEC)); /* past any slice */
    give_all(&timed);
    for (int i = 0; i < n; i++)
        TST_OK(tst_thread_join(threads[i]));
}

static void patient(const apr_interval_time_t *timeouts, int count)
{
    patient_amid(0, timeouts, count);
}

static void for_ever(void)
{
    const apr_interval_time_t timeouts[] = {IST_FOREVER, -12345};
    patient(timeouts, 2);
}

static void huge(void)
{
    const apr_interval_time_t timeouts[] = {HUGE_US, HUGE_US / 1000 + 1,
                                            APR_INT64_C(0x7fffffff) * 1000000};
    patient(timeouts, 3);
}

/* A wait that is served before its time ends then. */
static void served_in_time(void)
{
    const apr_interval_time_t timeouts[] = {25 * APR_USEC_PER_SEC};
    apr_int64_t start = tst_now();
    patient(timeouts, 1);
    TST_TRUE(tst_now() - start < 25 * APR_USEC_PER_SEC);
}

static void the_wall_clock_jumps(void)
{
    const apr_interval_time_t timeouts[] = {25 * APR_USEC_PER_SEC};
    TST_NEED(TST_SET_CLOCK);
    patient_amid(3600 * APR_USEC_PER_SEC, timeouts, 1);
}

static void the_wall_clock_is_wrong(void)
{
    TST_NEED(TST_SET_CLOCK);
    tst_clock_jump(3600 * APR_USEC_PER_SEC);
    in_vain(100 * MSEC, 1);
}

const tst_case_t general_timeouts_cases[] = {
    {"GEN-7 timeout 0 tries once", nothing},
    {"GEN-7 timeout 1 us is not early", one_microsecond},
    {"GEN-7 timeout 1.5 ms is not early", a_millisecond},
    {"GEN-7 timeout 100 ms is not early", a_tenth},
    {"GEN-7 timeout 517 ms is not early", half_a_second},
    {"GEN-7 what is available is taken with any timeout", available},
    {"GEN-7 a negative timeout waits for ever", for_ever},
    {"GEN-7 huge timeouts wait", huge},
    {"GEN-7 a wait ends when it is served", served_in_time},
    {"GEN-7 setting the wall clock ends no wait", the_wall_clock_jumps},
    {"GEN-7 no wait goes by the wall clock", the_wall_clock_is_wrong},
    {NULL, NULL},
};
