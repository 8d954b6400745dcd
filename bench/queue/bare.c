/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The limit: rings in anonymous shared memory between exactly two processes,
 * that check nothing, survive nothing and never sleep. One publishes its tail
 * after each batch; one has a word in front of each message that says that it is
 * there; one is written and read in place.
 */
#include "channel.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

typedef struct ring_t {
    _Alignas(128) _Atomic(uint64_t) tail;
    _Alignas(128) _Atomic(uint64_t) head;
    _Alignas(128) unsigned char bytes[];
} ring_t;

static ring_t *rings[2];
static uint64_t length, mask, record;
static uint64_t mine[2], seen[2], told[2]; /* this process's place in each, ... */

static inline void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

static void create(const measures_t *wanted)
{
    record = 8 + ((wanted->size + 7) & ~(uint64_t)7);
    for (length = 4096; length < (wanted->capacity + 1) * record + 8; length *= 2)
        continue;
    mask = length - 1;
    for (int way = 0; way < 2; way++) {
        rings[way] = mmap(NULL, sizeof(ring_t) + length, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
        bench_must(rings[way] != MAP_FAILED, "mapping a ring");
        mine[way] = seen[way] = told[way] = 0;
    }
}

static void open_end(int end)
{
    (void)end;
}

static void destroy(void)
{
    for (int way = 0; way < 2; way++)
        munmap(rings[way], sizeof(ring_t) + length);
}

/* Past the ring's end, if a record does not fit before it. */
static inline uint64_t placed(uint64_t at)
{
    uint64_t left = length - (at & mask);
    return left < record ? at + left : at;
}

static inline _Atomic(uint64_t) *word(ring_t *ring, uint64_t at)
{
    return (_Atomic(uint64_t) *)(void *)(ring->bytes + (at & mask));
}

/* Wait until all before `end` is free. */
static inline void room(ring_t *ring, int way, uint64_t end)
{
    while (end + 8 - seen[way] > length) {
        seen[way] = atomic_load_explicit(&ring->head, memory_order_acquire);
        if (end + 8 - seen[way] > length)
            relax();
    }
}

/* ---- a tail, told after each batch ----------------------------------------- */

static void batch_produce(uint64_t n)
{
    ring_t *ring = rings[0];
    uint64_t at = mine[0];
    while (n > 0) {
        for (int i = 0; i < BATCH && n > 0; i++, n--) {
            at = placed(at);
            room(ring, 0, at + record);
            atomic_store_explicit(word(ring, at), measures.size, memory_order_relaxed);
            memcpy(word(ring, at) + 1, buffer, measures.size);
            at += record;
        }
        atomic_store_explicit(&ring->tail, at, memory_order_release);
    }
    mine[0] = at;
}

static void batch_consume(uint64_t n)
{
    ring_t *ring = rings[0];
    uint64_t at = mine[0];
    while (n > 0) {
        uint64_t tail;
        while ((tail = atomic_load_explicit(&ring->tail, memory_order_acquire)) == at)
            relax();
        for (; at != tail && n > 0; n--) {
            at = placed(at);
            memcpy(buffer, word(ring, at) + 1,
                   atomic_load_explicit(word(ring, at), memory_order_relaxed));
            at += record;
        }
        atomic_store_explicit(&ring->head, at, memory_order_release);
    }
    mine[0] = at;
}

/* ---- a word before each message ------------------------------------------------ */

static inline void put(int way, const void *data, size_t size)
{
    ring_t *ring = rings[way];
    uint64_t at = mine[way];
    uint64_t next = placed(at + record);
    room(ring, way, next);
    memcpy(word(ring, at) + 1, data, size);
    atomic_store_explicit(word(ring, next), 0, memory_order_relaxed);
    atomic_store_explicit(word(ring, at), size + 1, memory_order_release);
    mine[way] = next;
}

static inline const void *arrived(int way, uint64_t *size)
{
    _Atomic(uint64_t) *at = word(rings[way], mine[way]);
    while ((*size = atomic_load_explicit(at, memory_order_acquire)) == 0)
        relax();
    --*size;
    return at + 1;
}

static inline void done(int way)
{
    mine[way] = placed(mine[way] + record);
    if (mine[way] - told[way] < length / 32)
        return;
    told[way] = mine[way];
    atomic_store_explicit(&rings[way]->head, mine[way], memory_order_release);
}

static inline void get(int way, void *data, size_t most)
{
    uint64_t size;
    const void *from = arrived(way, &size);
    (void)most;
    memcpy(data, from, size);
    done(way);
}

#include "loops.h"

/* ---- in place: each word of the message is written once, and read once ----------- */

static void place_produce(uint64_t n)
{
    for (; n > 0; n--) {
        uint64_t next = placed(mine[0] + record);
        room(rings[0], 0, next);
        memset(word(rings[0], mine[0]) + 1, (int)n, measures.size);
        atomic_store_explicit(word(rings[0], next), 0, memory_order_relaxed);
        atomic_store_explicit(word(rings[0], mine[0]), measures.size + 1, memory_order_release);
        mine[0] = next;
    }
}

static void place_consume(uint64_t n)
{
    for (; n > 0; n--) {
        uint64_t size;
        const void *from = arrived(0, &size);
        bench_must(memchr(from, (int)(n + 1) & 255, size) == NULL, "reading in place");
        done(0);
    }
}

const channel_t bare_batched = {"bare ring, batches", 0,    0,    create, open_end, batch_produce,
                                batch_consume,        NULL, NULL, destroy};
const channel_t bare_inband = {"bare ring, word by word", 0, 0, create, open_end, LOOPS, destroy};
const channel_t bare_in_place = {"bare ring, in place", 0,    0,    create, open_end, place_produce,
                                 place_consume,         NULL, NULL, destroy};
