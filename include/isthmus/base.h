/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file isthmus/base.h
 * @brief What all kinds share: linkage, version, flags, access, time.
 *
 * @par Names
 * A name is 1 to #IST_NAME_MAX bytes of `A-Z a-z 0-9 . _ -`, neither `.` nor
 * `..`, and case-sensitive on every system. Kinds do not collide: a mutex, a
 * semaphore, a segment, a region and a queue may bear one name.
 *
 * @par Life
 * An object lives from its creation until the last process that has it open
 * closes it or dies, however it dies. Then the name is free and the next
 * creator gets a fresh, zeroed one.
 *
 * @par Handles
 * A handle lives in the pool that was given to its open call: destroying the
 * pool closes it. After an explicit close it answers APR_EINVAL for as long
 * as the pool lives. Any number of threads may use one handle at once; only
 * closing it needs the caller's own care. apr_initialize() is the caller's,
 * and a pool is used by one thread at a time. No handle passes to a program
 * started by exec or CreateProcess; where there is fork, the child may use
 * every handle that it inherited and owns none of its parent's locks.
 *
 * @par Waiting
 * No call is a thread cancellation point, no signal ends a wait, and no wait
 * returns APR_TIMEUP early, whatever happens to the wall clock. Open calls wait
 * for other processes only for the instants that those spend inside an open or
 * close of the same name.
 *
 * @par Results
 * A call's list of results is complete but for what the system may say that nobody
 * foresees: where it has "other", that is the system's own code, of which
 * APR_STATUS_IS_ENOENT() and its like, and ist_strerror(), know the meaning.
 *
 * @par Order of memory
 * A call acquires or releases memory where its description says so. An open
 * call finds the object as its creator finished it. Nothing else is ordered,
 * least of all by a call that failed.
 */
#ifndef ISTHMUS_BASE_H
#define ISTHMUS_BASE_H

#include <apr.h>
#include <apr_errno.h>
#include <apr_file_info.h>
#include <apr_pools.h>
#include <apr_time.h>

/**
 * Linkage of a public function. A Windows program that links the static
 * library defines IST_STATIC.
 */
#if defined(ISTI_BUILDING)
#  if defined(_WIN32) && defined(DLL_EXPORT)
#    define IST_DECLARE(type) __declspec(dllexport) type
#  elif defined(_WIN32)
#    define IST_DECLARE(type) type
#  else
#    define IST_DECLARE(type) __attribute__((visibility("default"))) type
#  endif
#elif defined(_WIN32) && !defined(IST_STATIC)
#  define IST_DECLARE(type) __declspec(dllimport) type
#else
#  define IST_DECLARE(type) type
#endif

#define IST_MAJOR_VERSION  0 /**< Changes when programs must be changed. */
#define IST_MINOR_VERSION  1 /**< Changes when something is added. */
#define IST_PATCH_VERSION  0 /**< Changes when something is mended. */
#define IST_VERSION_STRING "0.1.0" /**< The version of these headers. */

#ifdef __cplusplus
extern "C" {
#endif

/** The longest name, in bytes, without its final NUL. */
#define IST_NAME_MAX 200

/** The largest count of a semaphore, and its largest maximum. */
#define IST_COUNT_MAX 0x7fffffff

/** How many isthmus mutexes one thread may hold at once. */
#define IST_HELD_MAX 1024

/** @name Flags of the open calls
 * Without #IST_CREATE or #IST_CREATE_ONLY an object must exist already.
 * @{ */
#define IST_CREATE      0x01u /**< Open the object, or create it. */
#define IST_CREATE_ONLY 0x02u /**< Create it; APR_EEXIST when there is one. */
#define IST_GLOBAL      0x04u /**< The machine's name, not this user's own. */
#define IST_READ_ONLY   0x08u /**< Segments: a view that can't be written. */
#define IST_POPULATE    0x10u /**< Kinds with bytes: map all pages now. */
#define IST_SEND        0x20u /**< Queues: to send. */
#define IST_RECEIVE     0x40u /**< Queues: to receive. */
#define IST_SOLE        0x80u /**< Queues: nobody else may, on this side. */
/** @} */

/** @name Access
 * An apr_fileperms_t of user, group and world, read and write. Each class has
 * no more than the one before it; no write without read; for all kinds but
 * segments a class has both or neither. It is looked at on creation only, and
 * is exact: the umask doesn't narrow it. 0 and APR_FPROT_OS_DEFAULT mean
 * #IST_ACCESS_OWNER.
 * @{ */
/** The owner alone. */
#define IST_ACCESS_OWNER (APR_FPROT_UREAD | APR_FPROT_UWRITE)
/** The owner and the owner's group. */
#define IST_ACCESS_GROUP (IST_ACCESS_OWNER | APR_FPROT_GREAD | APR_FPROT_GWRITE)
/** Everybody on the machine. */
#define IST_ACCESS_WORLD (IST_ACCESS_GROUP | APR_FPROT_WREAD | APR_FPROT_WWRITE)
/** @} */

/** The timeout that never comes. Any negative timeout means the same. */
#define IST_FOREVER ((apr_interval_time_t)-1)

/**
 * Tell the version of the library in use.
 *
 * @return Its version, such as "0.1.0"; a constant string. It is that of the
 *         library at run time: #IST_VERSION_STRING is that of the headers.
 *
 * @note Safe from any thread, at any time.
 */
IST_DECLARE(const char *) ist_version(void);

#ifdef __cplusplus
}
#endif

#endif
