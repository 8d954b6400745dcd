/* SPDX-License-Identifier: Apache-2.0 */
/* Queues: to receive several messages in one crossing. */
#include "queue_get.h"

typedef struct batch_t {
    ist_message_t *messages;
    apr_size_t n;
    apr_size_t received;
} batch_t;

/* As many as there are. What ends it but for the first is no failure, and a
 * message that does not fit keeps its room in the caller's list. */
static apr_status_t receive_some(ist_queue_t *queue, batch_t *batch)
{
    isti_found_t found;
    uint64_t end = 0;
    apr_size_t n = 0;
    apr_status_t rv = isti_get_first(queue, &found);
    while (rv == APR_SUCCESS) {
        ist_message_t *message = &batch->messages[n];
        if (n > 0 && found.size > message->size)
            break;
        if (message->data == NULL && message->size > 0)
            rv = APR_EINVAL;
        else
            rv = isti_get_copy(queue, &found, message);
        if (rv != APR_SUCCESS)
            break;
        end = found.end;
        if (++n == batch->n)
            break;
        rv = isti_get_find(queue, end, &found);
    }
    if (n == 0)
        return rv;
    isti_get_let_go(queue, end);
    batch->received = n;
    return APR_SUCCESS;
}

/* As many of a sole receiver's as lie there just so; 0: look closer at the first. */
static int receive_plain(ist_queue_t *queue, batch_t *batch)
{
    isti_course_t course = queue->course[ISTI_RECEIVING];
    apr_size_t n = 0;
    if (course.left == 0)
        return 0;
    while (n < batch->n && isti_get_pick_up(queue, &course, &batch->messages[n]))
        n++;
    if (n > 0)
        isti_get_let_go_to(queue, &course);
    batch->received = n;
    return n > 0;
}

static apr_status_t go_receive_n(ist_queue_t *queue, void *what, apr_interval_time_t timeout)
{
    apr_status_t rv = isti_side_have(queue, ISTI_RECEIVING, timeout);
    if (rv != APR_SUCCESS)
        return rv;
    rv = queue->sole[ISTI_RECEIVING] && receive_plain(queue, what) ? APR_SUCCESS
                                                                   : receive_some(queue, what);
    isti_side_leave(queue, ISTI_RECEIVING);
    return rv == APR_TIMEUP ? isti_get_none(queue) : rv;
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
