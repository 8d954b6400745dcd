/* SPDX-License-Identifier: Apache-2.0 */
/* Semaphores: an object of one count alone. */
#include "internal.h"

/* The public type is the common handle, and nothing more. */

apr_status_t ist_semaphore_open(ist_semaphore_t **sem, const char *name, apr_uint32_t initial,
                                apr_uint32_t maximum, apr_uint32_t flags, apr_fileperms_t access,
                                apr_pool_t *pool)
{
    isti_handle_t *handle = NULL;
    if (sem == NULL)
        return APR_EINVAL;
    isti_request_t request = {IST_KIND_SEMAPHORE, name, 0, initial, maximum, flags, access, pool};
    apr_status_t rv = isti_open(&handle, &request);
    *sem = (ist_semaphore_t *)handle;
    return rv;
}

apr_status_t ist_semaphore_close(ist_semaphore_t *sem)
{
    return isti_close((isti_handle_t *)sem);
}

apr_status_t ist_semaphore_wait(ist_semaphore_t *sem)
{
    return isti_wait((isti_handle_t *)sem, 0);
}

apr_status_t ist_semaphore_trywait(ist_semaphore_t *sem)
{
    return isti_trywait((isti_handle_t *)sem, 0);
}

apr_status_t ist_semaphore_timedwait(ist_semaphore_t *sem, apr_interval_time_t timeout)
{
    return isti_timedwait((isti_handle_t *)sem, 0, timeout);
}

apr_status_t ist_semaphore_post(ist_semaphore_t *sem)
{
    return isti_post((isti_handle_t *)sem, 0, 1, NULL);
}

apr_status_t ist_semaphore_post_n(ist_semaphore_t *sem, apr_uint32_t n, apr_uint32_t *previous)
{
    return isti_post((isti_handle_t *)sem, 0, n, previous);
}

apr_status_t ist_semaphore_value(const ist_semaphore_t *sem, apr_uint32_t *value)
{
    return isti_value((const isti_handle_t *)sem, 0, value);
}

apr_uint32_t ist_semaphore_maximum(const ist_semaphore_t *sem)
{
    const isti_object_t *object = isti_object((const isti_handle_t *)sem);
    return object == NULL ? 0 : object->count[0].maximum;
}

int ist_semaphore_created(const ist_semaphore_t *sem)
{
    return isti_created((const isti_handle_t *)sem);
}
