/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MTX-3: what is told of an owner's death, to whom, and how often.
 */
#include "mutex_cases.h"

#include <string.h>

#define WAITERS 4

/* Of several that wait, the first to get it is told, and nobody else. */
static void exactly_one_waiter_is_told(void)
{
    tst_peer_t *peers[WAITERS];
    int done[WAITERS] = {0};
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *owner = mutex_peer();
    TST_OK(tst_peer_do(owner, "lock 0"));
    for (int i = 0; i < WAITERS; i++) {
        peers[i] = mutex_peer();
        tst_peer_begin(peers[i], "%s", i % 2 ? "lock 0" : "timedlock 0 -1");
        TST_NUMBER(tst_peer_blocked(peers[i]), 1);
    }
    tst_peer_shoot(owner);
    for (int i = 0; i < WAITERS; i++) {
        int next = mutex_next_answer(peers, done, WAITERS);
        TST_MUST_TRUE(next >= 0);
        done[next] = 1;
        TST_STATUS(tst_peer_end(peers[next], NULL), i == 0 ? IST_ABANDONED : APR_SUCCESS);
        TST_STATUS(ist_mutex_trylock(mutex), APR_EBUSY);
        TST_OK(tst_peer_do(peers[next], "unlock 0"));
    }
    mutex_is_free(mutex);
}

static void told_at_depth_one(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *owner = mutex_peer(), *other = mutex_peer();
    for (int i = 0; i < 3; i++)
        TST_OK(tst_peer_do(owner, "lock 0"));
    tst_peer_kill(owner);
    TST_STATUS(ist_mutex_lock(mutex), IST_ABANDONED);
    TST_OK(ist_mutex_unlock(mutex));
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    TST_OK(tst_peer_do(other, "trylock 0"));
    TST_OK(tst_peer_do(other, "unlock 0"));
}

/* Who was told owns it like anybody else: it may go deeper, and is obeyed. */
static void told_owner_may_go_deeper(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *owner = mutex_peer(), *other = mutex_peer();
    TST_OK(tst_peer_do(owner, "lock 0"));
    tst_peer_kill(owner);
    TST_STATUS(ist_mutex_lock(mutex), IST_ABANDONED);
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_trylock(mutex));
    TST_STATUS(tst_peer_do(other, "trylock 0"), APR_EBUSY);
    TST_STATUS(tst_peer_do(other, "unlock 0"), IST_ENOTOWNER);
    for (int i = 0; i < 3; i++)
        TST_OK(ist_mutex_unlock(mutex));
    TST_OK(tst_peer_do(other, "lock 0"));
    TST_OK(tst_peer_do(other, "unlock 0"));
}

static apr_status_t desert_deep(void *mutex)
{
    apr_status_t status = APR_SUCCESS;
    for (int i = 0; i < 3 && status == APR_SUCCESS; i++)
        status = ist_mutex_lock(mutex);
    return status;
}

/* How deep a thread was when it ended is forgotten, whichever process is told. */
static void depth_ends_with_its_thread(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *other = mutex_peer();
    for (int i = 0; i < 4; i++) {
        TST_OK(tst_in_thread(desert_deep, mutex));
        if (i % 2 == 0) {
            TST_STATUS(tst_peer_do(other, "lock 0"), IST_ABANDONED);
            TST_OK(tst_peer_do(other, "unlock 0"));
            TST_OK(ist_mutex_lock(mutex));
        } else {
            TST_STATUS(ist_mutex_lock(mutex), IST_ABANDONED);
        }
        TST_OK(ist_mutex_unlock(mutex));
        TST_OK(tst_peer_do(other, "trylock 0"));
        TST_OK(tst_peer_do(other, "unlock 0"));
        TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    }
}

/* An owner that unlocked before it ended has nothing to tell of. */
static void unlocked_is_not_told(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    const char *const ends[] = {"exit 0", "die", "abort"};
    for (int i = 0; i < 3; i++) {
        tst_peer_t *owner = mutex_peer();
        TST_OK(tst_peer_do(owner, "lock 0"));
        TST_OK(tst_peer_do(owner, "lock 0"));
        TST_OK(tst_peer_do(owner, "unlock 0"));
        TST_OK(tst_peer_do(owner, "unlock 0"));
        tst_peer_begin(owner, "%s", ends[i]);
        tst_peer_wait(owner);
        mutex_is_free(mutex);
    }
}

/* LIFE-1: with its only holder the mutex itself is gone. */
static void nothing_told_when_nobody_had_it(void)
{
    ist_mutex_t *mutex = NULL;
    tst_peer_t *owner = mutex_peer();
    TST_OK(tst_peer_do(owner, "lock 0"));
    tst_peer_kill(owner);
    TST_STATUS(ist_mutex_open(&mutex, tst_name(NULL), 0, 0, tst_pool()), APR_ENOENT);
    owner = mutex_peer();
    TST_OK(tst_peer_do(owner, "lock 0"));
    tst_peer_kill(owner);
    TST_MUST(ist_mutex_open(&mutex, tst_name(NULL), IST_CREATE, 0, tst_pool()));
    TST_NUMBER(ist_mutex_created(mutex), 1);
    mutex_is_free(mutex);
}

/* What the dead owner wrote under its lock is there for the next. */
static void data_is_there(void)
{
    enum { SIZE = 100000 };
    ist_shm_t *shm = NULL;
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    TST_MUST(ist_shm_open(&shm, tst_name(NULL), SIZE, IST_CREATE, 0, tst_pool()));
    const unsigned char *byte = ist_shm_base(shm);
    for (int i = 1; i <= 5; i++) {
        tst_peer_t *owner = mutex_peer();
        TST_MUST(tst_peer_open(owner, 1, IST_KIND_SHM, tst_name(NULL), 0, 0, 0, 0));
        TST_OK(tst_peer_do(owner, "lock 0"));
        TST_OK(tst_peer_do(owner, "fill 1 0 %d %d", SIZE, i));
        tst_peer_kill(owner);
        TST_STATUS(ist_mutex_lock(mutex), IST_ABANDONED);
        TST_NUMBER(byte[0], i);
        TST_NUMBER(memcmp(byte, byte + 1, SIZE - 1), 0);
        TST_OK(ist_mutex_unlock(mutex));
    }
}

/* The creator's death is an owner's like any other. */
static void creator_dies(void)
{
    ist_mutex_t *mutex = NULL;
    tst_peer_t *owner = mutex_peer();
    TST_OK(tst_peer_do(owner, "lock 0"));
    TST_MUST(ist_mutex_open(&mutex, tst_name(NULL), 0, 0, tst_pool()));
    tst_peer_kill(owner);
    TST_STATUS(ist_mutex_lock(mutex), IST_ABANDONED);
    TST_OK(ist_mutex_unlock(mutex));
    mutex_is_free(mutex);
}

static void forked_child_is_told(void)
{
    TST_NEED(TST_FORK);
    tst_peer_t *peer = mutex_peer();
    TST_OK(tst_peer_do(peer, "lock 0"));
    TST_OK(tst_peer_do(peer, "orphan"));
    TST_STATUS(tst_peer_do(peer, "lock 0"), IST_ABANDONED);
    TST_OK(tst_peer_do(peer, "unlock 0"));
    TST_OK(tst_peer_do(peer, "trylock 0"));
    TST_OK(tst_peer_do(peer, "unlock 0"));
    /* Nobody can wait for an orphan's end, only for what it does. */
    TST_OK(tst_peer_do(peer, "close 0"));
}

const tst_case_t mutex_told_cases[] = {
    {"MTX-3 exactly one of several waiters is told", exactly_one_waiter_is_told},
    {"MTX-3 depth 3 at the death comes back as depth 1", told_at_depth_one},
    {"MTX-3 an ended thread's depth is forgotten, whoever is told", depth_ends_with_its_thread},
    {"MTX-3 who was told may go deeper", told_owner_may_go_deeper},
    {"MTX-3 a death after the unlock is not told", unlocked_is_not_told},
    {"MTX-3 nothing is told when nobody else had it open", nothing_told_when_nobody_had_it},
    {"MTX-3 what the dead owner wrote is there", data_is_there},
    {"MTX-3 a creator that owns it dies", creator_dies},
    {"MTX-3 a forked child is told of its parent's death", forked_child_is_told},
    {NULL, NULL},
};
