/* SPDX-License-Identifier: Apache-2.0 */
/* The table, and the goals: a goal's ratio is the median of the runs' own ratios. */
#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 1000

static row_t rows[ROWS_MAX];
static int count;

static const char *const units[] = {"msg/s",    "ns p50",     "ns p99",
                                    "ns p99.9", "of fastest", "of a core"};

row_t *table_row(what_e what, const char *where, size_t size, const char *channel)
{
    if (count == ROWS_MAX)
        abort();
    row_t *row = &rows[count++];
    *row = (row_t){.what = what, .where = where, .size = size, .channel = channel};
    return row;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The median, and the least and the most of some numbers. */
static double median(const double *values, int n, double *least, double *most)
{
    double sorted[RUNS_MAX];
    memcpy(sorted, values, (size_t)n * sizeof *sorted);
    qsort(sorted, (size_t)n, sizeof *sorted, compare);
    *least = sorted[0];
    *most = sorted[n - 1];
    return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

/* ---- goals ---------------------------------------------------------------------- */

typedef struct goal_t {
    const char *text;
    what_e what;
    const char *where;
    size_t from, to; /* sizes */
    const char *channel;
    const char *beside_where; /* NULL: the same */
    const char *beside;       /* NULL: the value by itself */
    double ratio;
    int at_least;
} goal_t;

#define BIG ((size_t)-1)

static const goal_t goals[] = {
    {"message by message", RATE, "two cores", 64, 64, "isthmus, sole", NULL, "bare ring, batches",
     0.60, 1},
    {"batches of 16", RATE, "two cores", 64, 64, "isthmus, sole, batches", NULL,
     "bare ring, batches", 0.90, 1},
    {"message by message", RATE, "two cores", 256, 256, "isthmus, sole", NULL, "bare ring, batches",
     0.85, 1},
    {"message by message", RATE, "two cores", 1024, BIG, "isthmus, sole", NULL,
     "bare ring, batches", 0.90, 1},
    {"in place", RATE, "two cores", 1 << 20, 1 << 20, "isthmus, sole, in place", NULL,
     "bare ring, in place", 0.95, 1},
    {"round trip", P50, "two cores", 64, 64, "isthmus, sole", NULL, "bare ring, word by word", 1.15,
     0},
    {"round trip, ns", P50, "two cores", 64, 64, "isthmus, sole", NULL, NULL, 700, 0},
    {"message by message", RATE, "two cores", 64, 64, "isthmus, shared", NULL,
     "Boost message_queue", 4.5, 1},
    {"batches of 16", RATE, "two cores", 64, 64, "isthmus, shared, batches", NULL,
     "Boost message_queue", 15, 1},
    {"message by message", RATE, "two cores", 0, 63, "isthmus, shared", NULL, "Boost message_queue",
     2.5, 1},
    {"message by message", RATE, "two cores", 65, BIG, "isthmus, shared", NULL,
     "Boost message_queue", 2.5, 1},
    {"round trip", P50, "two cores", 64, 64, "isthmus, shared", NULL, "bare ring, word by word",
     1.6, 0},
    {"round trip", P50, "one core", 64, 64, "isthmus, sole", NULL, "pipe", 1.15, 0},
    {"4 senders, 4 receivers", RATE, "4 to 4", 64, 64, "isthmus, shared", "1 to 1",
     "isthmus, shared", 0.70, 1},
    {"4 senders, 1 receiver", RATE, "4 to 1", 64, 64, "isthmus, shared", "1 to 1",
     "isthmus, shared", 0.50, 1},
    {"slowest by fastest sender", FAIR, "4 to 4", 64, 64, "isthmus, shared", NULL, NULL, 0.50, 1},
    {"slowest by fastest sender", FAIR, "4 to 1", 64, 64, "isthmus, shared", NULL, NULL, 0.25, 1},
    {"an idle waiter", IDLE, "two cores", 64, 64, "isthmus, sole", NULL, NULL, 0.001, 0},
};

static const row_t *find(what_e what, const char *where, size_t size, const char *channel)
{
    for (int i = 0; i < count; i++) {
        if (rows[i].what == what && strcmp(rows[i].where, where) == 0 && rows[i].size == size &&
            strcmp(rows[i].channel, channel) == 0)
            return &rows[i];
    }
    return NULL;
}

/* The ratio of a goal for a row; negative when what it is beside was not measured. */
static double judge(const goal_t *goal, const row_t *row)
{
    double ratios[RUNS_MAX];
    double ignored;
    const row_t *beside = NULL;
    if (row->runs == 0)
        return -1;
    if (goal->beside != NULL) {
        beside = find(goal->what, goal->beside_where != NULL ? goal->beside_where : goal->where,
                      row->size, goal->beside);
        if (beside == NULL || beside->runs < row->runs)
            return -1;
    }
    for (int i = 0; i < row->runs; i++)
        ratios[i] = beside == NULL ? row->value[i] : row->value[i] / beside->value[i];
    return median(ratios, row->runs, &ignored, &ignored);
}

static void print_goals(void)
{
    int reached = 0, judged = 0;
    printf("\n%-9s %-10s %-26s %-26s %10s    goal\n", "bytes", "where", "what", "of", "is");
    for (size_t g = 0; g < sizeof goals / sizeof *goals; g++) {
        const goal_t *goal = &goals[g];
        for (int i = 0; i < count; i++) {
            const row_t *row = &rows[i];
            if (row->what != goal->what || strcmp(row->where, goal->where) != 0 ||
                row->size < goal->from || row->size > goal->to ||
                strcmp(row->channel, goal->channel) != 0)
                continue;
            double is = judge(goal, row);
            if (is < 0)
                continue;
            int good = goal->at_least ? is >= goal->ratio : is <= goal->ratio;
            judged++;
            reached += good;
            printf("%-9zu %-10s %-26s %-26s %10.4g %s %-6g %s\n", row->size, goal->where,
                   goal->channel, goal->beside != NULL ? goal->beside : goal->text, is,
                   goal->at_least ? ">=" : "<=", goal->ratio, good ? "yes" : "no");
        }
    }
    printf("goals: %d of %d reached\n", reached, judged);
}

/* ---- all of it --------------------------------------------------------------------- */

void table_print(void)
{
    printf("%-9s %-10s %-26s %12s %12s %12s  unit\n", "bytes", "where", "channel", "median",
           "least", "most");
    for (int i = 0; i < count; i++) {
        double least, most;
        double middle = median(rows[i].value, rows[i].runs, &least, &most);
        printf("%-9zu %-10s %-26s %12.5g %12.5g %12.5g  %s\n", rows[i].size, rows[i].where,
               rows[i].channel, middle, least, most, units[rows[i].what]);
    }
    print_goals();
}

int table_csv(const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return 0;
    fprintf(file, "unit,where,bytes,channel,runs,median,least,most\n");
    for (int i = 0; i < count; i++) {
        double least, most;
        double middle = median(rows[i].value, rows[i].runs, &least, &most);
        fprintf(file, "%s,%s,%zu,\"%s\",%d,%g,%g,%g\n", units[rows[i].what], rows[i].where,
                rows[i].size, rows[i].channel, rows[i].runs, middle, least, most);
    }
    return fclose(file) == 0;
}
