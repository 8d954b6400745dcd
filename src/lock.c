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

/* A mutex that is tried for, and what the last try gave. */
typedef struct wanted_t {
    ist_os_mutex_t *mutex;
    apr_status_t rv;
} wanted_t;

static int has_lock(void *what)
{
    wanted_t *wanted = what;
    wanted->rv = ist_os_lock(wanted->mutex, NULL);
    return wanted->rv != APR_TIMEUP;
}

/* Each try takes the mutex's cache line from its owner, who works the more slowly
 * for it. Two processes that did nothing but lock and unlock did so as often as with
 * sleeps when the tries were 25 pauses apart, 1.6 times as often at 100, 1.9 times
 * at 250; but who needs the lock may sit out as many pauses after it is free. */
#define PACE 128u

/* APR_TIMEUP: it is another's still, and trying on would not pay. */
static apr_status_t lock_soon(isti_owner_t *owner, int64_t deadline)
{
    wanted_t wanted = {owner->mutex, APR_TIMEUP};
    (void)isti_spin(&owner->spin, PACE, has_lock, &wanted, deadline);
    return wanted.rv;
}

/* The first try gave no plain lock: sleep for as many slices as it takes. The clock
 * is read when a slice is over, not at each lock that has to queue. */
apr_status_t isti_lock_on(isti_owner_t *owner, apr_status_t rv)
{
    ist_os_deadline_t *slice = &isti_thread.slice;
    if (rv == APR_TIMEUP)
        rv = lock_soon(owner, INT64_MAX);
    if (rv == APR_TIMEUP)
        rv = ist_os_lock(owner->mutex, slice);
    while (rv == APR_TIMEUP) {
        ist_os_until(slice, ist_os_now() + ISTI_SLICE);
        rv = ist_os_lock(owner->mutex, slice);
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
    if (rv == APR_TIMEUP && timeout != 0) {
        const int64_t deadline = isti_deadline(ist_os_now(), timeout);
        rv = lock_soon(owner, deadline);
        if (rv == APR_TIMEUP)
            rv = isti_sliced(lock_slice, owner->mutex, deadline);
    } else if (rv == APR_TIMEUP) {
        rv = busy;
    }
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
