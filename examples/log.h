/* SPDX-License-Identifier: Apache-2.0 */
/* What log-write and log-collect agree on. */
#ifndef LOG_H
#define LOG_H

#include "example.h"

#define LINE_SIZE 200
#define LINES     1000

static inline ist_queue_t *log_open(const char *name, apr_uint32_t side, apr_pool_t *pool)
{
    const ist_queue_geometry_t geometry = {LINE_SIZE, LINES};
    ist_queue_t *queue;

    check(ist_queue_open(&queue, name, &geometry, IST_CREATE | side, 0, pool),
          "opening the queue");
    return queue;
}

#endif
