/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each operation of isthmus beside the system's bare call, in the same run:
 * ours and bare take turns, so that what else the machine does hits both. The
 * calls go through the shared library, as a program's own would.
 *
 * Some operations have a row more, "the least": what a library that does nothing
 * but pass on costs, beside the bare call in the same way.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <apr_general.h>
#include <apr_getopt.h>
#include <apr_portable.h>
#include <apr_strings.h>
#include <isthmus.h>

#include "bench.h"

typedef enum manner_e {
    ALONE,    /* this process does it by itself */
    TOGETHER, /* a worker on the same core is the other half */
    AGAINST   /* two workers on two cores contend: a rate */
} manner_e;

static const struct {
    const char *name;
    op_e op;
    manner_e manner;
    const side_t *side; /* beside the bare one; NULL: ours */
} operations[] = {
    {"lock+unlock", OP_LOCK_UNLOCK, ALONE, NULL},
    {"lock+unlock, the least", OP_LOCK_UNLOCK, ALONE, &least},
    {"lock+unlock, 2 processes", OP_LOCK_UNLOCK, AGAINST, NULL},
    {"lock", OP_LOCK, ALONE, NULL},
    {"unlock", OP_UNLOCK, ALONE, NULL},
    {"post+wait, with a maximum", OP_POST_WAIT_MAX, ALONE, NULL},
    {"post+wait, without", OP_POST_WAIT, ALONE, NULL},
    {"post", OP_POST, ALONE, NULL},
    {"wait", OP_WAIT, ALONE, NULL},
    {"ping-pong on one core", OP_PING, TOGETHER, NULL},
    {"create, map, close 4 KiB", OP_CREATE_4K, ALONE, NULL},
    {"create, map, close 1 MiB", OP_CREATE_1M, ALONE, NULL},
    {"open, map, close", OP_OPEN, ALONE, NULL},
    {"open, map, close, the least", OP_OPEN, ALONE, &least},
};

typedef struct options_t {
    int runs;
    double seconds; /* for an operation, both sides together */
    const char *only;
    const char *csv;
} options_t;

static worker_t *workers[2];

static void must(apr_status_t rv, const char *what)
{
    char text[200];
    if (rv == APR_SUCCESS)
        return;
    fflush(stdout);
    fprintf(stderr, "bench: %s: %s\n", what, ist_strerror(rv, text, sizeof text));
    exit(1);
}

/* One run of n: nanoseconds. */
static apr_uint64_t run_times(const side_t *side, op_e op, manner_e manner, apr_uint64_t n)
{
    apr_uint64_t ns;
    apr_uint64_t ignored;
    if (manner == TOGETHER)
        must(worker_pong(workers[0], side, n), "telling the worker");
    must(side->run[op](n, &ns), side->name);
    if (manner == TOGETHER)
        must(worker_done(workers[0], &ignored, &ignored), "the worker");
    return ns;
}

/* One run of so many nanoseconds: millions a second. */
static double run_against(const side_t *side, apr_uint64_t duration)
{
    double rate = 0;
    for (int i = 0; i < 2; i++)
        must(worker_contend(workers[i], side, duration), "telling a worker");
    for (int i = 0; i < 2; i++) {
        apr_uint64_t n;
        apr_uint64_t ns;
        must(worker_done(workers[i], &n, &ns), "a worker");
        rate += (double)n / (double)ns * 1e3;
    }
    return rate;
}

/* How many times make a run of about so many nanoseconds; a warm-up, too. */
static apr_uint64_t calibrate(const side_t *side, op_e op, manner_e manner, double duration)
{
    apr_uint64_t n = ROW;
    for (;;) {
        double ns = (double)run_times(side, op, manner, n);
        if (ns >= duration / 2)
            break;
        n = ns < duration / 32 ? n * 16 : (apr_uint64_t)((double)n * duration / ns);
    }
    return (n + ROW - 1) / ROW * ROW;
}

static double run_once(const side_t *side, op_e op, manner_e manner, apr_uint64_t n)
{
    if (manner == AGAINST)
        return run_against(side, n);
    return (double)run_times(side, op, manner, n) / (double)n;
}

static void measure(report_t *report, size_t which, const options_t *options)
{
    double values[2][RUNS_MAX];
    const side_t *side = operations[which].side;
    const side_t *sides[] = {side != NULL ? side : &ours, &bare};
    apr_uint64_t n[2];
    op_e op = operations[which].op;
    manner_e manner = operations[which].manner;
    double duration = options->seconds * 1e9 / (2 * options->runs);
    for (int s = 0; s < 2; s++)
        n[s] =
            manner == AGAINST ? (apr_uint64_t)duration : calibrate(sides[s], op, manner, duration);
    for (int run = 0; run < options->runs; run++) {
        for (int turn = 0; turn < 2; turn++) {
            int s = (run + turn) % 2;
            values[s][run] = run_once(sides[s], op, manner, n[s]);
        }
    }
    result_t result = {operations[which].name, manner == AGAINST, options->runs, values[0],
                       values[1]};
    report_add(report, &result);
}

static int wanted(size_t which, const options_t *options)
{
    const side_t *side = operations[which].side;
    if (side != NULL && side->run[operations[which].op] == NULL)
        return 0;
    return options->only == NULL || strstr(operations[which].name, options->only) != NULL;
}

static void measure_all(const options_t *options, apr_pool_t *pool)
{
    report_t *report;
    char prefix[64];
    const char *library = bare_library(pool);
    if (library == NULL) {
        fprintf(stderr, "bench: isthmus is linked statically; build the shared library\n");
        exit(1);
    }
    snprintf(prefix, sizeof prefix, "isthmus-bench-%08x", (unsigned)(bare_now() & 0xffffffff));
    must(ours.open(prefix, 1, pool), "opening ours");
    must(bare.open(prefix, 1, pool), "opening the bare ones");
    for (unsigned i = 0; i < 2; i++)
        must(worker_start(&workers[i], prefix, i, pool), "starting a worker");
    must(bare_pin(0), "keeping to one core"); /* now: workers inherit it */

    printf("isthmus %s, %s\n", ist_version(), library);
    printf("%u cores, medians of %d runs, ours and bare in turn, %g s an operation\n\n",
           bare_cores(), options->runs, options->seconds);
    must(report_begin(&report, options->csv, pool), "the CSV file");
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        if (wanted(i, options))
            measure(report, i, options);
    }
    must(report_end(report), "the CSV file");
    for (int i = 0; i < 2; i++)
        must(worker_end(workers[i]), "ending a worker");
}

static void usage(void)
{
    fprintf(stderr,
            "usage: bench [--runs N] [--seconds S] [--only NAME] [--csv FILE]\n"
            "  --runs N     of each operation and side, %d to %d (21)\n"
            "  --seconds S  for an operation, both sides together (2)\n"
            "  --only NAME  the operations whose names contain it\n"
            "  --csv FILE   write the results there, too\n",
            RUNS_MIN, RUNS_MAX);
    exit(1);
}

static void parse(options_t *options, int argc, const char *const *argv, apr_pool_t *pool)
{
    static const apr_getopt_option_t known[] = {{"runs", 'r', 1, NULL},
                                                {"seconds", 's', 1, NULL},
                                                {"only", 'o', 1, NULL},
                                                {"csv", 'c', 1, NULL},
                                                {NULL, 0, 0, NULL}};
    apr_getopt_t *state;
    apr_status_t rv;
    const char *value;
    int letter;
    must(apr_getopt_init(&state, pool, argc, argv), "options");
    while ((rv = apr_getopt_long(state, known, &letter, &value)) == APR_SUCCESS) {
        if (letter == 'r')
            options->runs = (int)strtol(value, NULL, 10);
        else if (letter == 's')
            options->seconds = strtod(value, NULL);
        else if (letter == 'o')
            options->only = value;
        else
            options->csv = value;
    }
    if (!APR_STATUS_IS_EOF(rv) || state->ind != argc || options->runs < RUNS_MIN ||
        options->runs > RUNS_MAX || !(options->seconds > 0))
        usage();
}

int main(int argc, const char *const *argv)
{
    options_t options = {21, 2.0, NULL, NULL};
    apr_pool_t *pool;
    must(apr_app_initialize(&argc, &argv, NULL), "starting APR");
    atexit(apr_terminate);
    must(apr_pool_create(&pool, NULL), "making a pool");
    if (argc == 4 && strcmp(argv[1], WORKER_OPTION) == 0)
        return worker_main(argv[2], argv[3], pool);
    parse(&options, argc, argv, pool);
    measure_all(&options, pool);
    return 0;
}
