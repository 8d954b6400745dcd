/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a case finds around it, and what the suite's runner asks of a program:
 * here one of a single process, whose system is fake.
 */
#include "unit.h"

#include "private.h"

#include <apr_thread_proc.h>
#include <stdio.h>

tst_self_t tst_self;

/* ---- what the runner needs of a system ---------------------------------- */

void tst_sys_start(void)
{
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
}

long tst_sys_thread_id(void)
{
    return (long)(intptr_t)fake_self();
}

void tst_sys_exit_now(int code)
{
    _Exit(code);
}

/* For the report alone: the cases' own time is the fake's. */
apr_int64_t tst_now(void)
{
    return apr_time_now();
}

/* Nothing here is left to chance, and there are no children. */
void tst_random_start(void)
{
}

void tst_watch_child(const char *role)
{
    (void)role;
}

int tst_remote(int argc, const char *const *argv)
{
    (void)argc, (void)argv;
    return 2;
}

void fake_endless(void)
{
    tst_report_case(tst_self.running->name, "failed", "it would never end: its program does");
    tst_report_done();
    tst_sys_exit_now(3);
}

/* ---- a case ----------------------------------------------------------------- */

static apr_pool_t *make_pool(apr_pool_t *parent)
{
    apr_pool_t *pool = NULL;
    if (apr_pool_create(&pool, parent) != APR_SUCCESS)
        abort();
    return pool;
}

apr_pool_t *tst_pool(void)
{
    return tst_self.pool;
}

apr_pool_t *tst_subpool(void)
{
    return make_pool(tst_self.pool);
}

void tst_case_begin(const tst_case_t *one)
{
    tst_self.running = one;
    tst_self.failed = tst_self.skipped = 0;
    tst_self.reason[0] = '\0';
    tst_self.began = tst_now();
    tst_self.thread = tst_sys_thread_id();
    fake_reset();
    isti_spin_forget();
    unit_new_thread();
    tst_self.pool = make_pool(NULL);
}

/* Whatever a case did: its pool closes all handles, and the end of its thread
 * all that lingers. */
void tst_case_end(void)
{
    if (tst_self.running == NULL)
        return;
    fake_fail(0, APR_SUCCESS);
    fake.meanwhile = NULL;
    apr_pool_destroy(tst_self.pool);
    isti_thread_ended(isti_thread.id);
    unit_nothing_left("the case");
    TST_SAY(fake.broken[0] == '\0', "%s", fake.broken);
    if (tst_self.failed) { /* the next case is not to suffer for it */
        ist_os_enter();
        fake_fork();
        isti_forked();
        ist_os_leave();
    }
    tst_self.running = NULL;
}

/* ---- what cases share --------------------------------------------------------- */

ist_mutex_t *unit_mutex(const char *name)
{
    ist_mutex_t *mutex;
    TST_MUST(ist_mutex_open(&mutex, name, IST_CREATE, 0, tst_pool()));
    return mutex;
}

ist_semaphore_t *unit_semaphore(const char *name, apr_uint32_t initial, apr_uint32_t maximum)
{
    ist_semaphore_t *sem;
    TST_MUST(ist_semaphore_open(&sem, name, initial, maximum, IST_CREATE, 0, tst_pool()));
    return sem;
}

ist_shm_t *unit_shm(const char *name, apr_size_t size)
{
    ist_shm_t *shm;
    TST_MUST(ist_shm_open(&shm, name, size, IST_CREATE, 0, tst_pool()));
    return shm;
}

ist_region_t *unit_region(const char *name, apr_size_t size)
{
    ist_region_t *region;
    TST_MUST(ist_region_open(&region, name, size, IST_CREATE, 0, tst_pool()));
    return region;
}

isti_object_t *unit_object(void *handle)
{
    return isti_object(handle);
}

void unit_nothing_left(const char *when)
{
    const char *left = fake_left();
    TST_SAY(left == NULL, "after %s %s", when, left == NULL ? "" : left);
}

void unit_new_thread(void)
{
    isti_thread = (isti_thread_t)ISTI_THREAD_NEW;
}

uint32_t unit_held(void)
{
    const isti_thread_t new_thread = ISTI_THREAD_NEW;
    return isti_thread.id == new_thread.id ? 0 : isti_thread.held;
}

int64_t unit_now(void)
{
    return atomic_load(&fake.now);
}

/* ---- threads -------------------------------------------------------------------- */

typedef struct errand_t {
    void (*run)(void *baton);
    void *baton;
} errand_t;

static void *APR_THREAD_FUNC go(apr_thread_t *thread, void *data)
{
    const errand_t *errand = data;
    (void)thread;
    errand->run(errand->baton);
    isti_thread_ended(isti_thread.id); /* as a backend sees to it */
    return NULL;
}

void unit_threads(int count, void (*run)(void *baton), void *baton)
{
    enum { MOST = 16 };
    apr_thread_t *thread[MOST];
    errand_t errand = {run, baton};
    apr_pool_t *pool = make_pool(NULL);
    int started = 0;
    while (started < count && started < MOST &&
           apr_thread_create(&thread[started], NULL, go, &errand, pool) == APR_SUCCESS)
        started++;
    TST_NUMBER(started, count);
    for (int i = 0; i < started; i++) {
        apr_status_t status;
        apr_thread_join(&status, thread[i]);
    }
    apr_pool_destroy(pool);
}
