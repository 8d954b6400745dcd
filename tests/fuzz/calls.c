/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of a queue whose ring may have any content: the ring alone, or in its file. */
#include "calls.h"

#include <stdlib.h>
#include <string.h>

#define BRIEFLY 100  /* microseconds */
#define PLACES  512u /* where words stand, in words: the least ring's */

static void allowed(const ist_queue_t *queue, int side, apr_status_t status)
{
    if (!queue->open[side])
        FUZZ_MUST(status == APR_EINVAL);
    else
        FUZZ_MUST(status == APR_SUCCESS || status == APR_EBUSY || status == APR_TIMEUP ||
                  status == IST_ECORRUPT || status == IST_EMSGSIZE);
}

static void one(ist_queue_t *queue, char *data, size_t size, int side, int timed)
{
    apr_size_t got = 0;
    apr_status_t status;
    if (side == ISTI_SENDING)
        status = timed ? ist_queue_timedsend(queue, data, size, BRIEFLY)
                       : ist_queue_trysend(queue, data, size);
    else
        status = timed ? ist_queue_timedreceive(queue, data, size, &got, BRIEFLY)
                       : ist_queue_tryreceive(queue, data, size, &got);
    allowed(queue, side, status);
    FUZZ_MUST(status != APR_SUCCESS || got <= size);
}

static void several(ist_queue_t *queue, char *data, size_t size, int side, int timed)
{
    ist_message_t messages[3] = {{data, size}, {data, size / 2}, {data, size / 3}};
    apr_size_t n = 9;
    const apr_interval_time_t timeout = timed ? BRIEFLY : 0;
    apr_status_t status = side == ISTI_SENDING
                              ? ist_queue_send_n(queue, messages, 3, &n, timeout)
                              : ist_queue_receive_n(queue, messages, 3, &n, timeout);
    allowed(queue, side, status);
    FUZZ_MUST(n <= 3 && (n > 0) == (status == APR_SUCCESS));
}

static void send_in_place(ist_queue_t *queue, size_t size, int timed)
{
    void *place;
    apr_status_t status = ist_queue_reserve(queue, size, &place, timed ? BRIEFLY : 0);
    allowed(queue, ISTI_SENDING, status);
    if (status != APR_SUCCESS)
        return;
    memset(place, 7, size);
    FUZZ_MUST(ist_queue_commit(queue, size) == APR_SUCCESS);
}

static void receive_in_place(ist_queue_t *queue, int timed)
{
    const void *data;
    apr_size_t got;
    volatile char sum = 0;
    apr_status_t status = ist_queue_peek(queue, &data, &got, timed ? BRIEFLY : 0);
    allowed(queue, ISTI_RECEIVING, status);
    if (status != APR_SUCCESS)
        return;
    FUZZ_MUST(got <= queue->most);
    for (size_t i = 0; i < got; i++)
        sum = (char)(sum + ((const char *)data)[i]);
    FUZZ_MUST((got & 1 ? ist_queue_putback(queue) : ist_queue_release(queue)) == APR_SUCCESS);
}

static void look(ist_queue_t *queue)
{
    ist_queue_state_t state;
    ist_queue_geometry_t geometry;
    apr_status_t status = ist_queue_state(queue, &state);
    FUZZ_MUST(status == APR_SUCCESS || status == IST_ECORRUPT);
    FUZZ_MUST(status != APR_SUCCESS || state.bytes <= queue->length);
    FUZZ_MUST(ist_queue_geometry(queue, &geometry) == APR_SUCCESS);
    FUZZ_MUST(geometry.message_size == queue->most && geometry.capacity >= 1);
}

void call(ist_queue_t *queue, uint8_t what, int timed)
{
    const size_t size = (size_t)(what >> 3) * 17; /* CALL_MOST at most: too large, too */
    char *room = malloc(size == 0 ? 1 : size);    /* no byte more than is told */
    FUZZ_MUST(room != NULL);
    memset(room, 1, size);
    switch (what & 7) {
    case 0:
    case 1:
        one(queue, room, size, ISTI_SENDING, timed);
        break;
    case 2:
    case 3:
        one(queue, room, size, ISTI_RECEIVING, timed);
        break;
    case 4:
    case 5:
        several(queue, room, size, (what & 1) == 0 ? ISTI_SENDING : ISTI_RECEIVING, timed);
        break;
    case 6:
        if ((what & 8) != 0)
            send_in_place(queue, size, timed);
        else
            receive_in_place(queue, timed);
        break;
    default:
        look(queue);
    }
    free(room);
}

void call_lent(ist_queue_t *queue)
{
    void *place;
    if (ist_queue_reserve(queue, 1, &place, 0) != APR_SUCCESS)
        return;
    FUZZ_MUST(ist_queue_trysend(queue, "", 1) == APR_EINVAL);
    FUZZ_MUST(ist_queue_close(queue) == APR_EBUSY);
    FUZZ_MUST(ist_queue_cancel(queue) == APR_SUCCESS);
}

void call_fill(ist_queue_t *queue, const uint64_t position[4], const uint16_t *at,
               const uint64_t *word, int words)
{
    atomic_store(&queue->ring->tail, position[0]);
    atomic_store(&queue->ring->seen, position[1]);
    atomic_store(&queue->ring->head, position[2]);
    atomic_store(&queue->ring->space, position[3]);
    for (int i = 0; i < words; i++)
        atomic_store(isti_word(queue, (uint64_t)at[i] * 8), word[i]);
}

void call_mend(uint64_t position[4], uint16_t *at, uint64_t *word, int words, unsigned *seed)
{
    if (fuzz_random(seed, 8) != 0) {
        for (int i = 0; i < 4; i++)
            position[i] &= ~(uint64_t)7;
        for (int i = 1; i < 4; i++)
            position[i] = position[0] - fuzz_random(seed, PLACES) * 8;
    }
    uint64_t place = position[2];
    for (int i = 0; i < words && fuzz_random(seed, 16) != 0; i++) {
        uint64_t bytes = fuzz_random(seed, 500);
        at[i] = (uint16_t)((at[i] & 0xc000) | (place / 8 % PLACES));
        word[i] = ISTI_WORD_SENT | bytes;
        if (fuzz_random(seed, 16) == 0)
            word[i] = ISTI_WORD_SENT | ISTI_WORD_SKIP;
        place += isti_record(bytes);
    }
}
