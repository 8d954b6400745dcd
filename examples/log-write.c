/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes lines to log-collect: COUNT of them, or without end when it is 0. After
 * each it prints the line's number, so that somebody who kills this program
 * knows what was sent for sure. With the line "end" the collector ends.
 */
#include <string.h>

#include "log.h"

int main(int argc, const char *const *argv)
{
    apr_pool_t *pool = example_begin(argc, &argv, 4, "NAME WRITER COUNT | NAME end 1");
    ist_queue_t *queue = log_open(argv[1], IST_SEND, pool);
    long count = strtol(argv[3], NULL, 10);
    char line[LINE_SIZE];
    apr_status_t status;
    long number;

    for (number = 1; count == 0 || number <= count; number++) {
        snprintf(line, sizeof(line), "%.100s %ld: all is well", argv[2], number);
        if (strcmp(argv[2], "end") == 0)
            snprintf(line, sizeof(line), "end");
        status = ist_queue_timedsend(queue, line, strlen(line), PATIENCE);
        if (status == APR_TIMEUP) {
            fprintf(stderr, "nobody collected for 30 seconds\n");
            return 1;
        }
        check(status, "sending");
        printf("%ld\n", number);
        fflush(stdout);
    }
    return 0;
}
