/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What send and recv agree on: a message is a letter and bytes. 'B', without bytes, begins
 * what its sender has to send, and 'E' ends it; 'D' is data, to be written as it is.
 */
#ifndef TOOL_STREAM_H
#define TOOL_STREAM_H

#include "tool.h"

#include <apr_file_io.h>

#define STREAM_MESSAGE  65536u /* bytes of the largest message, its letter too */
#define STREAM_CAPACITY 32u    /* messages at that size */
#define STREAM_BEGIN    'B'
#define STREAM_DATA     'D'
#define STREAM_END      'E'

/* Open the queue, made if need be, for one side. */
apr_status_t stream_open(ist_queue_t **queue, const char *name, apr_uint32_t flags,
                         apr_pool_t *pool);

/* The letter of a message, or 0 when isthmus send has sent no such one. */
char stream_letter(const char *message, apr_size_t size);

/* How far it is: shown on a terminal, from the first second on. */
typedef struct progress_t {
    apr_time_t began;
    apr_time_t told;
    apr_uint64_t bytes;
    apr_uint64_t all; /* 0: unknown */
    int terminal;
} progress_t;

void progress_begin(progress_t *progress, apr_uint64_t all);
void progress_add(progress_t *progress, apr_uint64_t bytes);
void progress_end(progress_t *progress);

#endif
