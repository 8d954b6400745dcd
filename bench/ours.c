/* SPDX-License-Identifier: Apache-2.0 */
/* The measured operations by isthmus. */
#include <apr_strings.h>
#include <isthmus.h>

#include "bare.h"

static ist_mutex_t *mutex;
static ist_mutex_t *row[ROW];
static ist_semaphore_t *limited;
static ist_semaphore_t *unlimited;
static ist_semaphore_t *ping_sem;
static ist_semaphore_t *pong_sem;
static const char *fresh_name; /* of the segments that come and go */
static const char *held_name;  /* of the one that another process holds */
static apr_pool_t *parent;

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
    apr_status_t rv;
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

static apr_status_t lock_unlock(apr_uint64_t n, apr_uint64_t *ns)
{
    apr_uint64_t start = bare_now();
    for (apr_uint64_t i = 0; i < n; i++) {
        apr_status_t rv;
        if ((rv = ist_mutex_lock(mutex)) != APR_SUCCESS ||
            (rv = ist_mutex_unlock(mutex)) != APR_SUCCESS)
            return rv;
    }
    *ns = bare_now() - start;
    return APR_SUCCESS;
}

/* Locks and unlocks in rows; adds up the time of one or the other. */
static apr_status_t lock_rows(apr_uint64_t n, apr_uint64_t *locks, apr_uint64_t *unlocks)
{
    *locks = *unlocks = 0;
    for (apr_uint64_t i = 0; i < n; i += ROW) {
        apr_status_t rv;
        apr_uint64_t start = bare_now();
        for (int k = 0; k < ROW; k++) {
            if ((rv = ist_mutex_lock(row[k])) != APR_SUCCESS)
                return rv;
        }
        apr_uint64_t middle = bare_now();
        for (int k = 0; k < ROW; k++) {
            if ((rv = ist_mutex_unlock(row[k])) != APR_SUCCESS)
                return rv;
        }
        *locks += middle - start;
        *unlocks += bare_now() - middle;
    }
    return APR_SUCCESS;
}

static apr_status_t lock(apr_uint64_t n, apr_uint64_t *ns)
{
    apr_uint64_t other;
    return lock_rows(n, ns, &other);
}

static apr_status_t unlock(apr_uint64_t n, apr_uint64_t *ns)
{
    apr_uint64_t other;
    return lock_rows(n, &other, ns);
}

/* Posts one semaphore and waits for another, which may be the same. */
static apr_status_t post_and_wait(ist_semaphore_t *post, ist_semaphore_t *wait, apr_uint64_t n,
                                  apr_uint64_t *ns)
{
    apr_uint64_t start = bare_now();
    for (apr_uint64_t i = 0; i < n; i++) {
        apr_status_t rv;
        if ((rv = ist_semaphore_post(post)) != APR_SUCCESS ||
            (rv = ist_semaphore_wait(wait)) != APR_SUCCESS)
            return rv;
    }
    *ns = bare_now() - start;
    return APR_SUCCESS;
}

static apr_status_t post_wait_max(apr_uint64_t n, apr_uint64_t *ns)
{
    return post_and_wait(limited, limited, n, ns);
}

static apr_status_t post_wait(apr_uint64_t n, apr_uint64_t *ns)
{
    return post_and_wait(unlimited, unlimited, n, ns);
}

static apr_status_t ping(apr_uint64_t n, apr_uint64_t *ns)
{
    return post_and_wait(ping_sem, pong_sem, n, ns);
}

static apr_status_t pong(apr_uint64_t n, apr_uint64_t *ns)
{
    *ns = 0;
    for (apr_uint64_t i = 0; i < n; i++) {
        apr_status_t rv;
        if ((rv = ist_semaphore_wait(ping_sem)) != APR_SUCCESS ||
            (rv = ist_semaphore_post(pong_sem)) != APR_SUCCESS)
            return rv;
    }
    return APR_SUCCESS;
}

static apr_status_t count_rows(apr_uint64_t n, apr_uint64_t *posts, apr_uint64_t *waits)
{
    *posts = *waits = 0;
    for (apr_uint64_t i = 0; i < n; i += ROW) {
        apr_status_t rv;
        apr_uint64_t start = bare_now();
        for (int k = 0; k < ROW; k++) {
            if ((rv = ist_semaphore_post(limited)) != APR_SUCCESS)
                return rv;
        }
        apr_uint64_t middle = bare_now();
        for (int k = 0; k < ROW; k++) {
            if ((rv = ist_semaphore_wait(limited)) != APR_SUCCESS)
                return rv;
        }
        *posts += middle - start;
        *waits += bare_now() - middle;
    }
    return APR_SUCCESS;
}

static apr_status_t post(apr_uint64_t n, apr_uint64_t *ns)
{
    apr_uint64_t other;
    return count_rows(n, ns, &other);
}

static apr_status_t wait_unit(apr_uint64_t n, apr_uint64_t *ns)
{
    apr_uint64_t other;
    return count_rows(n, &other, ns);
}

/* A pool of its own gives back what each handle took. */
static apr_status_t open_close(const char *name, apr_size_t size, apr_uint32_t flags,
                               apr_uint64_t n, apr_uint64_t *ns)
{
    apr_pool_t *pool;
    apr_status_t rv = apr_pool_create(&pool, parent);
    apr_uint64_t start = bare_now();
    for (apr_uint64_t i = 0; rv == APR_SUCCESS && i < n; i++) {
        ist_shm_t *shm;
        rv = ist_shm_open(&shm, name, size, flags, 0, pool);
        if (rv == APR_SUCCESS)
            rv = ist_shm_close(shm);
        apr_pool_clear(pool);
    }
    *ns = bare_now() - start;
    apr_pool_destroy(pool);
    return rv;
}

static apr_status_t create_4k(apr_uint64_t n, apr_uint64_t *ns)
{
    return open_close(fresh_name, SMALL_SIZE, IST_CREATE_ONLY, n, ns);
}

static apr_status_t create_1m(apr_uint64_t n, apr_uint64_t *ns)
{
    return open_close(fresh_name, LARGE_SIZE, IST_CREATE_ONLY, n, ns);
}

static apr_status_t open_held(apr_uint64_t n, apr_uint64_t *ns)
{
    return open_close(held_name, LARGE_SIZE, 0, n, ns);
}

const side_t ours = {
    .name = "ours",
    .open = open_all,
    .hold = hold,
    .run = {[OP_LOCK_UNLOCK] = lock_unlock,
            [OP_LOCK] = lock,
            [OP_UNLOCK] = unlock,
            [OP_POST_WAIT_MAX] = post_wait_max,
            [OP_POST_WAIT] = post_wait,
            [OP_POST] = post,
            [OP_WAIT] = wait_unit,
            [OP_PING] = ping,
            [OP_PONG] = pong,
            [OP_CREATE_4K] = create_4k,
            [OP_CREATE_1M] = create_1m,
            [OP_OPEN] = open_held},
};
