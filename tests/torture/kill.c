/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The driver: see kill.h. It numbers the instructions of each call, has it killed at
 * some or all of them, and tells what was seen.
 */
#include "kill.h"

#include <apr_general.h>
#include <apr_getopt.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECOVERY 0.5 /* seconds, scaled: twice what MTX-4 and SEM-4 promise */

apr_pool_t *kill_pool;
const char *kill_name;
unsigned kill_turn, kill_there;

typedef struct options_t {
    const char *only;
    int points; /* of a whole call, besides its system calls */
    int every;  /* instruction of another, one in so many */
    unsigned seed;
} options_t;

/* What one call's points gave. */
typedef struct tally_t {
    int points;
    int seen[OUTCOMES];
    double longest; /* seconds until the object was found usable */
} tally_t;

void kill_must(apr_status_t status, const char *what)
{
    char text[200];
    if (status == APR_SUCCESS)
        return;
    fflush(stdout);
    fprintf(stderr, "kill: %s: %s\n", what, ist_strerror(status, text, sizeof text));
    exit(2);
}

unsigned kill_left(void)
{
    unsigned left = 0;
    struct dirent *entry;
    DIR *folder = opendir("/dev/shm");
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (strstr(entry->d_name, kill_name) == NULL)
            continue;
        int object = strncmp(entry->d_name, "ist.", 4) == 0;
        left |= object ? KILL_KIND(entry->d_name[4]) : KILL_BELL;
    }
    if (folder != NULL)
        closedir(folder);
    return left;
}

/* The inode of the object's file. */
static unsigned long inode_of(const char *kind)
{
    char path[300];
    struct stat file;
    snprintf(path, sizeof path, "/dev/shm/ist.%s.%u.%s", kind, (unsigned)geteuid(), kill_name);
    return stat(path, &file) == 0 ? (unsigned long)file.st_ino : 0;
}

/* The lock word of the object's first mutex, where the driver has it mapped: its
 * place is docs/layout.md's, its low bits are the owner's thread id (futex(2)). */
const volatile unsigned *kill_lock_word(void)
{
    char line[500];
    unsigned long at = 0, inode, from;
    unsigned long wanted = inode_of("m") != 0 ? inode_of("m") : inode_of("r");
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps != NULL && at == 0 && fgets(line, sizeof line, maps) != NULL) {
        if (sscanf(line, "%lx-%*x %*s %*x %*s %lu", &from, &inode) == 2 && inode == wanted)
            at = from;
    }
    if (maps != NULL)
        fclose(maps);
    if (at == 0 || wanted == 0)
        kill_must(APR_EGENERAL, "a mapped mutex");
    return (const volatile unsigned *)(at + 256);
}

/* ---- one call ----------------------------------------------------------------------- */

static void point(const kill_call_t *call, kill_place_t place, tally_t *tally)
{
    double took;
    tally->seen[kill_at(call, &place, &took)]++;
    tally->points++;
    tally->longest = took > tally->longest ? took : tally->longest;
}

static unsigned next(unsigned *state, unsigned limit)
{
    *state = *state * 1103515245u + 12345u;
    return (*state >> 8) % limit;
}

/* The instructions of a call are numbered through: these are so many of them, spread
 * evenly, and all where there are no more. */
static void spread(const kill_call_t *call, const options_t *options, int calls,
                   const long *between, tally_t *tally)
{
    unsigned state = options->seed;
    long total = 0, number = 0;
    for (int i = 0; i <= calls; i++)
        total += between[i] + 1;
    long points = call->whole ? options->points : (total - 1) / options->every + 1;
    if (points < 1)
        return;
    points = points < total ? points : total;
    long offset = next(&state, (unsigned)(total / points)), taken = 0;
    for (int i = 0; i <= calls; i++) {
        for (long step = 0; step <= between[i]; step++) {
            if (number++ != offset + taken * total / points)
                continue;
            taken++;
            point(call, (kill_place_t){i, 0, step}, tally);
        }
    }
}

/* And in each system call of a whole one, after each, and when the call is over. */
static void try_points(const kill_call_t *call, const options_t *options, int calls,
                       const long *between, tally_t *tally)
{
    for (int i = 1; call->whole && i <= calls; i++) {
        point(call, (kill_place_t){i, 1, 0}, tally);
        point(call, (kill_place_t){i, 0, 0}, tally);
    }
    spread(call, options, calls, between, tally);
    point(call, (kill_place_t){calls, 0, KILL_END}, tally);
}

static const char *fault(const kill_call_t *call, const tally_t *tally)
{
    if (tally->seen[WRONG] != 0 || tally->seen[STUCK] != 0)
        return "FAILED";
    if (tally->seen[call->first] == 0 || tally->seen[call->done] == 0)
        return "FAILED: one outcome was never seen";
    return tally->longest > kill_scaled(RECOVERY) ? "FAILED: recovered too late" : NULL;
}

static int try_call(const kill_call_t *call, const options_t *options)
{
    static long between[KILL_CALLS_MAX];
    tally_t tally = {0};
    (void)kill_survey(call, between); /* what the driver does first once, its children do not */
    int calls = kill_survey(call, between);
    try_points(call, options, calls, between, &tally);
    const char *why = fault(call, &tally);
    printf("%-34s %7d %7d %7d %6d %6d %9.1f ms %s\n", call->name, tally.points, tally.seen[BEFORE],
           tally.seen[AFTER], tally.seen[STUCK], tally.seen[WRONG], tally.longest * 1e3,
           why == NULL ? "" : why);
    fflush(stdout);
    return why == NULL;
}

static void usage(void)
{
    fprintf(stderr, "usage: kill [--only NAME] [--points N] [--every N] [--seed N]\n");
    exit(2);
}

static void parse(options_t *options, int argc, const char *const *argv, apr_pool_t *pool)
{
    static const apr_getopt_option_t known[] = {{"only", 'o', 1, NULL},
                                                {"points", 'p', 1, NULL},
                                                {"every", 'e', 1, NULL},
                                                {"seed", 's', 1, NULL},
                                                {NULL, 0, 0, NULL}};
    apr_getopt_t *state;
    apr_status_t rv;
    const char *value;
    int letter;
    kill_must(apr_getopt_init(&state, pool, argc, argv), "options");
    while ((rv = apr_getopt_long(state, known, &letter, &value)) == APR_SUCCESS) {
        if (letter == 'o')
            options->only = value;
        else if (letter == 'p')
            options->points = atoi(value);
        else if (letter == 'e')
            options->every = atoi(value);
        else
            options->seed = (unsigned)strtoul(value, NULL, 10);
    }
    if (!APR_STATUS_IS_EOF(rv) || state->ind != argc || options->points < 0 || options->every < 1)
        usage();
}

int main(int argc, const char *const *argv)
{
    static const kill_call_t *const tables[] = {kill_locks, kill_counts, kill_wakes, kill_queues,
                                                kill_lives};
    options_t options = {NULL, 2000, 1, (unsigned)getpid()};
    apr_pool_t *pool;
    char name[40];
    int passed = 0, failed = 0;
    kill_must(apr_app_initialize(&argc, &argv, NULL), "starting APR");
    kill_must(apr_pool_create(&pool, NULL), "a pool");
    kill_pool = pool;
    if (argc == 4 && strcmp(argv[1], "--visit") == 0)
        return kill_visit(argv[2], (ist_kind_e)argv[3][0]);
    parse(&options, argc, argv, pool);
    snprintf(name, sizeof name, "kill-%ld-x", (long)getpid());
    kill_name = name;
    kill_turn = options.seed;
    printf("seed %u\n%-34s %7s %7s %7s %6s %6s %12s\n", options.seed, "call", "points", "before",
           "after", "stuck", "wrong", "recovered in");
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        for (const kill_call_t *call = tables[t]; call->name != NULL; call++) {
            if (options.only != NULL && strstr(call->name, options.only) == NULL)
                continue;
            if (try_call(call, &options))
                passed++;
            else
                failed++;
        }
    }
    kill_must(ist_sweep(NULL, pool), "sweeping");
    printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 && passed > 0 ? 0 : 1;
}
