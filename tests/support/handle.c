/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds behind one set of calls, for what is promised of all.
 */
#include "peer.h"

#include <string.h>

const ist_kind_e tst_kinds[TST_KINDS] = {IST_KIND_MUTEX, IST_KIND_SEMAPHORE, IST_KIND_SHM,
                                         IST_KIND_REGION, IST_KIND_QUEUE};

const char *tst_kind_name(ist_kind_e kind)
{
    switch (kind) {
    case IST_KIND_MUTEX:
        return "mutex";
    case IST_KIND_SEMAPHORE:
        return "semaphore";
    case IST_KIND_SHM:
        return "segment";
    case IST_KIND_REGION:
        return "region";
    case IST_KIND_QUEUE:
        return "queue";
    case IST_KIND_SENDERS:
        return "sending side";
    case IST_KIND_RECEIVERS:
        return "receiving side";
    }
    return "?";
}

apr_status_t tst_open_as(tst_handle_t *handle, ist_kind_e kind, const char *name,
                         apr_uint32_t flags, apr_uint64_t size, apr_uint32_t maximum,
                         apr_fileperms_t access, apr_pool_t *pool)
{
    const ist_queue_geometry_t geometry = {(apr_uint32_t)size, maximum};
    memset(handle, 0, sizeof *handle);
    handle->kind = kind;
    switch (kind) {
    case IST_KIND_MUTEX:
        return ist_mutex_open(&handle->mutex, name, flags, access, pool);
    case IST_KIND_SEMAPHORE:
        return ist_semaphore_open(&handle->semaphore, name, (apr_uint32_t)size, maximum, flags,
                                  access, pool);
    case IST_KIND_SHM:
        return ist_shm_open(&handle->shm, name, (apr_size_t)size, flags, access, pool);
    case IST_KIND_REGION:
        return ist_region_open(&handle->region, name, (apr_size_t)size, flags, access, pool);
    case IST_KIND_QUEUE:
        return ist_queue_open(&handle->queue, name, &geometry, flags, access, pool);
    default:
        break;
    }
    return TST_STATUS_WHAT;
}

apr_status_t tst_open(tst_handle_t *handle, ist_kind_e kind, const char *name,
                      apr_uint32_t flags, apr_pool_t *pool)
{
    return tst_open_as(handle, kind, name, flags, kind == IST_KIND_SEMAPHORE ? 0 : 4096, 10, 0,
                       pool);
}

apr_status_t tst_close(tst_handle_t *handle)
{
    switch (handle->kind) {
    case IST_KIND_MUTEX:
        return ist_mutex_close(handle->mutex);
    case IST_KIND_SEMAPHORE:
        return ist_semaphore_close(handle->semaphore);
    case IST_KIND_SHM:
        return ist_shm_close(handle->shm);
    case IST_KIND_REGION:
        return ist_region_close(handle->region);
    case IST_KIND_QUEUE:
        return ist_queue_close(handle->queue);
    default:
        break;
    }
    return TST_STATUS_WHAT;
}

int tst_created(const tst_handle_t *handle)
{
    switch (handle->kind) {
    case IST_KIND_MUTEX:
        return ist_mutex_created(handle->mutex);
    case IST_KIND_SEMAPHORE:
        return ist_semaphore_created(handle->semaphore);
    case IST_KIND_SHM:
        return ist_shm_created(handle->shm);
    case IST_KIND_REGION:
        return ist_region_created(handle->region);
    case IST_KIND_QUEUE:
        return ist_queue_created(handle->queue);
    default:
        break;
    }
    return -1;
}

void *tst_base(const tst_handle_t *handle)
{
    return handle->kind == IST_KIND_REGION ? ist_region_base(handle->region)
                                           : ist_shm_base(handle->shm);
}

apr_size_t tst_size(const tst_handle_t *handle)
{
    return handle->kind == IST_KIND_REGION ? ist_region_size(handle->region)
                                           : ist_shm_size(handle->shm);
}

typedef struct seek_t {
    ist_kind_e kind;
    const char *name;
    int global;
    int found;
} seek_t;

static apr_status_t seek(void *baton, const ist_info_t *info)
{
    seek_t *wanted = baton;
    if (info->kind == wanted->kind && info->global == wanted->global &&
        strcmp(info->name, wanted->name) == 0)
        wanted->found = 1;
    return APR_SUCCESS;
}

int tst_exists(ist_kind_e kind, const char *name, apr_uint32_t flags)
{
    seek_t wanted = {kind, name, (flags & IST_GLOBAL) != 0, 0};
    apr_pool_t *pool = tst_subpool();
    TST_OK(ist_list(seek, &wanted, pool));
    apr_pool_destroy(pool);
    return wanted.found;
}
