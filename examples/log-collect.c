/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Collects the lines of many log-write programs into FILE, until one says "end".
 * Writers may be killed at any time: what they had sent is there, and half a
 * line never is. A line is released when it is in the file, so a collector
 * that is killed leaves the line at which it was to the next one.
 */
#include <string.h>

#include "log.h"

int main(int argc, const char *const *argv)
{
    apr_pool_t *pool = example_begin(argc, &argv, 3, "NAME FILE");
    ist_queue_t *queue = log_open(argv[1], IST_RECEIVE | IST_SOLE, pool);
    FILE *file = fopen(argv[2], "ab");
    const void *line;
    apr_size_t size;
    long lines = 0;
    int last = 0;

    if (file == NULL)
        fail(argv[2], APR_FROM_OS_ERROR(apr_get_os_error()));
    puts("collecting");
    fflush(stdout);
    while (!last) {
        apr_status_t status = ist_queue_peek(queue, &line, &size, PATIENCE);

        if (status == APR_TIMEUP) {
            fprintf(stderr, "nobody wrote for 30 seconds\n");
            return 1;
        }
        check(status, "receiving");
        last = size == 3 && memcmp(line, "end", 3) == 0;
        if (!last) {
            if (fwrite(line, 1, size, file) != size || putc('\n', file) == EOF ||
                fflush(file) != 0)
                fail(argv[2], APR_FROM_OS_ERROR(apr_get_os_error()));
            lines++;
        }
        check(ist_queue_release(queue), "releasing the line");
    }
    fclose(file);
    printf("%ld lines\n", lines);
    return 0;
}
