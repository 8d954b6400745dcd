/* SPDX-License-Identifier: Apache-2.0 */
/* What file-send and file-receive agree on, beside the name.
 *
 * A ring of chunks lies in a region. The semaphore of the same name counts the
 * free ones, the region's notifications the full ones: who takes a unit of
 * either has the next chunk to itself. The receiver gives out the free chunks
 * when it starts, so the sender waits for it. The small header is for both,
 * under the lock. A chunk of no bytes is the end; the receiver frees it when
 * the file is whole and in its place.
 *
 * Each side holds a mutex for as long as it lives. So there is one of each,
 * and who waits can tell a partner that is slow from one that died. */
#ifndef FILE_STREAM_H
#define FILE_STREAM_H

#include <inttypes.h>

#include <apr_file_io.h>
#include <apr_strings.h>

#include "example.h"

#define CHUNKS     4
#define CHUNK_SIZE (256 * 1024)

typedef struct stream_header_t {
    apr_uint32_t sent;           /* chunks so far, counted by the sender */
    apr_uint32_t received;       /* chunks so far, counted by the receiver */
    apr_uint32_t length[CHUNKS]; /* bytes in each chunk of the ring */
    unsigned char reserved[4096 - (2 + CHUNKS) * 4];
} stream_header_t;

typedef struct stream_t {
    ist_region_t *region;
    ist_semaphore_t *free_chunks;
    ist_mutex_t *alive[2]; /* held by the sender, by the receiver */
    int side;              /* this one's index in alive */
} stream_t;

enum { SENDER, RECEIVER };

static inline stream_header_t *stream_header(const stream_t *stream)
{
    return ist_region_base(stream->region);
}

static inline unsigned char *stream_chunk(const stream_t *stream, apr_uint32_t number)
{
    return (unsigned char *)ist_region_base(stream->region) + sizeof(stream_header_t) +
           (apr_size_t)(number % CHUNKS) * CHUNK_SIZE;
}

/* Locks the header. When a partner died in it, what it says can't be believed. */
static inline void stream_lock(const stream_t *stream)
{
    check(ist_region_lock(stream->region), "locking the header");
}

static inline void stream_unlock(const stream_t *stream)
{
    check(ist_region_unlock(stream->region), "unlocking the header");
}

static inline void stream_open(stream_t *stream, const char *name, int side, apr_pool_t *pool)
{
    apr_size_t size = sizeof(stream_header_t) + CHUNKS * CHUNK_SIZE;
    apr_status_t status;
    int used;

    stream->side = side;
    check(ist_region_open(&stream->region, name, size, IST_CREATE, 0, pool), "opening the region");
    check(ist_semaphore_open(&stream->free_chunks, name, 0, CHUNKS, IST_CREATE, 0, pool),
          "opening the semaphore");
    check(ist_mutex_open(&stream->alive[SENDER], apr_pstrcat(pool, name, ".sender", NULL),
                         IST_CREATE, 0, pool),
          "opening the sender's mutex");
    check(ist_mutex_open(&stream->alive[RECEIVER], apr_pstrcat(pool, name, ".receiver", NULL),
                         IST_CREATE, 0, pool),
          "opening the receiver's mutex");

    /* Busy for long: one of this side is at work. For an instant: it was looked
     * at. IST_ABANDONED: one has died, and the stream is broken. */
    status = ist_mutex_timedlock(stream->alive[side], apr_time_from_sec(1));
    check(status, side == SENDER ? "another sender is there" : "another receiver is there");
    stream_lock(stream);
    used = (side == SENDER ? stream_header(stream)->sent : stream_header(stream)->received) != 0;
    stream_unlock(stream);
    if (used) {
        fprintf(stderr, "the transfer before this one is not over yet\n");
        exit(1);
    }
}

/* Waits for a chunk: for a full one the receiver, for a free one the sender.
 * Looks once a second whether the partner, if it came, is still alive. */
static inline void stream_wait(const stream_t *stream)
{
    ist_mutex_t *partner = stream->alive[!stream->side];
    apr_interval_time_t second = apr_time_from_sec(1);
    apr_interval_time_t waited;

    for (waited = 0; waited < PATIENCE; waited += second) {
        apr_status_t status = stream->side == SENDER
                                  ? ist_semaphore_timedwait(stream->free_chunks, second)
                                  : ist_region_timedwait(stream->region, second);

        if (status != APR_TIMEUP) {
            check(status, "waiting for the partner");
            return;
        }
        status = ist_mutex_trylock(partner);
        if (status == APR_SUCCESS) {
            check(ist_mutex_unlock(partner), "letting the partner in"); /* not here yet */
        } else if (status != APR_EBUSY) {
            fail("the partner died", status);
        }
    }
    fail("the partner does nothing, or never came", APR_TIMEUP);
}

static inline void stream_report(const char *what, apr_uint64_t bytes, apr_time_t since)
{
    double seconds = (double)(apr_time_now() - since) / APR_USEC_PER_SEC;

    printf("%s %" PRIu64 " bytes in %.3f s, %.1f MB/s\n", what, (uint64_t)bytes, seconds,
           (double)bytes / 1e6 / (seconds > 0 ? seconds : 1e-6));
}

#endif
