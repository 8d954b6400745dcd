/* SPDX-License-Identifier: Apache-2.0 */
/* Segments: an object of bytes alone. */
#include "internal.h"

/* The public type is the common handle, and nothing more. */

apr_status_t ist_shm_open(ist_shm_t **shm, const char *name, apr_size_t size, apr_uint32_t flags,
                          apr_fileperms_t access, apr_pool_t *pool)
{
    isti_handle_t *handle = NULL;
    if (shm == NULL)
        return APR_EINVAL;
    isti_request_t request = {IST_KIND_SHM, name, size, 0, 0, flags, access, pool};
    apr_status_t rv = isti_open(&handle, &request);
    *shm = (ist_shm_t *)handle;
    return rv;
}

apr_status_t ist_shm_close(ist_shm_t *shm)
{
    return isti_close((isti_handle_t *)shm);
}

void *ist_shm_base(const ist_shm_t *shm)
{
    return isti_base((const isti_handle_t *)shm);
}

apr_size_t ist_shm_size(const ist_shm_t *shm)
{
    return isti_size((const isti_handle_t *)shm);
}

int ist_shm_created(const ist_shm_t *shm)
{
    return isti_created((const isti_handle_t *)shm);
}
