/* SPDX-License-Identifier: Apache-2.0 */
/* Mutexes, and those of regions: BEFORE is free, AFTER is told IST_ABANDONED. */
#include "kill.h"

static ist_mutex_t *mutex;
static ist_region_t *region;

static apr_status_t open_mutex(void)
{
    return ist_mutex_open(&mutex, kill_name, IST_CREATE, 0, kill_pool);
}

static apr_status_t open_region(void)
{
    return ist_region_open(&region, kill_name, 64, IST_CREATE, 0, kill_pool);
}

/* The first is told or not; the second, after its unlock, never. */
static outcome_e judge(apr_status_t first, apr_status_t second)
{
    if (first == APR_TIMEUP || second == APR_TIMEUP)
        return STUCK;
    if (!IST_LOCKED(first) || second != APR_SUCCESS)
        return WRONG;
    return first == IST_ABANDONED ? AFTER : BEFORE;
}

#define LONG (2 * APR_USEC_PER_SEC)

static outcome_e look_mutex(void)
{
    apr_status_t first = ist_mutex_timedlock(mutex, LONG);
    if (IST_LOCKED(first))
        (void)ist_mutex_unlock(mutex);
    apr_status_t second = ist_mutex_timedlock(mutex, LONG);
    if (IST_LOCKED(second))
        (void)ist_mutex_unlock(mutex);
    return judge(first, second);
}

static outcome_e look_region(void)
{
    apr_status_t first = ist_region_timedlock(region, LONG);
    if (IST_LOCKED(first))
        (void)ist_region_unlock(region);
    apr_status_t second = ist_region_timedlock(region, LONG);
    if (IST_LOCKED(second))
        (void)ist_region_unlock(region);
    return judge(first, second);
}

static apr_status_t nothing(void)
{
    return APR_SUCCESS;
}

static apr_status_t lock(void)
{
    return ist_mutex_lock(mutex);
}

static apr_status_t trylock(void)
{
    return ist_mutex_trylock(mutex);
}

static apr_status_t timedlock(void)
{
    return ist_mutex_timedlock(mutex, LONG);
}

static apr_status_t lock_twice(void)
{
    apr_status_t status = ist_mutex_lock(mutex);
    return status == APR_SUCCESS ? ist_mutex_lock(mutex) : status;
}

static apr_status_t unlock(void)
{
    return ist_mutex_unlock(mutex);
}

static apr_status_t region_lock(void)
{
    return ist_region_lock(region);
}

static apr_status_t region_unlock(void)
{
    return ist_region_unlock(region);
}

const kill_call_t kill_locks[] = {
    {"lock", 1, 0, BEFORE, AFTER, open_mutex, nothing, lock, look_mutex},
    {"trylock", 1, 0, BEFORE, AFTER, open_mutex, nothing, trylock, look_mutex},
    {"timedlock", 1, 0, BEFORE, AFTER, open_mutex, nothing, timedlock, look_mutex},
    {"lock once more", 1, 0, AFTER, AFTER, open_mutex, lock, lock, look_mutex},
    {"unlock", 1, 0, AFTER, BEFORE, open_mutex, lock, unlock, look_mutex},
    {"unlock of two", 1, 0, AFTER, AFTER, open_mutex, lock_twice, unlock, look_mutex},
    {"region lock", 1, 0, BEFORE, AFTER, open_region, nothing, region_lock, look_region},
    {"region unlock", 1, 0, AFTER, BEFORE, open_region, region_lock, region_unlock, look_region},
    {NULL, 0, 0, BEFORE, BEFORE, NULL, NULL, NULL, NULL},
};
