/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads of the running process, whose end can be waited for with a limit.
 */
#include "private.h"

#include <apr_thread_cond.h>
#include <apr_thread_mutex.h>
#include <apr_thread_proc.h>
#include <stdatomic.h>
#include <stdlib.h>

#define LATE_USEC (30 * APR_USEC_PER_SEC)
#define LOOK_USEC 200
#define QUIET_USEC (50 * 1000)

struct tst_thread_t {
    apr_thread_t *thread;
    tst_thread_fn_t *run;
    void *baton;
    apr_status_t status;
    _Atomic(long) id;
    _Atomic(int) ended;
    int joined;
    apr_pool_t *pool;
    tst_thread_t *next;
};

static tst_thread_t *threads;

static void *APR_THREAD_FUNC begin(apr_thread_t *thread, void *baton)
{
    tst_thread_t *self = baton;
    (void)thread;
    atomic_store(&self->id, tst_sys_thread_id());
    self->status = self->run(self->baton);
    atomic_store(&self->ended, 1);
    return NULL;
}

tst_thread_t *tst_thread_start(tst_thread_fn_t *run, void *baton)
{
    tst_thread_t *self = calloc(1, sizeof *self);
    if (self == NULL)
        abort();
    self->run = run;
    self->baton = baton;
    if (apr_pool_create(&self->pool, NULL) != APR_SUCCESS ||
        apr_thread_create(&self->thread, NULL, begin, self, self->pool) != APR_SUCCESS) {
        free(self);
        tst_check(0, 1, __FILE__, __LINE__, "no thread could be started");
        return NULL;
    }
    self->next = threads;
    threads = self;
    return self;
}

int tst_thread_ended(tst_thread_t *thread, apr_int64_t usec)
{
    apr_int64_t end = tst_now() + usec;
    while (!atomic_load(&thread->ended)) {
        if (tst_now() >= end)
            return 0;
        tst_sys_pause(LOOK_USEC);
    }
    return 1;
}

apr_status_t tst_thread_join(tst_thread_t *thread)
{
    apr_status_t status;
    if (!tst_thread_ended(thread, tst_scaled(LATE_USEC)))
        return TST_STATUS_LATE;
    if (!thread->joined)
        apr_thread_join(&status, thread->thread);
    thread->joined = 1;
    return thread->status;
}

int tst_thread_blocked(tst_thread_t *thread)
{
    while (atomic_load(&thread->id) == 0)
        tst_sys_pause(LOOK_USEC);
    for (;;) {
        int waits = tst_sys_waits(tst_sys_pid(), atomic_load(&thread->id));
        if (atomic_load(&thread->ended))
            return 0;
        if (waits < 0)
            return !tst_thread_ended(thread, tst_scaled(QUIET_USEC));
        if (waits)
            return 1;
        tst_sys_pause(LOOK_USEC);
    }
}

apr_status_t tst_in_thread(tst_thread_fn_t *run, void *baton)
{
    return tst_thread_join(tst_thread_start(run, baton));
}

/* Threads that still run hold the case's pool: nothing can be freed then. */
void tst_threads_end(void)
{
    while (threads != NULL) {
        tst_thread_t *one = threads;
        threads = one->next;
        if (tst_thread_join(one) == TST_STATUS_LATE && !atomic_load(&one->ended)) {
            tst_check(0, 0, __FILE__, __LINE__, "a thread of the case never ended");
            continue;
        }
        apr_pool_destroy(one->pool);
        free(one);
    }
}
