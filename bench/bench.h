/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the benchmark program offer one another. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "bare.h"

/* ---- workers: this program again, which answers one line with another ---- */

typedef struct worker_t worker_t;

/* How a program is told to be a worker. */
#define WORKER_OPTION "--worker"

/* Start a worker on a core, for objects that exist. The first makes the
 * segments of OP_OPEN. It ends with the pool. */
apr_status_t worker_start(worker_t **worker, const char *prefix, unsigned core, apr_pool_t *pool);

/* Have it do n times one half of a ping-pong, or lock and unlock for so many
 * nanoseconds. */
apr_status_t worker_pong(worker_t *worker, const side_t *side, apr_uint64_t n);
apr_status_t worker_contend(worker_t *worker, const side_t *side, apr_uint64_t ns);

/* Wait for it to be done, and learn how often it did so in how many nanoseconds. */
apr_status_t worker_done(worker_t *worker, apr_uint64_t *n, apr_uint64_t *ns);

/* End it before the pool does, which kills it: it closes what it has open. */
apr_status_t worker_end(worker_t *worker);

/* What a worker does; returns the exit code. */
int worker_main(const char *prefix, const char *core, apr_pool_t *pool);

/* ---- results -------------------------------------------------------------- */

/* The most runs of an operation, and the fewest: a median of less says little. */
#define RUNS_MAX 999
#define RUNS_MIN 9

typedef struct result_t {
    const char *operation;
    int is_rate; /* values are millions a second, else nanoseconds each */
    int runs;
    double *ours; /* of each run; report_add() sorts both */
    double *bare;
} result_t;

typedef struct report_t report_t;

/* Start the table on standard output, and the CSV file if there is a path. */
apr_status_t report_begin(report_t **report, const char *csv_path, apr_pool_t *pool);

/* Add a line to both. */
void report_add(report_t *report, result_t *result);

/* End both, with the count of goals. */
apr_status_t report_end(report_t *report);

#endif
