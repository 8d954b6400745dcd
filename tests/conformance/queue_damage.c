/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QUE-6: damage in shared memory is refused, and never leads outside it.
 */
#include "queue_cases.h"

#include "layout.h"

#include <string.h>

typedef struct damaged_t {
    tst_raw_t raw;
    isti_header_t *header;
    isti_ring_t *ring;
    ist_queue_t *queue;
} damaged_t;

static void open_damaged(damaged_t *damaged)
{
    damaged->queue = queue_fresh(100, 10);
    TST_MUST_TRUE(tst_raw_open(&damaged->raw, IST_KIND_QUEUE, tst_name(NULL), 0));
    damaged->header = (isti_header_t *)(void *)damaged->raw.base;
    damaged->ring = (isti_ring_t *)(void *)(damaged->raw.base + ISTI_HEADER_SIZE);
}

static _Atomic(uint64_t) *word(damaged_t *damaged, uint64_t at)
{
    return (_Atomic(uint64_t) *)(void *)((unsigned char *)damaged->ring + ISTI_RING_HEADER + at);
}

static void words(void)
{
    const uint64_t bad[] = {1,
                            100,
                            ISTI_WORD_SENT | 101,
                            ISTI_WORD_SENT | ISTI_WORD_SIZE,
                            ISTI_WORD_SENT | UINT64_C(1) << 40,
                            ISTI_WORD_SENT | ISTI_WORD_SKIP,
                            ISTI_WORD_SKIP,
                            UINT64_MAX};
    damaged_t damaged;
    apr_int64_t value;
    ist_queue_state_t state;
    const void *data;
    apr_size_t size;
    open_damaged(&damaged);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        TST_STATUS(queue_receive(damaged.queue, &value), APR_EBUSY);
        atomic_store(word(&damaged, 0), bad[i]);
        TST_STATUS(queue_receive(damaged.queue, &value), IST_ECORRUPT);
        TST_STATUS(ist_queue_peek(damaged.queue, &data, &size, 0), IST_ECORRUPT);
        TST_STATUS(queue_send(damaged.queue, 5, 1), IST_ECORRUPT);
        TST_STATUS(ist_queue_state(damaged.queue, &state), IST_ECORRUPT);
        atomic_store(word(&damaged, 0), 0);
    }
    TST_OK(queue_send(damaged.queue, 5, 1));
    queue_next(damaged.queue, 5, 1);
    tst_raw_close(&damaged.raw);
}

/* A word that leads over the ring's end, or on and on. */
static void chains(void)
{
    damaged_t damaged;
    apr_int64_t value;
    open_damaged(&damaged);
    uint64_t length = 4096;
    atomic_store(&damaged.ring->tail, length - 16);
    atomic_store(&damaged.ring->head, length - 16);
    atomic_store(word(&damaged, length - 16), ISTI_WORD_SENT | 16);
    TST_STATUS(queue_receive(damaged.queue, &value), IST_ECORRUPT);
    TST_STATUS(queue_send(damaged.queue, 1, 1), IST_ECORRUPT);
    atomic_store(word(&damaged, length - 16), ISTI_WORD_SENT | ISTI_WORD_SKIP);
    TST_STATUS(queue_receive(damaged.queue, &value), IST_ECORRUPT);
    for (uint64_t at = 0; at < length; at += 8)
        atomic_store(word(&damaged, at), ISTI_WORD_SENT);
    TST_STATUS(queue_send(damaged.queue, 1, 1), IST_ECORRUPT);
    tst_raw_close(&damaged.raw);
}

static void positions(void)
{
    const uint64_t bad[] = {1, 4, 0x8000000000000001u, UINT64_MAX};
    damaged_t damaged;
    apr_int64_t value;
    open_damaged(&damaged);
    for (size_t i = 0; i < 4; i++) {
        atomic_store(&damaged.ring->tail, bad[i]);
        TST_STATUS(queue_send(damaged.queue, 5, 1), IST_ECORRUPT);
        atomic_store(&damaged.ring->tail, 0);
        atomic_store(&damaged.ring->head, bad[i]);
        TST_STATUS(queue_receive(damaged.queue, &value), IST_ECORRUPT);
        atomic_store(&damaged.ring->head, 0);
    }
    /* Receivers that are ahead of the senders: there is no telling what is free. */
    atomic_store(&damaged.ring->head, 8);
    atomic_store(&damaged.ring->space, 8);
    atomic_store(&damaged.ring->seen, 8);
    TST_STATUS(queue_send(damaged.queue, 5, 1), IST_ECORRUPT);
    tst_raw_close(&damaged.raw);
}

/* Positions as far apart as can be, for a sender that waits behind another's
 * reservation: UBSan sees what can't be counted. */
static void apart(void)
{
    damaged_t damaged;
    open_damaged(&damaged);
    tst_peer_t *peer = queue_peer(IST_SEND);
    TST_OK(tst_peer_do(peer, "reserve 0 100 0"));
    atomic_store(&damaged.ring->head, (UINT64_C(1) << 63) + 8);
    atomic_store(&damaged.ring->space, (UINT64_C(1) << 63) + 8);
    TST_STATUS(ist_queue_timedsend(damaged.queue, "far", 3, 5000), APR_TIMEUP);
    TST_OK(tst_peer_do(peer, "cancel 0"));
    tst_raw_close(&damaged.raw);
}

/* Whatever stands there: a status, and no access outside. */
static void noise(void)
{
    static const apr_status_t good[] = {APR_SUCCESS, APR_EBUSY, IST_ECORRUPT, IST_EMSGSIZE};
    damaged_t damaged;
    apr_int64_t value;
    open_damaged(&damaged);
    unsigned char *ring = (unsigned char *)damaged.ring;
    for (int i = 0; i < tst_rounds(3000); i++) {
        for (int n = 0; n < 40; n++)
            ring[tst_random(n % 2 ? 384 : ISTI_RING_HEADER + 4096)] =
                (unsigned char)tst_random(256);
        for (int n = 0; n < 6; n++) {
            apr_status_t status = n % 2 ? queue_receive(damaged.queue, &value)
                                        : queue_send(damaged.queue, tst_random(101), 1);
            int known = 0;
            for (int k = 0; k < 4; k++)
                known |= status == good[k];
            TST_SAY(known, "it is %s", tst_status_name(status));
        }
        if (i % 10 == 0)
            memset(ring, 0, ISTI_RING_HEADER + 4096);
    }
    tst_raw_close(&damaged.raw);
}

static void measures(void)
{
    damaged_t damaged;
    ist_queue_t *again;
    tst_peer_t *peer = tst_peer_start();
    open_damaged(&damaged);
    const uint32_t maxima[] = {0, 0x7fffffff, 1u << 30, 4096, UINT32_MAX};
    for (int i = 0; i < 5; i++) {
        atomic_store(&damaged.header->count[0].maximum, maxima[i]);
        TST_STATUS(tst_peer_open(peer, 0, IST_KIND_QUEUE, tst_name(NULL), BOTH, 0, 0, 0),
                   IST_ECORRUPT);
    }
    atomic_store(&damaged.header->count[0].maximum, 100);
    uint32_t access = damaged.header->access;
    damaged.header->access = 0xffffffffu;
    TST_STATUS(tst_peer_open(peer, 0, IST_KIND_QUEUE, tst_name(NULL), BOTH, 0, 0, 0), IST_ECORRUPT);
    TST_OK(tst_peer_open(peer, 0, IST_KIND_QUEUE, tst_name(NULL), 0, 0, 0, 0));
    damaged.header->access = access;
    TST_OK(tst_peer_open(peer, 1, IST_KIND_QUEUE, tst_name(NULL), BOTH, 0, 0, 0));
    TST_OK(ist_queue_open(&again, tst_name(NULL), NULL, BOTH, 0, tst_pool()));
    tst_raw_close(&damaged.raw);
}

const tst_case_t queue_damage_cases[] = {
    {"QUE-6 a damaged word", words},
    {"QUE-6 words that lead nowhere", chains},
    {"QUE-6 a damaged position", positions},
    {"QUE-6 positions far apart", apart},
    {"QUE-6 noise", noise},
    {"OPEN-4 measures that can't be", measures},
    {NULL, NULL},
};
