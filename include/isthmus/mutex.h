/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file isthmus/mutex.h
 * @brief Named mutexes: recursive, owned by a thread, aware of owners' deaths.
 *
 * Every lock call that returns APR_SUCCESS or #IST_ABANDONED acquires memory:
 * what was written before the unlock (or death) of the last owner is seen.
 * Every unlock releases it. A call that fails orders nothing.
 *
 * A lock that is another's is tried for up to 60 microseconds, if that has paid
 * before, and then slept for; with the environment variable ISTHMUS_SPIN at 0, only
 * slept for. Who is first to wait is not promised to be served first.
 */
#ifndef ISTHMUS_MUTEX_H
#define ISTHMUS_MUTEX_H

#include <isthmus/base.h>
#include <isthmus/errno.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A handle of a mutex. */
typedef struct ist_mutex_t ist_mutex_t;

/**
 * Open or create a mutex. A fresh one is free.
 *
 * @param mutex   Receives the handle; NULL after a failure.
 * @param name    The name; see isthmus/base.h.
 * @param flags   0 or more of #IST_CREATE or #IST_CREATE_ONLY, #IST_GLOBAL.
 * @param access  Who may open it; looked at when this call creates it.
 * @param pool    Keeps the handle; destroying it closes the mutex.
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
 * @return IST_ENAMESPACE    It belongs to another PID namespace.
 * @return APR_EBUSY         A process was stopped in the middle of an open
 *                           or close of this name; try later.
 * @return other             The system's code.
 *
 * @note Safe from any thread; @a pool is used by one thread at a time.
 */
IST_DECLARE(apr_status_t) ist_mutex_open(ist_mutex_t **mutex, const char *name,
                                         apr_uint32_t flags, apr_fileperms_t access,
                                         apr_pool_t *pool);

/**
 * Close a mutex.
 *
 * The last handle of this process can't be closed while one of its threads
 * owns the mutex. (A pool that is destroyed with it keeps the mutex open
 * until that thread unlocks it through another handle, or ends.)
 *
 * @param mutex  An open mutex.
 *
 * @return APR_SUCCESS  It is closed; the handle answers APR_EINVAL now.
 * @return APR_EBUSY    A thread of this process owns the mutex, and this is
 *                      the process's last handle; it stays open.
 * @return APR_EINVAL   @a mutex is NULL or closed.
 *
 * @note Safe from any thread; no other may use the handle then.
 */
IST_DECLARE(apr_status_t) ist_mutex_close(ist_mutex_t *mutex);

/**
 * Lock a mutex, waiting for as long as it takes.
 *
 * A thread that owns it already goes one deeper, and has to unlock it once
 * more. Acquires memory.
 *
 * @param mutex  An open mutex.
 *
 * @return APR_SUCCESS    The caller owns it.
 * @return IST_ABANDONED  The caller owns it, and its last owner died while
 *                        it held it: what it guards may be half-written.
 *                        One locker is told of each death.
 * @return IST_ELIMIT     The thread holds #IST_HELD_MAX mutexes already, or
 *                        this one 2^32-1 deep.
 * @return IST_ENAMESPACE  The caller is a child that a fork put into another PID
 *                        namespace than the mutex's.
 * @return APR_EINVAL     @a mutex is NULL or closed.
 * @return other          The system's code.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(apr_status_t) ist_mutex_lock(ist_mutex_t *mutex);

/**
 * Lock a mutex if that takes no waiting. Acquires memory.
 *
 * @param mutex  An open mutex.
 *
 * @return APR_SUCCESS    The caller owns it.
 * @return IST_ABANDONED  As for ist_mutex_lock().
 * @return APR_EBUSY      Another thread owns it.
 * @return IST_ELIMIT, IST_ENAMESPACE  As for ist_mutex_lock().
 * @return APR_EINVAL     @a mutex is NULL or closed.
 * @return other          The system's code.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(apr_status_t) ist_mutex_trylock(ist_mutex_t *mutex);

/**
 * Lock a mutex, waiting for a limited time. Acquires memory.
 *
 * @param mutex    An open mutex.
 * @param timeout  Microseconds; 0 tries once, negative waits for ever. Time
 *                 is that of a clock that nobody sets.
 *
 * @return APR_SUCCESS    The caller owns it.
 * @return IST_ABANDONED  As for ist_mutex_lock().
 * @return APR_TIMEUP     The time is over, never sooner; another owns it.
 * @return IST_ELIMIT, IST_ENAMESPACE  As for ist_mutex_lock().
 * @return APR_EINVAL     @a mutex is NULL or closed.
 * @return other          The system's code.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(apr_status_t) ist_mutex_timedlock(ist_mutex_t *mutex, apr_interval_time_t timeout);

/**
 * Unlock a mutex. Never blocks. Releases memory.
 *
 * After as many unlocks as locks, over all handles of the mutex in this
 * process, it is free.
 *
 * @param mutex  An open mutex.
 *
 * @return APR_SUCCESS    It is one less deep, or free.
 * @return IST_ENOTOWNER  This thread does not own it; nothing changed.
 * @return APR_EINVAL     @a mutex is NULL or closed.
 * @return other          The system's code.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(apr_status_t) ist_mutex_unlock(ist_mutex_t *mutex);

/**
 * Tell whether this handle's open call created the mutex.
 *
 * @param mutex  An open mutex.
 *
 * @return 1 when it did, 0 when it found it or @a mutex is NULL or closed.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(int) ist_mutex_created(const ist_mutex_t *mutex);

#ifdef __cplusplus
}
#endif

#endif
