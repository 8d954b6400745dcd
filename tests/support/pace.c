/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rounds, bounds on time, and gates.
 */
#include "pace.h"

#include <apr_thread_cond.h>
#include <apr_thread_mutex.h>

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
