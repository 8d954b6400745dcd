/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file isthmus/semaphore.h
 * @brief Named semaphores: counts with an exact maximum.
 *
 * A post releases memory, and a wait that takes a unit acquires it: what was
 * written before the post is seen after the wait it satisfies, in any
 * process. A call that fails orders nothing. A unit belongs to nobody: it stays when
 * its poster dies, and is not given back when its taker dies.
 */
#ifndef ISTHMUS_SEMAPHORE_H
#define ISTHMUS_SEMAPHORE_H

#include <isthmus/base.h>
#include <isthmus/errno.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A handle of a semaphore. */
typedef struct ist_semaphore_t ist_semaphore_t;

/**
 * Open or create a semaphore.
 *
 * @param sem      Receives the handle; NULL after a failure.
 * @param name     The name; see isthmus/base.h.
 * @param initial  Units in a fresh one, 0 to @a maximum. Looked at with a
 *                 create flag only, and ignored when there is one already.
 * @param maximum  Units that it may have at most, 1 to #IST_COUNT_MAX; the
 *                 same holds.
 * @param flags    0 or more of #IST_CREATE or #IST_CREATE_ONLY, #IST_GLOBAL.
 * @param access   Who may open it; looked at when this call creates it.
 * @param pool     Keeps the handle; destroying it closes the semaphore.
 *
 * @return APR_SUCCESS       It is open.
 * @return APR_EINVAL        An argument is malformed; nothing was touched.
 * @return APR_ENAMETOOLONG  The name is longer than #IST_NAME_MAX.
 * @return APR_ENOENT        There is none, and no create flag was given.
 * @return APR_EEXIST        There is one, and #IST_CREATE_ONLY was given.
 * @return APR_EACCES        The caller lacks the right, or another user
 *                           has taken the local name.
 * @return APR_ENOMEM        Too little memory.
 * @return APR_ENOSPC        Too little shared memory is left.
 * @return IST_EFOREIGN      What bears the name was not made by isthmus.
 * @return IST_ECORRUPT      Its header is damaged.
 * @return IST_EVERSION      It has another version's layout.
 * @return IST_EABI          It was made for another C library or word size.
 * @return APR_EBUSY         A process was stopped in the middle of an open
 *                           or close of this name; try later.
 * @return other             The system's code.
 *
 * @note Safe from any thread; @a pool is used by one thread at a time.
 */
IST_DECLARE(apr_status_t) ist_semaphore_open(ist_semaphore_t **sem, const char *name,
                                             apr_uint32_t initial, apr_uint32_t maximum,
                                             apr_uint32_t flags, apr_fileperms_t access,
                                             apr_pool_t *pool);

/**
 * Close a semaphore.
 *
 * @param sem  An open semaphore.
 *
 * @return APR_SUCCESS  It is closed; the handle answers APR_EINVAL now.
 * @return APR_EINVAL   @a sem is NULL or closed.
 *
 * @note Safe from any thread; no other may use the handle then.
 */
IST_DECLARE(apr_status_t) ist_semaphore_close(ist_semaphore_t *sem);

/**
 * Take a unit, waiting for one for as long as it takes. Acquires memory.
 *
 * @param sem  An open semaphore.
 *
 * @return APR_SUCCESS  A unit was taken.
 * @return APR_EINVAL   @a sem is NULL or closed.
 * @return other        The system's code.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(apr_status_t) ist_semaphore_wait(ist_semaphore_t *sem);

/**
 * Take a unit if there is one now. Acquires memory.
 *
 * @param sem  An open semaphore.
 *
 * @return APR_SUCCESS  A unit was taken.
 * @return APR_EBUSY    There is none.
 * @return APR_EINVAL   @a sem is NULL or closed.
 * @return other        The system's code.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(apr_status_t) ist_semaphore_trywait(ist_semaphore_t *sem);

/**
 * Take a unit, waiting for one for a limited time. Acquires memory.
 *
 * @param sem      An open semaphore.
 * @param timeout  Microseconds; 0 tries once, negative waits for ever. Time
 *                 is that of a clock that nobody sets.
 *
 * @return APR_SUCCESS  A unit was taken.
 * @return APR_TIMEUP   The time is over, never sooner; there was none.
 * @return APR_EINVAL   @a sem is NULL or closed.
 * @return other        The system's code.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(apr_status_t) ist_semaphore_timedwait(ist_semaphore_t *sem,
                                                  apr_interval_time_t timeout);

/**
 * Add one unit, waking a waiter: ist_semaphore_post_n() with 1 and NULL.
 *
 * @param sem  An open semaphore.
 *
 * @return APR_SUCCESS    The unit was added.
 * @return IST_EOVERFLOW  The count is at its maximum; nothing changed.
 * @return APR_EINVAL     @a sem is NULL or closed.
 * @return other          The system's code.
 *
 * @note Safe from any thread; on POSIX from a signal handler too.
 */
IST_DECLARE(apr_status_t) ist_semaphore_post(ist_semaphore_t *sem);

/**
 * Add units to a semaphore, waking as many waiters.
 *
 * Never blocks. All @a n units are added, or none. Writes made before the
 * post are seen by the thread whose wait it satisfies, in any process. A unit
 * belongs to nobody: it stays when the poster dies.
 *
 * @param sem       An open semaphore.
 * @param n         Units to add, 1 or more.
 * @param previous  Receives the count before the post, exactly, when it
 *                  succeeds; may be NULL.
 *
 * @return APR_SUCCESS    The units were added.
 * @return IST_EOVERFLOW  The count would pass the maximum; nothing changed.
 * @return APR_EINVAL     @a sem is NULL or closed, or @a n is 0.
 * @return other          The system's code.
 *
 * @note Safe from any thread; on POSIX from a signal handler too.
 */
IST_DECLARE(apr_status_t) ist_semaphore_post_n(ist_semaphore_t *sem, apr_uint32_t n,
                                               apr_uint32_t *previous);

/**
 * Read the count, as a hint: others may change it at any time.
 *
 * @param sem    An open semaphore.
 * @param value  Receives the count.
 *
 * @return APR_SUCCESS  @a value was the count a moment ago.
 * @return APR_EINVAL   @a sem is NULL or closed, or @a value is NULL.
 * @return other        The system's code.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(apr_status_t) ist_semaphore_value(const ist_semaphore_t *sem, apr_uint32_t *value);

/**
 * Tell the maximum that the semaphore was created with.
 *
 * @param sem  An open semaphore.
 *
 * @return The maximum in units; 0 when @a sem is NULL or closed.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(apr_uint32_t) ist_semaphore_maximum(const ist_semaphore_t *sem);

/**
 * Tell whether this handle's open call created the semaphore.
 *
 * @param sem  An open semaphore.
 *
 * @return 1 when it did, 0 when it found it or @a sem is NULL or closed.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(int) ist_semaphore_created(const ist_semaphore_t *sem);

#ifdef __cplusplus
}
#endif

#endif
