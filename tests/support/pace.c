/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rounds, bounds on time, and gates.
 */
#include "pace.h"

#include <apr_thread_cond.h>
#include <apr_thread_mutex.h>
#include <stdlib.h>

#define ROUNDS_LEAST 3

struct tst_gate_t {
    apr_thread_mutex_t *mutex;
    apr_thread_cond_t *opened;
    int open;
};

int tst_rounds(int rounds)
{
    apr_int64_t slow = tst_scaled(1000);
    apr_int64_t scaled = (apr_int64_t)rounds * 1000 / slow;
    return scaled < ROUNDS_LEAST ? ROUNDS_LEAST : (int)scaled;
}

int tst_check_took(apr_int64_t start, apr_int64_t least, const char *file, int line)
{
    apr_int64_t took = tst_now() - start;
    return tst_check(took >= least, 0, file, line, "took %" APR_INT64_T_FMT " us, not %"
                     APR_INT64_T_FMT, took, least) &&
           tst_check(took <= least + tst_scaled(TST_LATE_USEC), 0, file, line,
                     "took %" APR_INT64_T_FMT " us, far more than %" APR_INT64_T_FMT, took, least);
}

void tst_lap(tst_laps_t *laps, apr_int64_t start)
{
    if (laps->count < TST_LAPS_MAX)
        laps->usec[laps->count++] = tst_now() - start;
}

static int by_size(const void *one, const void *other)
{
    apr_int64_t a = *(const apr_int64_t *)one, b = *(const apr_int64_t *)other;
    return (a > b) - (a < b);
}

apr_int64_t tst_median(apr_int64_t *numbers, int count)
{
    qsort(numbers, (apr_size_t)count, sizeof *numbers, by_size);
    return numbers[count / 2];
}

int tst_check_prompt(tst_laps_t *laps, apr_int64_t usec, const char *file, int line)
{
    apr_int64_t median = tst_median(laps->usec, laps->count);
    return tst_check(median < tst_scaled(usec), 0, file, line,
                     "took %" APR_INT64_T_FMT " us most times, not less than %" APR_INT64_T_FMT,
                     median, tst_scaled(usec));
}

tst_gate_t *tst_gate_make(void)
{
    tst_gate_t *gate = apr_pcalloc(tst_pool(), sizeof *gate);
    TST_MUST(apr_thread_mutex_create(&gate->mutex, APR_THREAD_MUTEX_DEFAULT, tst_pool()));
    TST_MUST(apr_thread_cond_create(&gate->opened, tst_pool()));
    return gate;
}

void tst_gate_open(tst_gate_t *gate)
{
    apr_thread_mutex_lock(gate->mutex);
    gate->open = 1;
    apr_thread_cond_broadcast(gate->opened);
    apr_thread_mutex_unlock(gate->mutex);
}

void tst_gate_pass(tst_gate_t *gate)
{
    apr_thread_mutex_lock(gate->mutex);
    while (!gate->open)
        apr_thread_cond_wait(gate->opened, gate->mutex);
    apr_thread_mutex_unlock(gate->mutex);
}
