/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MTX-5: a mutex that is held can't be closed away, nor lost with a pool.
 */
#include "mutex_cases.h"

static void last_handle_is_busy(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *peer = mutex_peer();
    TST_OK(ist_mutex_lock(mutex));
    TST_STATUS(ist_mutex_close(mutex), APR_EBUSY);
    TST_STATUS(ist_mutex_close(mutex), APR_EBUSY);
    TST_STATUS(tst_peer_do(peer, "trylock 0"), APR_EBUSY);
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
    TST_STATUS(ist_mutex_close(mutex), APR_EBUSY);
    TST_OK(ist_mutex_unlock(mutex));
    TST_OK(tst_peer_do(peer, "trylock 0"));
    TST_OK(ist_mutex_close(mutex));
    TST_STATUS(ist_mutex_close(mutex), APR_EINVAL);
    TST_OK(tst_peer_do(peer, "unlock 0"));
}

static void busy_for_another_thread(void)
{
    mutex_holder_t holder;
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    mutex_hold(&holder, mutex, 1, 1);
    TST_STATUS(ist_mutex_close(mutex), APR_EBUSY);
    mutex_let_go(&holder);
    TST_OK(ist_mutex_close(mutex));
}

/* Another process's owner is no concern of this one's. */
static void not_busy_for_another_process(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *owner = mutex_peer(), *other = mutex_peer();
    TST_OK(tst_peer_do(owner, "lock 0"));
    TST_OK(ist_mutex_close(mutex));
    TST_STATUS(tst_peer_do(other, "trylock 0"), APR_EBUSY);
    TST_OK(tst_peer_do(owner, "unlock 0"));
    TST_OK(tst_peer_do(other, "trylock 0"));
    TST_OK(tst_peer_do(other, "unlock 0"));
}

static void earlier_closes_succeed(void)
{
    ist_mutex_t *handles[3] = {mutex_fresh(tst_name(NULL)), mutex_again(tst_name(NULL)),
                               mutex_again(tst_name(NULL))};
    TST_OK(ist_mutex_lock(handles[0]));
    TST_OK(ist_mutex_close(handles[0]));
    TST_OK(ist_mutex_close(handles[2]));
    TST_STATUS(ist_mutex_close(handles[1]), APR_EBUSY);
    TST_OK(ist_mutex_unlock(handles[1]));
    TST_OK(ist_mutex_close(handles[1]));
    TST_STATUS(ist_mutex_open(&handles[0], tst_name(NULL), 0, 0, tst_pool()), APR_ENOENT);
}

/* A thread that ended owns nothing any more. */
static void closable_after_the_thread(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    TST_OK(tst_in_thread(mutex_desert, mutex));
    TST_OK(ist_mutex_close(mutex));
    TST_STATUS(ist_mutex_open(&mutex, tst_name(NULL), 0, 0, tst_pool()), APR_ENOENT);
}

/* The next opener is told, though the owner's process closed it since. */
static void told_after_the_close(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *owner = mutex_peer();
    TST_OK(tst_peer_do(owner, "thread lock 0"));
    TST_OK(tst_peer_do(owner, "close 0"));
    mutex_is_abandoned(mutex);
}

static void pool_keeps_it_locked(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *owner = mutex_peer();
    TST_OK(tst_peer_do(owner, "lock 0"));
    TST_OK(tst_peer_do(owner, "pool 0"));
    TST_STATUS(ist_mutex_trylock(mutex), APR_EBUSY);
    TST_STATUS(ist_mutex_timedlock(mutex, 300000), APR_TIMEUP);
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    tst_peer_kill(owner);
    mutex_is_abandoned(mutex);
}

/* The depth survives too: it is the object's, not the handle's. */
static void pool_then_unlocked_by_another_handle(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *owner = mutex_peer();
    TST_OK(tst_peer_do(owner, "lock 0"));
    TST_OK(tst_peer_do(owner, "lock 0"));
    TST_OK(tst_peer_do(owner, "pool 0"));
    TST_MUST(tst_peer_open(owner, 1, IST_KIND_MUTEX, tst_name(NULL), 0, 0, 0, 0));
    TST_OK(tst_peer_do(owner, "trylock 1"));
    for (int i = 0; i < 3; i++) {
        TST_STATUS(ist_mutex_trylock(mutex), APR_EBUSY);
        TST_STATUS(tst_peer_do(owner, "close 1"), APR_EBUSY);
        TST_OK(tst_peer_do(owner, "unlock 1"));
    }
    TST_STATUS(tst_peer_do(owner, "unlock 1"), IST_ENOTOWNER);
    mutex_is_free(mutex);
    TST_OK(tst_peer_do(owner, "close 1"));
}

/* Alone in the world: the name is taken as long as its owner may come back. */
static void pool_alone_then_reopened(void)
{
    apr_pool_t *pool = tst_subpool();
    ist_mutex_t *mutex = NULL;
    TST_MUST(ist_mutex_open(&mutex, tst_name(NULL), IST_CREATE, 0, pool));
    TST_OK(ist_mutex_lock(mutex));
    apr_pool_destroy(pool);
    TST_STATUS(ist_mutex_open(&mutex, tst_name(NULL), IST_CREATE_ONLY, 0, tst_pool()),
               APR_EEXIST);
    mutex = mutex_again(tst_name(NULL));
    TST_STATUS(tst_in_thread(mutex_try, mutex), APR_EBUSY);
    TST_OK(ist_mutex_unlock(mutex));
    mutex_is_free(mutex);
    TST_OK(ist_mutex_close(mutex));
    TST_STATUS(ist_mutex_open(&mutex, tst_name(NULL), 0, 0, tst_pool()), APR_ENOENT);
}

static void hold_without_a_handle(mutex_holder_t *holder)
{
    apr_pool_t *pool = tst_subpool();
    ist_mutex_t *mutex = NULL;
    TST_MUST(ist_mutex_open(&mutex, tst_name(NULL), IST_CREATE, 0, pool));
    mutex_hold(holder, mutex, 2, 0);
    apr_pool_destroy(pool);
}

static void pool_then_the_thread_ends(void)
{
    mutex_holder_t holder;
    hold_without_a_handle(&holder);
    tst_peer_t *other = mutex_peer();
    apr_int64_t created = -1;
    TST_OK(tst_peer_ask(other, &created, "created 0"));
    TST_NUMBER(created, 0);
    tst_peer_begin(other, "lock 0");
    TST_NUMBER(tst_peer_blocked(other), 1);
    mutex_let_go(&holder);
    TST_STATUS(tst_peer_end(other, NULL), IST_ABANDONED);
    TST_OK(tst_peer_do(other, "unlock 0"));
    mutex_is_free(mutex_again(tst_name(NULL)));
}

static void pool_alone_then_the_thread_ends(void)
{
    mutex_holder_t holder;
    ist_mutex_t *mutex = NULL;
    hold_without_a_handle(&holder);
    TST_STATUS(ist_mutex_open(&mutex, tst_name(NULL), IST_CREATE_ONLY, 0, tst_pool()),
               APR_EEXIST);
    mutex_let_go(&holder);
    TST_STATUS(ist_mutex_open(&mutex, tst_name(NULL), 0, 0, tst_pool()), APR_ENOENT);
    mutex_is_free(mutex_fresh(tst_name(NULL)));
}

static void forked_child_closes_freely(void)
{
    TST_NEED(TST_FORK);
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *peer = mutex_peer();
    TST_OK(tst_peer_do(peer, "lock 0"));
    TST_OK(tst_peer_do(peer, "fork"));
    TST_OK(tst_peer_do(peer, "close 0"));
    TST_STATUS(ist_mutex_trylock(mutex), APR_EBUSY);
    TST_OK(tst_peer_do(peer, "exit 0"));
    TST_STATUS(ist_mutex_trylock(mutex), APR_EBUSY);
    TST_STATUS(tst_peer_do(peer, "close 0"), APR_EBUSY);
    TST_OK(tst_peer_do(peer, "unlock 0"));
    mutex_is_free(mutex);
}

const tst_case_t mutex_close_cases[] = {
    {"MTX-5 the last handle can't be closed by the owner", last_handle_is_busy},
    {"MTX-5 the last handle can't be closed under another thread", busy_for_another_thread},
    {"MTX-5 another process's lock hinders no close", not_busy_for_another_process},
    {"MTX-5 earlier closes succeed", earlier_closes_succeed},
    {"MTX-5 it can be closed when the owner thread has ended", closable_after_the_thread},
    {"MTX-5 a dead owner thread is told of after its process's close", told_after_the_close},
    {"MTX-5 a pool that is destroyed leaves the mutex locked", pool_keeps_it_locked},
    {"MTX-5 after that, the owner unlocks through another handle",
     pool_then_unlocked_by_another_handle},
    {"MTX-5 after that, the name is taken until the owner unlocks", pool_alone_then_reopened},
    {"MTX-5 after that, others are told when the owner thread ends",
     pool_then_the_thread_ends},
    {"MTX-5 after that, the name is free when the owner thread ends",
     pool_alone_then_the_thread_ends},
    {"MTX-5 a forked child may close what its parent holds", forked_child_closes_freely},
    {NULL, NULL},
};
