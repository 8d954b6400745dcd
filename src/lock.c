/* SPDX-License-Identifier: Apache-2.0 */
/* Mutexes of any object: what is not the common way of lock.h. */
#include "lock.h"

/* The thread has it already, or as many as it may, or is new: APR_EAGAIN when
 * it can go on. */
static apr_status_t special(isti_owner_t *owner)
{
    isti_thread_begin();
    if (!isti_owns(owner, &isti_thread))
        return isti_thread.held >= IST_HELD_MAX ? IST_ELIMIT : APR_EAGAIN;
    if (owner->deeper == UINT32_MAX - 1)
        return IST_ELIMIT;
    owner->deeper++;
    return APR_SUCCESS;
}

/* The first try gave no plain lock: sleep for as many slices as it takes. */
apr_status_t isti_lock_on(isti_owner_t *owner, apr_status_t rv)
{
    while (rv == APR_TIMEUP) {
        ist_os_until(&isti_thread.slice, ist_os_now() + ISTI_SLICE);
        rv = ist_os_lock(owner->mutex, &isti_thread.slice);
    }
    if (IST_LOCKED(rv))
        isti_took(owner, &isti_thread);
    return rv;
}

apr_status_t isti_lock_specially(isti_owner_t *owner)
{
    apr_status_t rv = special(owner);
    return rv == APR_EAGAIN ? isti_lock_on(owner, APR_TIMEUP) : rv;
}

static apr_status_t lock_slice(void *what, const ist_os_deadline_t *deadline)
{
    return ist_os_lock(what, deadline);
}

static apr_status_t lock_within(isti_handle_t *handle, uint32_t i, apr_interval_time_t timeout,
                                apr_status_t busy)
{
    if (isti_object(handle) == NULL)
        return APR_EINVAL;
    isti_owner_t *owner = handle->owner[i];
    apr_status_t rv = special(owner);
    if (rv != APR_EAGAIN)
        return rv;
    rv = ist_os_lock(owner->mutex, NULL);
    if (rv == APR_TIMEUP)
        rv = timeout == 0 ? busy : isti_sliced(lock_slice, owner->mutex, timeout);
    if (IST_LOCKED(rv))
        isti_took(owner, &isti_thread);
    return rv;
}

apr_status_t isti_trylock(isti_handle_t *handle, uint32_t i)
{
    return lock_within(handle, i, 0, APR_EBUSY);
}

apr_status_t isti_timedlock(isti_handle_t *handle, uint32_t i, apr_interval_time_t timeout)
{
    return timeout < 0 ? isti_lock(handle, i) : lock_within(handle, i, timeout, APR_TIMEUP);
}
