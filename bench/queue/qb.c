/* SPDX-License-Identifier: Apache-2.0 */
/* libqb's ring buffer, with its semaphores. It holds chunks for one reader and one writer. */
#include "channel.h"

#include <stdio.h>
#include <qb/qbrb.h>

static qb_ringbuffer_t *rings[2];

static void create(const measures_t *wanted)
{
    char name[100];
    for (int way = 0; way < 2; way++) {
        snprintf(name, sizeof name, "%s.%d", wanted->prefix, way);
        rings[way] = qb_rb_open(name, (wanted->size + 16) * (wanted->capacity + 1),
                                QB_RB_FLAG_CREATE | QB_RB_FLAG_SHARED_PROCESS, 0);
        bench_must(rings[way] != NULL, "making a ring");
    }
}

static void open_end(int end)
{
    (void)end;
}

static void destroy(void)
{
    for (int way = 0; way < 2; way++)
        qb_rb_close(rings[way]);
}

/* A full ring is polled: there is no wait for room. */
static inline void put(int way, const void *data, size_t size)
{
    while (qb_rb_chunk_write(rings[way], data, size) < 0)
        continue;
}

static inline void get(int way, void *data, size_t room)
{
    while (qb_rb_chunk_read(rings[way], data, room, -1) < 0)
        continue;
}

#include "loops.h"

const channel_t peer_qb = {"libqb", 0, 0, create, open_end, LOOPS, destroy};
