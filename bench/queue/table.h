/* SPDX-License-Identifier: Apache-2.0 */
/* The results: kept by what, where, size and channel, told beside one another. */
#ifndef TABLE_H
#define TABLE_H

#include <stddef.h>

#define RUNS_MAX 99
#define RUNS_MIN 7

typedef enum what_e { RATE, P50, P99, P999, FAIR, IDLE } what_e;

typedef struct row_t {
    what_e what;
    const char *where; /* "two cores" ..., and who, such as "4 to 1" */
    size_t size;
    const char *channel;
    int runs;
    double value[RUNS_MAX];
} row_t;

/* A row to be filled in; the table keeps it. */
row_t *table_row(what_e what, const char *where, size_t size, const char *channel);

/* All rows, and then the goals; also as CSV. */
void table_print(void);
int table_csv(const char *path);

#endif
