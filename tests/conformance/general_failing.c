/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GEN-1, GEN-4: whatever system call inside an open, close, list or sweep fails, the
 * call says so with that code or does without, nothing is left, and the name can be
 * used as before.
 */
#include "general_cases.h"

#include <errno.h>
#include <string.h>

#define MOST 100 /* system calls in one call of the library: fewer */

/* What is there before, and what is tried. */
typedef enum scene_t { NOTHING, LIVE, DEAD, CLOSING, LEAVING, LISTING, SWEEPING, SCENES } scene_t;

static const char *const scene_names[] = {"create", "open", "replace", "close",
                                          "leave",  "list", "sweep"};
static const ist_kind_e kinds[] = {IST_KIND_MUTEX, IST_KIND_SEMAPHORE, IST_KIND_SHM,
                                   IST_KIND_REGION, IST_KIND_QUEUE};

typedef struct job_t {
    ist_kind_e kind;
    scene_t scene;
    apr_uint32_t flags;
    apr_fileperms_t access;
    tst_handle_t handle;
    apr_pool_t *pool;
    int seen; /* in a list */
} job_t;

static apr_status_t open_it(job_t *job, apr_uint32_t flags)
{
    const apr_uint32_t sides = job->kind == IST_KIND_QUEUE ? IST_SEND | IST_RECEIVE : 0;
    return tst_open_as(&job->handle, job->kind, tst_name(NULL), flags | sides,
                       job->kind == IST_KIND_SEMAPHORE ? 0 : 100, 10, job->access, job->pool);
}

static apr_status_t see(void *baton, const ist_info_t *info)
{
    job_t *job = baton;
    job->seen |= info->kind == job->kind && strcmp(info->name, tst_name(NULL)) == 0;
    return APR_SUCCESS;
}

static apr_status_t act(void *baton)
{
    job_t *job = baton;
    switch (job->scene) {
    case CLOSING:
    case LEAVING:
        return tst_close(&job->handle);
    case LISTING:
        job->seen = 0;
        return ist_list(see, job, job->pool);
    case SWEEPING:
        return ist_sweep(NULL, job->pool);
    default:
        return open_it(job, job->flags);
    }
}

static int open_and_die(tst_fork_t *fork, void *baton)
{
    (void)fork;
    return open_it(baton, IST_CREATE) == APR_SUCCESS ? 0 : 1;
}

/* 0: it couldn't be set. */
static int set(job_t *job)
{
    tst_fork_t child;
    switch (job->scene) {
    case DEAD:
    case SWEEPING:
        return TST_TRUE(tst_fork(&child, open_and_die, job)) &&
               TST_NUMBER(tst_fork_wait(&child), 0);
    case CLOSING:
    case LEAVING:
    case LISTING:
        return TST_OK(open_it(job, IST_CREATE));
    default:
        return 1;
    }
}

/* That call's own code, or it could do without it. A close can't fail for this, and a
 * list that does not shows all, but for one whose state can't be asked. */
static int is_fair(const job_t *job, apr_status_t got, const char *call, int error)
{
    if (got == APR_SUCCESS && job->scene == LISTING)
        return job->seen || strncmp(call, "fcntl", 5) == 0;
    if (got == APR_SUCCESS)
        return 1;
    return job->scene != CLOSING && job->scene != LEAVING && got == APR_FROM_OS_ERROR(error);
}

/* The name is as good as before. */
static void afterwards(job_t *job, int others)
{
    TST_OK(open_it(job, IST_CREATE));
    TST_NUMBER(tst_created(&job->handle), !others);
    TST_OK(tst_close(&job->handle));
    TST_OK(ist_sweep(NULL, job->pool));
    if (!others)
        TST_NUMBER(tst_native_names(tst_name(NULL), NULL, 0), 0);
    TST_NUMBER(tst_mappings(tst_name(NULL)), 0);
}

/* 0: it makes fewer calls. */
static int fail_one(job_t *job, int nth, int error, int others)
{
    const char *call;
    job->pool = tst_subpool();
    long descriptors = tst_descriptors();
    if (!set(job))
        return 0;
    apr_status_t got = tst_failing(act, job, nth, error, &call);
    const int opens = job->scene == NOTHING || job->scene == LIVE || job->scene == DEAD;
    if (call == NULL)
        TST_OK(got);
    else
        TST_SAY(is_fair(job, got, call, error), "%s (%s): call %d, %s, fails with %d: %s",
                scene_names[job->scene], tst_kind_name(job->kind), nth, call, error,
                tst_status_name(got));
    if (opens && got == APR_SUCCESS)
        TST_OK(tst_close(&job->handle));
    else if (opens)
        TST_TRUE(job->handle.shm == NULL);
    else if (job->scene == LISTING)
        TST_OK(tst_close(&job->handle));
    afterwards(job, others);
    TST_NUMBER(tst_descriptors(), descriptors);
    apr_pool_destroy(job->pool);
    return call != NULL;
}

static void fail_all(ist_kind_e kind, scene_t scene, apr_uint32_t flags, apr_fileperms_t access)
{
    const int errors[] = {EIO, EACCES};
    const int others = scene == LIVE || scene == LEAVING;
    tst_peer_t *peer = others ? tst_peer_start() : NULL;
    if (others)
        TST_MUST(tst_peer_open(peer, 0, kind, tst_name(NULL), IST_CREATE, 100, 100, access));
    for (int i = 0; i < 2; i++) {
        job_t job = {.kind = kind, .scene = scene, .flags = flags, .access = access};
        int nth = 0;
        while (nth < MOST && fail_one(&job, nth, errors[i], others))
            nth++;
        TST_TRUE(nth > 0 && nth < MOST);
    }
    if (others)
        TST_OK(tst_peer_do(peer, "close 0"));
}

static void each_kind(scene_t scene, apr_uint32_t flags)
{
    TST_NEED(TST_FAILING);
    for (int i = 0; i < 5; i++)
        fail_all(kinds[i], scene, flags, 0);
}

static void creating(void)
{
    each_kind(NOTHING, IST_CREATE);
}

static void creating_only(void)
{
    each_kind(NOTHING, IST_CREATE_ONLY);
}

static void opening(void)
{
    each_kind(LIVE, 0);
}

static void making_anew(void)
{
    each_kind(DEAD, IST_CREATE);
}

static void closing(void)
{
    each_kind(CLOSING, 0);
}

static void leaving(void)
{
    each_kind(LEAVING, 0);
}

static void looking(void)
{
    each_kind(LISTING, 0);
}

static void sweeping(void)
{
    each_kind(SWEEPING, 0);
}

const tst_case_t general_failing_cases[] = {
    {"GEN-4 each system call of a create fails once", creating},
    {"GEN-4 each system call of a create only fails once", creating_only},
    {"GEN-4 each system call of an open fails once", opening},
    {"GEN-4 each system call of an open of a dead one fails once", making_anew},
    {"LIFE-1 each system call of a last close fails once", closing},
    {"LIFE-1 each system call of a close fails once", leaving},
    {"LIFE-4 each system call of a list fails once", looking},
    {"LIFE-4 each system call of a sweep fails once", sweeping},
    {NULL, NULL},
};
