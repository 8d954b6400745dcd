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

#define LINGER    1000 /* nanoseconds */
#define SKIP_BITS 9u

typedef struct awaited_t {
    ist_queue_t *queue;
    int side;
    uint64_t size; /* of a sender's message */
} awaited_t;

static uint64_t peek(const _Atomic(uint64_t) *word)
{
    return atomic_load_explicit(word, memory_order_relaxed);
}

static uint32_t peek_hint(const _Atomic(uint32_t) *hint)
{
    return atomic_load_explicit(hint, memory_order_relaxed);
}

static void put_hint(_Atomic(uint32_t) *hint, uint32_t value)
{
    atomic_store_explicit(hint, value, memory_order_relaxed);
}

/* What is read here only says whether to try; that reads it again, with order. */
static int has_message(const ist_queue_t *queue)
{
    uint64_t head = peek(&queue->ring->head) & ~UINT64_C(7);
    return peek(isti_word(queue, head)) != 0;
}

/* By what the receivers told, or by where they really are. Another sender may
 * be past what was remembered: the difference is signed. It may be anything in a
 * damaged queue, so nothing is added to it. */
static int has_room(const awaited_t *awaited, const _Atomic(uint64_t) *receivers)
{
    const ist_queue_t *queue = awaited->queue;
    uint64_t skip;
    uint64_t tail = peek(&queue->ring->tail);
    int64_t used = (int64_t)(tail - peek(receivers));
    uint64_t need = isti_need(queue, tail, awaited->size, &skip);
    return used <= (int64_t)(queue->length - need);
}

static int seems_ready(void *what)
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

/* One sleep of up to a slice: APR_SUCCESS when a ring ended it, APR_TIMEUP, or what
 * the system says. */
static apr_status_t doze(const awaited_t *awaited, int64_t deadline)
{
    ist_queue_t *queue = awaited->queue;
    const uint32_t bell = (uint32_t)awaited->side;
    isti_count_slot_t *slot = queue->sleepers[awaited->side];
    ist_os_object_t *os = &queue->handle->object->os;
    ist_os_deadline_t slice;
    int64_t end = ist_os_now() + ISTI_SLICE_LONG;
    apr_status_t rv = APR_TIMEUP;
    isti_enlist(slot);
    if (!is_ready(awaited)) {
        ist_os_until(&slice, end < deadline ? end : deadline);
        rv = ist_os_wait(os, bell, &slice);
        if (rv == APR_SUCCESS)
            return rv;
    }
    /* Who took this sleeper off has rung, or will: that ring is nobody's now. */
    if (!isti_delist(slot))
        (void)ist_os_wait(os, bell, NULL);
    return rv;
}

/* Senders that sleep wait for half of the ring: one that polled, too, would
 * take the room that they were woken for, again and again. */
static int may_spin(const ist_queue_t *queue, int side)
{
    return side == ISTI_RECEIVING || !isti_side_asleep(queue, side);
}

/* Whether there is another message behind the first. */
static int has_two(const ist_queue_t *queue)
{
    uint64_t head = peek(&queue->ring->head) & ~UINT64_C(7);
    uint64_t word = peek(isti_word(queue, head));
    uint64_t reach = word == 0 ? 0 : isti_reach(queue, head, word);
    return reach != 0 && peek(isti_word(queue, head + reach)) != 0;
}

/* A receiver that reads as fast as a sender writes, right behind it, takes the lines
 * that the other needs, and gives them back with each message. So it falls back a
 * little, and finds lines that are finished. In a ping-pong, or a slow stream, that is
 * time lost: so it is learnt, as in spin.c, from whether a second message came. */
static void linger(ist_queue_t *queue)
{
    isti_linger_t *learnt = &queue->linger;
    uint32_t skip = peek_hint(&learnt->skip);
    uint32_t failures = peek_hint(&learnt->failures);
    if (skip > 0) {
        put_hint(&learnt->skip, skip - 1);
        return;
    }
    for (int64_t end = ist_os_now() + LINGER; ist_os_now() < end;)
        isti_relax(4);
    if (has_two(queue)) {
        put_hint(&learnt->failures, 0);
        return;
    }
    put_hint(&learnt->skip, 1u << failures);
    if (failures < SKIP_BITS)
        put_hint(&learnt->failures, failures + 1);
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
    awaited_t awaited = {queue, side, size};
    const int64_t deadline = isti_deadline(ist_os_now(), timeout);
    for (int rung = 1;;) {
        uint32_t polls = 0;
        if (rung && may_spin(queue, side))
            polls = isti_spin(&queue->spin[side], 1, seems_ready, &awaited, deadline);
        apr_status_t rv = APR_SUCCESS;
        if (polls == 0)
            rv = doze(&awaited, deadline);
        else if (side == ISTI_RECEIVING)
            linger(queue);
        if (rv != APR_SUCCESS && rv != APR_TIMEUP)
            return rv;
        rung = rv == APR_SUCCESS;
        rv = go(queue, what, left_until(deadline));
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
