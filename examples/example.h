/* SPDX-License-Identifier: Apache-2.0 */
/* What the examples share: how they start, and how they end when a call fails. */
#ifndef EXAMPLE_H
#define EXAMPLE_H

#include <stdio.h>
#include <stdlib.h>

#include <apr_general.h>
#include <isthmus.h>

/* How long an example waits for its partner. */
#define PATIENCE apr_time_from_sec(30)

static inline void fail(const char *what, apr_status_t status)
{
    char text[200];

    fprintf(stderr, "%s: %s\n", what, ist_strerror(status, text, sizeof(text)));
    exit(1);
}

static inline void check(apr_status_t status, const char *what)
{
    if (status != APR_SUCCESS)
        fail(what, status);
}

/* Starts APR, which makes the arguments UTF-8, and counts them. apr_terminate() runs at every
 * exit: it destroys the pool, and so closes all that is open. */
static inline apr_pool_t *example_begin(int argc, const char *const **argv, int wanted,
                                        const char *usage)
{
    apr_pool_t *pool;

    check(apr_app_initialize(&argc, argv, NULL), "starting APR");
    atexit(apr_terminate);
    if (argc != wanted) {
        fprintf(stderr, "usage: %s %s\n", (*argv)[0], usage);
        exit(1);
    }
    check(apr_pool_create(&pool, NULL), "making a pool");
    return pool;
}

#endif
