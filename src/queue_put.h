/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Queues: the sending side's steps. queue.h tells how a message lies in the ring.
 *
 * All that is to cross at once is written first: the messages, the words
 * behind the first one, and the 0 behind the last. Then one store of the first
 * word sends it all. Whoever dies before that has sent nothing: what was
 * written lies behind a word that is still 0.
 */
#ifndef ISTI_QUEUE_PUT_H
#define ISTI_QUEUE_PUT_H

#include "queue.h"

#include <string.h>

/* A sender's store waits for its line to come from the receiver's cache, and the next
 * locked instruction, such as a mutex has, waits for the store. So the lines that the
 * next messages go to are asked for this far ahead, to be written: a prefetch to read
 * gains nothing. Farther than what a line takes to come, at the pace of small messages and
 * of medium ones; what is larger the processor sees coming by itself. */
#define ISTI_AHEAD_SMALL  512
#define ISTI_AHEAD_MEDIUM 1024
#define ISTI_SMALL        128
#define ISTI_MEDIUM       2048
#define ISTI_LINE         64

static ISTI_ALWAYS_INLINE void isti_put_fetch(const unsigned char *at, uint64_t record)
{
    if (((uintptr_t)at & (ISTI_LINE - 1)) + record < ISTI_LINE || record > ISTI_MEDIUM)
        return;
    at += record > ISTI_SMALL ? ISTI_AHEAD_MEDIUM : ISTI_AHEAD_SMALL;
    for (uint64_t done = 0; done < record; done += ISTI_LINE) {
        const unsigned char *line = at + done;
#if defined(__x86_64__)
        /* __builtin_prefetch() would read, unless the compiler is told of a processor. */
        __asm__ volatile("prefetchw %0" : : "m"(*line));
#else
        __builtin_prefetch(line, 1);
#endif
    }
}

/* What is about to cross: all from `first` to `end`. */
typedef struct isti_crossing_t {
    uint64_t first;
    uint64_t word; /* the first one, held back */
    uint64_t end;
} isti_crossing_t;

/* Go past what a dead sender sent without saying so. */
apr_status_t isti_put_go_past(ist_queue_t *queue, uint64_t *tail) __attribute__((cold));

/* Whether there is room, by a look at where the receivers are: APR_SUCCESS, APR_TIMEUP,
 * IST_ECORRUPT. */
apr_status_t isti_put_make_room(ist_queue_t *queue, uint64_t tail, uint64_t need);

/* Where the next message goes: nothing crosses yet. */
static inline apr_status_t isti_put_start(ist_queue_t *queue, isti_crossing_t *crossing)
{
    uint64_t tail = atomic_load_explicit(&queue->ring->tail, memory_order_relaxed);
    if (ISTI_UNLIKELY((tail & 7) != 0))
        return IST_ECORRUPT;
    if (ISTI_UNLIKELY(atomic_load_explicit(isti_word(queue, tail), memory_order_relaxed) != 0)) {
        apr_status_t rv = isti_put_go_past(queue, &tail);
        if (rv != APR_SUCCESS)
            return rv;
        atomic_store_explicit(&queue->ring->tail, tail, memory_order_relaxed);
    }
    crossing->first = crossing->end = tail;
    crossing->word = 0;
    return APR_SUCCESS;
}

static inline void isti_put_word(ist_queue_t *queue, isti_crossing_t *crossing, uint64_t at,
                                 uint64_t word)
{
    if (at == crossing->first)
        crossing->word = word;
    else
        atomic_store_explicit(isti_word(queue, at), word, memory_order_relaxed);
}

/* The place of one more message: it does not run over the ring's end. APR_TIMEUP:
 * there is no room. */
static inline apr_status_t isti_put_place(ist_queue_t *queue, const isti_crossing_t *crossing,
                                          uint64_t size, uint64_t *at)
{
    uint64_t skip;
    uint64_t need = isti_need(queue, crossing->end, size, &skip) + crossing->end - crossing->first;
    uint64_t seen = atomic_load_explicit(&queue->ring->seen, memory_order_relaxed);
    uint64_t used = crossing->first - seen;
    *at = crossing->end + skip;
    if (ISTI_UNLIKELY(used > queue->length || used + need > queue->length))
        return isti_put_make_room(queue, crossing->first, need);
    return APR_SUCCESS;
}

/* Write the words of a message that was placed. */
static inline void isti_put_add(ist_queue_t *queue, isti_crossing_t *crossing, uint64_t at,
                                uint64_t size)
{
    if (ISTI_UNLIKELY(at != crossing->end))
        isti_put_word(queue, crossing, crossing->end, ISTI_WORD_SENT | ISTI_WORD_SKIP);
    isti_put_word(queue, crossing, at, ISTI_WORD_SENT | size);
    crossing->end = at + isti_record(size);
}

/* A sole sender goes on from here, as far as it knows of room in one piece. */
static inline void isti_put_set_course(ist_queue_t *queue, uint64_t tail)
{
    isti_course_t *course = &queue->course[ISTI_SENDING];
    uint64_t room =
        queue->length - (tail - atomic_load_explicit(&queue->ring->seen, memory_order_relaxed));
    uint64_t left = isti_left(queue, tail);
    course->at = (unsigned char *)isti_word(queue, tail);
    course->left = room > queue->length ? 0 : room < left ? room : left;
    course->position = tail;
}

/* Send. Release: who sees the first word sees all that it leads to. */
static inline void isti_put_cross(ist_queue_t *queue, const isti_crossing_t *crossing)
{
    if (queue->sole[ISTI_SENDING])
        isti_put_set_course(queue, crossing->end);
    atomic_store_explicit(isti_word(queue, crossing->end), 0, memory_order_relaxed);
    atomic_store_explicit(isti_word(queue, crossing->first), crossing->word, memory_order_release);
    atomic_store_explicit(&queue->ring->tail, crossing->end, memory_order_relaxed);
}

static inline void isti_put_copy(ist_queue_t *queue, uint64_t at, const void *data, apr_size_t size)
{
    const unsigned char *place = (const unsigned char *)isti_word(queue, at);
    isti_put_fetch(place, isti_record(size));
    if (size > 0)
        memcpy(isti_word(queue, at) + 1, data, size);
}

static inline void isti_put_rouse(ist_queue_t *queue, uint32_t n)
{
    if (ISTI_UNLIKELY(isti_side_asleep(queue, ISTI_RECEIVING)))
        isti_side_wake(queue, ISTI_RECEIVING, n);
}

#endif
