/* SPDX-License-Identifier: Apache-2.0 */
/* Mutexes: an object of one lock alone. */
#include "lock.h"

/* The public type is the common handle, and nothing more. */

apr_status_t ist_mutex_open(ist_mutex_t **mutex, const char *name, apr_uint32_t flags,
                            apr_fileperms_t access, apr_pool_t *pool)
{
    isti_handle_t *handle = NULL;
    if (mutex == NULL)
        return APR_EINVAL;
    isti_request_t request = {IST_KIND_MUTEX, name, 0, 0, 0, flags, access, pool};
    apr_status_t rv = isti_open(&handle, &request);
    *mutex = (ist_mutex_t *)handle;
    return rv;
}

apr_status_t ist_mutex_close(ist_mutex_t *mutex)
{
    return isti_close((isti_handle_t *)mutex);
}

apr_status_t ist_mutex_lock(ist_mutex_t *mutex)
{
    return isti_lock((isti_handle_t *)mutex, 0);
}

apr_status_t ist_mutex_trylock(ist_mutex_t *mutex)
{
    return isti_trylock((isti_handle_t *)mutex, 0);
}

apr_status_t ist_mutex_timedlock(ist_mutex_t *mutex, apr_interval_time_t timeout)
{
    return isti_timedlock((isti_handle_t *)mutex, 0, timeout);
}

apr_status_t ist_mutex_unlock(ist_mutex_t *mutex)
{
    return isti_unlock((isti_handle_t *)mutex, 0);
}

int ist_mutex_created(const ist_mutex_t *mutex)
{
    return isti_created((const isti_handle_t *)mutex);
}
