/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Queues: the receiving side. queue.h tells how a message lies in the ring.
 *
 * One store of the head receives what lies before it. Whoever dies before that
 * has received nothing.
 */
#include "queue.h"

#include <string.h>

#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define ALWAYS_INLINE inline __attribute__((always_inline))

/* How much of the ring is let go before senders are told: each telling takes
 * the line away from one that looks there. */
#define TELL_PART 32

/* A message that was found. */
typedef struct found_t {
    uint64_t at;   /* its word's position */
    uint64_t size;
    uint64_t end;
} found_t;

/* The message at a position: APR_TIMEUP when there is none yet. Acquire: who sees
 * the word sees the message. Each word is read once. */
static inline apr_status_t find(const ist_queue_t *queue, uint64_t at, found_t *found)
{
    uint64_t word = atomic_load_explicit(isti_word(queue, at), memory_order_acquire);
    if (word == 0)
        return APR_TIMEUP;
    uint64_t reach = isti_reach(queue, at, word);
    if (UNLIKELY((word & ISTI_WORD_SKIP) != 0) && reach != 0) {
        /* What it leads to was there before it. */
        at += reach;
        word = atomic_load_explicit(isti_word(queue, at), memory_order_relaxed);
        reach = (word & ISTI_WORD_SKIP) != 0 ? 0 : isti_reach(queue, at, word);
    }
    if (UNLIKELY(reach == 0))
        return IST_ECORRUPT;
    found->at = at;
    found->size = word & ISTI_WORD_SIZE;
    found->end = at + reach;
    return APR_SUCCESS;
}

static inline apr_status_t first(const ist_queue_t *queue, found_t *found)
{
    uint64_t head = atomic_load_explicit(&queue->ring->head, memory_order_relaxed);
    if (UNLIKELY((head & 7) != 0))
        return IST_ECORRUPT;
    return find(queue, head, found);
}

/* Tell the senders, and wake those who sleep when half of the ring is free:
 * fewer wake-ups, each with more to do. */
static __attribute__((noinline)) void tell(ist_queue_t *queue, uint64_t head)
{
    isti_ring_t *ring = queue->ring;
    atomic_store_explicit(&ring->shown, head, memory_order_relaxed);
    atomic_store_explicit(&ring->space, head, memory_order_release);
    if (isti_side_asleep(queue, ISTI_SENDING) &&
        atomic_load_explicit(&ring->tail, memory_order_relaxed) - head <= queue->length / 2)
        isti_side_wake(queue, ISTI_SENDING, UINT32_MAX);
}

/* Receive all before `head`. Release: what was read there may be written over. */
static inline void let_go(ist_queue_t *queue, uint64_t head)
{
    isti_ring_t *ring = queue->ring;
    atomic_store_explicit(&ring->head, head, memory_order_release);
    if (UNLIKELY(head - atomic_load_explicit(&ring->shown, memory_order_relaxed) >=
                 queue->length / TELL_PART))
        tell(queue, head);
}

/* There is none, so there is room: nobody need sleep for it. */
static inline apr_status_t none(ist_queue_t *queue)
{
    if (isti_side_asleep(queue, ISTI_SENDING))
        isti_side_wake(queue, ISTI_SENDING, UINT32_MAX);
    return APR_TIMEUP;
}

static inline apr_status_t copy(const ist_queue_t *queue, const found_t *found,
                                ist_message_t *message)
{
    apr_size_t room = message->size;
    message->size = (apr_size_t)found->size;
    if (UNLIKELY(found->size > room))
        return IST_EMSGSIZE;
    if (found->size > 0)
        memcpy(message->data, isti_word(queue, found->at) + 1, (size_t)found->size);
    return APR_SUCCESS;
}

/* ---- one message --------------------------------------------------------- */

static __attribute__((noinline)) apr_status_t get_specially(ist_queue_t *queue,
                                                            ist_message_t *message)
{
    found_t found;
    apr_status_t rv = first(queue, &found);
    if (rv == APR_SUCCESS)
        rv = copy(queue, &found, message);
    if (rv == APR_SUCCESS)
        let_go(queue, found.end);
    return rv;
}

/* The same where nothing is in the way, which is nearly always: a message, not at
 * the ring's end, that fits. Acquire: who sees its word sees it whole. */
static ALWAYS_INLINE apr_status_t get(ist_queue_t *queue, ist_message_t *message)
{
    uint64_t head = atomic_load_explicit(&queue->ring->head, memory_order_relaxed);
    const _Atomic(uint64_t) *at = isti_word(queue, head);
    uint64_t word = atomic_load_explicit(at, memory_order_acquire);
    uint64_t size = word & ISTI_WORD_SIZE;
    uint64_t record = isti_record(size);
    if (UNLIKELY(word == 0) && (head & 7) == 0)
        return APR_TIMEUP;
    if (UNLIKELY((word ^ size) != ISTI_WORD_SENT) || UNLIKELY((head & 7) != 0) ||
        UNLIKELY(size > queue->most) || UNLIKELY(record > isti_left(queue, head)) ||
        UNLIKELY(size > message->size))
        return get_specially(queue, message);
    message->size = (apr_size_t)size;
    if (size > 0)
        memcpy(message->data, (const void *)(at + 1), (size_t)size);
    let_go(queue, head + record);
    return APR_SUCCESS;
}

static __attribute__((noinline)) apr_status_t get_shared(ist_queue_t *queue,
                                                         ist_message_t *message,
                                                         apr_interval_time_t timeout)
{
    apr_status_t rv = isti_side_enter(queue, ISTI_RECEIVING, timeout);
    if (rv != APR_SUCCESS)
        return rv;
    rv = get(queue, message);
    isti_side_leave(queue, ISTI_RECEIVING);
    return rv;
}

/* `timeout` is for the side alone. */
static ALWAYS_INLINE apr_status_t receive_one(ist_queue_t *queue, ist_message_t *message,
                                       apr_interval_time_t timeout)
{
    if (UNLIKELY(message->data == NULL) && message->size > 0)
        return APR_EINVAL;
    apr_status_t rv = isti_side_fast(queue, ISTI_RECEIVING) ? get(queue, message)
                                                            : get_shared(queue, message, timeout);
    return UNLIKELY(rv == APR_TIMEUP) ? none(queue) : rv;
}

static apr_status_t go_receive(ist_queue_t *queue, void *what, apr_interval_time_t timeout)
{
    return receive_one(queue, what, timeout);
}

static __attribute__((noinline)) apr_status_t receive_waiting(ist_queue_t *queue,
                                                              ist_message_t *message,
                                                              apr_interval_time_t timeout)
{
    return isti_side_wait(queue, ISTI_RECEIVING, 0, go_receive, message, timeout);
}

static inline apr_status_t told(apr_status_t rv, const ist_message_t *message, apr_size_t *size)
{
    if (size != NULL && (rv == APR_SUCCESS || rv == IST_EMSGSIZE))
        *size = message->size;
    return rv;
}

apr_status_t ist_queue_receive(ist_queue_t *queue, void *data, apr_size_t room, apr_size_t *size)
{
    ist_message_t message = {data, room};
    apr_status_t rv = receive_one(queue, &message, IST_FOREVER);
    if (UNLIKELY(rv == APR_TIMEUP))
        rv = receive_waiting(queue, &message, IST_FOREVER);
    return told(rv, &message, size);
}

apr_status_t ist_queue_tryreceive(ist_queue_t *queue, void *data, apr_size_t room,
                                  apr_size_t *size)
{
    ist_message_t message = {data, room};
    apr_status_t rv = receive_one(queue, &message, 0);
    return told(rv == APR_TIMEUP ? APR_EBUSY : rv, &message, size);
}

apr_status_t ist_queue_timedreceive(ist_queue_t *queue, void *data, apr_size_t room,
                                    apr_size_t *size, apr_interval_time_t timeout)
{
    ist_message_t message = {data, room};
    apr_status_t rv = receive_one(queue, &message, timeout < 0 ? timeout : 0);
    if (rv == APR_TIMEUP && timeout != 0)
        rv = receive_waiting(queue, &message, timeout);
    return told(rv, &message, size);
}

/* ---- several --------------------------------------------------------------- */

typedef struct batch_t {
    ist_message_t *messages;
    apr_size_t n;
    apr_size_t received;
} batch_t;

/* As many as there are. What ends it but for the first is no failure, and a
 * message that does not fit keeps its room in the caller's list. */
static apr_status_t receive_some(ist_queue_t *queue, batch_t *batch)
{
    found_t found;
    uint64_t end = 0;
    apr_size_t n = 0;
    apr_status_t rv = first(queue, &found);
    while (rv == APR_SUCCESS) {
        ist_message_t *message = &batch->messages[n];
        if (n > 0 && found.size > message->size)
            break;
        if (message->data == NULL && message->size > 0)
            rv = APR_EINVAL;
        else
            rv = copy(queue, &found, message);
        if (rv != APR_SUCCESS)
            break;
        end = found.end;
        if (++n == batch->n)
            break;
        rv = find(queue, end, &found);
    }
    if (n == 0)
        return rv;
    let_go(queue, end);
    batch->received = n;
    return APR_SUCCESS;
}

static apr_status_t go_receive_n(ist_queue_t *queue, void *what, apr_interval_time_t timeout)
{
    apr_status_t rv = isti_side_have(queue, ISTI_RECEIVING, timeout);
    if (rv != APR_SUCCESS)
        return rv;
    rv = receive_some(queue, what);
    isti_side_leave(queue, ISTI_RECEIVING);
    return rv == APR_TIMEUP ? none(queue) : rv;
}

apr_status_t ist_queue_receive_n(ist_queue_t *queue, ist_message_t *messages, apr_size_t n,
                                 apr_size_t *received, apr_interval_time_t timeout)
{
    batch_t batch = {messages, n, 0};
    if (received == NULL)
        return APR_EINVAL;
    *received = 0;
    if (messages == NULL || n < 1)
        return APR_EINVAL;
    apr_status_t rv = go_receive_n(queue, &batch, timeout < 0 ? timeout : 0);
    if (rv == APR_TIMEUP && timeout != 0)
        rv = isti_side_wait(queue, ISTI_RECEIVING, 0, go_receive_n, &batch, timeout);
    *received = batch.received;
    return rv;
}

/* ---- in place ---------------------------------------------------------------- */

static apr_status_t go_peek(ist_queue_t *queue, void *what, apr_interval_time_t timeout)
{
    ist_message_t *message = what;
    found_t found;
    apr_status_t rv = isti_side_have(queue, ISTI_RECEIVING, timeout);
    if (rv != APR_SUCCESS)
        return rv;
    rv = first(queue, &found);
    if (rv != APR_SUCCESS) {
        isti_side_leave(queue, ISTI_RECEIVING);
        return rv == APR_TIMEUP ? none(queue) : rv;
    }
    isti_side_lend(queue, ISTI_RECEIVING, found.at, found.end, found.size);
    message->data = isti_word(queue, found.at) + 1;
    message->size = (apr_size_t)found.size;
    return APR_SUCCESS;
}

apr_status_t ist_queue_peek(ist_queue_t *queue, const void **data, apr_size_t *size,
                            apr_interval_time_t timeout)
{
    ist_message_t message = {NULL, 0};
    if (data == NULL || size == NULL)
        return APR_EINVAL;
    apr_status_t rv = go_peek(queue, &message, timeout < 0 ? timeout : 0);
    if (rv == APR_TIMEUP && timeout != 0)
        rv = isti_side_wait(queue, ISTI_RECEIVING, 0, go_peek, &message, timeout);
    *data = message.data;
    *size = message.size;
    return rv;
}

apr_status_t ist_queue_release(ist_queue_t *queue)
{
    apr_status_t rv = isti_side_resume(queue, ISTI_RECEIVING);
    if (rv != APR_SUCCESS)
        return rv;
    let_go(queue, queue->loan[ISTI_RECEIVING].at);
    isti_side_return(queue, ISTI_RECEIVING);
    return APR_SUCCESS;
}

apr_status_t ist_queue_putback(ist_queue_t *queue)
{
    apr_status_t rv = isti_side_resume(queue, ISTI_RECEIVING);
    if (rv == APR_SUCCESS)
        isti_side_return(queue, ISTI_RECEIVING);
    return rv;
}
