/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Queues, shared and sole: a message is there or not, whole, and the next
 * sender and receiver go on.
 */
#include "kill.h"

#include <string.h>

#define SIZE 100
#define BOTH (IST_SEND | IST_RECEIVE)

static ist_queue_t *held;  /* the driver's, without a side */
static ist_queue_t *queue; /* the child's */
static char bytes[SIZE], got[SIZE];

static apr_status_t empty(void)
{
    const ist_queue_geometry_t geometry = {SIZE, 8};
    memset(bytes, 'm', sizeof bytes);
    return ist_queue_open(&held, kill_name, &geometry, IST_CREATE, 0, kill_pool);
}

static apr_status_t open_side(apr_uint32_t flags)
{
    return ist_queue_open(&queue, kill_name, NULL, flags, 0, kill_pool);
}

static apr_status_t with_message(void)
{
    kill_must(empty(), "a queue");
    kill_must(open_side(IST_SEND), "a queue's side");
    kill_must(ist_queue_trysend(queue, bytes, SIZE), "sending");
    return ist_queue_close(queue);
}

static apr_status_t open_shared(void)
{
    return open_side(BOTH);
}

static apr_status_t open_sole(void)
{
    return open_side(BOTH | IST_SOLE);
}

static apr_status_t send_one(void)
{
    return ist_queue_send(queue, bytes, SIZE);
}

static apr_status_t send_many(void)
{
    const ist_message_t messages[] = {{bytes, SIZE}, {bytes, SIZE}, {bytes, SIZE}};
    apr_size_t n = 0;
    apr_status_t status = ist_queue_send_n(queue, messages, 3, &n, IST_FOREVER);
    return status == APR_SUCCESS && n != 3 ? APR_EGENERAL : status;
}

/* Success with another message than the one there is none. */
static apr_status_t the_message(apr_status_t status, const void *data, apr_size_t n)
{
    if (status != APR_SUCCESS)
        return status;
    return n == SIZE && memcmp(data, bytes, SIZE) == 0 ? APR_SUCCESS : APR_EGENERAL;
}

static apr_status_t receive(void)
{
    apr_size_t n = 0;
    apr_status_t status = ist_queue_receive(queue, got, SIZE, &n);
    return the_message(status, got, n);
}

static apr_status_t reserve(void)
{
    void *place;
    apr_status_t status = ist_queue_reserve(queue, SIZE, &place, IST_FOREVER);
    if (status == APR_SUCCESS)
        memset(place, 'm', SIZE);
    return status;
}

static apr_status_t commit(void)
{
    return ist_queue_commit(queue, SIZE);
}

static apr_status_t peek(void)
{
    const void *data = NULL;
    apr_size_t n = 0;
    apr_status_t status = ist_queue_peek(queue, &data, &n, IST_FOREVER);
    return the_message(status, data, n);
}

static apr_status_t release(void)
{
    return ist_queue_release(queue);
}

static apr_status_t reserve_shared(void)
{
    kill_must(open_shared(), "a queue's side");
    return reserve();
}

static apr_status_t reserve_sole(void)
{
    kill_must(open_sole(), "a queue's side");
    return reserve();
}

static apr_status_t peek_shared(void)
{
    kill_must(open_shared(), "a queue's side");
    return peek();
}

static apr_status_t peek_sole(void)
{
    kill_must(open_sole(), "a queue's side");
    return peek();
}

/* How many whole messages there are; -1: something else is, or a side is not free. */
static int messages(void)
{
    ist_queue_t *mine;
    apr_size_t n;
    int count = 0;
    apr_status_t status = ist_queue_open(&mine, kill_name, NULL, BOTH | IST_SOLE, 0, kill_pool);
    if (status != APR_SUCCESS)
        return -1;
    for (;; count++) {
        memset(got, 0, sizeof got);
        status = ist_queue_tryreceive(mine, got, SIZE, &n);
        if (status != APR_SUCCESS)
            break;
        if (n != SIZE || memcmp(got, bytes, SIZE) != 0)
            return -1;
    }
    if (status != APR_EBUSY || ist_queue_trysend(mine, bytes, SIZE) != APR_SUCCESS ||
        ist_queue_tryreceive(mine, got, SIZE, &n) != APR_SUCCESS ||
        ist_queue_close(mine) != APR_SUCCESS)
        return -1;
    return count;
}

static outcome_e of(int before, int after)
{
    int count = messages();
    return count == before ? BEFORE : count == after ? AFTER : WRONG;
}

static outcome_e look_sent(void)
{
    return of(0, 1);
}

static outcome_e look_sent_many(void)
{
    return of(0, 3);
}

static outcome_e look_received(void)
{
    return of(1, 0);
}

static outcome_e look_nothing_sent(void)
{
    return of(0, 0);
}

static outcome_e look_nothing_received(void)
{
    return of(1, 1);
}

const kill_call_t kill_queues[] = {
    {"send", 0, 0, BEFORE, AFTER, empty, open_shared, send_one, look_sent},
    {"send, sole", 0, 0, BEFORE, AFTER, empty, open_sole, send_one, look_sent},
    {"send_n of 3", 0, 0, BEFORE, AFTER, empty, open_shared, send_many, look_sent_many},
    {"send_n of 3, sole", 0, 0, BEFORE, AFTER, empty, open_sole, send_many, look_sent_many},
    {"receive", 0, 0, BEFORE, AFTER, with_message, open_shared, receive, look_received},
    {"receive, sole", 0, 0, BEFORE, AFTER, with_message, open_sole, receive, look_received},
    {"reserve", 0, 0, BEFORE, BEFORE, empty, open_shared, reserve, look_nothing_sent},
    {"commit", 0, 0, BEFORE, AFTER, empty, reserve_shared, commit, look_sent},
    {"commit, sole", 0, 0, BEFORE, AFTER, empty, reserve_sole, commit, look_sent},
    {"peek", 0, 0, BEFORE, BEFORE, with_message, open_shared, peek, look_nothing_received},
    {"release", 0, 0, BEFORE, AFTER, with_message, peek_shared, release, look_received},
    {"release, sole", 0, 0, BEFORE, AFTER, with_message, peek_sole, release, look_received},
    {NULL, 0, 0, BEFORE, BEFORE, NULL, NULL, NULL, NULL},
};
