/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QUE-1: first in, first out, each message to exactly one receiver, none lost.
 */
#include "queue_cases.h"

#include <stdlib.h>
#include <string.h>

static void all_sizes(void)
{
    ist_queue_t *queue = queue_fresh(1000, 4);
    for (apr_uint32_t size = 0; size <= 1000; size++) {
        TST_OK(queue_send(queue, size, size));
        TST_OK(queue_send(queue, 1000 - size, size + 1));
        queue_next(queue, size, size);
        queue_next(queue, 1000 - size, size + 1);
    }
    queue_is_empty(queue);
}

/* Wherever the ring starts again, and whatever is left before it. */
static void at_every_place(void)
{
    ist_queue_t *queue = queue_fresh(300, 6);
    apr_uint32_t sent = 0, received = 0;
    for (int i = 0; i < tst_rounds(20000); i++) {
        apr_uint32_t size = (apr_uint32_t)i * 7919u % 301;
        while (queue_send(queue, (sent * 7919u) % 301, sent) == APR_SUCCESS)
            sent++;
        TST_TRUE(sent - received >= 6);
        for (apr_uint32_t n = size % 5 + 1; n > 0 && received < sent; n--, received++)
            queue_next(queue, (received * 7919u) % 301, received);
    }
    for (; received < sent; received++)
        queue_next(queue, (received * 7919u) % 301, received);
    queue_is_empty(queue);
}

static void bounded(void)
{
    ist_queue_t *queue = queue_fresh(100, 10);
    for (int i = 0; i < 50; i++) {
        apr_uint32_t n = queue_fill(queue, 100);
        TST_TRUE(n >= 10);
        for (apr_uint32_t k = 0; k < n; k++)
            queue_next(queue, 100, k);
        queue_is_empty(queue);
        TST_OK(queue_send(queue, (apr_size_t)i, 1)); /* the ring starts elsewhere */
        queue_next(queue, (apr_size_t)i, 1);
    }
}

/* argv: name, its number, how many. Messages: number and sequence. */
int queue_order_sender(int argc, const char *const *argv)
{
    ist_queue_t *queue;
    if (argc < 3 || ist_queue_open(&queue, argv[0], NULL, IST_SEND, 0, tst_pool()) != APR_SUCCESS)
        return 2;
    apr_uint32_t message[2] = {(apr_uint32_t)atoi(argv[1]), 0};
    for (apr_uint32_t n = (apr_uint32_t)atoi(argv[2]); message[1] < n; message[1]++) {
        if (ist_queue_send(queue, message, sizeof message) != APR_SUCCESS)
            return 3;
    }
    return ist_queue_close(queue) == APR_SUCCESS ? 0 : 4;
}

#define SENDERS 3

typedef struct taken_t {
    ist_queue_t *queue;
    apr_uint32_t next[SENDERS]; /* the least that may come from each */
    unsigned char *seen;
    apr_uint32_t many;
    int wrong;
} taken_t;

/* What one receiver gets of one sender comes in its order. */
static apr_status_t take(void *baton)
{
    taken_t *taken = baton;
    apr_uint32_t message[2];
    apr_size_t size;
    apr_status_t status;
    while ((status = ist_queue_receive(taken->queue, message, sizeof message, &size)) ==
               APR_SUCCESS &&
           size == sizeof message) {
        if (message[0] >= SENDERS || message[1] >= taken->many ||
            message[1] < taken->next[message[0]]) {
            taken->wrong++;
            break;
        }
        taken->next[message[0]] = message[1] + 1;
        taken->seen[message[0] * taken->many + message[1]]++;
    }
    return status;
}

static void many_to_many(void)
{
    const apr_uint32_t many = (apr_uint32_t)tst_rounds(5000);
    ist_queue_t *queue = queue_fresh(8, 100);
    taken_t taken[2];
    tst_thread_t *threads[2];
    tst_peer_t *senders[SENDERS];
    for (int i = 0; i < 2; i++) {
        memset(&taken[i], 0, sizeof taken[i]);
        taken[i].queue = queue;
        taken[i].many = many;
        taken[i].seen = apr_pcalloc(tst_pool(), (apr_size_t)many * SENDERS);
        threads[i] = tst_thread_start(take, &taken[i]);
    }
    for (int i = 0; i < SENDERS; i++)
        senders[i] = tst_role_start("order-sender", tst_name(NULL), tst_print("%d", i),
                                    tst_print("%u", (unsigned)many), NULL);
    for (int i = 0; i < SENDERS; i++)
        TST_NUMBER(tst_peer_wait(senders[i]), 0);
    for (int i = 0; i < 2; i++)
        TST_OK(ist_queue_send(queue, "", 0)); /* the end, for each */
    for (int i = 0; i < 2; i++) {
        TST_OK(tst_thread_join(threads[i]));
        TST_NUMBER(taken[i].wrong, 0);
    }
    apr_uint32_t wrong = 0;
    for (apr_uint32_t i = 0; i < many * SENDERS; i++)
        wrong += taken[0].seen[i] + taken[1].seen[i] != 1;
    TST_NUMBER(wrong, 0);
    queue_is_empty(queue);
}

static void batches(void)
{
    ist_queue_t *queue = queue_fresh(1000, 10);
    tst_peer_t *peer = queue_peer(BOTH);
    apr_int64_t n = 0;
    for (int i = 0; i < 100; i++) {
        TST_OK(tst_peer_ask(peer, &n, "burst 0 7 %d 3", i * 10));
        TST_NUMBER(n, 7);
        for (apr_uint32_t k = 0; k < 7; k++)
            queue_next(queue, (apr_size_t)i * 10, 3 + k);
        queue_is_empty(queue);
        for (apr_uint32_t k = 0; k < 7; k++)
            TST_OK(queue_send(queue, (apr_size_t)i * 10, k));
        TST_OK(tst_peer_ask(peer, &n, "gather 0 5"));
        TST_NUMBER(n, 5);
        TST_OK(tst_peer_ask(peer, &n, "gather 0 5"));
        TST_NUMBER(n, 2);
    }
}

/* As many as there is room for, and the rest another time. */
static void part_of_a_batch(void)
{
    enum { MANY = 40 };
    static unsigned char bytes[MANY][500];
    ist_message_t messages[MANY];
    ist_queue_t *queue = queue_fresh(500, 5);
    apr_size_t sent = 99, received = 99, gone = 0, come = 0;
    for (int i = 0; i < MANY; i++) {
        tst_message_fill(bytes[i], 500, (apr_uint32_t)i);
        messages[i] = (ist_message_t){bytes[i], 500};
    }
    while (come < MANY) {
        if (gone < MANY) {
            TST_MUST(ist_queue_send_n(queue, messages + gone, MANY - gone, &sent, 0));
            TST_TRUE(sent >= 5 || gone + sent == MANY);
            gone += sent;
        }
        ist_message_t got[3];
        static unsigned char room[3][500];
        do {
            for (int i = 0; i < 3; i++)
                got[i] = (ist_message_t){room[i], 500};
            apr_status_t status = ist_queue_receive_n(queue, got, 3, &received, 0);
            if (status == APR_TIMEUP)
                break;
            TST_MUST(status);
            for (apr_size_t i = 0; i < received; i++, come++)
                TST_NUMBER(tst_message_value(got[i].data, got[i].size), TST_MESSAGE(500, come));
        } while (received > 0);
    }
    TST_NUMBER(gone, MANY);
    TST_STATUS(ist_queue_receive_n(queue, messages, 1, &received, 0), APR_TIMEUP);
    TST_NUMBER(received, 0);
}

const tst_case_t queue_order_cases[] = {
    {"QUE-1 messages of all sizes, 0 too", all_sizes},
    {"QUE-1 first in, first out, wherever the ring ends", at_every_place},
    {"QUE-1 it holds what it was made for, and not without end", bounded},
    {"QUE-1 many senders, many receivers, each message once", many_to_many},
    {"QUE-3 batches keep their order", batches},
    {"QUE-3 a batch goes as far as there is room", part_of_a_batch},
    {NULL, NULL},
};
