/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GEN-8: fork. The child may use all, owns nothing, and keeps it alive.
 */
#include "general_cases.h"

static int lockless_child(tst_fork_t *fork, void *baton)
{
    ist_mutex_t *mutex = baton;
    (void)fork;
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    TST_STATUS(ist_mutex_trylock(mutex), APR_EBUSY);
    TST_STATUS(ist_mutex_timedlock(mutex, 1000), APR_TIMEUP);
    return 0;
}

static void owns_no_lock(void)
{
    TST_NEED(TST_FORK);
    ist_mutex_t *mutex;
    tst_fork_t child;
    TST_MUST(ist_mutex_open(&mutex, tst_name(NULL), IST_CREATE, 0, tst_pool()));
    TST_MUST(ist_mutex_lock(mutex));
    TST_MUST(ist_mutex_lock(mutex));
    TST_MUST_TRUE(tst_fork(&child, lockless_child, mutex));
    TST_NUMBER(tst_fork_wait(&child), 0);
    TST_OK(ist_mutex_unlock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
}

static int owning_child(tst_fork_t *fork, void *baton)
{
    ist_mutex_t *mutex = baton;
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_lock(mutex));
    tst_fork_tell(fork, 1);
    tst_fork_hear(fork);
    TST_OK(ist_mutex_unlock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
    tst_fork_tell(fork, 2);
    TST_OK(ist_mutex_lock(mutex)); /* the parent has it now */
    return 0;                      /* dies with it */
}

/* The two exclude each other through one inherited handle. */
static void locks_for_itself(void)
{
    TST_NEED(TST_FORK);
    ist_mutex_t *mutex;
    tst_fork_t child;
    TST_MUST(ist_mutex_open(&mutex, tst_name(NULL), IST_CREATE, 0, tst_pool()));
    TST_MUST(ist_mutex_lock(mutex));
    TST_MUST(ist_mutex_unlock(mutex));
    TST_MUST_TRUE(tst_fork(&child, owning_child, mutex));
    TST_NUMBER(tst_fork_hear(&child), 1);
    TST_STATUS(ist_mutex_trylock(mutex), APR_EBUSY);
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    tst_fork_tell(&child, 1);
    TST_NUMBER(tst_fork_hear(&child), 2);
    TST_NUMBER(tst_fork_wait(&child), 0);
    TST_STATUS(ist_mutex_lock(mutex), IST_ABANDONED);
    TST_OK(ist_mutex_unlock(mutex));
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
}

/* A depth that the parent had must not be the child's. */
static int deep_child(tst_fork_t *fork, void *baton)
{
    ist_mutex_t *mutex = baton;
    (void)tst_fork_hear(fork);
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    return 0;
}

static void has_a_depth_of_its_own(void)
{
    TST_NEED(TST_FORK);
    ist_mutex_t *mutex;
    tst_fork_t child;
    TST_MUST(ist_mutex_open(&mutex, tst_name(NULL), IST_CREATE, 0, tst_pool()));
    for (int i = 0; i < 3; i++)
        TST_MUST(ist_mutex_lock(mutex));
    TST_MUST_TRUE(tst_fork(&child, deep_child, mutex));
    for (int i = 0; i < 3; i++)
        TST_OK(ist_mutex_unlock(mutex));
    tst_fork_tell(&child, 1);
    TST_NUMBER(tst_fork_wait(&child), 0);
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
}

typedef struct inherited_t {
    ist_semaphore_t *semaphore;
    ist_shm_t *shm;
    ist_region_t *region;
} inherited_t;

static void open_all(inherited_t *all, apr_uint32_t initial)
{
    TST_MUST(
        ist_semaphore_open(&all->semaphore, tst_name(NULL), initial, 1, IST_CREATE, 0, tst_pool()));
    TST_MUST(ist_shm_open(&all->shm, tst_name(NULL), 100, IST_CREATE, 0, tst_pool()));
    TST_MUST(ist_region_open(&all->region, tst_name(NULL), 100, IST_CREATE, 0, tst_pool()));
}

static int using_child(tst_fork_t *fork, void *baton)
{
    inherited_t *all = baton;
    volatile unsigned char *bytes = ist_shm_base(all->shm);
    (void)fork;
    TST_OK(ist_semaphore_wait(all->semaphore));
    TST_NUMBER(bytes[99], 7);
    bytes[99] = 8;
    TST_OK(ist_region_lock(all->region));
    *(volatile unsigned char *)ist_region_base(all->region) = 9;
    TST_OK(ist_region_unlock(all->region));
    TST_OK(ist_region_notify(all->region));
    return 0;
}

static void may_use_all(void)
{
    TST_NEED(TST_FORK);
    inherited_t all;
    tst_fork_t child;
    open_all(&all, 0);
    TST_MUST_TRUE(tst_fork(&child, using_child, &all));
    ((unsigned char *)ist_shm_base(all.shm))[99] = 7;
    TST_OK(ist_semaphore_post(all.semaphore));
    TST_OK(ist_region_timedwait(all.region, 20 * APR_USEC_PER_SEC));
    TST_NUMBER(((unsigned char *)ist_shm_base(all.shm))[99], 8);
    TST_NUMBER(*(unsigned char *)ist_region_base(all.region), 9);
    TST_NUMBER(tst_fork_wait(&child), 0);
}

static int closing_child(tst_fork_t *fork, void *baton)
{
    tst_handle_t *handles = baton;
    (void)fork;
    for (int i = 0; i < TST_KINDS; i++)
        TST_OK(tst_close(&handles[i]));
    return 0;
}

/* The child's close must take nothing from its parent. */
static void the_parent_keeps_it(void)
{
    TST_NEED(TST_FORK);
    tst_handle_t handles[TST_KINDS], again;
    tst_fork_t child;
    for (int i = 0; i < TST_KINDS; i++)
        TST_MUST(tst_open(&handles[i], tst_kinds[i], tst_name(NULL), IST_CREATE, tst_pool()));
    TST_MUST_TRUE(tst_fork(&child, closing_child, handles));
    TST_NUMBER(tst_fork_wait(&child), 0);
    tst_peer_t *peer = tst_peer_start();
    for (int i = 0; i < TST_KINDS; i++) {
        TST_OK(tst_peer_open(peer, i, tst_kinds[i], tst_name(NULL), 0, 0, 0, 0));
        TST_OK(tst_open(&again, tst_kinds[i], tst_name(NULL), 0, tst_pool()));
        TST_OK(tst_close(&again));
        TST_OK(tst_close(&handles[i]));
    }
    TST_STATUS(ist_mutex_lock(handles[0].mutex), APR_EINVAL);
}

/* The parent's close must take nothing from its child. */
static int keeping_child(tst_fork_t *fork, void *baton)
{
    tst_handle_t *handles = baton;
    tst_fork_hear(fork); /* the parent has closed */
    TST_OK(ist_mutex_lock(handles[0].mutex));
    TST_OK(ist_mutex_unlock(handles[0].mutex));
    TST_OK(ist_semaphore_post(handles[1].semaphore));
    TST_NUMBER(((unsigned char *)tst_base(&handles[2]))[5], 6);
    tst_fork_tell(fork, 1);
    tst_fork_hear(fork); /* others have looked */
    for (int i = 0; i < TST_KINDS; i++)
        TST_OK(tst_close(&handles[i]));
    tst_fork_tell(fork, 2);
    tst_fork_hear(fork);
    return 0;
}

static void the_child_keeps_it(void)
{
    TST_NEED(TST_FORK);
    tst_handle_t handles[TST_KINDS], again;
    tst_fork_t child;
    for (int i = 0; i < TST_KINDS; i++)
        TST_MUST(tst_open(&handles[i], tst_kinds[i], tst_name(NULL), IST_CREATE, tst_pool()));
    ((unsigned char *)tst_base(&handles[2]))[5] = 6;
    TST_MUST_TRUE(tst_fork(&child, keeping_child, handles));
    for (int i = 0; i < TST_KINDS; i++)
        TST_OK(tst_close(&handles[i]));
    tst_fork_tell(&child, 1);
    TST_NUMBER(tst_fork_hear(&child), 1);
    for (int i = 0; i < TST_KINDS; i++) {
        TST_TRUE(tst_exists(tst_kinds[i], tst_name(NULL), 0));
        TST_OK(tst_open(&again, tst_kinds[i], tst_name(NULL), 0, tst_pool()));
        TST_NUMBER(tst_created(&again), 0);
        TST_OK(tst_close(&again));
    }
    tst_fork_tell(&child, 1);
    TST_NUMBER(tst_fork_hear(&child), 2);
    for (int i = 0; i < TST_KINDS; i++)
        TST_TRUE(!tst_exists(tst_kinds[i], tst_name(NULL), 0));
    tst_fork_tell(&child, 1);
    TST_NUMBER(tst_fork_wait(&child), 0);
}

/* What the child opens anew is its own. */
static int opening_child(tst_fork_t *fork, void *baton)
{
    (void)baton;
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t handle;
        TST_OK(tst_open(&handle, tst_kinds[i], tst_name("c"), IST_CREATE_ONLY, tst_pool()));
        TST_OK(tst_close(&handle));
        TST_OK(tst_open(&handle, tst_kinds[i], tst_name(NULL), 0, tst_pool()));
        TST_OK(tst_close(&handle));
    }
    tst_fork_tell(fork, 1);
    return 0;
}

static void may_open_anew(void)
{
    TST_NEED(TST_FORK);
    tst_handle_t handles[TST_KINDS];
    tst_fork_t child;
    for (int i = 0; i < TST_KINDS; i++)
        TST_MUST(tst_open(&handles[i], tst_kinds[i], tst_name(NULL), IST_CREATE, tst_pool()));
    TST_MUST_TRUE(tst_fork(&child, opening_child, NULL));
    TST_NUMBER(tst_fork_hear(&child), 1);
    TST_NUMBER(tst_fork_wait(&child), 0);
    for (int i = 0; i < TST_KINDS; i++)
        TST_TRUE(tst_exists(tst_kinds[i], tst_name(NULL), 0));
}

static const char *busy_name;

/* A fork while other threads open and close: the child must be able to. */
static apr_status_t keep_opening(void *baton)
{
    _Atomic(int) *stop = baton;
    apr_pool_t *pool;
    apr_status_t status = apr_pool_create(&pool, NULL);
    for (int i = 0; !*stop && status == APR_SUCCESS; i++) {
        tst_handle_t handle;
        status = tst_open(&handle, tst_kinds[i % TST_KINDS], busy_name, IST_CREATE, pool);
        if (status == APR_SUCCESS)
            status = tst_close(&handle);
        apr_pool_clear(pool);
    }
    apr_pool_destroy(pool);
    return status;
}

static void amid_openings(void)
{
    TST_NEED(TST_FORK);
    _Atomic(int) stop = 0;
    tst_handle_t handles[TST_KINDS];
    busy_name = tst_name("t");
    for (int i = 0; i < TST_KINDS; i++)
        TST_MUST(tst_open(&handles[i], tst_kinds[i], tst_name(NULL), IST_CREATE, tst_pool()));
    tst_thread_t *thread = tst_thread_start(keep_opening, &stop);
    for (int i = 0; i < 50; i++) {
        tst_fork_t child;
        TST_MUST_TRUE(tst_fork(&child, opening_child, NULL));
        TST_NUMBER(tst_fork_hear(&child), 1);
        TST_NUMBER(tst_fork_wait(&child), 0);
    }
    stop = 1;
    TST_OK(tst_thread_join(thread));
}

/* ---- into another PID namespace -------------------------------------------------- */

/* The locks would take one thread for another there; all else works. */
static int stranger(tst_fork_t *fork, void *baton)
{
    inherited_t *all = baton;
    ist_mutex_t *mutex;
    (void)fork;
    TST_STATUS(ist_region_lock(all->region), IST_ENAMESPACE);
    TST_STATUS(ist_region_trylock(all->region), IST_ENAMESPACE);
    TST_STATUS(ist_region_timedlock(all->region, 1000), IST_ENAMESPACE);
    TST_STATUS(ist_region_unlock(all->region), IST_ENOTOWNER);
    TST_OK(ist_mutex_open(&mutex, tst_name("own"), IST_CREATE, 0, tst_pool()));
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
    TST_OK(ist_mutex_close(mutex));
    TST_OK(ist_semaphore_wait(all->semaphore));
    TST_OK(ist_region_notify(all->region));
    ((unsigned char *)ist_shm_base(all->shm))[99] = 7;
    TST_OK(ist_region_close(all->region));
    TST_OK(ist_shm_close(all->shm));
    return 0;
}

/* Its own children are of one namespace, and not of its parent's. */
static int between(tst_fork_t *fork, void *baton)
{
    inherited_t *all = baton;
    tst_fork_t child;
    (void)fork;
    TST_TRUE(tst_apart());
    TST_OK(ist_region_lock(all->region));
    TST_OK(ist_region_unlock(all->region));
    TST_MUST_TRUE(tst_fork(&child, stranger, all));
    return tst_fork_wait(&child);
}

static void into_another_namespace(void)
{
    TST_NEED(TST_FORK);
    TST_NEED(TST_NAMESPACES);
    inherited_t all;
    tst_fork_t child;
    open_all(&all, 1);
    TST_MUST_TRUE(tst_fork(&child, between, &all));
    TST_NUMBER(tst_fork_wait(&child), 0);
    TST_NUMBER(((unsigned char *)ist_shm_base(all.shm))[99], 7);
    TST_OK(ist_region_trywait(all.region));
    TST_OK(ist_region_lock(all.region));
    TST_OK(ist_region_unlock(all.region));
}

const tst_case_t general_fork_cases[] = {
    {"GEN-8 a forked child owns none of its parent's locks", owns_no_lock},
    {"GEN-8 a forked child locks for itself", locks_for_itself},
    {"GEN-8 a forked child does not inherit a depth", has_a_depth_of_its_own},
    {"GEN-8 a forked child may use every handle", may_use_all},
    {"GEN-8 a forked child's close takes nothing from the parent", the_parent_keeps_it},
    {"GEN-8 a parent's close takes nothing from the forked child", the_child_keeps_it},
    {"GEN-8 a forked child may open anew", may_open_anew},
    {"GEN-8 a child forked into another PID namespace is refused the locks",
     into_another_namespace},
    {"GEN-8 a fork amid opens and closes of other threads", amid_openings},
    {NULL, NULL},
};
