/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Queues: QUE-1 to QUE-6. The tables, and what they share.
 */
#include "queue_cases.h"

const tst_case_t *const tst_tables[] = {
    queue_open_cases,  queue_order_cases, queue_wait_cases,   queue_place_cases,
    queue_death_cases, queue_sole_cases,  queue_damage_cases, NULL,
};

const tst_role_t tst_roles[] = {
    {"order-sender", queue_order_sender},
    {"death-sender", queue_death_sender},
    {"death-receiver", queue_death_receiver},
    {NULL, NULL},
};

static unsigned char bytes[TST_MESSAGE_MAX];

ist_queue_t *queue_fresh(apr_uint32_t message_size, apr_uint32_t capacity)
{
    const ist_queue_geometry_t geometry = {message_size, capacity};
    ist_queue_t *queue = NULL;
    TST_MUST(ist_queue_open(&queue, tst_name(NULL), &geometry, IST_CREATE_ONLY | BOTH, 0,
                            tst_pool()));
    TST_MUST_TRUE(ist_queue_created(queue));
    return queue;
}

ist_queue_t *queue_again(apr_uint32_t flags)
{
    ist_queue_t *queue = NULL;
    TST_MUST(ist_queue_open(&queue, tst_name(NULL), NULL, flags, 0, tst_pool()));
    TST_MUST_TRUE(!ist_queue_created(queue));
    return queue;
}

tst_peer_t *queue_peer(apr_uint32_t flags)
{
    tst_peer_t *peer = tst_peer_start();
    TST_MUST(tst_peer_open(peer, 0, IST_KIND_QUEUE, tst_name(NULL), flags, 0, 0, 0));
    return peer;
}

apr_status_t queue_send(ist_queue_t *queue, apr_size_t size, apr_uint32_t seed)
{
    tst_message_fill(bytes, size, seed);
    return ist_queue_trysend(queue, bytes, size);
}

apr_status_t queue_receive(ist_queue_t *queue, apr_int64_t *value)
{
    apr_size_t size = 0;
    apr_status_t status = ist_queue_tryreceive(queue, bytes, sizeof bytes, &size);
    *value = status == APR_SUCCESS ? tst_message_value(bytes, size) : 0;
    return status;
}

void queue_next(ist_queue_t *queue, apr_size_t size, apr_uint32_t seed)
{
    apr_int64_t value;
    TST_OK(queue_receive(queue, &value));
    TST_NUMBER(value, TST_MESSAGE(size, seed));
}

void queue_is_empty(ist_queue_t *queue)
{
    apr_int64_t value;
    TST_STATUS(queue_receive(queue, &value), APR_EBUSY);
}

apr_uint32_t queue_fill(ist_queue_t *queue, apr_size_t size)
{
    apr_uint32_t n = 0;
    apr_status_t status;
    while ((status = queue_send(queue, size, n)) == APR_SUCCESS)
        n++;
    TST_STATUS(status, APR_EBUSY);
    return n;
}

void queue_stuff(ist_queue_t *queue, apr_size_t size)
{
    (void)queue_fill(queue, size);
    (void)queue_fill(queue, 0);
}

void queue_reclaim(void)
{
    const ist_queue_geometry_t geometry = {1, 1};
    ist_queue_t *queue;
    TST_OK(ist_queue_open(&queue, tst_name(NULL), &geometry, IST_CREATE | BOTH, 0, tst_pool()));
    TST_OK(ist_queue_close(queue));
}
