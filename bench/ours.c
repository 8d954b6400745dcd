/* SPDX-License-Identifier: Apache-2.0 */
/* The measured operations by isthmus. */
#include <apr_strings.h>
#include <isthmus.h>

#include "side.h"

typedef ist_mutex_t *mutex_h;
typedef ist_semaphore_t *sem_h;

static apr_pool_t *parent;
static apr_pool_t *passing; /* gives back what each handle of a segment took */

static inline apr_status_t lock_it(mutex_h it)
{
    return ist_mutex_lock(it);
}

static inline apr_status_t unlock_it(mutex_h it)
{
    return ist_mutex_unlock(it);
}

static inline apr_status_t post_it(sem_h it)
{
    return ist_semaphore_post(it);
}

static inline apr_status_t wait_it(sem_h it)
{
    return ist_semaphore_wait(it);
}

static inline apr_status_t open_close(const char *name, apr_size_t size, apr_uint32_t flags)
{
    ist_shm_t *shm;
    apr_status_t rv = ist_shm_open(&shm, name, size, flags, 0, passing);
    if (rv == APR_SUCCESS)
        rv = ist_shm_close(shm);
    apr_pool_clear(passing);
    return rv;
}

static inline apr_status_t create_it(const char *name, apr_size_t size)
{
    return open_close(name, size, IST_CREATE_ONLY);
}

static inline apr_status_t open_it(const char *name, apr_size_t size)
{
    return open_close(name, size, 0);
}

#include "loops.h"

static apr_status_t open_semaphore(ist_semaphore_t **sem, const char *prefix, const char *suffix,
                                   apr_uint32_t maximum, apr_uint32_t flags)
{
    return ist_semaphore_open(sem, apr_pstrcat(parent, prefix, suffix, NULL), 0, maximum, flags, 0,
                              parent);
}

static apr_status_t open_mutexes(const char *prefix, apr_uint32_t flags)
{
    apr_status_t rv = ist_mutex_open(&mutex, prefix, flags, 0, parent);
    for (int i = 0; rv == APR_SUCCESS && i < ROW; i++)
        rv = ist_mutex_open(&row[i], apr_psprintf(parent, "%s-%d", prefix, i), flags, 0, parent);
    return rv;
}

static apr_status_t open_all(const char *prefix, int create, apr_pool_t *pool)
{
    apr_uint32_t flags = create ? IST_CREATE_ONLY : 0;
    apr_status_t rv = apr_pool_create(&passing, pool);
    if (rv != APR_SUCCESS)
        return rv;
    parent = pool;
    fresh_name = apr_pstrcat(pool, prefix, "-fresh", NULL);
    held_name = apr_pstrcat(pool, prefix, "-held", NULL);
    if ((rv = open_mutexes(prefix, flags)) != APR_SUCCESS ||
        (rv = open_semaphore(&limited, prefix, "-limited", ROW, flags)) != APR_SUCCESS ||
        (rv = open_semaphore(&unlimited, prefix, "-unlimited", IST_COUNT_MAX, flags)) !=
            APR_SUCCESS ||
        (rv = open_semaphore(&ping_sem, prefix, "-ping", IST_COUNT_MAX, flags)) != APR_SUCCESS)
        return rv;
    return open_semaphore(&pong_sem, prefix, "-pong", IST_COUNT_MAX, flags);
}

static apr_status_t hold(apr_pool_t *pool)
{
    ist_shm_t *shm;
    return ist_shm_open(&shm, held_name, LARGE_SIZE, IST_CREATE_ONLY, 0, pool);
}

const side_t ours = {.name = "ours", .open = open_all, .hold = hold, .run = LOOPS};
