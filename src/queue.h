/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the queue's files offer one another: docs/layout.md, "A queue's data".
 *
 * The bytes are a ring, a power of two long. A position counts bytes from the
 * queue's birth and never wraps; its place in the ring is its low bits. At
 * each message's position stands a word, and the message behind it, padded to
 * 8 bytes. At all times the word at the end of what was sent is 0. So one
 * store of a word, from 0 to the message's size and IST_WORD_SENT, sends it.
 *
 * The sending side has the tail: where the next message goes. Who dies after
 * the word's store and before the tail's leaves the tail behind, and the next
 * sender goes past what the words tell. The receiving side has the head, and
 * one store of it receives a message. A side is one process's (sole), or
 * whoever's that holds its mutex.
 */
#ifndef ISTI_QUEUE_H
#define ISTI_QUEUE_H

#include "lock.h"

enum { ISTI_SENDING, ISTI_RECEIVING }; /* sides; their mutexes, and bells */

/* What the thread that has the side has reserved, or peeks at. */
typedef struct isti_loan_t {
    _Atomic(uint32_t) active;
    uint64_t from;  /* the position of its first word */
    uint64_t at;    /* the position of its message's word */
    uint64_t bytes; /* reserved, of the message alone */
} isti_loan_t;

/* Where a sole side is, and how far it may go without a look at the ring's end, or
 * at the other side: nobody else moves it. 0 left: look first. */
typedef struct isti_course_t {
    unsigned char *at;
    uint64_t left;
    uint64_t position;
} isti_course_t;

/* Whether it pays for a receiver to fall back: hints alone, threads may race. */
typedef struct isti_linger_t {
    _Atomic(uint32_t) skip;
    _Atomic(uint32_t) failures;
} isti_linger_t;

struct ist_queue_t {
    isti_course_t course[2];
    isti_ring_t *ring;
    unsigned char *bytes;
    uint64_t length; /* of the ring, a power of two */
    uint64_t mask;
    isti_count_slot_t *sleepers[2]; /* who waits for room; for messages */
    uint32_t most;                  /* the largest message */
    uint32_t forks;                 /* isti_forks when it was opened */
    unsigned char fast[2];          /* a sole side, without a loan */
    unsigned char open[2];          /* sides */
    unsigned char sole[2];
    isti_handle_t *handle;   /* of the queue's object; NULL: closed */
    isti_handle_t *claim[2]; /* of the sides' objects */
    isti_loan_t loan[2];
    isti_spin_t spin[2];
    isti_linger_t linger;
    apr_pool_t *pool;
};

static inline _Atomic(uint64_t) *isti_word(const ist_queue_t *queue, uint64_t position)
{
    return (_Atomic(uint64_t) *)(void *)(queue->bytes + (position & queue->mask));
}

/* What a message of so many bytes takes: its word too. */
static inline uint64_t isti_record(uint64_t size)
{
    return ISTI_WORD_BYTES + ((size + 7) & ~UINT64_C(7));
}

/* From a position to where the ring starts again. */
static inline uint64_t isti_left(const ist_queue_t *queue, uint64_t position)
{
    return queue->length - (position & queue->mask);
}

/* What a message takes from a position on: it does not run over the ring's end, so
 * what is left there may be skipped. `*skip` tells; the word behind it is counted. */
static inline uint64_t isti_need(const ist_queue_t *queue, uint64_t position, uint64_t size,
                                 uint64_t *skip)
{
    uint64_t record = isti_record(size);
    uint64_t left = isti_left(queue, position);
    *skip = __builtin_expect(record > left, 0) ? left : 0;
    return *skip + record + ISTI_WORD_BYTES;
}

/* How far a word reaches that is not 0; 0 when it can't be one of ours. */
static inline uint64_t isti_reach(const ist_queue_t *queue, uint64_t position, uint64_t word)
{
    uint64_t left = isti_left(queue, position);
    uint64_t size = word & ISTI_WORD_SIZE;
    if (word == (ISTI_WORD_SENT | ISTI_WORD_SKIP))
        return left < queue->length ? left : 0;
    if ((word & ~ISTI_WORD_SIZE) != ISTI_WORD_SENT || size > queue->most)
        return 0;
    return isti_record(size) <= left ? isti_record(size) : 0;
}

/* ---- queue.c -------------------------------------------------------------- */

/* Have the side: APR_SUCCESS; APR_TIMEUP: it was not to be had in that time; APR_EINVAL,
 * IST_ENOTOWNER, IST_ELIMIT, IST_ECORRUPT. */
apr_status_t isti_side_enter(ist_queue_t *queue, int side, apr_interval_time_t timeout);

/* Whether this process has it anyway. */
static inline int isti_side_fast(const ist_queue_t *queue, int side)
{
    return __builtin_expect(queue != NULL && queue->fast[side] && queue->forks == isti_forks, 1);
}

static inline apr_status_t isti_side_have(ist_queue_t *queue, int side, apr_interval_time_t timeout)
{
    return isti_side_fast(queue, side) ? APR_SUCCESS : isti_side_enter(queue, side, timeout);
}

static inline void isti_side_leave(ist_queue_t *queue, int side)
{
    if (!queue->sole[side])
        (void)isti_unlock(queue->handle, (uint32_t)side);
}

/* The same while it is the thread's by a reservation or a peek: IST_ENOTOWNER if not. */
apr_status_t isti_side_resume(ist_queue_t *queue, int side);

/* Keep the side, with what the thread was given there; and give it back. */
void isti_side_lend(ist_queue_t *queue, int side, uint64_t from, uint64_t at, uint64_t bytes);
void isti_side_return(ist_queue_t *queue, int side);

/* ---- queue_wait.c --------------------------------------------------------- */

/* One go at what a call wants: APR_TIMEUP when there is nothing for it, or no room. */
typedef apr_status_t isti_go_fn(ist_queue_t *queue, void *what, apr_interval_time_t timeout);

/* A call of a side. `size` is that of the message that a sender waits for room for. */
apr_status_t isti_side_wait(ist_queue_t *queue, int side, uint64_t size, isti_go_fn *go, void *what,
                            apr_interval_time_t timeout);

/* Wake as many as n of those who sleep on the other side. */
void isti_side_wake(ist_queue_t *queue, int sleeping, uint32_t n);

static inline int isti_side_asleep(const ist_queue_t *queue, int sleeping)
{
    return atomic_load_explicit(&queue->sleepers[sleeping]->word, memory_order_relaxed) != 0;
}

#endif
