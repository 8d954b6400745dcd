/* SPDX-License-Identifier: Apache-2.0 */
/* The queue between send and recv, and how far they are. */
#include "stream.h"

#include <stdio.h>

apr_status_t stream_open(ist_queue_t **queue, const char *name, apr_uint32_t flags,
                         apr_pool_t *pool)
{
    static const ist_queue_geometry_t geometry = {STREAM_MESSAGE, STREAM_CAPACITY};
    return ist_queue_open(queue, name, &geometry, IST_CREATE | flags, 0, pool);
}

char stream_letter(const char *message, apr_size_t size)
{
    if (size > 1 && size <= STREAM_MESSAGE && *message == STREAM_DATA)
        return STREAM_DATA;
    return size == 1 && (*message == STREAM_BEGIN || *message == STREAM_END) ? *message : 0;
}

#define BAR   30
#define PAUSE (apr_time_from_sec(1) / 5)

void progress_begin(progress_t *progress, apr_uint64_t all)
{
    *progress = (progress_t){apr_time_now(), 0, 0, all, tool_is_terminal(2)};
    progress->told = progress->began + apr_time_from_sec(1) - PAUSE;
}

static void tell(const progress_t *progress, apr_time_t now)
{
    static const char full[] = "##############################";
    double seconds = (double)(now - progress->began) / 1e6;
    double megabytes = (double)progress->bytes / 1e6;
    if (progress->all == 0) {
        fprintf(stderr, "\r%10.1f MB %8.1f MB/s ", megabytes, megabytes / seconds);
        return;
    }
    double part = (double)progress->bytes / (double)progress->all;
    int done = part >= 1 ? BAR : (int)(part * BAR);
    fprintf(stderr, "\r[%.*s%*s] %3d%% %8.1f MB/s ", done, full, BAR - done, "",
            part >= 1 ? 100 : (int)(part * 100), megabytes / seconds);
}

void progress_add(progress_t *progress, apr_uint64_t bytes)
{
    progress->bytes += bytes;
    if (!progress->terminal)
        return;
    apr_time_t now = apr_time_now();
    if (now - progress->told < PAUSE)
        return;
    progress->told = now;
    tell(progress, now);
}

void progress_end(progress_t *progress)
{
    apr_time_t now = apr_time_now();
    if (!progress->terminal || now - progress->began < apr_time_from_sec(1))
        return;
    tell(progress, now);
    fputc('\n', stderr);
}
