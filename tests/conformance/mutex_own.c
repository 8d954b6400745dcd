/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MTX-1: owned by a thread, recursive, and closed to everybody else.
 */
#include "mutex_cases.h"

static void fresh_is_free(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    TST_NUMBER(ist_mutex_created(mutex), 1);
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    mutex_is_free(mutex);
    TST_OK(tst_in_thread(mutex_try, mutex));
}

static void as_many_unlocks(void)
{
    const int depths[] = {1, 2, 3, 17, 1000};
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *peer = mutex_peer();
    for (int d = 0; d < 5; d++) {
        for (int i = 0; i < depths[d]; i++)
            TST_OK(ist_mutex_lock(mutex));
        TST_STATUS(tst_peer_do(peer, "trylock 0"), APR_EBUSY);
        for (int i = 1; i < depths[d]; i++)
            TST_OK(ist_mutex_unlock(mutex));
        TST_STATUS(tst_peer_do(peer, "trylock 0"), APR_EBUSY);
        TST_OK(ist_mutex_unlock(mutex));
        TST_OK(tst_peer_do(peer, "trylock 0"));
        TST_OK(tst_peer_do(peer, "unlock 0"));
        TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    }
}

/* Every way to lock counts alike, and none of them waits for its own thread. */
static void every_lock_counts(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    TST_OK(ist_mutex_timedlock(mutex, 0));
    TST_OK(ist_mutex_trylock(mutex));
    TST_OK(ist_mutex_timedlock(mutex, 0));
    TST_OK(ist_mutex_timedlock(mutex, 1000));
    TST_OK(ist_mutex_timedlock(mutex, IST_FOREVER));
    TST_OK(ist_mutex_lock(mutex));
    for (int i = 0; i < 6; i++) {
        TST_STATUS(tst_in_thread(mutex_try, mutex), APR_EBUSY);
        TST_OK(ist_mutex_unlock(mutex));
    }
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    TST_OK(tst_in_thread(mutex_try, mutex));
}

static void over_two_handles(void)
{
    ist_mutex_t *first = mutex_fresh(tst_name(NULL)), *second = mutex_again(tst_name(NULL));
    tst_peer_t *peer = mutex_peer();
    for (int i = 0; i < 100; i++) {
        TST_OK(ist_mutex_lock(first));
        TST_OK(ist_mutex_trylock(second));
    }
    for (int i = 0; i < 199; i++)
        TST_OK(ist_mutex_unlock(i < 150 ? first : second));
    TST_STATUS(tst_peer_do(peer, "trylock 0"), APR_EBUSY);
    TST_STATUS(tst_in_thread(mutex_try, second), APR_EBUSY);
    TST_OK(ist_mutex_unlock(first));
    TST_STATUS(ist_mutex_unlock(second), IST_ENOTOWNER);
    TST_OK(tst_peer_do(peer, "trylock 0"));
    TST_OK(tst_peer_do(peer, "unlock 0"));
}

/* Locked through one handle, unlocked through the other, the first one closed. */
static void across_a_closed_handle(void)
{
    ist_mutex_t *first = mutex_fresh(tst_name(NULL)), *second = mutex_again(tst_name(NULL));
    tst_peer_t *peer = mutex_peer();
    TST_OK(ist_mutex_lock(first));
    TST_OK(ist_mutex_close(first));
    TST_STATUS(ist_mutex_unlock(first), APR_EINVAL);
    TST_STATUS(tst_peer_do(peer, "trylock 0"), APR_EBUSY);
    TST_OK(ist_mutex_unlock(second));
    TST_OK(tst_peer_do(peer, "trylock 0"));
    TST_OK(tst_peer_do(peer, "unlock 0"));
}

static void not_without_a_lock(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *peer = mutex_peer();
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    TST_STATUS(tst_peer_do(peer, "unlock 0"), IST_ENOTOWNER);
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    TST_OK(tst_peer_do(peer, "lock 0"));
    TST_OK(tst_peer_do(peer, "unlock 0"));
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    mutex_is_free(mutex);
}

static void not_by_another_thread(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *peer = mutex_peer();
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_lock(mutex));
    for (int i = 0; i < 3; i++)
        TST_STATUS(tst_in_thread(mutex_unlock, mutex), IST_ENOTOWNER);
    TST_STATUS(tst_peer_do(peer, "trylock 0"), APR_EBUSY);
    TST_OK(ist_mutex_unlock(mutex));
    TST_STATUS(tst_in_thread(mutex_unlock, mutex), IST_ENOTOWNER);
    TST_STATUS(tst_peer_do(peer, "trylock 0"), APR_EBUSY);
    TST_OK(ist_mutex_unlock(mutex));
    TST_STATUS(tst_in_thread(mutex_unlock, mutex), IST_ENOTOWNER);
    TST_OK(tst_peer_do(peer, "trylock 0"));
    TST_OK(tst_peer_do(peer, "unlock 0"));
}

static void not_by_another_process(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *owner = mutex_peer(), *other = mutex_peer();
    TST_OK(tst_peer_do(owner, "lock 0"));
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    TST_STATUS(tst_peer_do(other, "unlock 0"), IST_ENOTOWNER);
    TST_STATUS(tst_peer_do(owner, "thread unlock 0"), IST_ENOTOWNER);
    TST_STATUS(ist_mutex_trylock(mutex), APR_EBUSY);
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    TST_OK(tst_peer_do(owner, "unlock 0"));
    mutex_is_free(mutex);
}

/* A thread that comes after another's end is not taken for it. */
static void not_by_a_later_thread(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    for (int i = 0; i < 20; i++) {
        TST_OK(tst_in_thread(mutex_desert, mutex));
        TST_STATUS(tst_in_thread(mutex_unlock, mutex), IST_ENOTOWNER);
        TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
        mutex_is_abandoned(mutex);
    }
}

static void not_by_a_forked_child(void)
{
    TST_NEED(TST_FORK);
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *peer = mutex_peer();
    apr_int64_t code = -1;
    TST_OK(tst_peer_do(peer, "lock 0"));
    TST_OK(tst_peer_do(peer, "lock 0"));
    TST_OK(tst_peer_do(peer, "fork"));
    TST_STATUS(tst_peer_do(peer, "unlock 0"), IST_ENOTOWNER);
    TST_STATUS(tst_peer_do(peer, "trylock 0"), APR_EBUSY);
    TST_STATUS(tst_peer_do(peer, "timedlock 0 1000"), APR_TIMEUP);
    tst_peer_begin(peer, "exit 7");
    TST_OK(tst_peer_end(peer, &code));
    TST_NUMBER(code, 7);
    TST_STATUS(ist_mutex_trylock(mutex), APR_EBUSY);
    TST_OK(tst_peer_do(peer, "unlock 0"));
    TST_STATUS(ist_mutex_trylock(mutex), APR_EBUSY);
    TST_OK(tst_peer_do(peer, "unlock 0"));
    mutex_is_free(mutex);
}

const tst_case_t mutex_own_cases[] = {
    {"MTX-1 a fresh mutex is free", fresh_is_free},
    {"MTX-1 as many unlocks as locks, 1000 deep", as_many_unlocks},
    {"MTX-1 every way to lock counts alike", every_lock_counts},
    {"MTX-1 the depth is counted over two handles", over_two_handles},
    {"MTX-1 what a closed handle locked another unlocks", across_a_closed_handle},
    {"MTX-1 unlocking what is not locked is refused", not_without_a_lock},
    {"MTX-1 another thread can't unlock, and changes nothing", not_by_another_thread},
    {"MTX-1 another process can't unlock, and changes nothing", not_by_another_process},
    {"MTX-1 a later thread does not inherit a dead one's lock", not_by_a_later_thread},
    {"MTX-1 a forked child owns nothing of its parent's", not_by_a_forked_child},
    {NULL, NULL},
};
