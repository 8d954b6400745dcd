/* SPDX-License-Identifier: Apache-2.0 */
/* Writes what file-send streams to a file, which appears when it is whole. */
#include "file-stream.h"

typedef struct output_t {
    apr_file_t *file;
    const char *part; /* where the bytes go first */
    const char *path; /* where they are in the end */
    int whole;
    apr_pool_t *pool;
} output_t;

/* Runs when the pool goes, however the program ends: nothing half-made stays. */
static apr_status_t discard_part(void *data)
{
    output_t *output = data;

    if (output->whole)
        return APR_SUCCESS;
    apr_file_close(output->file); /* Windows removes no open file */
    return apr_file_remove(output->part, output->pool);
}

static void output_open(output_t *output, const char *path, apr_pool_t *pool)
{
    output->path = path;
    output->part = apr_pstrcat(pool, path, ".part", NULL);
    output->pool = pool;
    output->whole = 0;
    check(apr_file_open(&output->file, output->part,
                        APR_FOPEN_WRITE | APR_FOPEN_CREATE | APR_FOPEN_TRUNCATE | APR_FOPEN_BINARY,
                        APR_FPROT_OS_DEFAULT, pool),
          output->part);
    apr_pool_cleanup_register(pool, output, discard_part, apr_pool_cleanup_null);
}

static void output_finish(output_t *output)
{
    check(apr_file_close(output->file), "closing the file");
    check(apr_file_rename(output->part, output->path, output->pool), output->path);
    output->whole = 1;
}

/* The next chunk's bytes, read once and checked: the memory is not ours alone. */
static apr_uint32_t chunk_length(const stream_t *stream, apr_uint32_t number)
{
    apr_uint32_t length;

    stream_lock(stream);
    length = stream_header(stream)->length[number % CHUNKS];
    stream_header(stream)->received = number + 1;
    stream_unlock(stream);
    if (length > CHUNK_SIZE) {
        fprintf(stderr, "a chunk of %u bytes can't be\n", (unsigned)length);
        exit(1);
    }
    return length;
}

int main(int argc, const char *const *argv)
{
    apr_pool_t *pool = example_begin(argc, &argv, 3, "NAME OUTFILE");
    output_t output;
    stream_t stream;
    apr_uint64_t bytes = 0;
    apr_uint32_t number = 0;
    apr_uint32_t length;
    apr_time_t start = 0;

    stream_open(&stream, argv[1], RECEIVER, pool);
    output_open(&output, argv[2], pool);
    check(ist_semaphore_post_n(stream.free_chunks, CHUNKS, NULL), "giving out the chunks");
    do {
        stream_wait(&stream);
        if (number == 0)
            start = apr_time_now();
        length = chunk_length(&stream, number);
        if (length > 0) {
            check(apr_file_write_full(output.file, stream_chunk(&stream, number), length, NULL),
                  output.part);
        } else {
            output_finish(&output);
        }
        number++;
        bytes += length;
        check(ist_semaphore_post(stream.free_chunks), "freeing a chunk");
    } while (length > 0);
    check(ist_mutex_unlock(stream.alive[RECEIVER]), "leaving");
    stream_report("received", bytes, start);
    return 0;
}
