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

static ist_queue_t *endpoint(apr_uint32_t flags)
{
    ist_queue_t *opened;
    kill_must(ist_queue_open(&opened, kill_name, NULL, flags, 0, kill_pool), "a queue's side");
    return opened;
}

static void empty(void)
{
    const ist_queue_geometry_t geometry = {SIZE, 8};
    memset(bytes, 'm', sizeof bytes);
    kill_must(ist_queue_open(&held, kill_name, &geometry, IST_CREATE, 0, kill_pool), "a queue");
}

static void with_message(void)
{
    empty();
    ist_queue_t *sender = endpoint(IST_SEND);
    kill_must(ist_queue_trysend(sender, bytes, SIZE), "sending");
    kill_must(ist_queue_close(sender), "closing");
}

static void open_shared(void)
{
    queue = endpoint(BOTH);
}

static void open_sole(void)
{
    queue = endpoint(BOTH | IST_SOLE);
}

static void send_one(void)
{
    (void)ist_queue_send(queue, bytes, SIZE);
}

static void send_many(void)
{
    const ist_message_t messages[] = {{bytes, SIZE}, {bytes, SIZE}, {bytes, SIZE}};
    apr_size_t n;
    (void)ist_queue_send_n(queue, messages, 3, &n, IST_FOREVER);
}

static void receive(void)
{
    apr_size_t n;
    (void)ist_queue_receive(queue, got, SIZE, &n);
}

static void reserve(void)
{
    void *place;
    if (ist_queue_reserve(queue, SIZE, &place, IST_FOREVER) == APR_SUCCESS)
        memset(place, 'm', SIZE);
}

static void commit(void)
{
    (void)ist_queue_commit(queue, SIZE);
}

static void peek(void)
{
    const void *data;
    apr_size_t n;
    (void)ist_queue_peek(queue, &data, &n, IST_FOREVER);
}

static void release(void)
{
    (void)ist_queue_release(queue);
}

static void reserve_shared(void)
{
    open_shared();
    reserve();
}

static void reserve_sole(void)
{
    open_sole();
    reserve();
}

static void peek_shared(void)
{
    open_shared();
    peek();
}

static void peek_sole(void)
{
    open_sole();
    peek();
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
    {"send", 0, 0, empty, open_shared, send_one, look_sent},
    {"send, sole", 0, 0, empty, open_sole, send_one, look_sent},
    {"send_n of 3", 0, 0, empty, open_shared, send_many, look_sent_many},
    {"send_n of 3, sole", 0, 0, empty, open_sole, send_many, look_sent_many},
    {"receive", 0, 0, with_message, open_shared, receive, look_received},
    {"receive, sole", 0, 0, with_message, open_sole, receive, look_received},
    {"reserve", 0, 0, empty, open_shared, reserve, look_nothing_sent},
    {"commit", 0, 0, empty, reserve_shared, commit, look_sent},
    {"commit, sole", 0, 0, empty, reserve_sole, commit, look_sent},
    {"peek", 0, 0, with_message, open_shared, peek, look_nothing_received},
    {"release", 0, 0, with_message, peek_shared, release, look_received},
    {"release, sole", 0, 0, with_message, peek_sole, release, look_received},
    {NULL, 0, 0, NULL, NULL, NULL, NULL},
};
