/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tracer: see kill.h. Linux on x86-64, where ptrace can step (ptrace(2)).
 *
 * A point is so many system calls after the marker, and then so many
 * instructions: stepping alone would take hours for a call that makes files.
 */
#include "kill.h"

#include <apr_general.h>
#include <apr_getopt.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CALLS_MAX 4000 /* system calls in one traced call */
#define PATIENCE  20   /* seconds for one point, or it is stuck */

apr_pool_t *kill_pool;
const char *kill_name;

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
    int over[OUTCOMES]; /* of calls that were over before the kill */
    double longest;     /* seconds until the object was found usable */
} tally_t;

static volatile pid_t traced;

void kill_must(apr_status_t status, const char *what)
{
    char text[200];
    if (status == APR_SUCCESS)
        return;
    fflush(stdout);
    fprintf(stderr, "kill: %s: %s\n", what, ist_strerror(status, text, sizeof text));
    exit(2);
}

int kill_left(void)
{
    int left = 0;
    struct dirent *entry;
    DIR *folder = opendir("/dev/shm");
    while (folder != NULL && (entry = readdir(folder)) != NULL)
        left |= strstr(entry->d_name, kill_name) != NULL;
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

/* ---- one child --------------------------------------------------------------------- */

static void late(int number)
{
    (void)number;
    if (traced > 0)
        kill(traced, SIGKILL);
}

static pid_t start(const kill_call_t *call)
{
    int status;
    call->begin();
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        call->prepare();
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        raise(SIGSTOP);
        call->call();
        raise(SIGSTOP);
        _exit(0);
    }
    traced = child;
    alarm(PATIENCE);
    if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
        kill_must(APR_EGENERAL, "a child that stops at the marker");
    ptrace(PTRACE_SETOPTIONS, child, NULL,
           (void *)(long)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL));
    return child;
}

/* Go on to the next stop: 1, or 0 when the call is over, or the child gone. */
static int go(pid_t child, int how)
{
    int status;
    if (ptrace((enum __ptrace_request)how, child, NULL, NULL) != 0 ||
        waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
        return 0;
    return WSTOPSIG(status) != SIGSTOP;
}

static void end(pid_t child)
{
    int status;
    kill(child, SIGKILL);
    while (waitpid(child, &status, 0) == child && !WIFEXITED(status) && !WIFSIGNALED(status))
        continue;
    traced = 0;
    alarm(0);
}

/* Whether the next instruction is a system call (0f 05). */
static int at_system_call(pid_t child)
{
    struct user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, child, NULL, &registers) != 0)
        return 0;
    errno = 0;
    long word = ptrace(PTRACE_PEEKTEXT, child, (void *)registers.rip, NULL);
    return errno == 0 && (word & 0xffff) == 0x050f;
}

/* Count the instructions after each system call; returns how many of these there are. */
static int survey(const kill_call_t *call, long *between)
{
    int calls = 0;
    kill_pool = NULL;
    apr_pool_create(&kill_pool, NULL);
    pid_t child = start(call);
    between[0] = 0;
    for (int over = 0; !over && calls < CALLS_MAX - 1;) {
        int is_call = at_system_call(child);
        over = !go(child, PTRACE_SINGLESTEP);
        if (is_call)
            between[++calls] = 0;
        else
            between[calls]++;
    }
    end(child);
    (void)call->look();
    apr_pool_destroy(kill_pool);
    return calls;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Kill a fresh child at one point, and look. `half`: inside that system call. */
static void point(const kill_call_t *call, int calls, int half, long steps, tally_t *tally)
{
    apr_pool_create(&kill_pool, NULL);
    pid_t child = start(call);
    int on = 1;
    for (int stop = 0; on && stop < 2 * calls - half; stop++)
        on = go(child, PTRACE_SYSCALL);
    for (long step = 0; on && step < steps; step++)
        on = go(child, PTRACE_SINGLESTEP);
    int held = call->held && (*kill_lock_word() & 0x3fffffff) == (unsigned)child;
    end(child);
    double began = now();
    outcome_e outcome = call->look();
    double took = now() - began;
    if (call->held && (outcome == BEFORE || outcome == AFTER) && (outcome == AFTER) != held)
        outcome = WRONG;
    apr_pool_destroy(kill_pool);
    tally->points++;
    tally->seen[outcome]++;
    tally->longest = took > tally->longest ? took : tally->longest;
    tally->over[outcome] += !on;
    if (outcome == WRONG || outcome == STUCK)
        printf("  %s: killed %d system calls%s and %ld instructions on: %s\n", call->name, calls,
               half ? " (in the last)" : "", steps, outcome == STUCK ? "stuck" : "wrong");
}

/* ---- one call ----------------------------------------------------------------------- */

static unsigned next(unsigned *state, unsigned limit)
{
    *state = *state * 1103515245u + 12345u;
    return (*state >> 8) % limit;
}

static void every_instruction(const kill_call_t *call, const options_t *options, int calls,
                              const long *between, tally_t *tally)
{
    unsigned state = options->seed;
    long skip = next(&state, (unsigned)options->every);
    for (int i = 0; i <= calls; i++) {
        for (long step = 0; step <= between[i]; step++) {
            if (skip-- > 0)
                continue;
            skip = options->every - 1;
            point(call, i, 0, step, tally);
        }
    }
}

static void some_instructions(const kill_call_t *call, const options_t *options, int calls,
                              const long *between, tally_t *tally)
{
    unsigned state = options->seed;
    for (int i = 1; i <= calls; i++) {
        point(call, i, 1, 0, tally);
        point(call, i, 0, 0, tally);
    }
    for (int n = 0; n < options->points; n++) {
        int i = (int)next(&state, (unsigned)calls + 1);
        point(call, i, 0, between[i] == 0 ? 0 : (long)next(&state, (unsigned)between[i]), tally);
    }
}

static int try_call(const kill_call_t *call, const options_t *options)
{
    static long between[CALLS_MAX];
    tally_t tally = {0};
    (void)survey(call, between); /* what the driver does first once, its children do not again */
    int calls = survey(call, between);
    if (call->whole)
        some_instructions(call, options, calls, between, &tally);
    else
        every_instruction(call, options, calls, between, &tally);
    int good = tally.seen[WRONG] == 0 && tally.seen[STUCK] == 0 &&
               (tally.over[BEFORE] == 0 || tally.over[AFTER] == 0);
    printf("%-34s %7d %7d %7d %6d %6d %9.1f ms %s\n", call->name, tally.points, tally.seen[BEFORE],
           tally.seen[AFTER], tally.seen[STUCK], tally.seen[WRONG], tally.longest * 1e3,
           good ? "" : "FAILED");
    fflush(stdout);
    return good;
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
    snprintf(name, sizeof name, "kill-%ld", (long)getpid());
    kill_name = name;
    signal(SIGALRM, late);
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
