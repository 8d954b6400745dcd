/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deadlines. A thread looks at the clock; when a case takes too long its
 * children are killed, which ends most waits, and when that doesn't help the
 * whole program ends. A child has a deadline of its own, for when its parent
 * is gone.
 */
#include "private.h"

#include <apr_thread_proc.h>
#include <apr_time.h>
#include <stdatomic.h>
#include <stdio.h>

#define CASE_USEC  (60 * APR_USEC_PER_SEC)
#define GRACE_USEC (10 * APR_USEC_PER_SEC)
#define CHILD_USEC (90 * APR_USEC_PER_SEC)
#define LOOK_USEC  (100 * 1000)

static _Atomic(apr_int64_t) deadline; /* 0: none */
static const char *watched = "";

static void give_up(void)
{
    fprintf(stderr, "%s: %s: ended by its deadline\n", tst_self.program, watched);
    tst_report_case(watched, "failed", "the case hung, and its program was ended");
    tst_report_done();
    tst_sys_exit_now(3);
}

static void *APR_THREAD_FUNC watch_case(apr_thread_t *thread, void *baton)
{
    (void)thread, (void)baton;
    apr_int64_t killed = 0;
    for (;;) {
        apr_sleep(LOOK_USEC);
        apr_int64_t end = atomic_load(&deadline);
        if (end == 0 || tst_now() < end) {
            killed = 0;
        } else if (killed == 0) {
            killed = tst_now();
            fprintf(stderr, "%s: took too long; its children are killed: %s\n", watched,
                    tst_peers_roles());
            tst_peers_kill();
        } else if (tst_now() > killed + GRACE_USEC) {
            give_up();
        }
    }
    return NULL;
}

static void *APR_THREAD_FUNC watch_child(apr_thread_t *thread, void *baton)
{
    (void)thread, (void)baton;
    while (tst_now() < atomic_load(&deadline))
        apr_sleep(LOOK_USEC);
    fprintf(stderr, "%s: a child in the role %s outlived its deadline\n", tst_self.program,
            watched);
    tst_sys_exit_now(98);
    return NULL;
}

static void start(apr_thread_start_t run)
{
    static apr_pool_t *pool;
    apr_threadattr_t *attribute = NULL;
    apr_thread_t *thread;
    pool = NULL;
    if (apr_pool_create(&pool, NULL) != APR_SUCCESS ||
        apr_threadattr_create(&attribute, pool) != APR_SUCCESS ||
        apr_threadattr_detach_set(attribute, 1) != APR_SUCCESS ||
        apr_thread_create(&thread, attribute, run, NULL, pool) != APR_SUCCESS) {
        fprintf(stderr, "%s: no thread to watch the clock\n", tst_self.program);
        tst_sys_exit_now(4);
    }
}

void tst_watch_case(const char *name)
{
    static int started;
    watched = name;
    atomic_store(&deadline, tst_now() + tst_scaled(CASE_USEC));
    if (!started)
        start(watch_case);
    started = 1;
}

void tst_watch_done(void)
{
    atomic_store(&deadline, 0);
}

void tst_watch_child(const char *role)
{
    watched = role;
    atomic_store(&deadline, tst_now() + tst_scaled(CHILD_USEC));
    start(watch_child);
}
