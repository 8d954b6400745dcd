/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Queues: the sending side. queue.h tells how a message lies in the ring.
 *
 * All that is to cross at once is written first: the messages, the words
 * behind the first one, and the 0 behind the last. Then one store of the first
 * word sends it all. Whoever dies before that has sent nothing: what was
 * written lies behind a word that is still 0.
 */
#include "queue.h"

#include <string.h>

#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define ALWAYS_INLINE inline __attribute__((always_inline))

/* How far ahead of the tail lines are asked for, to be written. */
#define AHEAD 192

/* What is about to cross: all from `first` to `end`. */
typedef struct crossing_t {
    uint64_t first;
    uint64_t word; /* the first one, held back */
    uint64_t end;
} crossing_t;

/* Go past what a dead sender sent without saying so. */
static __attribute__((noinline, cold)) apr_status_t go_past(ist_queue_t *queue, uint64_t *tail)
{
    uint64_t at = *tail;
    uint64_t word;
    while ((word = atomic_load_explicit(isti_word(queue, at), memory_order_acquire)) != 0) {
        uint64_t reach = isti_reach(queue, at, word);
        at += reach;
        if (reach == 0 || at - *tail > queue->length)
            return IST_ECORRUPT;
    }
    *tail = at;
    return APR_SUCCESS;
}

/* Look how far the receivers are: acquire, for what they left is written over.
 * What they told first: the exact head is in the line that they work with. */
static __attribute__((noinline)) apr_status_t make_room(ist_queue_t *queue, uint64_t tail,
                                                        uint64_t need)
{
    isti_ring_t *ring = queue->ring;
    uint64_t head = atomic_load_explicit(&ring->space, memory_order_acquire);
    if (tail - head > queue->length || tail - head + need > queue->length) {
        head = atomic_load_explicit(&ring->head, memory_order_acquire);
        if (tail - head > queue->length)
            return IST_ECORRUPT;
    }
    atomic_store_explicit(&ring->seen, head, memory_order_relaxed);
    return tail - head + need <= queue->length ? APR_SUCCESS : APR_TIMEUP;
}

/* Where the next message goes: nothing crosses yet. */
static inline apr_status_t start(ist_queue_t *queue, crossing_t *crossing)
{
    uint64_t tail = atomic_load_explicit(&queue->ring->tail, memory_order_relaxed);
    if (UNLIKELY((tail & 7) != 0))
        return IST_ECORRUPT;
    if (UNLIKELY(atomic_load_explicit(isti_word(queue, tail), memory_order_relaxed) != 0)) {
        apr_status_t rv = go_past(queue, &tail);
        if (rv != APR_SUCCESS)
            return rv;
        atomic_store_explicit(&queue->ring->tail, tail, memory_order_relaxed);
    }
    crossing->first = crossing->end = tail;
    crossing->word = 0;
    return APR_SUCCESS;
}

static inline void write_word(ist_queue_t *queue, crossing_t *crossing, uint64_t at, uint64_t word)
{
    if (at == crossing->first)
        crossing->word = word;
    else
        atomic_store_explicit(isti_word(queue, at), word, memory_order_relaxed);
}

/* The place of one more message: it does not run over the ring's end. APR_TIMEUP:
 * there is no room. */
static inline apr_status_t place(ist_queue_t *queue, const crossing_t *crossing, uint64_t size,
                                 uint64_t *at)
{
    uint64_t skip;
    uint64_t need = isti_need(queue, crossing->end, size, &skip) + crossing->end - crossing->first;
    uint64_t seen = atomic_load_explicit(&queue->ring->seen, memory_order_relaxed);
    uint64_t used = crossing->first - seen;
    *at = crossing->end + skip;
    if (UNLIKELY(used > queue->length || used + need > queue->length))
        return make_room(queue, crossing->first, need);
    return APR_SUCCESS;
}

/* Write the words of a message that was placed. */
static inline void add(ist_queue_t *queue, crossing_t *crossing, uint64_t at, uint64_t size)
{
    if (UNLIKELY(at != crossing->end))
        write_word(queue, crossing, crossing->end, ISTI_WORD_SENT | ISTI_WORD_SKIP);
    write_word(queue, crossing, at, ISTI_WORD_SENT | size);
    crossing->end = at + isti_record(size);
}

/* Send. Release: who sees the first word sees all that it leads to. */
static inline void cross(ist_queue_t *queue, const crossing_t *crossing)
{
    atomic_store_explicit(isti_word(queue, crossing->end), 0, memory_order_relaxed);
    atomic_store_explicit(isti_word(queue, crossing->first), crossing->word, memory_order_release);
    atomic_store_explicit(&queue->ring->tail, crossing->end, memory_order_relaxed);
    __builtin_prefetch(queue->bytes + ((crossing->end + AHEAD) & queue->mask), 1);
}

static inline void copy(ist_queue_t *queue, uint64_t at, const void *data, apr_size_t size)
{
    if (size > 0)
        memcpy(isti_word(queue, at) + 1, data, size);
}

static inline void rouse(ist_queue_t *queue, uint32_t n)
{
    if (UNLIKELY(isti_side_asleep(queue, ISTI_RECEIVING)))
        isti_side_wake(queue, ISTI_RECEIVING, n);
}

/* ---- one message --------------------------------------------------------- */

/* Send it, whatever is in the way. */
static __attribute__((noinline)) apr_status_t put_specially(ist_queue_t *queue, const void *data,
                                                            apr_size_t size)
{
    crossing_t crossing;
    uint64_t at;
    if (size > queue->most)
        return IST_EMSGSIZE;
    apr_status_t rv = start(queue, &crossing);
    if (rv == APR_SUCCESS)
        rv = place(queue, &crossing, size, &at);
    if (rv != APR_SUCCESS)
        return rv;
    copy(queue, at, data, size);
    add(queue, &crossing, at, size);
    cross(queue, &crossing);
    return APR_SUCCESS;
}

/* The same where nothing is in the way, which is nearly always: a message that
 * fits, behind a whole ring's last, where the senders know of room. */
static ALWAYS_INLINE apr_status_t put(ist_queue_t *queue, const void *data, apr_size_t size)
{
    isti_ring_t *ring = queue->ring;
    uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    uint64_t used = tail - atomic_load_explicit(&ring->seen, memory_order_relaxed);
    uint64_t record = isti_record(size);
    _Atomic(uint64_t) *word = isti_word(queue, tail);
    if (UNLIKELY(size > queue->most) || UNLIKELY((tail & 7) != 0) ||
        UNLIKELY(atomic_load_explicit(word, memory_order_relaxed) != 0) ||
        UNLIKELY(record > isti_left(queue, tail)) ||
        UNLIKELY(used > queue->length - record - ISTI_WORD_BYTES))
        return put_specially(queue, data, size);
    if (size > 0)
        memcpy(word + 1, data, size);
    const crossing_t crossing = {tail, ISTI_WORD_SENT | size, tail + record};
    cross(queue, &crossing);
    return APR_SUCCESS;
}

static __attribute__((noinline)) apr_status_t put_shared(ist_queue_t *queue, const void *data,
                                                         apr_size_t size,
                                                         apr_interval_time_t timeout)
{
    apr_status_t rv = isti_side_enter(queue, ISTI_SENDING, timeout);
    if (rv != APR_SUCCESS)
        return rv;
    rv = put(queue, data, size);
    isti_side_leave(queue, ISTI_SENDING);
    return rv;
}

/* `timeout` is for the side alone. */
static ALWAYS_INLINE apr_status_t send_one(ist_queue_t *queue, const void *data, apr_size_t size,
                                    apr_interval_time_t timeout)
{
    if (UNLIKELY(data == NULL) && size > 0)
        return APR_EINVAL;
    apr_status_t rv = isti_side_fast(queue, ISTI_SENDING) ? put(queue, data, size)
                                                          : put_shared(queue, data, size, timeout);
    if (rv == APR_SUCCESS)
        rouse(queue, 1);
    return rv;
}

static apr_status_t go_send(ist_queue_t *queue, void *what, apr_interval_time_t timeout)
{
    const ist_message_t *message = what;
    return send_one(queue, message->data, message->size, timeout);
}

static __attribute__((noinline)) apr_status_t send_waiting(ist_queue_t *queue, const void *data,
                                                           apr_size_t size,
                                                           apr_interval_time_t timeout)
{
    ist_message_t message = {(void *)(uintptr_t)data, size};
    return isti_side_wait(queue, ISTI_SENDING, size, go_send, &message, timeout);
}

apr_status_t ist_queue_send(ist_queue_t *queue, const void *data, apr_size_t size)
{
    apr_status_t rv = send_one(queue, data, size, IST_FOREVER);
    return UNLIKELY(rv == APR_TIMEUP) ? send_waiting(queue, data, size, IST_FOREVER) : rv;
}

apr_status_t ist_queue_trysend(ist_queue_t *queue, const void *data, apr_size_t size)
{
    apr_status_t rv = send_one(queue, data, size, 0);
    return rv == APR_TIMEUP ? APR_EBUSY : rv;
}

apr_status_t ist_queue_timedsend(ist_queue_t *queue, const void *data, apr_size_t size,
                                 apr_interval_time_t timeout)
{
    apr_status_t rv = send_one(queue, data, size, timeout < 0 ? timeout : 0);
    return rv == APR_TIMEUP && timeout != 0 ? send_waiting(queue, data, size, timeout) : rv;
}

/* ---- several --------------------------------------------------------------- */

typedef struct batch_t {
    const ist_message_t *messages;
    apr_size_t n;
    apr_size_t sent;
} batch_t;

/* As many as there is room for. What ends it but for the first is no failure. */
static apr_status_t send_some(ist_queue_t *queue, batch_t *batch)
{
    crossing_t crossing;
    uint64_t at;
    apr_size_t n = 0;
    apr_status_t rv = start(queue, &crossing);
    for (; rv == APR_SUCCESS && n < batch->n; n++) {
        const ist_message_t *message = &batch->messages[n];
        if (message->data == NULL && message->size > 0)
            rv = APR_EINVAL;
        else if (message->size > queue->most)
            rv = IST_EMSGSIZE;
        else
            rv = place(queue, &crossing, message->size, &at);
        if (rv != APR_SUCCESS)
            break;
        copy(queue, at, message->data, message->size);
        add(queue, &crossing, at, message->size);
    }
    if (n == 0)
        return rv;
    cross(queue, &crossing);
    batch->sent = n;
    return APR_SUCCESS;
}

static apr_status_t go_send_n(ist_queue_t *queue, void *what, apr_interval_time_t timeout)
{
    batch_t *batch = what;
    apr_status_t rv = isti_side_have(queue, ISTI_SENDING, timeout);
    if (rv != APR_SUCCESS)
        return rv;
    rv = send_some(queue, batch);
    isti_side_leave(queue, ISTI_SENDING);
    if (rv == APR_SUCCESS)
        rouse(queue, batch->sent < UINT32_MAX ? (uint32_t)batch->sent : UINT32_MAX);
    return rv;
}

apr_status_t ist_queue_send_n(ist_queue_t *queue, const ist_message_t *messages, apr_size_t n,
                              apr_size_t *sent, apr_interval_time_t timeout)
{
    batch_t batch = {messages, n, 0};
    if (sent == NULL)
        return APR_EINVAL;
    *sent = 0;
    if (messages == NULL || n < 1)
        return APR_EINVAL;
    apr_status_t rv = go_send_n(queue, &batch, timeout < 0 ? timeout : 0);
    if (rv == APR_TIMEUP && timeout != 0)
        rv = isti_side_wait(queue, ISTI_SENDING, messages[0].size, go_send_n, &batch,
                            timeout);
    *sent = batch.sent;
    return rv;
}

/* ---- in place ---------------------------------------------------------------- */

static apr_status_t go_reserve(ist_queue_t *queue, void *what, apr_interval_time_t timeout)
{
    ist_message_t *message = what;
    crossing_t crossing;
    uint64_t at;
    apr_status_t rv = isti_side_have(queue, ISTI_SENDING, timeout);
    if (rv != APR_SUCCESS)
        return rv;
    rv = message->size > queue->most ? IST_EMSGSIZE : start(queue, &crossing);
    if (rv == APR_SUCCESS)
        rv = place(queue, &crossing, message->size, &at);
    if (rv != APR_SUCCESS) {
        isti_side_leave(queue, ISTI_SENDING);
        return rv;
    }
    isti_side_lend(queue, ISTI_SENDING, crossing.first, at, message->size);
    message->data = isti_word(queue, at) + 1;
    return APR_SUCCESS;
}

apr_status_t ist_queue_reserve(ist_queue_t *queue, apr_size_t size, void **data,
                               apr_interval_time_t timeout)
{
    ist_message_t message = {NULL, size};
    if (data == NULL)
        return APR_EINVAL;
    *data = NULL;
    apr_status_t rv = go_reserve(queue, &message, timeout < 0 ? timeout : 0);
    if (rv == APR_TIMEUP && timeout != 0)
        rv = isti_side_wait(queue, ISTI_SENDING, size, go_reserve, &message, timeout);
    *data = message.data;
    return rv;
}

apr_status_t ist_queue_commit(ist_queue_t *queue, apr_size_t size)
{
    apr_status_t rv = isti_side_resume(queue, ISTI_SENDING);
    if (rv != APR_SUCCESS)
        return rv;
    const isti_loan_t *loan = &queue->loan[ISTI_SENDING];
    if (size > loan->bytes)
        return IST_EMSGSIZE;
    crossing_t crossing = {loan->from, 0, loan->from};
    add(queue, &crossing, loan->at, size);
    cross(queue, &crossing);
    isti_side_return(queue, ISTI_SENDING);
    rouse(queue, 1);
    return APR_SUCCESS;
}

apr_status_t ist_queue_cancel(ist_queue_t *queue)
{
    apr_status_t rv = isti_side_resume(queue, ISTI_SENDING);
    if (rv == APR_SUCCESS)
        isti_side_return(queue, ISTI_SENDING);
    return rv;
}
