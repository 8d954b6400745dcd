/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is measured, twice: `ours` by isthmus (ours.c), `bare` by the system's
 * own calls (posix/bare.c, win32/bare.c). The loops around both are in loops.h.
 */
#ifndef BENCH_SIDE_H
#define BENCH_SIDE_H

#include <apr_errno.h>
#include <apr_pools.h>

typedef enum op_e {
    OP_LOCK_UNLOCK, /* one mutex that nobody else wants */
    OP_LOCK,        /* half of it: over ROW mutexes, locked then unlocked */
    OP_UNLOCK,
    OP_POST_WAIT_MAX, /* one semaphore with a maximum of ROW */
    OP_POST_WAIT,     /* one without */
    OP_POST,          /* half of it: ROW posts, then ROW waits */
    OP_WAIT,
    OP_PING,      /* post one semaphore, wait for the other */
    OP_PONG,      /* its partner */
    OP_CREATE_4K, /* create, map, close a segment */
    OP_CREATE_1M,
    OP_OPEN, /* open, map, close one that another process holds */
    OP_COUNT
} op_e;

/* How many in a row where halves are measured apart. */
#define ROW 64

#define SMALL_SIZE 4096
#define LARGE_SIZE (1024 * 1024)

/* Do an operation n times, and tell the nanoseconds. */
typedef apr_status_t run_fn(apr_uint64_t n, apr_uint64_t *ns);

typedef struct side_t {
    const char *name;

    /* Open the mutexes and semaphores whose names start with prefix; with
     * `create` make them. Open calls of OP_CREATE and OP_OPEN use it too. */
    apr_status_t (*open)(const char *prefix, int create, apr_pool_t *pool);

    /* Make the segment that OP_OPEN opens. */
    apr_status_t (*hold)(apr_pool_t *pool);

    run_fn *run[OP_COUNT];
} side_t;

extern const side_t ours;
extern const side_t bare;

/* The least that a shared library around the bare calls can cost: for some of the
 * operations, or none; with the objects of `bare`. */
extern const side_t least;

#endif
