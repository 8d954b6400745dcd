/* SPDX-License-Identifier: Apache-2.0 */
/* Queues: what can be told of one without taking a side. */
#include "queue.h"

apr_status_t ist_queue_geometry(const ist_queue_t *queue, ist_queue_geometry_t *geometry)
{
    if (queue == NULL || queue->handle == NULL || geometry == NULL)
        return APR_EINVAL;
    uint64_t record = isti_record(queue->most);
    uint64_t capacity = (queue->length - ISTI_WORD_BYTES) / record - 1;
    geometry->message_size = queue->most;
    geometry->capacity = capacity < UINT32_MAX ? (apr_uint32_t)capacity : UINT32_MAX;
    return APR_SUCCESS;
}

/* Walk from the head along the words. Receivers and senders go on meanwhile and
 * may write over what is walked on: then the head has moved. */
static int walk(const ist_queue_t *queue, uint64_t head, ist_queue_state_t *state)
{
    uint64_t at = head;
    uint64_t word;
    while ((word = atomic_load_explicit(isti_word(queue, at), memory_order_acquire)) != 0) {
        uint64_t reach = isti_reach(queue, at, word);
        if (reach == 0 || at + reach - head > queue->length)
            return 0;
        state->messages += (word & ISTI_WORD_SKIP) == 0;
        at += reach;
    }
    state->bytes = at - head;
    return 1;
}

/* So often the walk starts again when receivers overtook it: it is a hint. */
#define ROUNDS 8

apr_status_t ist_queue_state(const ist_queue_t *queue, ist_queue_state_t *state)
{
    if (queue == NULL || queue->handle == NULL || state == NULL)
        return APR_EINVAL;
    uint64_t before;
    uint64_t after = atomic_load_explicit(&queue->ring->head, memory_order_acquire);
    int whole;
    int round = 0;
    do {
        *state = (ist_queue_state_t){.room = queue->length};
        before = after;
        whole = walk(queue, before & ~UINT64_C(7), state);
        after = atomic_load_explicit(&queue->ring->head, memory_order_acquire);
    } while (before != after && !whole && ++round < ROUNDS);
    if ((before & 7) != 0 || (!whole && before == after))
        return IST_ECORRUPT;
    state->received = after;
    state->sent = before + state->bytes;
    return APR_SUCCESS;
}
