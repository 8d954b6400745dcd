/* SPDX-License-Identifier: Apache-2.0 */
/* Queues: to receive a message. */
#include "queue_get.h"

#include <string.h>

static apr_status_t get(ist_queue_t *queue, ist_message_t *message)
{
    isti_found_t found;
    apr_status_t rv = isti_get_first(queue, &found);
    if (rv == APR_SUCCESS)
        rv = isti_get_copy(queue, &found, message);
    if (rv == APR_SUCCESS)
        isti_get_let_go(queue, found.end);
    return rv;
}

static __attribute__((noinline)) apr_status_t get_shared(ist_queue_t *queue, ist_message_t *message,
                                                         apr_interval_time_t timeout)
{
    apr_status_t rv = isti_side_enter(queue, ISTI_RECEIVING, timeout);
    if (rv != APR_SUCCESS)
        return rv;
    rv = get(queue, message);
    isti_side_leave(queue, ISTI_RECEIVING);
    return rv;
}

static __attribute__((noinline)) apr_status_t
receive_otherwise(ist_queue_t *queue, ist_message_t *message, apr_interval_time_t timeout)
{
    if (message->data == NULL && message->size > 0)
        return APR_EINVAL;
    apr_status_t rv = isti_side_fast(queue, ISTI_RECEIVING) ? get(queue, message)
                                                            : get_shared(queue, message, timeout);
    return rv == APR_TIMEUP ? isti_get_none(queue) : rv;
}

/* `timeout` is for the side alone. */
static ISTI_ALWAYS_INLINE apr_status_t receive_one(ist_queue_t *queue, ist_message_t *message,
                                                   apr_interval_time_t timeout)
{
    if (isti_side_fast(queue, ISTI_RECEIVING)) {
        isti_course_t course = queue->course[ISTI_RECEIVING];
        if (ISTI_LIKELY(course.left > 0) &&
            ISTI_LIKELY(isti_get_pick_up(queue, &course, message))) {
            isti_get_let_go_to(queue, &course);
            return APR_SUCCESS;
        }
    }
    return receive_otherwise(queue, message, timeout);
}

static apr_status_t go_receive(ist_queue_t *queue, void *what, apr_interval_time_t timeout)
{
    return receive_one(queue, what, timeout);
}

static __attribute__((noinline)) apr_status_t
receive_waiting(ist_queue_t *queue, ist_message_t *message, apr_interval_time_t timeout)
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
    if (ISTI_UNLIKELY(rv == APR_TIMEUP))
        rv = receive_waiting(queue, &message, IST_FOREVER);
    return told(rv, &message, size);
}

apr_status_t ist_queue_tryreceive(ist_queue_t *queue, void *data, apr_size_t room, apr_size_t *size)
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
