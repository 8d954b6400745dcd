/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QUE-4: senders and receivers that die.
 */
#include "queue_cases.h"

#include <stdlib.h>
#include <string.h>

static void sender_with_a_reservation(void)
{
    ist_queue_t *queue = queue_fresh(1000, 4);
    for (int i = 0; i < tst_rounds(10); i++) {
        tst_peer_t *peer = queue_peer(IST_SEND);
        TST_OK(tst_peer_do(peer, "send 0 200 1"));
        TST_OK(tst_peer_do(peer, "reserve 0 1000 0"));
        TST_STATUS(ist_queue_trysend(queue, NULL, 0), APR_EBUSY);
        tst_peer_kill(peer);
        TST_OK(queue_send(queue, 300, 2));
        queue_next(queue, 200, 1);
        queue_next(queue, 300, 2);
        queue_is_empty(queue);
    }
}

static void receiver_before_its_release(void)
{
    apr_int64_t value;
    ist_queue_t *queue = queue_fresh(1000, 4);
    for (apr_uint32_t i = 0; i < (apr_uint32_t)tst_rounds(10); i++) {
        tst_peer_t *peer = queue_peer(IST_RECEIVE);
        TST_OK(queue_send(queue, 200, i));
        TST_OK(queue_send(queue, 100, i + 1));
        TST_OK(tst_peer_ask(peer, &value, "peek 0 0"));
        TST_NUMBER(value, TST_MESSAGE(200, i));
        TST_STATUS(queue_receive(queue, &value), APR_EBUSY);
        tst_peer_kill(peer);
        queue_next(queue, 200, i);
        queue_next(queue, 100, i + 1);
        queue_is_empty(queue);
    }
}

static void waiters_go_on(void)
{
    apr_int64_t value;
    ist_queue_t *queue = queue_fresh(1000, 4);
    for (int i = 0; i < tst_rounds(10); i++) {
        tst_peer_t *victim = queue_peer(BOTH);
        tst_peer_t *sender = queue_peer(BOTH);
        tst_peer_t *receiver = queue_peer(BOTH);
        TST_OK(queue_send(queue, 200, 1));
        TST_OK(tst_peer_do(victim, "peek 0 0"));
        TST_OK(tst_peer_do(victim, "reserve 0 100 0"));
        tst_peer_begin(sender, "send 0 300 2");
        tst_peer_begin(receiver, "receive 0");
        TST_NUMBER(tst_peer_blocked(sender), 1);
        TST_NUMBER(tst_peer_blocked(receiver), 1);
        tst_peer_kill(victim);
        TST_TRUE(tst_peer_answered(sender, tst_scaled(SOON_USEC)));
        TST_OK(tst_peer_end(sender, NULL));
        TST_TRUE(tst_peer_answered(receiver, tst_scaled(SOON_USEC)));
        TST_OK(tst_peer_end(receiver, &value));
        TST_NUMBER(value, TST_MESSAGE(200, 1));
        queue_next(queue, 300, 2);
        tst_peer_kill(sender);
        tst_peer_kill(receiver);
    }
}

/* A dead sleeper's wake-up is not lost for the others. */
static void killed_asleep(void)
{
    ist_queue_t *queue = queue_fresh(1000, 4);
    tst_peer_t *survivor = queue_peer(IST_RECEIVE);
    for (int i = 0; i < tst_rounds(10); i++) {
        tst_peer_t *victim = queue_peer(IST_RECEIVE);
        tst_peer_begin(victim, "receive 0");
        TST_NUMBER(tst_peer_blocked(victim), 1);
        tst_peer_begin(survivor, "receive 0");
        TST_NUMBER(tst_peer_blocked(survivor), 1);
        tst_peer_kill(victim);
        TST_OK(queue_send(queue, 10, 1));
        TST_TRUE(tst_peer_answered(survivor, tst_scaled(SOON_USEC)));
        TST_OK(tst_peer_end(survivor, NULL));
    }
}

static apr_status_t reserve_and_end(void *queue)
{
    void *place;
    return ist_queue_reserve(queue, 100, &place, 0);
}

static apr_status_t peek_and_end(void *queue)
{
    const void *data;
    apr_size_t size;
    return ist_queue_peek(queue, &data, &size, 0);
}

static void thread_ends(void)
{
    ist_queue_t *queue = queue_fresh(1000, 4);
    tst_peer_t *peer = queue_peer(BOTH);
    TST_OK(queue_send(queue, 10, 1));
    TST_OK(tst_in_thread(reserve_and_end, queue));
    TST_OK(tst_in_thread(peek_and_end, queue));
    TST_OK(tst_peer_do(peer, "trysend 0 20 2"));
    queue_next(queue, 10, 1);
    queue_next(queue, 20, 2);
    queue_is_empty(queue);
}

/* ---- killed at any time: numbered messages, whose order tells -------------- */

typedef struct numbered_t {
    apr_uint32_t sender;
    apr_uint32_t number;
    unsigned char filler[200];
} numbered_t;

/* argv: name, its number, flags. It sends without end, and tells first. */
int queue_death_sender(int argc, const char *const *argv)
{
    ist_queue_t *queue;
    numbered_t message;
    if (argc < 3 ||
        ist_queue_open(&queue, argv[0], NULL, IST_SEND | (apr_uint32_t)atoi(argv[2]), 0,
                       tst_pool()) != APR_SUCCESS)
        return 2;
    tst_tell("ready");
    message.sender = (apr_uint32_t)atoi(argv[1]);
    for (message.number = 0;; message.number++) {
        apr_size_t size = 8 + message.number * 37 % 201;
        tst_message_fill(message.filler, size - 8, message.number);
        if (ist_queue_send(queue, &message, size) != APR_SUCCESS)
            return 3;
    }
}

int queue_death_receiver(int argc, const char *const *argv)
{
    ist_queue_t *queue;
    const void *data;
    apr_size_t size;
    if (argc < 1 ||
        ist_queue_open(&queue, argv[0], NULL, IST_RECEIVE, 0, tst_pool()) != APR_SUCCESS)
        return 2;
    tst_tell("ready");
    while (ist_queue_peek(queue, &data, &size, IST_FOREVER) == APR_SUCCESS) {
        if (size < 8 || tst_message_value((const char *)data + 8, size - 8) < 0)
            return 4;
        if (ist_queue_release(queue) != APR_SUCCESS)
            return 5;
    }
    return 3;
}

/* All that a sender sent before its death arrives: 0, 1, 2, ... without a gap. */
static void drain(ist_queue_t *queue, apr_uint32_t sender)
{
    numbered_t message;
    apr_size_t size;
    apr_uint32_t next = 0;
    while (ist_queue_tryreceive(queue, &message, sizeof message, &size) == APR_SUCCESS) {
        TST_NUMBER(message.sender, sender);
        TST_NUMBER(message.number, next);
        TST_NUMBER(size, 8 + next * 37 % 201);
        TST_TRUE(tst_message_value(message.filler, size - 8) >= 0);
        next = message.number + 1;
    }
    queue_is_empty(queue);
}

static void senders_killed_at_random(apr_uint32_t flags)
{
    ist_queue_t *queue = queue_fresh(sizeof(numbered_t), 400);
    ist_queue_t *receiver = queue_again(IST_RECEIVE);
    TST_OK(ist_queue_close(queue));
    for (int i = 0; i < tst_rounds(60); i++) {
        tst_peer_t *sender = tst_role_start("death-sender", tst_name(NULL), tst_print("%d", i),
                                            tst_print("%d", (int)flags), NULL);
        TST_MUST_TRUE(tst_peer_expect(sender, "ready"));
        for (apr_uint32_t n = tst_random(3000); n > 0; n--)
            (void)tst_now();
        tst_peer_kill(sender);
        drain(receiver, (apr_uint32_t)i);
    }
    queue_reclaim();
}

static void senders_killed(void)
{
    senders_killed_at_random(0);
}

static void sole_senders_killed(void)
{
    senders_killed_at_random(IST_SOLE);
}

static void receivers_killed(void)
{
    ist_queue_t *queue = queue_fresh(sizeof(numbered_t), 20);
    numbered_t message = {1, 0, {0}};
    apr_uint32_t next = 0;
    for (int i = 0; i < tst_rounds(40); i++) {
        tst_peer_t *receiver = tst_role_start("death-receiver", tst_name(NULL), NULL);
        TST_MUST_TRUE(tst_peer_expect(receiver, "ready"));
        for (apr_uint32_t n = tst_random(400); n > 0; n--, message.number++)
            TST_OK(ist_queue_timedsend(queue, &message, 8, tst_scaled(20 * APR_USEC_PER_SEC)));
        tst_peer_kill(receiver);
        /* What is left is the newest, in order, with no gap. */
        numbered_t got;
        apr_size_t size;
        int first = 1;
        while (ist_queue_tryreceive(queue, &got, sizeof got, &size) == APR_SUCCESS) {
            TST_TRUE(first ? got.number >= next : got.number == next);
            next = got.number + 1;
            first = 0;
        }
        TST_TRUE(first || next == message.number);
        next = message.number;
    }
}

const tst_case_t queue_death_cases[] = {
    {"QUE-4 a killed sender's reservation never appears", sender_with_a_reservation},
    {"QUE-4 a message comes again when its receiver is killed", receiver_before_its_release},
    {"QUE-4 who waits behind a killed one goes on", waiters_go_on},
    {"QUE-4 a killed sleeper keeps nobody asleep", killed_asleep},
    {"QUE-4 a thread that ends gives its side back", thread_ends},
    {"QUE-4 senders killed at any time", senders_killed},
    {"QUE-4 sole senders killed at any time", sole_senders_killed},
    {"QUE-4 receivers killed at any time", receivers_killed},
    {NULL, NULL},
};
