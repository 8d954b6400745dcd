/* SPDX-License-Identifier: Apache-2.0 */
/* GEN-3, GEN-5: calls on what is no open handle. */
#include "unit.h"

static void refused_mutex(ist_mutex_t *m)
{
    UNIT_REFUSED(ist_mutex_lock(m), APR_EINVAL);
    UNIT_REFUSED(ist_mutex_trylock(m), APR_EINVAL);
    UNIT_REFUSED(ist_mutex_timedlock(m, 0), APR_EINVAL);
    UNIT_REFUSED(ist_mutex_timedlock(m, 1), APR_EINVAL);
    UNIT_REFUSED(ist_mutex_timedlock(m, IST_FOREVER), APR_EINVAL);
    UNIT_REFUSED(ist_mutex_unlock(m), APR_EINVAL);
    UNIT_REFUSED(ist_mutex_close(m), APR_EINVAL);
    TST_NUMBER(ist_mutex_created(m), 0);
}

static void refused_semaphore(ist_semaphore_t *s)
{
    apr_uint32_t value = 77;
    UNIT_REFUSED(ist_semaphore_wait(s), APR_EINVAL);
    UNIT_REFUSED(ist_semaphore_trywait(s), APR_EINVAL);
    UNIT_REFUSED(ist_semaphore_timedwait(s, 1), APR_EINVAL);
    UNIT_REFUSED(ist_semaphore_post(s), APR_EINVAL);
    UNIT_REFUSED(ist_semaphore_post_n(s, 2, &value), APR_EINVAL);
    UNIT_REFUSED(ist_semaphore_value(s, &value), APR_EINVAL);
    UNIT_REFUSED(ist_semaphore_close(s), APR_EINVAL);
    TST_NUMBER(value, 77);
    TST_NUMBER(ist_semaphore_maximum(s), 0);
    TST_NUMBER(ist_semaphore_created(s), 0);
}

static void refused_region(ist_region_t *r)
{
    UNIT_REFUSED(ist_region_lock(r), APR_EINVAL);
    UNIT_REFUSED(ist_region_trylock(r), APR_EINVAL);
    UNIT_REFUSED(ist_region_timedlock(r, 1), APR_EINVAL);
    UNIT_REFUSED(ist_region_unlock(r), APR_EINVAL);
    UNIT_REFUSED(ist_region_notify(r), APR_EINVAL);
    UNIT_REFUSED(ist_region_wait(r), APR_EINVAL);
    UNIT_REFUSED(ist_region_trywait(r), APR_EINVAL);
    UNIT_REFUSED(ist_region_timedwait(r, 1), APR_EINVAL);
    UNIT_REFUSED(ist_region_close(r), APR_EINVAL);
    TST_TRUE(ist_region_base(r) == NULL);
    TST_NUMBER(ist_region_size(r), 0);
    TST_NUMBER(ist_region_created(r), 0);
}

static void refused_shm(ist_shm_t *shm)
{
    UNIT_REFUSED(ist_shm_close(shm), APR_EINVAL);
    TST_TRUE(ist_shm_base(shm) == NULL);
    TST_NUMBER(ist_shm_size(shm), 0);
    TST_NUMBER(ist_shm_created(shm), 0);
}

static void null_handles(void)
{
    refused_mutex(NULL);
    refused_semaphore(NULL);
    refused_region(NULL);
    refused_shm(NULL);
}

static void closed_handles(void)
{
    ist_mutex_t *mutex = unit_mutex("n");
    ist_semaphore_t *sem = unit_semaphore("n", 1, 2);
    ist_region_t *region = unit_region("n", 8);
    ist_shm_t *shm = unit_shm("n", 8);
    TST_OK(ist_mutex_close(mutex));
    TST_OK(ist_semaphore_close(sem));
    TST_OK(ist_region_close(region));
    TST_OK(ist_shm_close(shm));
    unit_nothing_left("four closes");
    refused_mutex(mutex);
    refused_semaphore(sem);
    refused_region(region);
    refused_shm(shm);
}

static void counts_of_calls(void)
{
    ist_semaphore_t *sem = unit_semaphore("n", 1, 5);
    apr_uint32_t previous = 77;
    UNIT_REFUSED(ist_semaphore_post_n(sem, 0, &previous), APR_EINVAL);
    UNIT_REFUSED(ist_semaphore_value(sem, NULL), APR_EINVAL);
    TST_NUMBER(previous, 77);
}

const tst_case_t unit_handles[] = {
    {"GEN-3 every call on no handle", null_handles},
    {"GEN-5 every call on a closed handle", closed_handles},
    {"GEN-3 SEM-2 a post of nothing, a value to nowhere", counts_of_calls},
    {NULL, NULL},
};
