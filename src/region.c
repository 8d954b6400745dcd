/* SPDX-License-Identifier: Apache-2.0 */
/* Regions: an object of bytes, the lock that guards them, and the count of news. */
#include "lock.h"

/* The public type is the common handle, and nothing more. */

apr_status_t ist_region_open(ist_region_t **region, const char *name, apr_size_t size,
                             apr_uint32_t flags, apr_fileperms_t access, apr_pool_t *pool)
{
    isti_handle_t *handle = NULL;
    if (region == NULL)
        return APR_EINVAL;
    isti_request_t request = {IST_KIND_REGION, name, size, 0, IST_COUNT_MAX, flags, access, pool};
    apr_status_t rv = isti_open(&handle, &request);
    *region = (ist_region_t *)handle;
    return rv;
}

apr_status_t ist_region_close(ist_region_t *region)
{
    return isti_close((isti_handle_t *)region);
}

apr_status_t ist_region_lock(ist_region_t *region)
{
    return isti_lock((isti_handle_t *)region, 0);
}

apr_status_t ist_region_trylock(ist_region_t *region)
{
    return isti_trylock((isti_handle_t *)region, 0);
}

apr_status_t ist_region_timedlock(ist_region_t *region, apr_interval_time_t timeout)
{
    return isti_timedlock((isti_handle_t *)region, 0, timeout);
}

apr_status_t ist_region_unlock(ist_region_t *region)
{
    return isti_unlock((isti_handle_t *)region, 0);
}

apr_status_t ist_region_notify(ist_region_t *region)
{
    return isti_post((isti_handle_t *)region, 0, 1, NULL);
}

apr_status_t ist_region_wait(ist_region_t *region)
{
    return isti_wait((isti_handle_t *)region, 0);
}

apr_status_t ist_region_trywait(ist_region_t *region)
{
    return isti_trywait((isti_handle_t *)region, 0);
}

apr_status_t ist_region_timedwait(ist_region_t *region, apr_interval_time_t timeout)
{
    return isti_timedwait((isti_handle_t *)region, 0, timeout);
}

void *ist_region_base(const ist_region_t *region)
{
    return isti_base((const isti_handle_t *)region);
}

apr_size_t ist_region_size(const ist_region_t *region)
{
    return isti_size((const isti_handle_t *)region);
}

int ist_region_created(const ist_region_t *region)
{
    return isti_created((const isti_handle_t *)region);
}
