/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QUE-2: waiting, trying, timing out; what is too large.
 */
#include "queue_cases.h"

#define SHORT_USEC (100 * 1000)

static void never_early(void)
{
    const apr_interval_time_t waits[] = {0, 1, 1000, SHORT_USEC};
    apr_size_t size;
    ist_queue_t *queue = queue_fresh(100, 2);
    for (int i = 0; i < 4; i++) {
        apr_int64_t start = tst_now();
        TST_STATUS(ist_queue_timedreceive(queue, NULL, 0, &size, waits[i]), APR_TIMEUP);
        TST_TOOK(start, waits[i]);
    }
    queue_stuff(queue, 100);
    for (int i = 0; i < 4; i++) {
        apr_int64_t start = tst_now();
        TST_STATUS(ist_queue_timedsend(queue, "x", 1, waits[i]), APR_TIMEUP);
        TST_TOOK(start, waits[i]);
    }
}

static void tries(void)
{
    char bytes[100];
    apr_size_t size;
    ist_queue_t *queue = queue_fresh(100, 2);
    tst_peer_t *peer = queue_peer(BOTH);
    TST_STATUS(ist_queue_tryreceive(queue, NULL, 0, &size), APR_EBUSY);
    TST_STATUS(tst_peer_do(peer, "tryreceive 0"), APR_EBUSY);
    TST_OK(tst_peer_do(peer, "trysend 0 100 1"));
    queue_next(queue, 100, 1);
    queue_stuff(queue, 100);
    TST_STATUS(tst_peer_do(peer, "trysend 0 100 1"), APR_EBUSY);
    TST_STATUS(ist_queue_trysend(queue, NULL, 0), APR_EBUSY);
    TST_OK(ist_queue_timedreceive(queue, bytes, sizeof bytes, &size, 0));
    TST_OK(ist_queue_timedsend(queue, NULL, 0, 0));
}

static void receiver_waits(void)
{
    const char *const commands[] = {"receive 0", "receive 0 -1", "receive 0 9223372036854775807",
                                    "peek 0 -1", "gather 0 3"};
    ist_queue_t *queue = queue_fresh(1000, 2);
    apr_int64_t value = 0;
    for (int i = 0; i < 5; i++) {
        tst_peer_t *peer = queue_peer(IST_RECEIVE);
        tst_peer_begin(peer, "%s", commands[i]);
        TST_NUMBER(tst_peer_blocked(peer), 1);
        TST_NUMBER(tst_peer_answered(peer, 2 * SHORT_USEC), 0);
        TST_OK(queue_send(queue, 700, 9));
        TST_TRUE(tst_peer_answered(peer, tst_scaled(SOON_USEC)));
        TST_OK(tst_peer_end(peer, &value));
        TST_NUMBER(value, i == 4 ? 1 : TST_MESSAGE(700, 9));
        if (i == 3)
            TST_OK(tst_peer_do(peer, "release 0"));
        tst_peer_kill(peer);
        queue_is_empty(queue);
    }
}

static void sender_waits(void)
{
    const char *const commands[] = {"send 0 1000 7", "send 0 1000 7 -1", "reserve 0 1000 -1",
                                    "burst 0 3 1000 7"};
    ist_queue_t *queue = queue_fresh(1000, 2);
    apr_int64_t value;
    for (int i = 0; i < 4; i++) {
        tst_peer_t *peer = queue_peer(IST_SEND);
        (void)queue_fill(queue, 1000);
        tst_peer_begin(peer, "%s", commands[i]);
        TST_NUMBER(tst_peer_blocked(peer), 1);
        TST_NUMBER(tst_peer_answered(peer, 2 * SHORT_USEC), 0);
        while (queue_receive(queue, &value) == APR_SUCCESS)
            continue;
        TST_TRUE(tst_peer_answered(peer, tst_scaled(SOON_USEC)));
        TST_OK(tst_peer_end(peer, &value));
        tst_peer_kill(peer);
        while (queue_receive(queue, &value) == APR_SUCCESS)
            TST_NUMBER(value & 0xffffffff, 1000);
    }
}

/* Room for one is enough, though a sender is woken for more only. */
static void sender_finds_little_room(void)
{
    ist_queue_t *queue = queue_fresh(100, 200);
    tst_peer_t *peer = queue_peer(IST_SEND);
    (void)queue_fill(queue, 100);
    tst_peer_begin(peer, "send 0 100 7");
    TST_NUMBER(tst_peer_blocked(peer), 1);
    for (int i = 0; i < 3; i++) {
        apr_int64_t value;
        TST_OK(queue_receive(queue, &value));
    }
    TST_TRUE(tst_peer_answered(peer, tst_scaled(SOON_USEC)));
    TST_OK(tst_peer_end(peer, NULL));
}

static void every_sleeper_is_woken(void)
{
    enum { SLEEPERS = 4 };
    ist_queue_t *queue = queue_fresh(100, 50);
    tst_peer_t *peers[SLEEPERS];
    apr_int64_t value;
    for (int i = 0; i < SLEEPERS; i++)
        peers[i] = queue_peer(BOTH);
    for (int round = 0; round < tst_rounds(20); round++) {
        for (int i = 0; i < SLEEPERS; i++) {
            tst_peer_begin(peers[i], "receive 0");
            TST_NUMBER(tst_peer_blocked(peers[i]), 1);
        }
        for (int i = 0; i < SLEEPERS; i++)
            TST_OK(queue_send(queue, 50, 1));
        for (int i = 0; i < SLEEPERS; i++)
            TST_OK(tst_peer_end(peers[i], &value));
        (void)queue_fill(queue, 100);
        for (int i = 0; i < SLEEPERS; i++) {
            tst_peer_begin(peers[i], "send 0 100 1");
            TST_NUMBER(tst_peer_blocked(peers[i]), 1);
        }
        while (queue_receive(queue, &value) == APR_SUCCESS)
            continue;
        for (int i = 0; i < SLEEPERS; i++)
            TST_OK(tst_peer_end(peers[i], NULL));
        while (queue_receive(queue, &value) == APR_SUCCESS)
            continue;
    }
}

static void too_large(void)
{
    apr_size_t sent = 9;
    void *place = &sent;
    char bytes[200] = {0};
    ist_message_t messages[3] = {{bytes, 100}, {bytes, 101}, {bytes, 1}};
    ist_queue_t *queue = queue_fresh(100, 4);
    TST_STATUS(ist_queue_send(queue, bytes, 101), IST_EMSGSIZE);
    TST_STATUS(ist_queue_trysend(queue, bytes, (apr_size_t)-1), IST_EMSGSIZE);
    TST_STATUS(ist_queue_timedsend(queue, bytes, (apr_size_t)-8, 5), IST_EMSGSIZE);
    TST_STATUS(ist_queue_reserve(queue, 101, &place, 0), IST_EMSGSIZE);
    TST_TRUE(place == NULL);
    TST_STATUS(ist_queue_send_n(queue, messages + 1, 2, &sent, 0), IST_EMSGSIZE);
    TST_NUMBER(sent, 0);
    queue_is_empty(queue);
    TST_OK(ist_queue_send_n(queue, messages, 3, &sent, 0));
    TST_NUMBER(sent, 1);
    TST_OK(ist_queue_tryreceive(queue, bytes, 100, &sent));
    queue_is_empty(queue);
}

static void buffer_too_small(void)
{
    char bytes[200];
    ist_message_t messages[2] = {{bytes, 40}, {bytes + 100, 39}};
    apr_size_t size = 0;
    ist_queue_t *queue = queue_fresh(100, 4);
    for (int i = 0; i < 3; i++)
        TST_OK(queue_send(queue, 40, 1));
    TST_STATUS(ist_queue_receive(queue, bytes, 39, &size), IST_EMSGSIZE);
    TST_NUMBER(size, 40);
    TST_STATUS(ist_queue_tryreceive(queue, NULL, 0, &size), IST_EMSGSIZE);
    TST_STATUS(ist_queue_receive(queue, bytes, 0, NULL), IST_EMSGSIZE);
    TST_STATUS(ist_queue_receive_n(queue, messages + 1, 1, &size, 0), IST_EMSGSIZE);
    TST_NUMBER(size, 0);
    TST_NUMBER(messages[1].size, 40);
    messages[1].size = 39;
    TST_OK(ist_queue_receive_n(queue, messages, 2, &size, 0));
    TST_NUMBER(size, 1);
    TST_NUMBER(messages[1].size, 39);
    queue_next(queue, 40, 1);
    queue_next(queue, 40, 1);
    queue_is_empty(queue);
}

static void misuse(void)
{
    apr_size_t n;
    const void *data;
    void *place;
    ist_message_t message = {NULL, 1};
    ist_queue_t *queue = queue_fresh(100, 4);
    ist_queue_t *sender = queue_again(IST_SEND);
    ist_queue_t *receiver = queue_again(IST_RECEIVE);
    TST_STATUS(ist_queue_send(NULL, "x", 1), APR_EINVAL);
    TST_STATUS(ist_queue_send(queue, NULL, 1), APR_EINVAL);
    TST_STATUS(ist_queue_send(receiver, "x", 1), APR_EINVAL);
    TST_STATUS(ist_queue_receive(NULL, NULL, 0, &n), APR_EINVAL);
    TST_STATUS(ist_queue_receive(queue, NULL, 1, &n), APR_EINVAL);
    TST_STATUS(ist_queue_receive(sender, NULL, 0, &n), APR_EINVAL);
    TST_STATUS(ist_queue_send_n(queue, NULL, 1, &n, 0), APR_EINVAL);
    TST_STATUS(ist_queue_send_n(queue, &message, 0, &n, 0), APR_EINVAL);
    TST_STATUS(ist_queue_send_n(queue, &message, 1, &n, 0), APR_EINVAL);
    TST_STATUS(ist_queue_send_n(queue, &message, 1, NULL, 0), APR_EINVAL);
    TST_STATUS(ist_queue_receive_n(queue, NULL, 1, &n, 0), APR_EINVAL);
    TST_STATUS(ist_queue_receive_n(queue, &message, 1, NULL, 0), APR_EINVAL);
    TST_STATUS(ist_queue_reserve(queue, 1, NULL, 0), APR_EINVAL);
    TST_STATUS(ist_queue_reserve(receiver, 1, &place, 0), APR_EINVAL);
    TST_STATUS(ist_queue_peek(queue, NULL, &n, 0), APR_EINVAL);
    TST_STATUS(ist_queue_peek(queue, &data, NULL, 0), APR_EINVAL);
    TST_STATUS(ist_queue_peek(sender, &data, &n, 0), APR_EINVAL);
    TST_STATUS(ist_queue_commit(NULL, 0), APR_EINVAL);
    TST_STATUS(ist_queue_release(NULL), APR_EINVAL);
    TST_STATUS(ist_queue_close(NULL), APR_EINVAL);
    TST_NUMBER(ist_queue_created(NULL), 0);
    queue_is_empty(queue);
}

const tst_case_t queue_wait_cases[] = {
    {"QUE-2 no timeout ends early", never_early},
    {"QUE-2 a try takes what is there, and does not wait", tries},
    {"QUE-2 a receiver waits for a message", receiver_waits},
    {"QUE-2 a sender waits for room", sender_waits},
    {"QUE-2 a sender that waits finds a little room, too", sender_finds_little_room},
    {"QUE-2 every sleeper is woken", every_sleeper_is_woken},
    {"QUE-2 a message that is too large is refused", too_large},
    {"QUE-2 a message that does not fit the buffer stays", buffer_too_small},
    {"GEN-3 misuse of a queue", misuse},
    {NULL, NULL},
};
