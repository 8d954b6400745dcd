/* SPDX-License-Identifier: Apache-2.0 */
/* Queues: to send several messages in one crossing. */
#include "queue_put.h"

#include <string.h>

typedef struct batch_t {
    const ist_message_t *messages;
    apr_size_t n;
    apr_size_t sent;
} batch_t;

/* As many as there is room for. What ends it but for the first is no failure. */
static apr_status_t send_some(ist_queue_t *queue, batch_t *batch)
{
    isti_crossing_t crossing;
    uint64_t at;
    apr_size_t n = 0;
    apr_status_t rv = isti_put_start(queue, &crossing);
    for (; rv == APR_SUCCESS && n < batch->n; n++) {
        const ist_message_t *message = &batch->messages[n];
        if (message->data == NULL && message->size > 0)
            rv = APR_EINVAL;
        else if (message->size > queue->most)
            rv = IST_EMSGSIZE;
        else
            rv = isti_put_place(queue, &crossing, message->size, &at);
        if (rv != APR_SUCCESS)
            break;
        isti_put_copy(queue, at, message->data, message->size);
        isti_put_add(queue, &crossing, at, message->size);
    }
    if (n == 0)
        return rv;
    isti_put_cross(queue, &crossing);
    batch->sent = n;
    return APR_SUCCESS;
}

/* All of a sole sender's, with nothing in the way; 0: not so, and nothing was sent. */
static int send_all(ist_queue_t *queue, batch_t *batch)
{
    const isti_course_t *course = &queue->course[ISTI_SENDING];
    isti_crossing_t crossing = {course->position, 0, course->position};
    unsigned char *at = course->at;
    uint64_t left = course->left;
    for (apr_size_t n = 0; n < batch->n; n++) {
        const ist_message_t *message = &batch->messages[n];
        uint64_t record = isti_record(message->size);
        if (message->data == NULL || message->size > queue->most || record >= left)
            return 0;
        isti_put_fetch(at, record);
        memcpy(at + ISTI_WORD_BYTES, message->data, message->size);
        if (n == 0)
            crossing.word = ISTI_WORD_SENT | message->size;
        else
            atomic_store_explicit((_Atomic(uint64_t) *)(void *)at, ISTI_WORD_SENT | message->size,
                                  memory_order_relaxed);
        at += record;
        left -= record;
    }
    crossing.end += (uint64_t)(at - course->at);
    isti_put_cross(queue, &crossing);
    batch->sent = batch->n;
    return 1;
}

static apr_status_t go_send_n(ist_queue_t *queue, void *what, apr_interval_time_t timeout)
{
    batch_t *batch = what;
    apr_status_t rv = isti_side_have(queue, ISTI_SENDING, timeout);
    if (rv != APR_SUCCESS)
        return rv;
    rv =
        queue->sole[ISTI_SENDING] && send_all(queue, batch) ? APR_SUCCESS : send_some(queue, batch);
    isti_side_leave(queue, ISTI_SENDING);
    if (rv == APR_SUCCESS)
        isti_put_rouse(queue, batch->sent < UINT32_MAX ? (uint32_t)batch->sent : UINT32_MAX);
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
        rv = isti_side_wait(queue, ISTI_SENDING, messages[0].size, go_send_n, &batch, timeout);
    *sent = batch.sent;
    return rv;
}
