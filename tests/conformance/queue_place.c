/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QUE-3: messages written and read where they lie.
 */
#include "queue_cases.h"

#include <string.h>

static void in_place(void)
{
    const void *data;
    void *place;
    apr_size_t size;
    ist_queue_t *queue = queue_fresh(1000, 4);
    for (apr_uint32_t i = 0; i <= 1000; i += 3) {
        TST_OK(ist_queue_reserve(queue, i, &place, 0));
        TST_NUMBER((apr_uintptr_t)place & 7, 0);
        tst_message_fill(place, i, i);
        queue_is_empty(queue);
        TST_OK(ist_queue_commit(queue, i));
        TST_OK(ist_queue_peek(queue, &data, &size, 0));
        TST_NUMBER((apr_uintptr_t)data & 7, 0);
        TST_NUMBER(tst_message_value(data, size), TST_MESSAGE(i, i));
        TST_OK(ist_queue_release(queue));
        queue_is_empty(queue);
    }
}

static void less_than_reserved(void)
{
    void *place;
    ist_queue_t *queue = queue_fresh(1000, 4);
    for (apr_uint32_t i = 0; i < 1000; i += 7) {
        TST_OK(ist_queue_reserve(queue, 1000, &place, 0));
        memset(place, 0xff, 1000);
        tst_message_fill(place, i, 5);
        TST_STATUS(ist_queue_commit(queue, 1001), IST_EMSGSIZE);
        TST_OK(ist_queue_commit(queue, i));
        TST_STATUS(ist_queue_commit(queue, i), IST_ENOTOWNER);
        queue_next(queue, i, 5);
        queue_is_empty(queue);
    }
}

static void cancelled(void)
{
    void *place, *again;
    ist_queue_t *queue = queue_fresh(100, 4);
    TST_OK(ist_queue_reserve(queue, 100, &place, 0));
    memset(place, 0xff, 100);
    TST_OK(ist_queue_cancel(queue));
    TST_STATUS(ist_queue_cancel(queue), IST_ENOTOWNER);
    queue_is_empty(queue);
    TST_OK(ist_queue_reserve(queue, 50, &again, 0));
    TST_TRUE(again == place);
    tst_message_fill(again, 50, 9);
    TST_OK(ist_queue_commit(queue, 50));
    queue_next(queue, 50, 9);
    queue_is_empty(queue);
}

static void put_back(void)
{
    const void *data, *again;
    apr_size_t size;
    ist_queue_t *queue = queue_fresh(100, 4);
    TST_OK(queue_send(queue, 10, 1));
    TST_OK(queue_send(queue, 20, 2));
    for (int i = 0; i < 3; i++) {
        TST_OK(ist_queue_peek(queue, &data, &size, 0));
        TST_NUMBER(tst_message_value(data, size), TST_MESSAGE(10, 1));
        TST_OK(ist_queue_putback(queue));
        TST_STATUS(ist_queue_putback(queue), IST_ENOTOWNER);
        TST_STATUS(ist_queue_release(queue), IST_ENOTOWNER);
    }
    TST_OK(ist_queue_peek(queue, &data, &size, 0));
    TST_OK(ist_queue_release(queue));
    TST_OK(ist_queue_peek(queue, &again, &size, 0));
    TST_NUMBER(tst_message_value(again, size), TST_MESSAGE(20, 2));
    TST_OK(ist_queue_release(queue));
    queue_is_empty(queue);
}

static apr_status_t commit_other(void *queue)
{
    return ist_queue_commit(queue, 0);
}

static apr_status_t release_other(void *queue)
{
    return ist_queue_release(queue);
}

static apr_status_t send_other(void *queue)
{
    return ist_queue_trysend(queue, NULL, 0);
}

static apr_status_t receive_other(void *queue)
{
    return ist_queue_tryreceive(queue, NULL, 0, NULL);
}

/* Each pair is one thread's; meanwhile the side is nobody else's. */
static void others_keep_out(void)
{
    const void *data;
    void *place;
    apr_size_t size;
    ist_queue_t *queue = queue_fresh(100, 4);
    tst_peer_t *peer = queue_peer(BOTH);
    TST_OK(queue_send(queue, 10, 1));
    TST_OK(ist_queue_reserve(queue, 100, &place, 0));
    TST_STATUS(tst_in_thread(commit_other, queue), IST_ENOTOWNER);
    TST_STATUS(tst_in_thread(send_other, queue), APR_EBUSY);
    TST_STATUS(tst_peer_do(peer, "trysend 0 1 1"), APR_EBUSY);
    TST_STATUS(tst_peer_do(peer, "send 0 1 1 2000"), APR_TIMEUP);
    TST_STATUS(ist_queue_trysend(queue, NULL, 0), APR_EINVAL);
    TST_STATUS(ist_queue_reserve(queue, 1, &place, 0), APR_EINVAL);
    TST_STATUS(ist_queue_close(queue), APR_EBUSY);
    TST_OK(ist_queue_peek(queue, &data, &size, 0));
    TST_STATUS(tst_in_thread(release_other, queue), IST_ENOTOWNER);
    TST_STATUS(tst_in_thread(receive_other, queue), APR_EBUSY);
    TST_STATUS(tst_peer_do(peer, "tryreceive 0"), APR_EBUSY);
    TST_STATUS(ist_queue_tryreceive(queue, NULL, 0, NULL), APR_EINVAL);
    TST_OK(ist_queue_cancel(queue));
    TST_STATUS(ist_queue_close(queue), APR_EBUSY);
    TST_OK(ist_queue_release(queue));
    TST_OK(tst_peer_do(peer, "send 0 1 1"));
    queue_next(queue, 1, 1);
    TST_OK(ist_queue_close(queue));
    tst_peer_kill(peer);
    queue_reclaim();
}

static void waiter_gets_the_side(void)
{
    void *place;
    ist_queue_t *queue = queue_fresh(100, 4);
    tst_peer_t *peer = queue_peer(IST_SEND);
    TST_OK(ist_queue_reserve(queue, 100, &place, 0));
    tst_peer_begin(peer, "send 0 50 3");
    TST_NUMBER(tst_peer_blocked(peer), 1);
    tst_message_fill(place, 100, 1);
    TST_OK(ist_queue_commit(queue, 100));
    TST_TRUE(tst_peer_answered(peer, tst_scaled(SOON_USEC)));
    TST_OK(tst_peer_end(peer, NULL));
    queue_next(queue, 100, 1);
    queue_next(queue, 50, 3);
}

/* The largest message, in a ring that holds hardly more, wherever it starts. */
static void contiguous_at_every_place(void)
{
    const void *data;
    void *place;
    apr_size_t size;
    ist_queue_t *queue = queue_fresh(2000, 1);
    for (apr_uint32_t i = 0; i < 2000; i++) {
        TST_OK(ist_queue_reserve(queue, 2000, &place, 0));
        tst_message_fill(place, 2000, i);
        TST_OK(ist_queue_commit(queue, 2000));
        TST_OK(ist_queue_peek(queue, &data, &size, 0));
        TST_NUMBER(tst_message_value(data, size), TST_MESSAGE(2000, i));
        TST_OK(ist_queue_release(queue));
        TST_OK(queue_send(queue, i % 100, 1));
        queue_next(queue, i % 100, 1);
    }
}

const tst_case_t queue_place_cases[] = {
    {"QUE-3 reserve and commit, peek and release, aligned to 8", in_place},
    {"QUE-3 less may be committed than was reserved", less_than_reserved},
    {"QUE-3 a reservation that is cancelled was never there", cancelled},
    {"QUE-3 a message that is put back is the next again", put_back},
    {"QUE-3 each pair is one thread's", others_keep_out},
    {"QUE-3 who waits for the side gets it", waiter_gets_the_side},
    {"QUE-3 contiguous wherever the ring ends", contiguous_at_every_place},
    {NULL, NULL},
};
