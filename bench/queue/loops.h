/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loops of a channel that passes message by message. Who includes this has
 * before
 *
 *     static inline void put(int way, const void *data, size_t size);
 *     static inline void get(int way, void *data, size_t room);
 */
#ifndef LOOPS_H
#define LOOPS_H

static void loop_produce(uint64_t n)
{
    while (n-- > 0)
        put(0, buffer, measures.size);
}

static void loop_consume(uint64_t n)
{
    while (n-- > 0)
        get(0, buffer, measures.size);
}

static void loop_ping(uint64_t n, uint32_t *ns)
{
    for (uint64_t i = 0; i < n; i++) {
        uint64_t start = bench_now();
        put(0, buffer, measures.size);
        get(1, buffer, measures.size);
        ns[i] = (uint32_t)(bench_now() - start);
    }
}

static void loop_pong(uint64_t n)
{
    while (n-- > 0) {
        get(0, buffer, measures.size);
        put(1, buffer, measures.size);
    }
}

#define LOOPS loop_produce, loop_consume, loop_ping, loop_pong

#endif
