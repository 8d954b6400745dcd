/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Queues: the receiving side's steps. queue.h tells how a message lies in the ring.
 *
 * One store of the head receives what lies before it. Whoever dies before that
 * has received nothing.
 */
#ifndef ISTI_QUEUE_GET_H
#define ISTI_QUEUE_GET_H

#include "queue.h"

#include <string.h>

/* How much of the ring is let go before senders are told: each telling takes
 * the line away from one that looks there. */
#define ISTI_TELL_PART 32

/* A message that was found. */
typedef struct isti_found_t {
    uint64_t at; /* its word's position */
    uint64_t size;
    uint64_t end;
} isti_found_t;

/* The message at a position: APR_TIMEUP when there is none yet. Acquire: who sees
 * the word sees the message. Each word is read once. */
static inline apr_status_t isti_get_find(const ist_queue_t *queue, uint64_t at, isti_found_t *found)
{
    uint64_t word = atomic_load_explicit(isti_word(queue, at), memory_order_acquire);
    if (word == 0)
        return APR_TIMEUP;
    uint64_t reach = isti_reach(queue, at, word);
    if (ISTI_UNLIKELY((word & ISTI_WORD_SKIP) != 0) && reach != 0) {
        /* What it leads to was there before it. */
        at += reach;
        word = atomic_load_explicit(isti_word(queue, at), memory_order_relaxed);
        reach = (word & ISTI_WORD_SKIP) != 0 ? 0 : isti_reach(queue, at, word);
    }
    if (ISTI_UNLIKELY(reach == 0))
        return IST_ECORRUPT;
    found->at = at;
    found->size = word & ISTI_WORD_SIZE;
    found->end = at + reach;
    return APR_SUCCESS;
}

static inline apr_status_t isti_get_first(const ist_queue_t *queue, isti_found_t *found)
{
    uint64_t head = atomic_load_explicit(&queue->ring->head, memory_order_relaxed);
    if (ISTI_UNLIKELY((head & 7) != 0))
        return IST_ECORRUPT;
    return isti_get_find(queue, head, found);
}

/* Tell the senders how far the receivers are, and wake them if that is much. */
void isti_get_tell(ist_queue_t *queue, uint64_t head);

/* Receive all before `head`. Release: what was read there may be written over. */
static inline void isti_get_let_go(ist_queue_t *queue, uint64_t head)
{
    isti_ring_t *ring = queue->ring;
    if (queue->sole[ISTI_RECEIVING])
        queue->course[ISTI_RECEIVING] =
            (isti_course_t){(unsigned char *)isti_word(queue, head), isti_left(queue, head), head};
    atomic_store_explicit(&ring->head, head, memory_order_release);
    if (ISTI_UNLIKELY(head - atomic_load_explicit(&ring->shown, memory_order_relaxed) >=
                      queue->length / ISTI_TELL_PART))
        isti_get_tell(queue, head);
}

/* There is none, so there is room: nobody need sleep for it. */
static inline apr_status_t isti_get_none(ist_queue_t *queue)
{
    if (isti_side_asleep(queue, ISTI_SENDING))
        isti_side_wake(queue, ISTI_SENDING, UINT32_MAX);
    return APR_TIMEUP;
}

static inline apr_status_t isti_get_copy(const ist_queue_t *queue, const isti_found_t *found,
                                         ist_message_t *message)
{
    apr_size_t room = message->size;
    message->size = (apr_size_t)found->size;
    if (ISTI_UNLIKELY(found->size > room))
        return IST_EMSGSIZE;
    if (found->size > 0)
        memcpy(message->data, isti_word(queue, found->at) + 1, (size_t)found->size);
    return APR_SUCCESS;
}

/* Take a sole receiver's next message, if it lies there just so: not at the ring's
 * end, and it fits. 0: look closer. Acquire: who sees its word sees it whole. */
static ISTI_ALWAYS_INLINE int isti_get_pick_up(const ist_queue_t *queue, isti_course_t *course,
                                               ist_message_t *message)
{
    const unsigned char *at = course->at;
    uint64_t word =
        atomic_load_explicit((const _Atomic(uint64_t) *)(const void *)at, memory_order_acquire);
    uint64_t size = word & ISTI_WORD_SIZE;
    uint64_t record = isti_record(size);
    if ((word ^ size) != ISTI_WORD_SENT || size > queue->most || record >= course->left ||
        size > message->size || message->data == NULL)
        return 0;
    memcpy(message->data, at + ISTI_WORD_BYTES, (size_t)size);
    message->size = (apr_size_t)size;
    course->at += record;
    course->left -= record;
    course->position += record;
    return 1;
}

/* What isti_get_let_go() does, in few steps. Release: as there. */
static ISTI_ALWAYS_INLINE void isti_get_let_go_to(ist_queue_t *queue, const isti_course_t *course)
{
    isti_ring_t *ring = queue->ring;
    queue->course[ISTI_RECEIVING] = *course;
    atomic_store_explicit(&ring->head, course->position, memory_order_release);
    if (ISTI_UNLIKELY(course->position - atomic_load_explicit(&ring->shown, memory_order_relaxed) >=
                      queue->length / ISTI_TELL_PART))
        isti_get_tell(queue, course->position);
}

#endif
