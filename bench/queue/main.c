/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Queues beside the bare ring and beside their peers, all in the same run and in
 * turn, so that what else the machine does hits all alike.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <apr_general.h>
#include <apr_getopt.h>
#include <isthmus.h>

#include "run.h"
#include "table.h"

measures_t measures;
unsigned char *buffer;

typedef struct options_t {
    int runs;
    double seconds; /* of one run */
    double fair;    /* of one run for fairness */
    const char *sizes;
    const char *only;
    const char *what;
    const char *csv;
} options_t;

static const char *const placements[] = {"two cores", "one core", "unpinned"};

/* The memory that the messages of a channel may take, about. */
#define ROOM (1 << 20)

static void measure_of(size_t size)
{
    static char prefix[40];
    uint32_t capacity = (uint32_t)(ROOM / (size + 8));
    snprintf(prefix, sizeof prefix, "isthmus-bench-%ld", (long)getpid());
    measures = (measures_t){size, capacity < 16 ? 16 : capacity, prefix};
    free(buffer);
    buffer = malloc(size * BATCH);
    bench_must(buffer != NULL, "memory");
    memset(buffer, 1, size * BATCH);
}

static int wanted(const options_t *options, const channel_t *channel)
{
    if (channel->largest != 0 && measures.size > channel->largest)
        return 0;
    return options->only == NULL || strstr(channel->name, options->only) != NULL;
}

static int asked(const options_t *options, const char *what)
{
    return options->what == NULL || strstr(options->what, what) != NULL;
}

/* ---- what is measured ------------------------------------------------------------ */

#define CHANNELS_MAX 20

typedef struct place_t {
    const char *name;
    crowd_t crowd;
} place_t;

#define PLACES_MAX 3

static int takes_part(const options_t *options, const channel_t *channel, int crowded)
{
    return wanted(options, channel) && (!crowded || channel->many);
}

/* One run of every channel in every place: neighbours in time are what is compared.
 * The first only finds out how many messages fill the seconds. */
static void run_all(const options_t *options, const place_t *places, int some, double seconds,
                    int run)
{
    static uint64_t n[PLACES_MAX][CHANNELS_MAX];
    static row_t *rows[PLACES_MAX][CHANNELS_MAX];
    for (int p = 0; p < some; p++) {
        for (int i = 0; channels[i] != NULL; i++) {
            const channel_t *channel = channels[i];
            if (!takes_part(options, channel, places[0].crowd.senders > 1))
                continue;
            if (run < 0) {
                n[p][i] = run_calibrate(channel, &places[p].crowd, seconds);
                rows[p][i] = table_row(RATE, places[p].name, measures.size, channel->name);
                continue;
            }
            row_t *row = rows[p][i];
            row->value[row->runs++] = run_throughput(channel, &places[p].crowd, n[p][i]);
        }
    }
}

static void throughput(const options_t *options, const place_t *places, int some, double seconds)
{
    for (int run = -1; run < options->runs; run++)
        run_all(options, places, some, seconds, run);
}

static void round_trips(const options_t *options, placement_e placement)
{
    static const what_e whats[] = {P50, P99, P999};
    static const double parts[] = {0.5, 0.99, 0.999};
    row_t *rows[CHANNELS_MAX][3] = {{NULL}};
    uint64_t n[CHANNELS_MAX] = {0};
    for (int run = -1; run < options->runs; run++) {
        for (int i = 0; channels[i] != NULL; i++) {
            const channel_t *channel = channels[i];
            /* Who only spins is a matter of seconds on one core. */
            if (!wanted(options, channel) || channel->ping == NULL ||
                (placement != TWO_CORES && channel == &bare_inband))
                continue;
            if (rows[i][0] == NULL) { /* the first time */
                const uint32_t *samples = run_round_trips(channel, placement, 200);
                double many = options->seconds * 1e9 / samples[100];
                n[i] = many > SAMPLES_MAX ? SAMPLES_MAX : many < 100 ? 100 : (uint64_t)many;
                for (int k = 0; k < 3; k++)
                    rows[i][k] =
                        table_row(whats[k], placements[placement], measures.size, channel->name);
                continue;
            }
            const uint32_t *samples = run_round_trips(channel, placement, n[i]);
            for (int k = 0; k < 3; k++)
                rows[i][k]->value[rows[i][k]->runs++] =
                    samples[(uint64_t)((double)(n[i] - 1) * parts[k])];
        }
    }
}

/* More processes than cores: a run is to be longer than their turns. */
#define CROWD_SECONDS 0.5

static void crowds(const options_t *options)
{
    static const place_t places[] = {
        {"4 to 4", {4, 4, UNPINNED}}, {"4 to 1", {4, 1, UNPINNED}}, {"1 to 1", {1, 1, UNPINNED}}};
    if (asked(options, "crowd"))
        throughput(options, places, 3,
                   options->seconds > CROWD_SECONDS ? options->seconds : CROWD_SECONDS);
    for (int i = 0; i < 2 && asked(options, "fair"); i++) {
        row_t *row = table_row(FAIR, places[i].name, measures.size, ours_shared.name);
        for (; row->runs < options->runs; row->runs++)
            row->value[row->runs] = run_fairness(&ours_shared, &places[i].crowd, options->fair);
    }
}

static void idle(const options_t *options)
{
    row_t *row = table_row(IDLE, placements[TWO_CORES], measures.size, ours_sole.name);
    for (; row->runs < options->runs; row->runs++)
        row->value[row->runs] = run_idle(&ours_sole, 2);
}

static void measure_all(const options_t *options)
{
    static const place_t two_cores = {"two cores", {1, 1, TWO_CORES}};
    static const place_t unpinned = {"unpinned", {1, 1, UNPINNED}};
    for (const char *at = options->sizes; *at != '\0';) {
        char *end;
        measure_of(strtoul(at, &end, 10));
        at = *end == ',' ? end + 1 : end;
        fprintf(stderr, "bench: %zu bytes\n", measures.size);
        if (asked(options, "rate"))
            throughput(options, &two_cores, 1, options->seconds);
        if (asked(options, "trip"))
            round_trips(options, TWO_CORES);
        if (measures.size != 64)
            continue;
        if (asked(options, "unpinned"))
            throughput(options, &unpinned, 1, options->seconds);
        if (asked(options, "trip")) {
            round_trips(options, ONE_CORE);
            round_trips(options, UNPINNED);
        }
        crowds(options);
        if (asked(options, "idle"))
            idle(options);
    }
}

/* ---- options ---------------------------------------------------------------------- */

static void usage(void)
{
    fprintf(stderr,
            "usage: queue [--runs N] [--seconds S] [--sizes LIST] [--only NAME] [--what LIST]\n"
            "             [--fair S] [--csv FILE]\n"
            "  --runs N      of each channel, %d to %d (%d); medians are told\n"
            "  --seconds S   one run (0.05)\n"
            "  --sizes LIST  bytes (8,64,256,1024,4096,65536,1048576)\n"
            "  --only NAME   the channels whose names contain it\n"
            "  --what LIST   of rate,trip,unpinned,crowd,fair,idle (all; those from unpinned on\n"
            "                for 64 bytes alone)\n"
            "  --fair S      one run for fairness (10)\n"
            "  --csv FILE    write the results there, too\n",
            RUNS_MIN, RUNS_MAX, RUNS_MIN);
    exit(2);
}

static void parse(options_t *options, int argc, const char *const *argv, apr_pool_t *pool)
{
    static const apr_getopt_option_t known[] = {{"runs", 'r', 1, NULL},  {"seconds", 's', 1, NULL},
                                                {"sizes", 'z', 1, NULL}, {"only", 'o', 1, NULL},
                                                {"what", 'w', 1, NULL},  {"fair", 'f', 1, NULL},
                                                {"csv", 'c', 1, NULL},   {NULL, 0, 0, NULL}};
    apr_getopt_t *state;
    apr_status_t rv;
    const char *value;
    int letter;
    bench_must(apr_getopt_init(&state, pool, argc, argv) == APR_SUCCESS, "options");
    while ((rv = apr_getopt_long(state, known, &letter, &value)) == APR_SUCCESS) {
        switch (letter) {
        case 'r':
            options->runs = (int)strtol(value, NULL, 10);
            break;
        case 's':
            options->seconds = strtod(value, NULL);
            break;
        case 'z':
            options->sizes = value;
            break;
        case 'o':
            options->only = value;
            break;
        case 'w':
            options->what = value;
            break;
        case 'f':
            options->fair = strtod(value, NULL);
            break;
        default:
            options->csv = value;
        }
    }
    if (!APR_STATUS_IS_EOF(rv) || state->ind != argc || options->runs < RUNS_MIN ||
        options->runs > RUNS_MAX || !(options->seconds > 0) || !(options->fair > 0) ||
        strspn(options->sizes, "0123456789,") != strlen(options->sizes))
        usage();
}

int main(int argc, const char *const *argv)
{
    options_t options = {RUNS_MIN, 0.05, 10, "8,64,256,1024,4096,65536,1048576", NULL, NULL, NULL};
    apr_pool_t *pool;
    struct utsname system;
    bench_must(apr_app_initialize(&argc, &argv, NULL) == APR_SUCCESS, "starting APR");
    bench_must(apr_pool_create(&pool, NULL) == APR_SUCCESS, "making a pool");
    setpgid(0, 0); /* a failure ends all of this, and no more */
    parse(&options, argc, argv, pool);
    uname(&system);
    printf("isthmus %s, %s %s %s, %ld cores, medians of %d runs of %g s\n", ist_version(),
           system.sysname, system.release, system.machine, sysconf(_SC_NPROCESSORS_ONLN),
           options.runs, options.seconds);
    for (int i = 0; left_out[i] != NULL; i++)
        printf("left out: %s is not installed\n", left_out[i]);
    measure_all(&options);
    table_print();
    if (options.csv != NULL && !table_csv(options.csv)) {
        fprintf(stderr, "bench: can't write %s\n", options.csv);
        return 1;
    }
    return 0;
}
