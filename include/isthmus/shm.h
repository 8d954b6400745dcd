/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file isthmus/shm.h
 * @brief Named shared memory: segments.
 */
#ifndef ISTHMUS_SHM_H
#define ISTHMUS_SHM_H

#include <isthmus/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A handle of a segment of shared memory. */
typedef struct ist_shm_t ist_shm_t;

/**
 * Open or create a segment of shared memory.
 *
 * A fresh segment is zeroed, and all its memory is there when the call
 * returns. Never waits for other processes, but for the instants that
 * they spend inside an open or close of the same name. Opening a segment
 * that this process has open already shares that view; a read-only view is
 * another one.
 *
 * @param shm     Receives the handle; NULL after a failure.
 * @param name    The name; see isthmus/base.h.
 * @param size    Bytes. To create: the exact size, 1 or more. For a segment
 *                that exists: at least so many are needed; 0 takes it as it is.
 * @param flags   0 or more of #IST_CREATE or #IST_CREATE_ONLY, #IST_GLOBAL,
 *                #IST_POPULATE, #IST_READ_ONLY (not with a create flag).
 * @param access  Who may open it; looked at when this call creates it.
 * @param pool    Keeps the handle; destroying it closes the segment.
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
 * @return APR_EBUSY         A process was stopped in the middle of an open
 *                           or close of this name; try later.
 * @return other             The system's code.
 *
 * @note Safe from any thread; @a pool is used by one thread at a time.
 */
IST_DECLARE(apr_status_t) ist_shm_open(ist_shm_t **shm, const char *name, apr_size_t size,
                                       apr_uint32_t flags, apr_fileperms_t access,
                                       apr_pool_t *pool);

/**
 * Close a segment.
 *
 * The view is gone when this process has closed every handle of the segment;
 * the segment is, when every process has.
 *
 * @param shm  An open segment.
 *
 * @return APR_SUCCESS  It is closed; the handle answers APR_EINVAL now.
 * @return APR_EINVAL   @a shm is NULL or closed.
 *
 * @note Safe from any thread; no other may use the handle then.
 */
IST_DECLARE(apr_status_t) ist_shm_close(ist_shm_t *shm);

/**
 * Tell where the segment lies in this process.
 *
 * @param shm  An open segment.
 *
 * @return Its first byte, aligned to at least 4096 bytes; NULL when @a shm is
 *         NULL or closed. Other processes have it at other addresses.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(void *) ist_shm_base(const ist_shm_t *shm);

/**
 * Tell the size of a segment.
 *
 * @param shm  An open segment.
 *
 * @return The bytes asked for at its creation, exactly; 0 when @a shm is NULL
 *         or closed.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(apr_size_t) ist_shm_size(const ist_shm_t *shm);

/**
 * Tell whether this handle's open call created the segment.
 *
 * @param shm  An open segment.
 *
 * @return 1 when it did, 0 when it found it or @a shm is NULL or closed.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(int) ist_shm_created(const ist_shm_t *shm);

#ifdef __cplusplus
}
#endif

#endif
