/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file isthmus/objects.h
 * @brief All objects of the machine: list them, sweep up dead ones.
 */
#ifndef ISTHMUS_OBJECTS_H
#define ISTHMUS_OBJECTS_H

#include <isthmus/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What an object is. The numbers are those in shared memory. */
typedef enum ist_kind_e {
    IST_KIND_MUTEX = 'm',     /**< A mutex. */
    IST_KIND_SEMAPHORE = 's', /**< A semaphore. */
    IST_KIND_SHM = 'd',       /**< A segment of shared memory (data). */
    IST_KIND_REGION = 'r',    /**< A region. */
    IST_KIND_QUEUE = 'q',     /**< A queue. */
    IST_KIND_SENDERS = 'o',   /**< The claim of a queue's sending side. */
    IST_KIND_RECEIVERS = 'i'  /**< The claim of a queue's receiving side. */
} ist_kind_e;

/** How an object fares. */
typedef enum ist_state_e {
    IST_STATE_LIVE,   /**< A process has it open. */
    IST_STATE_DEAD,   /**< Left behind by a crash: a sweep would remove it. */
    IST_STATE_UNKNOWN /**< The caller may not look inside. */
} ist_state_e;

/** What ist_list() tells of an object. */
typedef struct ist_info_t {
    const char *name;   /**< Its name; lives as long as the pool. */
    ist_kind_e kind;    /**< What it is. */
    int global;         /**< 1 for the machine's, 0 for a user's own. */
    ist_state_e state;  /**< How it fares. */
    apr_uint64_t size;  /**< Bytes of data, 0 for a mutex or semaphore, or unknown. */
    apr_fileperms_t access; /**< Who may open it, 0 when unknown. */
    apr_int64_t user;       /**< The number of the user whose it is; -1 when unknown. */
    apr_time_t since;       /**< When its file was made; 0 when unknown. */
    apr_uint32_t units;     /**< A semaphore's count, or a region's news, at that instant. */
    apr_uint32_t maximum;   /**< The most of these; a queue's largest message; 0 when unknown. */
    apr_uint64_t sent;      /**< A queue's: bytes ever sent, with all that goes with them. */
    apr_uint64_t received;  /**< Those of them that were received. */
} ist_info_t;

/** Sees one object of a list; anything but APR_SUCCESS ends the listing. */
typedef apr_status_t ist_list_fn_t(void *baton, const ist_info_t *info);

/**
 * List the objects of the machine that the caller may see.
 *
 * Looking changes nothing: it prolongs no object's life, and makes no open
 * fail. Local objects of other users are left out. On Windows those of the
 * caller's session and the machine are seen, without anything that would have
 * to be opened to be known: size, access, user, time, and counts. The time is
 * told where the system keeps it (tmpfs since Linux 5.18), to a hundredth of a
 * second; an object that is made again in place (LIFE-1) has its file's.
 *
 * @param visit  Called for each object, in no particular order. It may open,
 *               close and sweep.
 * @param baton  Passed to @a visit.
 * @param pool   For the names, and scratch.
 *
 * @return APR_SUCCESS  All were shown.
 * @return APR_EINVAL   @a visit or @a pool is NULL.
 * @return other        What @a visit returned to end the listing, or the system's
 *                      code when it can't be read what there is.
 *
 * @note Safe from any thread; @a pool is used by one thread at a time.
 */
IST_DECLARE(apr_status_t) ist_list(ist_list_fn_t *visit, void *baton, apr_pool_t *pool);

/**
 * Remove all that crashed processes left behind.
 *
 * Never touches a live object. Leftovers of other users, that the caller has
 * no right to remove, stay. (Nothing needs it: the next open of a name
 * reclaims what is left there. Where the system itself cleans up, as Windows
 * does, there is nothing to do.)
 *
 * @param removed  Receives how many objects were removed; may be NULL.
 * @param pool     For scratch.
 *
 * @return APR_SUCCESS  Done.
 * @return APR_EINVAL   @a pool is NULL.
 * @return other        The system's code when it can't be read what there is.
 *
 * @note Safe from any thread; @a pool is used by one thread at a time.
 */
IST_DECLARE(apr_status_t) ist_sweep(apr_uint32_t *removed, apr_pool_t *pool);

#ifdef __cplusplus
}
#endif

#endif
