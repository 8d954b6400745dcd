/* SPDX-License-Identifier: Apache-2.0 */
/* What else the benchmark wants of a system: time, cores, goals, and proof. */
#ifndef BENCH_BARE_H
#define BENCH_BARE_H

#include <apr_pools.h>

#include "side.h"

/* A goal for our time or rate beside the bare one; NULL ends a table. */
typedef struct goal_t {
    const char *operation; /* as in the table of results */
    double ratio;          /* a time at most so many times, or a rate at least */
} goal_t;

extern const goal_t bare_goals[];

/* Nanoseconds of a clock that nobody sets. */
apr_uint64_t bare_now(void);

/* How many cores this process may use. */
unsigned bare_cores(void);

/* Keep the calling process on one of its cores, counted from 0, modulo their
 * number. */
apr_status_t bare_pin(unsigned core);

/* This program's own path, to start it again. */
const char *bare_program(apr_pool_t *pool);

/* The shared library that the calls to isthmus go to; NULL when it is part of
 * the program. */
const char *bare_library(apr_pool_t *pool);

#endif
