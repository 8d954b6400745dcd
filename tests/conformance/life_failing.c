/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LIFE-1, GEN-1: whatever system call fails while a dead object of another user is
 * made anew in place, the open says so with that code, and the next one succeeds.
 */
#include "life_cases.h"

#include <errno.h>
#include <stdio.h>

#define OWNER TST_OTHER_USER
#define GUEST (TST_OTHER_USER - 1)
#define MOST  100 /* system calls in one open: fewer */

static const ist_kind_e kinds[] = {IST_KIND_MUTEX, IST_KIND_SEMAPHORE, IST_KIND_SHM,
                                   IST_KIND_REGION, IST_KIND_QUEUE};

typedef struct job_t {
    ist_kind_e kind;
    tst_handle_t handle;
} job_t;

static apr_status_t open_it(void *baton)
{
    job_t *job = baton;
    const apr_uint32_t sides = job->kind == IST_KIND_QUEUE ? IST_SEND | IST_RECEIVE : 0;
    return tst_open_as(&job->handle, job->kind, tst_name(NULL), IST_GLOBAL | IST_CREATE | sides,
                       100, 100, IST_ACCESS_WORLD, tst_pool());
}

static int leave_dead(tst_fork_t *fork, void *baton)
{
    (void)fork;
    return tst_become(OWNER, -1) && open_it(baton) == APR_SUCCESS ? 0 : 1;
}

/* It can't be removed by this user, so it is as dead after a close as before. */
static int open_and_close(job_t *job)
{
    apr_status_t got = open_it(job);
    if (got == APR_SUCCESS && tst_created(&job->handle))
        return tst_close(&job->handle) == APR_SUCCESS;
    fprintf(stderr, "not to be made anew any more: %s\n", tst_status_name(got));
    return 0;
}

/* The exit code: how many times it was wrong. */
static int fail_each(tst_fork_t *fork, void *baton)
{
    const int errors[] = {EIO, EACCES};
    job_t *job = baton;
    int wrong = !tst_become(GUEST, -1);
    (void)fork;
    for (int i = 0; i < 2; i++) {
        const char *call = "";
        int nth = 0;
        for (; call != NULL && nth < MOST; nth++) {
            apr_status_t got = tst_failing(open_it, job, nth, errors[i], &call);
            if (got == APR_SUCCESS) {
                wrong += tst_close(&job->handle) != APR_SUCCESS;
            } else if (call == NULL || got != APR_FROM_OS_ERROR(errors[i])) {
                fprintf(stderr, "%s: call %d, %s, fails with %d: %s\n", tst_kind_name(job->kind),
                        nth, call == NULL ? "none" : call, errors[i], tst_status_name(got));
                wrong++;
            }
            wrong += !open_and_close(job);
        }
        wrong += nth < 2 || nth == MOST;
    }
    return wrong < 100 ? wrong : 100;
}

static void reuse_fails(void)
{
    TST_NEED(TST_FORK);
    TST_NEED(TST_USERS);
    TST_NEED(TST_LEFTOVERS);
    TST_NEED(TST_FAILING);
    for (int i = 0; i < 5; i++) {
        job_t job = {.kind = kinds[i]};
        tst_fork_t owner, guest;
        TST_MUST(tst_fork(&owner, leave_dead, &job) ? APR_SUCCESS : APR_EGENERAL);
        TST_NUMBER(tst_fork_wait(&owner), 0);
        TST_MUST(tst_fork(&guest, fail_each, &job) ? APR_SUCCESS : APR_EGENERAL);
        TST_NUMBER(tst_fork_wait(&guest), 0);
        TST_OK(ist_sweep(NULL, tst_pool()));
    }
    TST_NUMBER(tst_native_names(tst_name(NULL), NULL, 0), 0);
}

const tst_case_t life_failing_cases[] = {
    {"LIFE-1 each system call of a reuse in place fails once", reuse_fails},
    {NULL, NULL},
};
