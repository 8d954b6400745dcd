/* SPDX-License-Identifier: Apache-2.0 */
/* Streams a file to file-receive, which may be started before or after. */
#include "file-stream.h"

/* Fills the next chunk from the file, which needs no lock: a free chunk is the
 * sender's alone. Returns its bytes, 0 at the end of the file. */
static apr_uint32_t fill(const stream_t *stream, apr_uint32_t number, apr_file_t *file)
{
    apr_size_t length = 0;
    apr_status_t status =
        apr_file_read_full(file, stream_chunk(stream, number), CHUNK_SIZE, &length);

    if (!APR_STATUS_IS_EOF(status))
        check(status, "reading the file");
    return (apr_uint32_t)length;
}

static void publish(const stream_t *stream, apr_uint32_t number, apr_uint32_t length)
{
    stream_lock(stream);
    stream_header(stream)->length[number % CHUNKS] = length;
    stream_header(stream)->sent = number + 1;
    stream_unlock(stream);
    check(ist_region_notify(stream->region), "telling the receiver");
}

int main(int argc, const char *const *argv)
{
    apr_pool_t *pool = example_begin(argc, &argv, 3, "NAME FILE");
    apr_file_t *file;
    stream_t stream;
    apr_uint64_t bytes = 0;
    apr_uint32_t number = 0;
    apr_uint32_t length;
    apr_time_t start = 0;

    check(apr_file_open(&file, argv[2], APR_FOPEN_READ | APR_FOPEN_BINARY, 0, pool), argv[2]);
    stream_open(&stream, argv[1], SENDER, pool);
    do {
        stream_wait(&stream);
        if (number == 0) {
            start = apr_time_now(); /* the receiver is here */
        }
        length = fill(&stream, number, file);
        publish(&stream, number++, length);
        bytes += length;
    } while (length > 0);

    /* All chunks free again, the last one too: the receiver has the whole file. */
    for (number = 0; number < CHUNKS; number++)
        stream_wait(&stream);
    check(ist_mutex_unlock(stream.alive[SENDER]), "leaving");
    stream_report("sent", bytes, start);
    return 0;
}
