/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QUE-5: sole endpoints.
 */
#include "queue_cases.h"

static apr_status_t open_side(apr_uint32_t flags)
{
    ist_queue_t *queue;
    apr_status_t status = ist_queue_open(&queue, tst_name(NULL), NULL, flags, 0, tst_pool());
    if (status == APR_SUCCESS)
        TST_OK(ist_queue_close(queue));
    return status;
}

static apr_status_t peer_side(tst_peer_t *peer, apr_uint32_t flags)
{
    apr_status_t status =
        tst_peer_open(peer, 9, IST_KIND_QUEUE, tst_name(NULL), flags, 0, 0, 0);
    if (status == APR_SUCCESS)
        TST_OK(tst_peer_do(peer, "close 9"));
    return status;
}

static const apr_uint32_t sides[] = {IST_SEND, IST_RECEIVE};

static ist_queue_t *hold(void)
{
    ist_queue_t *queue = NULL;
    const ist_queue_geometry_t geometry = {100, 10};
    TST_MUST(ist_queue_open(&queue, tst_name(NULL), &geometry, IST_CREATE, 0, tst_pool()));
    return queue;
}

static void one_alone(void)
{
    ist_queue_t *queue = hold();
    tst_peer_t *peer = tst_peer_start();
    for (int i = 0; i < 2; i++) {
        ist_queue_t *sole = queue_again(sides[i] | IST_SOLE);
        TST_STATUS(peer_side(peer, sides[i] | IST_SOLE), APR_EBUSY);
        TST_STATUS(peer_side(peer, sides[i]), APR_EBUSY);
        TST_STATUS(peer_side(peer, BOTH), APR_EBUSY);
        TST_STATUS(open_side(sides[i]), APR_EBUSY);
        TST_STATUS(open_side(sides[i] | IST_SOLE), APR_EBUSY);
        TST_OK(open_side(sides[!i]));
        TST_OK(peer_side(peer, sides[!i] | IST_SOLE));
        TST_OK(peer_side(peer, 0));
        TST_OK(ist_queue_close(sole));
        TST_OK(peer_side(peer, sides[i] | IST_SOLE));
        TST_OK(open_side(sides[i]));
    }
    TST_OK(ist_queue_close(queue));
}

static void not_beside_others(void)
{
    ist_queue_t *queue = hold();
    tst_peer_t *peer = tst_peer_start();
    for (int i = 0; i < 2; i++) {
        ist_queue_t *shared = queue_again(sides[i]);
        ist_queue_t *another = queue_again(sides[i]);
        TST_STATUS(open_side(sides[i] | IST_SOLE), APR_EBUSY);
        TST_STATUS(peer_side(peer, sides[i] | IST_SOLE), APR_EBUSY);
        TST_OK(ist_queue_close(shared));
        TST_STATUS(peer_side(peer, sides[i] | IST_SOLE), APR_EBUSY);
        TST_OK(ist_queue_close(another));
        TST_OK(peer_side(peer, sides[i] | IST_SOLE));
    }
    TST_OK(ist_queue_close(queue));
}

/* A failed open leaves nothing: neither its other side nor the queue. */
static void all_or_none(void)
{
    const ist_queue_geometry_t geometry = {100, 10};
    ist_queue_t *queue = hold();
    ist_queue_t *none = queue;
    ist_queue_t *receiver = queue_again(IST_RECEIVE);
    tst_peer_t *peer = tst_peer_start();
    TST_STATUS(ist_queue_open(&none, tst_name(NULL), NULL, BOTH | IST_SOLE, 0, tst_pool()),
               APR_EBUSY);
    TST_TRUE(none == NULL);
    TST_OK(peer_side(peer, IST_SEND | IST_SOLE));
    TST_OK(ist_queue_close(receiver));
    TST_OK(ist_queue_close(queue));
    TST_STATUS(open_side(0), APR_ENOENT);
    TST_OK(ist_queue_open(&queue, tst_name(NULL), &geometry, IST_CREATE_ONLY, 0, tst_pool()));
}

static void ends_with_the_process(void)
{
    ist_queue_t *queue = hold();
    ist_queue_t *receiver = queue_again(IST_RECEIVE);
    for (int i = 0; i < tst_rounds(20); i++) {
        tst_peer_t *peer = queue_peer(IST_SEND | IST_SOLE);
        TST_STATUS(open_side(IST_SEND | IST_SOLE), APR_EBUSY);
        TST_OK(tst_peer_do(peer, "send 0 %d 2", i));
        if (i % 3 == 0)
            TST_OK(tst_peer_do(peer, "reserve 0 99 0"));
        if (i % 2 == 0)
            tst_peer_kill(peer);
        else
            tst_peer_exit(peer);
        ist_queue_t *next = queue_again(IST_SEND | IST_SOLE);
        TST_OK(queue_send(next, 50, 4));
        TST_OK(ist_queue_close(next));
        queue_next(receiver, (apr_size_t)i, 2);
        queue_next(receiver, 50, 4);
        queue_is_empty(receiver);
    }
    TST_OK(ist_queue_close(queue));
}

/* Not with the thread that opened it. */
static apr_status_t open_in_thread(void *baton)
{
    return ist_queue_open(baton, tst_name(NULL), NULL, BOTH | IST_SOLE, 0, tst_pool());
}

static void outlives_its_thread(void)
{
    ist_queue_t *queue = hold();
    ist_queue_t *sole = NULL;
    tst_peer_t *peer = tst_peer_start();
    TST_MUST(tst_in_thread(open_in_thread, &sole));
    TST_STATUS(peer_side(peer, IST_SEND), APR_EBUSY);
    TST_OK(queue_send(sole, 77, 7));
    queue_next(sole, 77, 7);
    TST_OK(ist_queue_close(queue));
}

static void mixed_with_shared(void)
{
    ist_queue_t *queue = hold();
    for (int i = 0; i < 4; i++) {
        ist_queue_t *sender = queue_again(IST_SEND | (i & 1 ? IST_SOLE : 0));
        ist_queue_t *receiver = queue_again(IST_RECEIVE | (i & 2 ? IST_SOLE : 0));
        for (apr_uint32_t n = 0; n < 500; n++) {
            TST_OK(queue_send(sender, n % 101, n));
            TST_OK(queue_send(sender, (n + 50) % 101, n));
            queue_next(receiver, n % 101, n);
            queue_next(receiver, (n + 50) % 101, n);
        }
        TST_OK(queue_send(sender, 33, 1)); /* the next pair finds it */
        TST_OK(ist_queue_close(sender));
        TST_OK(ist_queue_close(receiver));
        receiver = queue_again(IST_RECEIVE);
        queue_next(receiver, 33, 1);
        queue_is_empty(receiver);
        TST_OK(ist_queue_close(receiver));
    }
    TST_OK(ist_queue_close(queue));
}

static int forked(tst_fork_t *fork, void *baton)
{
    ist_queue_t *sole = baton;
    void *place;
    (void)fork;
    TST_STATUS(ist_queue_trysend(sole, "x", 1), IST_ENOTOWNER);
    TST_STATUS(ist_queue_tryreceive(sole, NULL, 0, NULL), IST_ENOTOWNER);
    TST_STATUS(ist_queue_reserve(sole, 1, &place, 0), IST_ENOTOWNER);
    TST_STATUS(ist_queue_commit(sole, 0), IST_ENOTOWNER);
    TST_STATUS(open_side(IST_SEND), APR_EBUSY);
    TST_OK(ist_queue_close(sole));
    TST_STATUS(ist_queue_trysend(sole, "x", 1), APR_EINVAL);
    return 0;
}

static void not_the_childs(void)
{
    TST_NEED(TST_FORK);
    ist_queue_t *queue = hold();
    ist_queue_t *sole = queue_again(BOTH | IST_SOLE);
    tst_fork_t child;
    TST_MUST_TRUE(tst_fork(&child, forked, sole));
    TST_NUMBER(tst_fork_wait(&child), 0);
    TST_OK(queue_send(sole, 10, 1));
    queue_next(sole, 10, 1);
    TST_STATUS(open_side(IST_SEND), APR_EBUSY);
    TST_OK(ist_queue_close(sole));
    TST_OK(open_side(IST_SEND | IST_SOLE));
    TST_OK(ist_queue_close(queue));
}

/* The parent ends, its child lives on: the side is free. */
static void ends_under_a_child(void)
{
    TST_NEED(TST_FORK);
    ist_queue_t *queue = hold();
    tst_peer_t *peer = queue_peer(BOTH | IST_SOLE);
    TST_OK(tst_peer_do(peer, "send 0 10 1"));
    TST_STATUS(open_side(IST_SEND), APR_EBUSY);
    TST_OK(tst_peer_do(peer, "orphan"));
    TST_STATUS(tst_peer_do(peer, "trysend 0 10 1"), IST_ENOTOWNER);
    ist_queue_t *mine = queue_again(BOTH | IST_SOLE);
    queue_next(mine, 10, 1);
    TST_STATUS(tst_peer_do(peer, "trysend 0 10 1"), IST_ENOTOWNER);
    TST_OK(tst_peer_do(peer, "close 0"));
    TST_OK(ist_queue_close(queue));
}

static int shared_child(tst_fork_t *fork, void *baton)
{
    ist_queue_t *queue = baton;
    (void)fork;
    queue_next(queue, 5, 1);
    TST_OK(queue_send(queue, 6, 2));
    return 0;
}

static void shared_are_the_childs_too(void)
{
    TST_NEED(TST_FORK);
    ist_queue_t *queue = queue_fresh(100, 4);
    tst_fork_t child;
    TST_OK(queue_send(queue, 5, 1));
    TST_MUST_TRUE(tst_fork(&child, shared_child, queue));
    TST_NUMBER(tst_fork_wait(&child), 0);
    queue_next(queue, 6, 2);
}

const tst_case_t queue_sole_cases[] = {
    {"QUE-5 a sole endpoint is alone on its side", one_alone},
    {"QUE-5 a side that others have can't be had alone", not_beside_others},
    {"GEN-4 a queue's open that fails leaves nothing", all_or_none},
    {"QUE-5 a sole endpoint ends with its process", ends_with_the_process},
    {"QUE-5 a sole endpoint outlives the thread that opened it", outlives_its_thread},
    {"QUE-5 sole and shared endpoints take turns", mixed_with_shared},
    {"QUE-5 a sole endpoint is not the forked child's", not_the_childs},
    {"QUE-5 a sole endpoint ends though a forked child lives", ends_under_a_child},
    {"GEN-8 shared endpoints are the forked child's, too", shared_are_the_childs_too},
    {NULL, NULL},
};
