/* SPDX-License-Identifier: Apache-2.0 */
/* Opening and closing, for all kinds. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* How long an open waits for a process that is in the middle of opening or
 * closing the same name. It takes microseconds, unless that process is
 * stopped just there. */
#define PATIENCE  (INT64_C(2) * 1000 * 1000 * 1000)
#define PAUSE_MIN 20u /* microseconds */
#define PAUSE_MAX 2000u

static void specify(ist_os_spec_t *spec, const isti_request_t *request, const char *key)
{
    const isti_kind_t *kind = isti_kind(request->kind);
    memset(spec, 0, sizeof *spec);
    spec->key = key;
    spec->kind = request->kind;
    spec->global = (request->flags & IST_GLOBAL) != 0;
    spec->read_only = (request->flags & IST_READ_ONLY) != 0;
    spec->mutexes = kind->mutexes;
    spec->semaphores = kind->semaphores;
    spec->size = kind->sized ? request->size : 0;
    spec->initial = request->initial;
    spec->maximum = request->maximum;
    spec->access = request->access;
    if (spec->access == 0 || spec->access == APR_FPROT_OS_DEFAULT)
        spec->access = IST_ACCESS_OWNER;
}

static ist_os_mode_e mode_of(apr_uint32_t flags)
{
    if ((flags & IST_CREATE_ONLY) != 0)
        return IST_OS_CREATE_ONLY;
    return (flags & IST_CREATE) != 0 ? IST_OS_CREATE : IST_OS_OPEN;
}

/* Point the object's mutexes and counts to where they lie. */
static apr_status_t wire(isti_object_t *object)
{
    isti_header_t *header = object->os.header;
    for (uint32_t i = 0; i < object->spec.mutexes; i++)
        object->owner[i].mutex = ist_os_mutex(&object->os, i);
    for (uint32_t i = 0; i < object->spec.semaphores; i++) {
        isti_count_t *count = &object->count[i];
        uint32_t ignored;
        if (header == NULL) {
            apr_status_t rv = ist_os_count(&object->os, i, &ignored, &count->maximum);
            if (rv != APR_SUCCESS)
                return rv;
            continue;
        }
        count->slot = &header->count[i];
        count->maximum = atomic_load_explicit(&count->slot->maximum, memory_order_relaxed);
        if (count->maximum < 1 || count->maximum > IST_COUNT_MAX)
            return IST_ECORRUPT;
    }
    return APR_SUCCESS;
}

static apr_status_t open_new(isti_object_t **opened, const ist_os_spec_t *spec, ist_os_mode_e mode)
{
    isti_object_t *object = calloc(1, sizeof *object);
    if (object == NULL)
        return APR_ENOMEM;
    object->spec = *spec;
    memcpy(object->key, spec->key, strlen(spec->key) + 1);
    object->spec.key = object->key;
    apr_status_t rv = ist_os_open(&object->os, &object->spec, mode);
    if (rv != APR_SUCCESS) {
        free(object);
        return rv;
    }
    isti_registry_add(object);
    rv = wire(object);
    if (rv != APR_SUCCESS) {
        isti_object_close(object);
        return rv;
    }
    *opened = object;
    return APR_SUCCESS;
}

/* One attempt, inside the guard. */
static apr_status_t attempt(isti_object_t **opened, int *created, const ist_os_spec_t *spec,
                            ist_os_mode_e mode)
{
    isti_object_t *object = isti_registry_find(spec);
    if (object != NULL && mode == IST_OS_CREATE_ONLY)
        return APR_EEXIST;
    *created = 0;
    if (object == NULL) {
        apr_status_t rv = open_new(&object, spec, mode);
        if (rv != APR_SUCCESS)
            return rv;
        *created = object->os.created;
    }
    if (object->os.size < spec->size) {
        if (object->handles == 0 && !isti_object_owned(object))
            isti_object_close(object);
        return IST_ESIZE;
    }
    object->handles++;
    *opened = object;
    return APR_SUCCESS;
}

static apr_status_t attempt_until_clear(isti_object_t **opened, int *created,
                                        const ist_os_spec_t *spec, ist_os_mode_e mode)
{
    int64_t deadline = 0;
    for (uint32_t pause = PAUSE_MIN;; pause = pause < PAUSE_MAX / 2 ? pause * 2 : PAUSE_MAX) {
        ist_os_enter();
        apr_status_t rv = attempt(opened, created, spec, mode);
        ist_os_leave();
        if (rv != APR_EAGAIN)
            return rv;
        if (deadline == 0)
            deadline = ist_os_now() + PATIENCE;
        else if (ist_os_now() > deadline)
            return APR_EBUSY;
        ist_os_pause(pause);
    }
}

/* Let go of a handle. Without `force` the last one of an owned object stays. */
static apr_status_t release(isti_handle_t *handle, int force)
{
    isti_object_t *object = handle->object;
    apr_status_t rv = APR_SUCCESS;
    ist_os_enter();
    int last = object->handles == 1;
    int owned = last && isti_object_owned(object);
    if (owned && !force) {
        rv = APR_EBUSY;
    } else {
        handle->object = NULL;
        object->handles--;
        if (last && !owned)
            isti_object_close(object);
    }
    ist_os_leave();
    return rv;
}

static apr_status_t pool_dies(void *data)
{
    isti_handle_t *handle = data;
    return handle->object == NULL ? APR_SUCCESS : release(handle, 1);
}

/* Exchanging a byte for itself needs its page for writing, and changes nothing
 * that others write meanwhile. */
static void touch(_Atomic(unsigned char) *byte)
{
    unsigned char now = atomic_load_explicit(byte, memory_order_relaxed);
    (void)atomic_compare_exchange_strong_explicit(byte, &now, now, memory_order_relaxed,
                                                  memory_order_relaxed);
}

/* First touch of every page, so that no later access faults. */
static void populate(const isti_object_t *object)
{
    unsigned char *base = (unsigned char *)object->os.header;
    uint64_t length = ISTI_HEADER_SIZE + object->os.size;
    for (uint64_t at = ISTI_HEADER_SIZE; at < length; at += 4096) {
        if (object->spec.read_only)
            (void)*(volatile unsigned char *)(base + at);
        else
            touch((_Atomic(unsigned char) *)(base + at));
    }
}

apr_status_t isti_open(isti_handle_t **handle, const isti_request_t *request)
{
    char key[IST_OS_KEY_MAX];
    ist_os_spec_t spec;
    if (handle == NULL)
        return APR_EINVAL;
    *handle = NULL;
    apr_status_t rv = isti_request_check(request);
    if (rv != APR_SUCCESS)
        return rv;
    specify(&spec, request, key);
    rv = ist_os_encode(key, spec.kind, spec.global, request->name);
    if (rv != APR_SUCCESS)
        return rv;
    isti_handle_t *opened = apr_pcalloc(request->pool, sizeof *opened);
    if (opened == NULL)
        return APR_ENOMEM;
    rv = attempt_until_clear(&opened->object, &opened->created, &spec, mode_of(request->flags));
    if (rv != APR_SUCCESS)
        return rv;
    opened->pool = request->pool;
    for (uint32_t i = 0; i < spec.mutexes; i++)
        opened->owner[i] = &opened->object->owner[i];
    apr_pool_cleanup_register(request->pool, opened, pool_dies, apr_pool_cleanup_null);
    if ((request->flags & IST_POPULATE) != 0)
        populate(opened->object);
    *handle = opened;
    return APR_SUCCESS;
}

apr_status_t isti_close(isti_handle_t *handle)
{
    if (isti_object(handle) == NULL)
        return APR_EINVAL;
    apr_status_t rv = release(handle, 0);
    if (rv == APR_SUCCESS)
        apr_pool_cleanup_kill(handle->pool, handle, pool_dies);
    return rv;
}
