/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mutexes of any object: ownership, depth, and how many a thread holds.
 *
 * The owner's id and depth are this process's own. A thread that reads its
 * own id there wrote it itself, so no order is needed; any other value says
 * only that it is not the owner. An owner that died leaves its id behind,
 * which no other thread has, until the next locker writes its own.
 *
 * All that is not a plain lock or unlock is out of line: a lock costs less
 * than 10 ns, and a register saved for another case is a good part of one.
 */
#include "internal.h"

#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define OUT_OF_LINE         __attribute__((noinline, cold))

static int owns(const isti_owner_t *owner, const isti_thread_t *self)
{
    return atomic_load_explicit(&owner->id, memory_order_relaxed) == self->id;
}

/* The thread has it already, or as many as it may, or is new: APR_EAGAIN when
 * it can go on. */
static apr_status_t special(isti_owner_t *owner)
{
    isti_thread_begin();
    if (!owns(owner, &isti_thread))
        return isti_thread.held >= IST_HELD_MAX ? IST_ELIMIT : APR_EAGAIN;
    if (owner->deeper == UINT32_MAX - 1)
        return IST_ELIMIT;
    owner->deeper++;
    return APR_SUCCESS;
}

/* What the system gave is the thread's now. A dead owner may have left it deep. */
static void took(const isti_lock_t *lock)
{
    isti_owner_t *owner = lock->owner;
    owner->deeper = 0;
    atomic_store_explicit(&owner->id, isti_thread.id, memory_order_relaxed);
    isti_thread.held++;
}

/* The first try gave no plain lock: sleep for as many slices as it takes. */
static OUT_OF_LINE apr_status_t lock_on(const isti_lock_t *lock, apr_status_t rv)
{
    while (rv == APR_TIMEUP) {
        ist_os_until(&isti_thread.slice, ist_os_now() + ISTI_SLICE);
        rv = ist_os_lock(lock->mutex, &isti_thread.slice);
    }
    if (IST_LOCKED(rv))
        took(lock);
    return rv;
}

static OUT_OF_LINE apr_status_t lock_specially(const isti_lock_t *lock)
{
    apr_status_t rv = special(lock->owner);
    return rv == APR_EAGAIN ? lock_on(lock, APR_TIMEUP) : rv;
}

apr_status_t isti_lock(isti_handle_t *handle, uint32_t i)
{
    if (UNLIKELY(isti_object(handle) == NULL))
        return APR_EINVAL;
    const isti_lock_t *lock = &handle->lock[i];
    if (UNLIKELY(owns(lock->owner, &isti_thread)) || UNLIKELY(isti_thread.held >= IST_HELD_MAX))
        return lock_specially(lock);
    /* Only who has to queue looks at the slice, so one that is over costs
     * nothing: reading the clock at each lock would double its price. */
    apr_status_t rv = ist_os_lock(lock->mutex, &isti_thread.slice);
    if (UNLIKELY(rv != APR_SUCCESS))
        return lock_on(lock, rv);
    took(lock);
    return APR_SUCCESS;
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
    const isti_lock_t *lock = &handle->lock[i];
    apr_status_t rv = special(lock->owner);
    if (rv != APR_EAGAIN)
        return rv;
    rv = ist_os_lock(lock->mutex, NULL);
    if (rv == APR_TIMEUP)
        rv = timeout == 0 ? busy : isti_sliced(lock_slice, lock->mutex, timeout);
    if (IST_LOCKED(rv))
        took(lock);
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

apr_status_t isti_unlock(isti_handle_t *handle, uint32_t i)
{
    if (UNLIKELY(isti_object(handle) == NULL))
        return APR_EINVAL;
    isti_thread_t *self = &isti_thread;
    isti_owner_t *owner = handle->lock[i].owner;
    if (UNLIKELY(!owns(owner, self)))
        return IST_ENOTOWNER;
    if (UNLIKELY(owner->deeper > 0)) {
        owner->deeper--;
        return APR_SUCCESS;
    }
    /* Before the unlock, after which it is another's. */
    atomic_store_explicit(&owner->id, 0, memory_order_relaxed);
    self->held--;
    return ist_os_unlock(handle->lock[i].mutex);
}
