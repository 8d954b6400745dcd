/* SPDX-License-Identifier: Apache-2.0 */
/* Queues: what a sender seldom needs: to go past, and to look for room. */
#include "queue_put.h"

/* Go past what a dead sender sent without saying so. */
apr_status_t isti_put_go_past(ist_queue_t *queue, uint64_t *tail)
{
    uint64_t at = *tail;
    uint64_t word;
    while ((word = atomic_load_explicit(isti_word(queue, at), memory_order_acquire)) != 0) {
        uint64_t reach = isti_reach(queue, at, word);
        at += reach;
        if (reach == 0 || at - *tail > queue->length)
            return IST_ECORRUPT;
    }
    *tail = at;
    return APR_SUCCESS;
}

/* Look how far the receivers are: acquire, for what they left is written over.
 * What they told first: the exact head is in the line that they work with. */
apr_status_t isti_put_make_room(ist_queue_t *queue, uint64_t tail, uint64_t need)
{
    isti_ring_t *ring = queue->ring;
    uint64_t head = atomic_load_explicit(&ring->space, memory_order_acquire);
    if (tail - head > queue->length || tail - head + need > queue->length) {
        head = atomic_load_explicit(&ring->head, memory_order_acquire);
        if (tail - head > queue->length)
            return IST_ECORRUPT;
    }
    atomic_store_explicit(&ring->seen, head, memory_order_relaxed);
    return tail - head + need <= queue->length ? APR_SUCCESS : APR_TIMEUP;
}
