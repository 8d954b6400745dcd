/* SPDX-License-Identifier: Apache-2.0 */
/* Queues: to send a message. */
#include "queue_put.h"

#include <string.h>

/* Whether a message can just be put down. The word behind it has room, too: all are
 * multiples of 8. */
static inline int goes(const ist_queue_t *queue, const void *data, apr_size_t size)
{
    return data != NULL && size <= queue->most &&
           isti_record(size) < queue->course[ISTI_SENDING].left;
}

/* A sole sender's message, with nothing in the way: what isti_put_cross() does, in few steps. */
static inline void put_down(ist_queue_t *queue, const void *data, apr_size_t size)
{
    isti_course_t *course = &queue->course[ISTI_SENDING];
    unsigned char *at = course->at;
    uint64_t record = isti_record(size);
    isti_put_fetch(at, record);
    memcpy(at + ISTI_WORD_BYTES, data, size);
    atomic_store_explicit((_Atomic(uint64_t) *)(void *)(at + record), 0, memory_order_relaxed);
    atomic_store_explicit((_Atomic(uint64_t) *)(void *)at, ISTI_WORD_SENT | size,
                          memory_order_release);
    course->at = at + record;
    course->left -= record;
    course->position += record;
    atomic_store_explicit(&queue->ring->tail, course->position, memory_order_relaxed);
}

/* Send it, whatever is in the way. */
static apr_status_t put(ist_queue_t *queue, const void *data, apr_size_t size)
{
    isti_crossing_t crossing;
    uint64_t at;
    if (size > queue->most)
        return IST_EMSGSIZE;
    apr_status_t rv = isti_put_start(queue, &crossing);
    if (rv == APR_SUCCESS)
        rv = isti_put_place(queue, &crossing, size, &at);
    if (rv != APR_SUCCESS)
        return rv;
    isti_put_copy(queue, at, data, size);
    isti_put_add(queue, &crossing, at, size);
    isti_put_cross(queue, &crossing);
    return APR_SUCCESS;
}

static __attribute__((noinline)) apr_status_t
put_shared(ist_queue_t *queue, const void *data, apr_size_t size, apr_interval_time_t timeout)
{
    apr_status_t rv = isti_side_enter(queue, ISTI_SENDING, timeout);
    if (rv != APR_SUCCESS)
        return rv;
    rv = put(queue, data, size);
    isti_side_leave(queue, ISTI_SENDING);
    return rv;
}

static __attribute__((noinline)) apr_status_t
send_otherwise(ist_queue_t *queue, const void *data, apr_size_t size, apr_interval_time_t timeout)
{
    if (data == NULL && size > 0)
        return APR_EINVAL;
    apr_status_t rv = isti_side_fast(queue, ISTI_SENDING) ? put(queue, data, size)
                                                          : put_shared(queue, data, size, timeout);
    if (rv == APR_SUCCESS)
        isti_put_rouse(queue, 1);
    return rv;
}

/* `timeout` is for the side alone. */
static ISTI_ALWAYS_INLINE apr_status_t send_one(ist_queue_t *queue, const void *data,
                                                apr_size_t size, apr_interval_time_t timeout)
{
    if (isti_side_fast(queue, ISTI_SENDING) && ISTI_LIKELY(goes(queue, data, size))) {
        put_down(queue, data, size);
        isti_put_rouse(queue, 1);
        return APR_SUCCESS;
    }
    return send_otherwise(queue, data, size, timeout);
}

static apr_status_t go_send(ist_queue_t *queue, void *what, apr_interval_time_t timeout)
{
    const ist_message_t *message = what;
    return send_one(queue, message->data, message->size, timeout);
}

static __attribute__((noinline)) apr_status_t
send_waiting(ist_queue_t *queue, const void *data, apr_size_t size, apr_interval_time_t timeout)
{
    ist_message_t message = {(void *)(uintptr_t)data, size};
    return isti_side_wait(queue, ISTI_SENDING, size, go_send, &message, timeout);
}

apr_status_t ist_queue_send(ist_queue_t *queue, const void *data, apr_size_t size)
{
    apr_status_t rv = send_one(queue, data, size, IST_FOREVER);
    return ISTI_UNLIKELY(rv == APR_TIMEUP) ? send_waiting(queue, data, size, IST_FOREVER) : rv;
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
