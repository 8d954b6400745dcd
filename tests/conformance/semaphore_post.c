/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SEM-2: posts of n units, all or nothing.
 */
#include "semaphore_cases.h"

#define MOST      IST_COUNT_MAX
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

const tst_case_t semaphore_post_cases[] = {
    {"SEM-2 the count before is told exactly", previous_is_told},
    {"SEM-2 the count before need not be asked for", previous_may_be_null},
    {"SEM-2 past the maximum nothing changes", all_or_nothing},
    {"SEM-2 past the maximum nothing changes for another process", refused_in_another_process},
    {"SEM-2 a post of 0 units is refused", none_is_no_number},
    {"SEM-2 numbers past the largest count overflow", numbers_past_the_limit},
    {"SEM-2 the largest count can be reached, and not passed", up_to_the_largest},
    {NULL, NULL},
};
