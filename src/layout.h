/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What lies in shared memory, for every backend: docs/layout.md is its page.
 *
 * An object that has bytes of its own starts with this header; its data
 * follows at ISTI_HEADER_SIZE. Fixed-width fields only, no pointers. What
 * stands before `check` never moves in any later layout.
 */
#ifndef ISTI_LAYOUT_H
#define ISTI_LAYOUT_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define ISTI_MAGIC UINT64_C(0x0073756d68747369) /* "isthmus\0", little endian */
#define ISTI_LAYOUT 1u      /* the layout that this version writes */
#define ISTI_READER 1u      /* the oldest layout whose readers can read it */
#define ISTI_HEADER_SIZE 4096u
#define ISTI_PARTS_MAX 2u   /* mutexes, and semaphores, in one object */

/* A mutex: the backend's body, and a word of its own news. */
typedef struct isti_lock_slot_t {
    unsigned char body[56];    /* POSIX: a pthread_mutex_t; Win32: unused */
    _Atomic(uint32_t) held;    /* 1: whoever locks it next, its last owner died; Win32:
                                  set for as long as it is owned */
    uint32_t reserved;
    unsigned char pad[64];     /* adjacent lines are fetched in pairs */
} isti_lock_slot_t;

/* A semaphore: the count is the low half of the word, sleepers the high. */
typedef struct isti_count_slot_t {
    _Atomic(uint64_t) word;
    _Atomic(uint32_t) maximum; /* set once, before the object is there */
    uint32_t reserved;
    unsigned char pad[112];
} isti_count_slot_t;

typedef struct isti_header_t {
    uint64_t magic;
    uint32_t layout;           /* the layout it was written in */
    uint32_t reader;           /* the oldest layout that reads it */
    uint32_t kind;             /* ist_kind_e */
    uint32_t abi;              /* whose lock bodies these are; 0 where there are none */
    uint64_t space;            /* the PID namespace of its mutexes; 0 without */
    uint64_t nonce;            /* POSIX: part of its doorbells' names; else 0 */
    uint64_t check;            /* isti_header_sum() of all the above */
    _Atomic(uint64_t) born;    /* bytes of data + 1; 0 while it is being made */
    uint32_t access;           /* who may open it: apr_fileperms_t, as asked */
    unsigned char reserved[196];
    isti_lock_slot_t lock[ISTI_PARTS_MAX];
    isti_count_slot_t count[ISTI_PARTS_MAX];
} isti_header_t;

_Static_assert(sizeof(isti_lock_slot_t) == 128, "lock slot");
_Static_assert(offsetof(isti_lock_slot_t, held) == 56, "held");
_Static_assert(sizeof(isti_count_slot_t) == 128, "count slot");
_Static_assert(offsetof(isti_header_t, check) == 40, "check");
_Static_assert(offsetof(isti_header_t, born) == 48, "born");
_Static_assert(offsetof(isti_header_t, lock) == 256, "locks");
_Static_assert(offsetof(isti_header_t, count) == 512, "counts");
_Static_assert(sizeof(isti_header_t) <= ISTI_HEADER_SIZE, "header");

/* A queue's data: docs/layout.md has a chapter on it, src/queue.h tells how it works. */
#define ISTI_WORD_SENT (UINT64_C(1) << 63)
#define ISTI_WORD_SKIP (UINT64_C(1) << 62) /* no message: go on at the ring's start */
#define ISTI_WORD_SIZE UINT64_C(0xffffffff)

#define ISTI_MESSAGE_MAX (UINT32_C(1) << 30)
#define ISTI_WORD_BYTES  UINT64_C(8)
#define ISTI_RING_MIN    UINT64_C(4096)

/* The queue's data: three pairs of cache lines, each with its one kind of
 * writer, then the ring. A zeroed one is an empty queue. */
typedef struct isti_ring_t {
    _Atomic(uint64_t) tail;  /* where the next message goes, or a dead sender's last went */
    _Atomic(uint64_t) seen;  /* how far the senders know receivers to be */
    _Atomic(uint32_t) lent;  /* a sender has a reservation */
    unsigned char pad0[108];
    _Atomic(uint64_t) head;  /* the next message to be received */
    _Atomic(uint64_t) shown; /* what `space` was last set to */
    _Atomic(uint32_t) peeked; /* a receiver looks at the message */
    unsigned char pad1[108];
    _Atomic(uint64_t) space; /* the head, as told to senders now and then */
    unsigned char pad2[120];
    unsigned char reserved[128];
} isti_ring_t;

#define ISTI_RING_HEADER 512u
_Static_assert(sizeof(isti_ring_t) == ISTI_RING_HEADER, "ring header");

/* The sum that tells a damaged header: FNV-1a over the bytes before `check`
 * (http://www.isthe.com/chongo/tech/comp/fnv/). */
static inline uint64_t isti_header_sum(const isti_header_t *header)
{
    const unsigned char *byte = (const unsigned char *)header;
    uint64_t sum = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < offsetof(isti_header_t, check); i++)
        sum = (sum ^ byte[i]) * UINT64_C(0x100000001b3);
    return sum;
}

#endif
