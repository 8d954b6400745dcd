/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Queues: waiting for messages, and for room.
 *
 * Who waits polls the shared bytes (spin.c), then sleeps at its side's
 * doorbell: it enlists in the word of sleepers, looks once more, and sleeps.
 * Who sends, or makes room, looks at that word afterwards, takes as many off
 * the list as it wakes, and rings. At any time, as long as nobody dies,
 *
 *     enlisted + rings in the bell >= threads asleep,
 *
 * as in count.c, and here too a death may leave one ring too few, so sleepers
 * look again when their slice ends.
 *
 * Between the store that sends and the look at the sleepers stands no fence:
 * it would be the most expensive thing in a send. So a sender may look before
 * a receiver enlists while that receiver does not see the message yet. The
 * receiver sleeps beside a message then, for a slice at most; a store takes
 * some nanoseconds to be seen and going to sleep takes hundreds, so this
 * was never seen to happen.
 */
#include "queue.h"

#define HARDLY 3u  /* polls */
#define LINGER 700 /* nanoseconds */

typedef struct awaited_t {
    ist_queue_t *queue;
    int side;
    uint64_t size; /* of a sender's message */
} awaited_t;

static uint64_t peek(const _Atomic(uint64_t) *word)
{
    return atomic_load_explicit(word, memory_order_relaxed);
}

/* What is read here only says whether to try; that reads it again, with order. */
static int has_message(const ist_queue_t *queue)
{
    uint64_t head = peek(&queue->ring->head) & ~UINT64_C(7);
    return peek(isti_word(queue, head)) != 0;
}

/* By what the receivers told, or by where they really are. Another sender may
 * be past what was remembered: the difference is signed. */
static int has_room(const awaited_t *awaited, const _Atomic(uint64_t) *receivers)
{
    const ist_queue_t *queue = awaited->queue;
    uint64_t skip;
    uint64_t tail = peek(&queue->ring->tail);
    int64_t used = (int64_t)(tail - peek(receivers));
    int64_t need = (int64_t)isti_need(queue, tail, awaited->size, &skip);
    return used + need <= (int64_t)queue->length;
}

static int seems_ready(const void *what)
{
    const awaited_t *awaited = what;
    return awaited->side == ISTI_RECEIVING ? has_message(awaited->queue)
                                           : has_room(awaited, &awaited->queue->ring->space);
}

static int is_ready(const awaited_t *awaited)
{
    return awaited->side == ISTI_RECEIVING ? has_message(awaited->queue)
                                           : has_room(awaited, &awaited->queue->ring->head);
}

/* One sleep of up to a slice. Whether it was ended by a ring. */
static int doze(const awaited_t *awaited, int64_t deadline)
{
    ist_queue_t *queue = awaited->queue;
    const uint32_t bell = (uint32_t)awaited->side;
    isti_count_slot_t *slot = queue->sleepers[awaited->side];
    ist_os_object_t *os = &queue->handle->object->os;
    ist_os_deadline_t slice;
    int64_t end = ist_os_now() + ISTI_SLICE;
    isti_enlist(slot);
    if (!is_ready(awaited)) {
        ist_os_until(&slice, end < deadline ? end : deadline);
        if (ist_os_wait(os, bell, &slice) == APR_SUCCESS)
            return 1;
    }
    /* Who took this sleeper off has rung, or will: that ring is nobody's now. */
    if (!isti_delist(slot))
        (void)ist_os_wait(os, bell, NULL);
    return 0;
}

/* Senders that sleep wait for half of the ring: one that polled, too, would
 * take the room that they were woken for, again and again. */
static int may_spin(const ist_queue_t *queue, int side)
{
    return side == ISTI_RECEIVING || !isti_side_asleep(queue, side);
}

/* A receiver that hardly waited reads as fast as a sender writes, right behind
 * it, and each takes the line that the other needs. So it falls back a little:
 * then it finds lines that are finished. Not in a ping-pong, whose other half
 * takes longer than these few polls. */
static void linger(int side, uint32_t polls)
{
    if (side != ISTI_RECEIVING || polls == 0 || polls > HARDLY)
        return;
    for (int64_t end = ist_os_now() + LINGER; ist_os_now() < end;)
        isti_relax(4);
}

static apr_interval_time_t left_until(int64_t deadline)
{
    if (deadline == INT64_MAX)
        return IST_FOREVER;
    int64_t left = deadline - ist_os_now();
    return left <= 0 ? 0 : left / ISTI_NANO;
}

apr_status_t isti_side_wait(ist_queue_t *queue, int side, uint64_t size, isti_go_fn *go, void *what,
                            apr_interval_time_t timeout)
{
    const awaited_t awaited = {queue, side, size};
    const int64_t deadline = isti_deadline(ist_os_now(), timeout);
    for (int rung = 1;;) {
        uint32_t polls = 0;
        if (rung && may_spin(queue, side))
            polls = isti_spin(&queue->spin[side], seems_ready, &awaited, deadline);
        linger(side, polls);
        if (polls == 0)
            rung = doze(&awaited, deadline);
        apr_status_t rv = go(queue, what, left_until(deadline));
        if (rv != APR_TIMEUP)
            return rv;
        if (ist_os_now() >= deadline)
            return APR_TIMEUP;
    }
}

void isti_side_wake(ist_queue_t *queue, int sleeping, uint32_t n)
{
    uint32_t awake = isti_rouse(queue->sleepers[sleeping], n);
    if (awake > 0)
        (void)ist_os_post(&queue->handle->object->os, (uint32_t)sleeping, awake, NULL);
}
