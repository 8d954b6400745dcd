/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mutexes of any object: ownership, depth, and how many a thread holds.
 *
 * The owner's id and depth are this process's own. A thread that reads its
 * own id there wrote it itself, so no order is needed; any other value says
 * only that it is not the owner. An owner that died leaves its id behind,
 * which no other thread has, until the next locker writes its own.
 *
 * Here is the plain lock and unlock, inline in the public calls; all else is in
 * lock.c. It costs about 10 ns, most of it the system's: a call that only passes
 * on, or a register saved for another case, shows.
 */
#ifndef ISTI_LOCK_H
#define ISTI_LOCK_H

#include "internal.h"

#define ISTI_OUT_OF_LINE __attribute__((noinline, cold))

/* The thread has it already, or as many as it may, or is new. */
ISTI_OUT_OF_LINE apr_status_t isti_lock_specially(isti_owner_t *owner);

/* The first try gave rv, which is no plain lock. */
ISTI_OUT_OF_LINE apr_status_t isti_lock_on(isti_owner_t *owner, apr_status_t rv);

static inline int isti_owns(const isti_owner_t *owner, const isti_thread_t *self)
{
    return atomic_load_explicit(&owner->id, memory_order_relaxed) == self->id;
}

/* What the system gave is the thread's now. Only an owner that died leaves its id, and
 * with that maybe a depth: of which this process need not have been told. */
static inline void isti_took(isti_owner_t *owner, isti_thread_t *self)
{
    if (ISTI_UNLIKELY(atomic_load_explicit(&owner->id, memory_order_relaxed) != 0))
        owner->deeper = 0;
    atomic_store_explicit(&owner->id, self->id, memory_order_relaxed);
    self->held++;
}

static inline apr_status_t isti_lock(isti_handle_t *handle, uint32_t i)
{
    if (ISTI_UNLIKELY(isti_object(handle) == NULL))
        return APR_EINVAL;
    isti_thread_t *self = &isti_thread;
    isti_owner_t *owner = handle->owner[i];
    if (ISTI_UNLIKELY(isti_owns(owner, self)) || ISTI_UNLIKELY(self->held >= IST_HELD_MAX))
        return isti_lock_specially(owner);
    apr_status_t rv = ist_os_lock(owner->mutex, NULL);
    if (ISTI_UNLIKELY(rv != APR_SUCCESS))
        return isti_lock_on(owner, rv);
    isti_took(owner, self);
    return APR_SUCCESS;
}

static inline apr_status_t isti_unlock(isti_handle_t *handle, uint32_t i)
{
    if (ISTI_UNLIKELY(isti_object(handle) == NULL))
        return APR_EINVAL;
    isti_thread_t *self = &isti_thread;
    isti_owner_t *owner = handle->owner[i];
    if (ISTI_UNLIKELY(!isti_owns(owner, self)))
        return IST_ENOTOWNER;
    if (ISTI_UNLIKELY(owner->deeper > 0)) {
        owner->deeper--;
        return APR_SUCCESS;
    }
    /* Before the unlock, after which it is another's. */
    atomic_store_explicit(&owner->id, 0, memory_order_relaxed);
    self->held--;
    return ist_os_unlock(owner->mutex);
}

#endif
