/* SPDX-License-Identifier: Apache-2.0 */
/* Queues: to write a message where it will lie. */
#include "queue_put.h"

static apr_status_t go_reserve(ist_queue_t *queue, void *what, apr_interval_time_t timeout)
{
    ist_message_t *message = what;
    isti_crossing_t crossing;
    uint64_t at;
    apr_status_t rv = isti_side_have(queue, ISTI_SENDING, timeout);
    if (rv != APR_SUCCESS)
        return rv;
    rv = message->size > queue->most ? IST_EMSGSIZE : isti_put_start(queue, &crossing);
    if (rv == APR_SUCCESS)
        rv = isti_put_place(queue, &crossing, message->size, &at);
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
    isti_crossing_t crossing = {loan->from, 0, loan->from};
    isti_put_add(queue, &crossing, loan->at, size);
    isti_put_cross(queue, &crossing);
    isti_side_return(queue, ISTI_SENDING);
    isti_put_rouse(queue, 1);
    return APR_SUCCESS;
}

apr_status_t ist_queue_cancel(ist_queue_t *queue)
{
    apr_status_t rv = isti_side_resume(queue, ISTI_SENDING);
    if (rv == APR_SUCCESS)
        isti_side_return(queue, ISTI_SENDING);
    return rv;
}
