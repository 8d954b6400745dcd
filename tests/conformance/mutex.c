/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mutexes: MTX-1 to MTX-6. The tables, and what they share.
 */
#include "mutex_cases.h"

#define LOOK_USEC 1000
#define ANSWER_USEC (10 * APR_USEC_PER_SEC)

const tst_case_t *const tst_tables[] = {
    mutex_own_cases,  mutex_share_cases, mutex_wait_cases,  mutex_death_cases,
    mutex_told_cases, mutex_chain_cases, mutex_close_cases, mutex_limit_cases, NULL,
};

const tst_role_t tst_roles[] = {
    {"counter", mutex_share_counter},
    {"grinder", mutex_chain_grinder},
    {NULL, NULL},
};

ist_mutex_t *mutex_fresh(const char *name)
{
    ist_mutex_t *mutex = NULL;
    TST_MUST(ist_mutex_open(&mutex, name, IST_CREATE_ONLY, 0, tst_pool()));
    return mutex;
}

ist_mutex_t *mutex_again(const char *name)
{
    ist_mutex_t *mutex = NULL;
    TST_MUST(ist_mutex_open(&mutex, name, 0, 0, tst_pool()));
    return mutex;
}

tst_peer_t *mutex_peer(void)
{
    tst_peer_t *peer = tst_peer_start();
    TST_MUST(tst_peer_open(peer, 0, IST_KIND_MUTEX, tst_name(NULL), IST_CREATE, 0, 0, 0));
    return peer;
}

void mutex_is_free(ist_mutex_t *mutex)
{
    apr_status_t status = ist_mutex_trylock(mutex);
    TST_OK(status);
    if (IST_LOCKED(status))
        TST_OK(ist_mutex_unlock(mutex));
}

void mutex_is_abandoned(ist_mutex_t *mutex)
{
    apr_status_t status = ist_mutex_trylock(mutex);
    TST_STATUS(status, IST_ABANDONED);
    if (IST_LOCKED(status))
        TST_OK(ist_mutex_unlock(mutex));
    mutex_is_free(mutex);
}

apr_status_t mutex_try(void *mutex)
{
    apr_status_t status = ist_mutex_trylock(mutex);
    if (IST_LOCKED(status))
        ist_mutex_unlock(mutex);
    return status;
}

apr_status_t mutex_unlock(void *mutex)
{
    return ist_mutex_unlock(mutex);
}

apr_status_t mutex_desert(void *mutex)
{
    return ist_mutex_lock(mutex);
}

static apr_status_t hold(void *baton)
{
    mutex_holder_t *holder = baton;
    apr_status_t status = APR_SUCCESS;
    for (int i = 0; i < holder->depth && status == APR_SUCCESS; i++)
        status = ist_mutex_lock(holder->mutex);
    tst_gate_open(holder->held);
    tst_gate_pass(holder->go);
    for (int i = 0; i < holder->unlocks && status == APR_SUCCESS; i++)
        status = ist_mutex_unlock(holder->mutex);
    return status;
}

void mutex_hold(mutex_holder_t *holder, ist_mutex_t *mutex, int depth, int unlocks)
{
    holder->mutex = mutex;
    holder->depth = depth;
    holder->unlocks = unlocks;
    holder->held = tst_gate_make();
    holder->go = tst_gate_make();
    holder->thread = tst_thread_start(hold, holder);
    tst_gate_pass(holder->held);
}

void mutex_let_go(mutex_holder_t *holder)
{
    tst_gate_open(holder->go);
    TST_OK(tst_thread_join(holder->thread));
}

int mutex_next_answer(tst_peer_t **peers, const int *done, int count)
{
    apr_int64_t end = tst_now() + tst_scaled(ANSWER_USEC);
    do {
        for (int i = 0; i < count; i++)
            if (!done[i] && tst_peer_answered(peers[i], LOOK_USEC))
                return i;
    } while (tst_now() < end);
    TST_SAY(0, "none of the waiting children got an answer");
    return -1;
}
