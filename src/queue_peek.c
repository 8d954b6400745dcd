/* SPDX-License-Identifier: Apache-2.0 */
/* Queues: to read a message where it lies. */
#include "queue_get.h"

static apr_status_t go_peek(ist_queue_t *queue, void *what, apr_interval_time_t timeout)
{
    ist_message_t *message = what;
    isti_found_t found;
    apr_status_t rv = isti_side_have(queue, ISTI_RECEIVING, timeout);
    if (rv != APR_SUCCESS)
        return rv;
    rv = isti_get_first(queue, &found);
    if (rv != APR_SUCCESS) {
        isti_side_leave(queue, ISTI_RECEIVING);
        return rv == APR_TIMEUP ? isti_get_none(queue) : rv;
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
    isti_get_let_go(queue, queue->loan[ISTI_RECEIVING].at);
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
