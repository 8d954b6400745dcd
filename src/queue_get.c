/* SPDX-License-Identifier: Apache-2.0 */
/* Queues: what a receiver does now and then: tell the senders of room. */
#include "queue_get.h"

/* Tell the senders, and wake those who sleep when half of the ring is free:
 * fewer wake-ups, each with more to do. */
void isti_get_tell(ist_queue_t *queue, uint64_t head)
{
    isti_ring_t *ring = queue->ring;
    atomic_store_explicit(&ring->shown, head, memory_order_relaxed);
    atomic_store_explicit(&ring->space, head, memory_order_release);
    if (isti_side_asleep(queue, ISTI_SENDING) &&
        atomic_load_explicit(&ring->tail, memory_order_relaxed) - head <= queue->length / 2)
        isti_side_wake(queue, ISTI_SENDING, UINT32_MAX);
}
