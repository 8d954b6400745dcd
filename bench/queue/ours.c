/* SPDX-License-Identifier: Apache-2.0 */
/* isthmus's queues, through the shared library, as a program's own calls would go. */
#include "channel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <isthmus.h>

static apr_pool_t *pool;
static ist_queue_t *held[2], *ways[2];
static apr_uint32_t sole;
static ist_message_t messages[BATCH];

static void must(apr_status_t status, const char *what)
{
    char text[200];
    if (status != APR_SUCCESS)
        fprintf(stderr, "%s\n", ist_strerror(status, text, sizeof text));
    bench_must(status == APR_SUCCESS, what);
}

static const char *name_of(int way)
{
    static char name[100];
    snprintf(name, sizeof name, "%s.%d", measures.prefix, way);
    return name;
}

static void create(const measures_t *wanted)
{
    const ist_queue_geometry_t geometry = {(apr_uint32_t)wanted->size, wanted->capacity};
    must(apr_pool_create(&pool, NULL), "making a pool");
    for (int way = 0; way < 2; way++)
        must(
            ist_queue_open(&held[way], name_of(way), &geometry, IST_CREATE | IST_POPULATE, 0, pool),
            "creating a queue");
}

static void create_sole(const measures_t *wanted)
{
    sole = IST_SOLE;
    create(wanted);
}

static void create_shared(const measures_t *wanted)
{
    sole = 0;
    create(wanted);
}

/* A process that ends without closing leaves its claims for the next to reclaim. */
static void leave(void)
{
    apr_pool_destroy(pool);
}

static void open_end(int end)
{
    bench_must(atexit(leave) == 0, "a way to end well");
    for (int way = 0; way < 2; way++)
        must(ist_queue_open(&ways[way], name_of(way), NULL,
                            IST_POPULATE | sole | (way == end ? IST_SEND : IST_RECEIVE), 0, pool),
             "opening a queue");
    for (int i = 0; i < BATCH; i++)
        messages[i].data = buffer + (size_t)i * measures.size;
}

static inline void put(int way, const void *data, size_t size)
{
    must(ist_queue_send(ways[way], data, size), "sending");
}

static inline void get(int way, void *data, size_t room)
{
    apr_size_t size;
    must(ist_queue_receive(ways[way], data, room, &size), "receiving");
}

#include "loops.h"

static void batch_produce(uint64_t n)
{
    for (int i = 0; i < BATCH; i++)
        messages[i].size = measures.size;
    while (n > 0) {
        apr_size_t sent;
        must(ist_queue_send_n(ways[0], messages, n < BATCH ? (apr_size_t)n : BATCH, &sent,
                              IST_FOREVER),
             "sending");
        n -= sent;
    }
}

static void batch_consume(uint64_t n)
{
    while (n > 0) {
        apr_size_t received;
        for (int i = 0; i < BATCH; i++)
            messages[i].size = measures.size;
        must(ist_queue_receive_n(ways[0], messages, n < BATCH ? (apr_size_t)n : BATCH, &received,
                                 IST_FOREVER),
             "receiving");
        n -= received;
    }
}

static void place_produce(uint64_t n)
{
    for (; n > 0; n--) {
        void *data;
        must(ist_queue_reserve(ways[0], measures.size, &data, IST_FOREVER), "reserving");
        memset(data, (int)n, measures.size);
        must(ist_queue_commit(ways[0], measures.size), "committing");
    }
}

static void place_consume(uint64_t n)
{
    for (; n > 0; n--) {
        const void *data;
        apr_size_t size;
        must(ist_queue_peek(ways[0], &data, &size, IST_FOREVER), "peeking");
        bench_must(memchr(data, (int)(n + 1) & 255, size) == NULL, "reading in place");
        must(ist_queue_release(ways[0]), "releasing");
    }
}

const channel_t ours_sole = {"isthmus, sole", 0, 0, create_sole, open_end, LOOPS, leave};
const channel_t ours_sole_batched = {"isthmus, sole, batches",
                                     0,
                                     0,
                                     create_sole,
                                     open_end,
                                     batch_produce,
                                     batch_consume,
                                     NULL,
                                     NULL,
                                     leave};
const channel_t ours_sole_in_place = {"isthmus, sole, in place",
                                      0,
                                      0,
                                      create_sole,
                                      open_end,
                                      place_produce,
                                      place_consume,
                                      NULL,
                                      NULL,
                                      leave};
const channel_t ours_shared = {"isthmus, shared", 0, 1, create_shared, open_end, LOOPS, leave};
const channel_t ours_shared_batched = {"isthmus, shared, batches",
                                       0,
                                       1,
                                       create_shared,
                                       open_end,
                                       batch_produce,
                                       batch_consume,
                                       NULL,
                                       NULL,
                                       leave};
