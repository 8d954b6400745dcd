/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file isthmus/errno.h
 * @brief The project's own status codes, and their words.
 *
 * Every call returns an apr_status_t. What the documentation of a call names
 * is one canonical code, the same on every system: one of these or one of
 * APR's. Any other failure keeps the system's code through
 * APR_FROM_OS_ERROR.
 */
#ifndef ISTHMUS_ERRNO_H
#define ISTHMUS_ERRNO_H

#include <isthmus/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Where the project's own codes start. Offsets never change their meaning. */
#define IST_START_STATUS (APR_OS_START_USERERR + 7000)

/**
 * The mutex is yours, but its last owner died while it held it: what it
 * guards may be half-written. Look at it and mend it before the unlock, which
 * makes the mutex as new. Not a failure: see #IST_LOCKED.
 */
#define IST_ABANDONED (IST_START_STATUS + 1)
/** This thread does not own the mutex. */
#define IST_ENOTOWNER (IST_START_STATUS + 2)
/** The count would pass the semaphore's maximum. */
#define IST_EOVERFLOW (IST_START_STATUS + 3)
/** The object is smaller than the size asked for. */
#define IST_ESIZE (IST_START_STATUS + 4)
/** What bears the name was not made by isthmus. */
#define IST_EFOREIGN (IST_START_STATUS + 5)
/** The object's header in shared memory is damaged. */
#define IST_ECORRUPT (IST_START_STATUS + 6)
/** The object was made by a version with another layout. */
#define IST_EVERSION (IST_START_STATUS + 7)
/** The object's locks were made for another C library or word size. */
#define IST_EABI (IST_START_STATUS + 8)
/** The object's locks belong to another PID namespace (container). */
#define IST_ENAMESPACE (IST_START_STATUS + 9)
/** This thread holds #IST_HELD_MAX mutexes, or this one too deep. */
#define IST_ELIMIT (IST_START_STATUS + 10)
/** The message is larger than the queue takes, or than the buffer. */
#define IST_EMSGSIZE (IST_START_STATUS + 11)

/**
 * Tell whether a lock call's status says that the caller owns the mutex now.
 *
 * A function by a macro's name: its argument may be the lock call itself.
 *
 * @param status  What a lock call returned.
 *
 * @return 1 for APR_SUCCESS and #IST_ABANDONED, 0 for all else.
 *
 * @note Safe from any thread.
 */
static inline int IST_LOCKED(apr_status_t status)
{
    return status == APR_SUCCESS || status == IST_ABANDONED;
}

/**
 * Word a status: one of isthmus's, of APR's or of the system's.
 *
 * @param status  What a call returned.
 * @param buf     Receives the text, cut to fit, always ended by a NUL.
 * @param size    Bytes in @a buf; when 0 or @a buf is NULL, nothing is written.
 *
 * @return @a buf, or an empty constant string when there is no room at all.
 *
 * @note Safe from any thread. Neither allocates nor blocks.
 */
IST_DECLARE(const char *) ist_strerror(apr_status_t status, char *buf, apr_size_t size);

#ifdef __cplusplus
}
#endif

#endif
