/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loops around the measured operations, the same for every side. A side says
 * what it calls, then includes this: so each has loops of its own, compiled around its
 * own calls, and neither pays for a call that the other doesn't make.
 *
 * Before it: mutex_h and sem_h, the handles; and, inline,
 *   lock_it, unlock_it (mutex_h), post_it, wait_it (sem_h): once each;
 *   create_it, open_it (name, size): create or open, map, close a segment.
 */
#ifndef BENCH_LOOPS_H
#define BENCH_LOOPS_H

#include "bare.h"

/* What a side opens, and how its segments are called. */
static mutex_h mutex;
static mutex_h row[ROW];
static sem_h limited;
static sem_h unlimited;
static sem_h ping_sem;
static sem_h pong_sem;
static const char *fresh_name; /* of the segments that come and go */
static const char *held_name;  /* of the one that another process holds */

static apr_status_t lock_unlock(apr_uint64_t n, apr_uint64_t *ns)
{
    mutex_h one = mutex;
    apr_uint64_t start = bare_now();
    for (apr_uint64_t i = 0; i < n; i++) {
        apr_status_t rv;
        if ((rv = lock_it(one)) != APR_SUCCESS || (rv = unlock_it(one)) != APR_SUCCESS)
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
            if ((rv = lock_it(row[k])) != APR_SUCCESS)
                return rv;
        }
        apr_uint64_t middle = bare_now();
        for (int k = 0; k < ROW; k++) {
            if ((rv = unlock_it(row[k])) != APR_SUCCESS)
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
static apr_status_t post_and_wait(sem_h post, sem_h wait, apr_uint64_t n, apr_uint64_t *ns)
{
    apr_uint64_t start = bare_now();
    for (apr_uint64_t i = 0; i < n; i++) {
        apr_status_t rv;
        if ((rv = post_it(post)) != APR_SUCCESS || (rv = wait_it(wait)) != APR_SUCCESS)
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
        if ((rv = wait_it(ping_sem)) != APR_SUCCESS || (rv = post_it(pong_sem)) != APR_SUCCESS)
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
            if ((rv = post_it(limited)) != APR_SUCCESS)
                return rv;
        }
        apr_uint64_t middle = bare_now();
        for (int k = 0; k < ROW; k++) {
            if ((rv = wait_it(limited)) != APR_SUCCESS)
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

typedef apr_status_t segment_fn(const char *name, apr_size_t size);

static inline apr_status_t segments(segment_fn *once, const char *name, apr_size_t size,
                                    apr_uint64_t n, apr_uint64_t *ns)
{
    apr_uint64_t start = bare_now();
    for (apr_uint64_t i = 0; i < n; i++) {
        apr_status_t rv = once(name, size);
        if (rv != APR_SUCCESS)
            return rv;
    }
    *ns = bare_now() - start;
    return APR_SUCCESS;
}

static apr_status_t create_4k(apr_uint64_t n, apr_uint64_t *ns)
{
    return segments(create_it, fresh_name, SMALL_SIZE, n, ns);
}

static apr_status_t create_1m(apr_uint64_t n, apr_uint64_t *ns)
{
    return segments(create_it, fresh_name, LARGE_SIZE, n, ns);
}

static apr_status_t open_held(apr_uint64_t n, apr_uint64_t *ns)
{
    return segments(open_it, held_name, LARGE_SIZE, n, ns);
}

/* The `run` of a side_t. */
#define LOOPS                               \
    {                                       \
        [OP_LOCK_UNLOCK] = lock_unlock,     \
        [OP_LOCK] = lock,                   \
        [OP_UNLOCK] = unlock,               \
        [OP_POST_WAIT_MAX] = post_wait_max, \
        [OP_POST_WAIT] = post_wait,         \
        [OP_POST] = post,                   \
        [OP_WAIT] = wait_unit,              \
        [OP_PING] = ping,                   \
        [OP_PONG] = pong,                   \
        [OP_CREATE_4K] = create_4k,         \
        [OP_CREATE_1M] = create_1m,         \
        [OP_OPEN] = open_held               \
    }

#endif
