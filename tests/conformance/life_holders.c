/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LIFE-2 and LIFE-3: who holds, and what a creator's close takes away.
 */
#include "life_cases.h"

static void stopped_is_alive(void)
{
    TST_NEED(TST_STOP);
    tst_peer_t *peer = tst_peer_start();
    apr_uint32_t removed = 0;
    life_open_all(peer, tst_name(NULL));
    tst_stop(tst_peer_pid(peer));
    life_all_there(tst_name(NULL));
    TST_OK(ist_sweep(&removed, tst_pool()));
    life_all_there(tst_name(NULL));
    tst_continue(tst_peer_pid(peer));
    TST_OK(tst_peer_do(peer, "write 2 0 1"));
    TST_OK(tst_peer_do(peer, "lock 0"));
    life_all_there(tst_name(NULL));
}

/* Even its locks are its own while it stands. */
static void stopped_owner_owns(void)
{
    TST_NEED(TST_STOP);
    tst_peer_t *peer = tst_peer_start();
    ist_mutex_t *mutex;
    life_open_all(peer, tst_name(NULL));
    TST_MUST(tst_peer_do(peer, "lock 0"));
    tst_stop(tst_peer_pid(peer));
    TST_MUST(ist_mutex_open(&mutex, tst_name(NULL), 0, 0, tst_pool()));
    TST_STATUS(ist_mutex_trylock(mutex), APR_EBUSY);
    TST_STATUS(ist_mutex_timedlock(mutex, 400 * 1000), APR_TIMEUP);
    tst_continue(tst_peer_pid(peer));
    TST_OK(tst_peer_do(peer, "unlock 0"));
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
}

/* Its parent is gone; the child's inherited views keep all alive. */
static void orphan_holds(void)
{
    TST_NEED(TST_FORK);
    tst_peer_t *peer = tst_peer_start();
    life_open_all(peer, tst_name(NULL));
    TST_OK(tst_peer_do(peer, "orphan"));
    tst_peer_wait(peer); /* that was the parent */
    life_all_there(tst_name(NULL));
    TST_OK(ist_sweep(NULL, tst_pool()));
    life_all_there(tst_name(NULL));
    for (int i = 0; i < TST_KINDS; i++)
        TST_OK(tst_peer_do(peer, "close %d", i));
    life_all_absent(tst_name(NULL));
}

/* The same, but the child is killed. */
static void orphan_dies(void)
{
    TST_NEED(TST_FORK);
    tst_peer_t *peer = tst_peer_start();
    apr_int64_t pid = 0;
    life_open_all(peer, tst_name(NULL));
    TST_OK(tst_peer_ask(peer, &pid, "orphan"));
    tst_peer_wait(peer);
    life_all_there(tst_name(NULL));
    tst_sys_kill((long)pid);
    while (tst_sys_lives((long)pid))
        tst_sys_pause(500);
    life_all_absent(tst_name(NULL));
    life_all_fresh(tst_name(NULL));
}

/* The child dies: its parent holds on. */
static void parent_holds_on(void)
{
    TST_NEED(TST_FORK);
    tst_peer_t *peer = tst_peer_start();
    life_open_all(peer, tst_name(NULL));
    TST_OK(tst_peer_do(peer, "fork"));
    TST_OK(tst_peer_do(peer, "die")); /* the parent answers that */
    life_all_there(tst_name(NULL));
    TST_OK(tst_peer_do(peer, "lock 0"));
    TST_OK(tst_peer_do(peer, "unlock 0"));
    tst_peer_kill(peer);
    life_all_absent(tst_name(NULL));
}

static void parent_closes_child_holds(void)
{
    TST_NEED(TST_FORK);
    tst_peer_t *peer = tst_peer_start();
    tst_peer_t *other = tst_peer_start();
    life_open_all(peer, tst_name(NULL));
    TST_OK(tst_peer_do(peer, "fork")); /* the child closes, and leaves */
    for (int i = 0; i < TST_KINDS; i++)
        TST_OK(tst_peer_do(peer, "close %d", i));
    TST_OK(tst_peer_do(peer, "exit 0"));
    for (int i = 0; i < TST_KINDS; i++) {
        TST_OK(tst_peer_open(other, i, tst_kinds[i], tst_name(NULL), 0, 0, 0, 0));
        TST_OK(tst_peer_do(peer, "close %d", i)); /* the parent */
    }
    life_all_there(tst_name(NULL));
}

static void creator_closes_first(void)
{
    tst_peer_t *creator = tst_peer_start(), *one = tst_peer_start(), *two = tst_peer_start();
    apr_int64_t byte = 0;
    life_open_all(creator, tst_name(NULL));
    life_open_all(one, tst_name(NULL));
    for (int i = 0; i < TST_KINDS; i++)
        TST_OK(tst_peer_do(creator, "close %d", i));
    life_open_all(two, tst_name(NULL));
    TST_OK(tst_peer_do(one, "lock 0"));
    TST_STATUS(tst_peer_do(two, "trylock 0"), APR_EBUSY);
    TST_OK(tst_peer_do(one, "unlock 0"));
    TST_OK(tst_peer_do(one, "wait 1"));
    TST_OK(tst_peer_do(two, "post 1 1"));
    TST_OK(tst_peer_do(one, "write 2 0 7"));
    TST_OK(tst_peer_ask(two, &byte, "read 2 0"));
    TST_NUMBER(byte, 7);
    TST_OK(tst_peer_do(one, "notify 3"));
    TST_OK(tst_peer_do(two, "wait 3"));
}

static void creator_dies_first(void)
{
    tst_peer_t *creator = tst_peer_start(), *one = tst_peer_start(), *two = tst_peer_start();
    apr_int64_t byte = 0;
    life_open_all(creator, tst_name(NULL));
    TST_OK(tst_peer_do(creator, "write 3 0 8"));
    life_open_all(one, tst_name(NULL));
    tst_peer_kill(creator);
    life_open_all(two, tst_name(NULL));
    TST_OK(tst_peer_ask(two, &byte, "read 3 0"));
    TST_NUMBER(byte, 8);
    TST_OK(tst_peer_do(one, "lock 3"));
    TST_STATUS(tst_peer_do(two, "trylock 3"), APR_EBUSY);
    TST_OK(tst_peer_do(one, "unlock 3"));
}

/* One object, two handles: locked through one, closed through the other. */
static void two_handles_one_lock(void)
{
    ist_mutex_t *one, *two;
    tst_peer_t *peer = tst_peer_start();
    TST_MUST(ist_mutex_open(&one, tst_name(NULL), IST_CREATE, 0, tst_pool()));
    TST_MUST(ist_mutex_open(&two, tst_name(NULL), IST_CREATE, 0, tst_pool()));
    TST_MUST(tst_peer_open(peer, 0, IST_KIND_MUTEX, tst_name(NULL), 0, 0, 0, 0));
    TST_OK(ist_mutex_lock(one));
    TST_OK(ist_mutex_close(one));
    TST_STATUS(tst_peer_do(peer, "trylock 0"), APR_EBUSY);
    TST_STATUS(ist_mutex_close(two), APR_EBUSY);
    TST_OK(ist_mutex_unlock(two));
    TST_OK(tst_peer_do(peer, "trylock 0"));
    TST_OK(tst_peer_do(peer, "unlock 0"));
    TST_OK(ist_mutex_close(two));
}

static void two_handles_one_view(void)
{
    ist_shm_t *one, *two;
    TST_MUST(ist_shm_open(&one, tst_name(NULL), 100, IST_CREATE, 0, tst_pool()));
    TST_MUST(ist_shm_open(&two, tst_name(NULL), 0, 0, 0, tst_pool()));
    unsigned char *bytes = ist_shm_base(two);
    *(unsigned char *)ist_shm_base(one) = 3;
    TST_NUMBER(*bytes, 3);
    TST_OK(ist_shm_close(one));
    bytes[99] = 4; /* the view stays */
    TST_NUMBER(bytes[0], 3);
    TST_OK(ist_shm_close(two));
}

const tst_case_t life_holders_cases[] = {
    {"LIFE-2 a stopped holder is alive", stopped_is_alive},
    {"LIFE-2 a stopped owner keeps its lock", stopped_owner_owns},
    {"LIFE-2 a forked child holds when its parent has gone", orphan_holds},
    {"LIFE-2 a forked child that is killed holds no more", orphan_dies},
    {"LIFE-2 a parent holds on when its forked child dies", parent_holds_on},
    {"LIFE-2 a forked child's closes leave its parent's handles", parent_closes_child_holds},
    {"LIFE-3 the creator closes first", creator_closes_first},
    {"LIFE-3 the creator dies first", creator_dies_first},
    {"LIFE-3 locked through one handle, closed through the other", two_handles_one_lock},
    {"LIFE-3 a view stays until its last handle is closed", two_handles_one_view},
    {NULL, NULL},
};
