/* SPDX-License-Identifier: Apache-2.0 */
/* What steps does with an object of each kind. */
#include "steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static apr_status_t open_kind(steps_t *s, const char *name, unsigned long long size,
                              apr_uint32_t flags, apr_fileperms_t access)
{
    const ist_queue_geometry_t geometry = {(apr_uint32_t)size, 4};
    apr_size_t bytes = (apr_size_t)size;
    switch (s->kind) {
    case 'm':
        return ist_mutex_open(&s->mutex, name, flags, access, s->pool);
    case 's':
        return ist_semaphore_open(&s->semaphore, name, 1, 9, flags, access, s->pool);
    case 'd':
        return ist_shm_open(&s->shm, name, bytes, flags, access, s->pool);
    case 'r':
        return ist_region_open(&s->region, name, bytes, flags, access, s->pool);
    case 'q':
        return ist_queue_open(&s->queue, name, &geometry, flags | IST_SEND | IST_RECEIVE, access,
                              s->pool);
    default:
        return APR_ENOTIMPL;
    }
}

apr_status_t steps_open(steps_t *s, const char *step)
{
    char verb[16];
    char name[201];
    char kind = 0;
    unsigned long long size = 0;
    int found = sscanf(step, "%15[a-z]:%c:%200[^:]:%llu", verb, &kind, name, &size);
    if (found < 3)
        return sscanf(step, "%15[a-z]:%llu", verb, &size) == 2 ? steps_limit(verb, size)
                                                               : APR_ENOTIMPL;
    s->kind = kind;
    if (strcmp(verb, "create") == 0)
        return open_kind(s, name, size, IST_CREATE, 0);
    if (strcmp(verb, "public") == 0)
        return open_kind(s, name, size, IST_CREATE | IST_GLOBAL, IST_ACCESS_WORLD);
    return strcmp(verb, "open") == 0 ? open_kind(s, name, 0, 0, 0) : APR_ENOTIMPL;
}

static apr_status_t close_kind(steps_t *s)
{
    switch (s->kind) {
    case 'm':
        return ist_mutex_close(s->mutex);
    case 's':
        return ist_semaphore_close(s->semaphore);
    case 'd':
        return ist_shm_close(s->shm);
    case 'q':
        return ist_queue_close(s->queue);
    default:
        return ist_region_close(s->region);
    }
}

/* Every page, so that memory which is not there would show. */
static apr_status_t touch(steps_t *s, int write)
{
    unsigned char *base = s->kind == 'd' ? ist_shm_base(s->shm) : ist_region_base(s->region);
    apr_size_t size = s->kind == 'd' ? ist_shm_size(s->shm) : ist_region_size(s->region);
    if (base == NULL)
        return APR_EINVAL;
    for (apr_size_t at = 0; at < size; at += 4096) {
        unsigned char right = (unsigned char)(at / 4096 * 31 + 7);
        if (write)
            base[at] = right;
        else if (base[at] != right)
            return IST_ECORRUPT;
    }
    return APR_SUCCESS;
}

apr_status_t steps_use(steps_t *s, const char *step)
{
    const int mutex = s->kind == 'm';
    const int semaphore = s->kind == 's';
    if (strcmp(step, "close") == 0)
        return close_kind(s);
    if (strcmp(step, "write") == 0 || strcmp(step, "read") == 0)
        return touch(s, *step == 'w');
    if (strcmp(step, "lock") == 0)
        return mutex ? ist_mutex_trylock(s->mutex) : ist_region_trylock(s->region);
    if (strcmp(step, "unlock") == 0)
        return mutex ? ist_mutex_unlock(s->mutex) : ist_region_unlock(s->region);
    if (strcmp(step, "post") == 0)
        return semaphore ? ist_semaphore_post(s->semaphore) : ist_region_notify(s->region);
    if (strcmp(step, "take") == 0)
        return semaphore ? ist_semaphore_trywait(s->semaphore) : ist_region_trywait(s->region);
    return APR_ENOTIMPL;
}
