/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file isthmus/region.h
 * @brief Regions: memory, the mutex that guards it, and the semaphore that
 *        tells others that it changed, as one object under one name.
 *
 * A fresh region is zeroed, its mutex free, and nothing is announced. Lock
 * calls acquire memory, unlock releases it; notify releases, and a wait that
 * takes a notification acquires.
 */
#ifndef ISTHMUS_REGION_H
#define ISTHMUS_REGION_H

#include <isthmus/base.h>
#include <isthmus/errno.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A handle of a region. */
typedef struct ist_region_t ist_region_t;

/**
 * Open or create a region: all three parts, or none.
 *
 * @param region  Receives the handle; NULL after a failure.
 * @param name    The name; see isthmus/base.h.
 * @param size    Bytes of memory. To create: the exact size, 1 or more. For a
 *                region that exists: at least so many are needed; 0 takes it
 *                as it is.
 * @param flags   0 or more of #IST_CREATE or #IST_CREATE_ONLY, #IST_GLOBAL,
 *                #IST_POPULATE.
 * @param access  Who may open it; looked at when this call creates it.
 * @param pool    Keeps the handle; destroying it closes the region.
 *
 * @return APR_SUCCESS       It is open.
 * @return APR_EINVAL        An argument is malformed; nothing was touched.
 * @return APR_ENAMETOOLONG  The name is longer than #IST_NAME_MAX.
 * @return APR_ENOENT        There is none, and no create flag was given.
 * @return APR_EEXIST        There is one, and #IST_CREATE_ONLY was given.
 * @return APR_EACCES        The caller lacks the right, or another user
 *                           has taken the local name.
 * @return APR_ENOMEM        Too little memory, or address space, for it.
 * @return APR_ENOSPC        Too little shared memory is left.
 * @return IST_ESIZE         It exists and is smaller than @a size.
 * @return IST_EFOREIGN      What bears the name was not made by isthmus.
 * @return IST_ECORRUPT      Its header is damaged.
 * @return IST_EVERSION      It has another version's layout.
 * @return IST_EABI          It was made for another C library or word size.
 * @return IST_ENAMESPACE    It belongs to another PID namespace.
 * @return APR_EBUSY         A process was stopped in the middle of an open
 *                           or close of this name; try later.
 * @return other             The system's code.
 *
 * @note Safe from any thread; @a pool is used by one thread at a time.
 */
IST_DECLARE(apr_status_t) ist_region_open(ist_region_t **region, const char *name,
                                          apr_size_t size, apr_uint32_t flags,
                                          apr_fileperms_t access, apr_pool_t *pool);

/**
 * Close a region.
 *
 * @param region  An open region.
 *
 * @return APR_SUCCESS  It is closed; the handle answers APR_EINVAL now.
 * @return APR_EBUSY    A thread of this process owns its mutex, and this is
 *                      the process's last handle; it stays open.
 * @return APR_EINVAL   @a region is NULL or closed.
 *
 * @note Safe from any thread; no other may use the handle then.
 */
IST_DECLARE(apr_status_t) ist_region_close(ist_region_t *region);

/**
 * Lock the region's mutex, waiting for as long as it takes. Acquires memory.
 *
 * @param region  An open region.
 *
 * @return APR_SUCCESS    The caller owns it.
 * @return IST_ABANDONED  The caller owns it, and its last owner died while
 *                        it held it: the memory may be half-written.
 * @return IST_ELIMIT     The thread holds #IST_HELD_MAX mutexes already, or
 *                        this one 2^32-1 deep.
 * @return IST_ENAMESPACE  The caller is a child that a fork put into another PID
 *                        namespace than the region's.
 * @return APR_EINVAL     @a region is NULL or closed.
 * @return other          The system's code.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(apr_status_t) ist_region_lock(ist_region_t *region);

/**
 * Lock the region's mutex if that takes no waiting. Acquires memory.
 *
 * @param region  An open region.
 *
 * @return APR_SUCCESS    The caller owns it.
 * @return IST_ABANDONED  As for ist_region_lock().
 * @return APR_EBUSY      Another thread owns it.
 * @return IST_ELIMIT, IST_ENAMESPACE  As for ist_region_lock().
 * @return APR_EINVAL     @a region is NULL or closed.
 * @return other          The system's code.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(apr_status_t) ist_region_trylock(ist_region_t *region);

/**
 * Lock the region's mutex, waiting for a limited time. Acquires memory.
 *
 * @param region   An open region.
 * @param timeout  Microseconds; 0 tries once, negative waits for ever.
 *
 * @return APR_SUCCESS    The caller owns it.
 * @return IST_ABANDONED  As for ist_region_lock().
 * @return APR_TIMEUP     The time is over, never sooner; another owns it.
 * @return IST_ELIMIT, IST_ENAMESPACE  As for ist_region_lock().
 * @return APR_EINVAL     @a region is NULL or closed.
 * @return other          The system's code.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(apr_status_t) ist_region_timedlock(ist_region_t *region, apr_interval_time_t timeout);

/**
 * Unlock the region's mutex. Never blocks. Releases memory.
 *
 * @param region  An open region.
 *
 * @return APR_SUCCESS    It is one less deep, or free.
 * @return IST_ENOTOWNER  This thread does not own it; nothing changed.
 * @return APR_EINVAL     @a region is NULL or closed.
 * @return other          The system's code.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(apr_status_t) ist_region_unlock(ist_region_t *region);

/**
 * Announce a change: one notification more, for one wait. Never blocks.
 * Releases memory.
 *
 * @param region  An open region.
 *
 * @return APR_SUCCESS    It is announced.
 * @return IST_EOVERFLOW  #IST_COUNT_MAX are waiting already; nothing changed,
 *                        and who waits will not sleep.
 * @return APR_EINVAL     @a region is NULL or closed.
 * @return other          The system's code.
 *
 * @note Needs no lock. Safe from any thread; on POSIX from a signal handler.
 */
IST_DECLARE(apr_status_t) ist_region_notify(ist_region_t *region);

/**
 * Take a notification, waiting for one for as long as it takes. Acquires
 * memory.
 *
 * @param region  An open region.
 *
 * @return APR_SUCCESS  One was taken.
 * @return APR_EINVAL   @a region is NULL or closed.
 * @return other        The system's code.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(apr_status_t) ist_region_wait(ist_region_t *region);

/**
 * Take a notification if there is one now. Acquires memory.
 *
 * @param region  An open region.
 *
 * @return APR_SUCCESS  One was taken.
 * @return APR_EBUSY    There is none.
 * @return APR_EINVAL   @a region is NULL or closed.
 * @return other        The system's code.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(apr_status_t) ist_region_trywait(ist_region_t *region);

/**
 * Take a notification, waiting for one for a limited time. Acquires memory.
 *
 * @param region   An open region.
 * @param timeout  Microseconds; 0 tries once, negative waits for ever.
 *
 * @return APR_SUCCESS  One was taken.
 * @return APR_TIMEUP   The time is over, never sooner; there was none.
 * @return APR_EINVAL   @a region is NULL or closed.
 * @return other        The system's code.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(apr_status_t) ist_region_timedwait(ist_region_t *region, apr_interval_time_t timeout);

/**
 * Tell where the region's memory lies in this process.
 *
 * @param region  An open region.
 *
 * @return Its first byte, aligned to at least 4096 bytes; NULL when @a region
 *         is NULL or closed. Other processes have it at other addresses.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(void *) ist_region_base(const ist_region_t *region);

/**
 * Tell the size of the region's memory.
 *
 * @param region  An open region.
 *
 * @return The bytes asked for at its creation, exactly; 0 when @a region is
 *         NULL or closed.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(apr_size_t) ist_region_size(const ist_region_t *region);

/**
 * Tell whether this handle's open call created the region.
 *
 * @param region  An open region.
 *
 * @return 1 when it did, 0 when it found it or @a region is NULL or closed.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(int) ist_region_created(const ist_region_t *region);

#ifdef __cplusplus
}
#endif

#endif
