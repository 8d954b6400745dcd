/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The driver: starts workers of a soak, at instants drawn from the seed stops
 * one for a while, or kills it and starts it anew, and looks that each goes on.
 * What happens to which worker when follows from the seed; how the system runs
 * them does not.
 */
#include "torture.h"

#include <apr_thread_proc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <system.h>

#define KILL_HARD  9     /* SIGKILL, which not every system has a name for */
#define WORKERS    3     /* where the soak does not say */
#define PAUSE      40000 /* microseconds, at most, from one event to the next */
#define BRIEF      20000 /* the same, where a new worker costs little */
#define PROGRAMS   8     /* starts, about, until one is a program's, not a fork */
#define MANY       300   /* kills, of which one at least meets an owner */
#define STAND      15000 /* that a stopped worker stands */
#define PHASE      12    /* events, about, until all do something else */
#define STUCK_USEC (20 * APR_USEC_PER_SEC)

typedef struct run_t {
    const char *program, *prefix;
    const soak_t *soak;
    apr_uint32_t random;
    board_t *board;
    apr_pool_t *pool, *held, *life[WORKERS_MAX];
    apr_proc_t process[WORKERS_MAX];
    apr_uint64_t seen[WORKERS_MAX];
    apr_time_t since[WORKERS_MAX];
    int writers, workers; /* and a reader, if any, more */
    int forks;            /* most workers are forked */
    int objects, live;
    unsigned long kills, stops, cycles, turns;
    worker_t self; /* what the soak's own code sees of the driver */
} run_t;

static void execute(run_t *run, int i, const char *const *argv)
{
    apr_procattr_t *attribute;
    apr_status_t status = apr_procattr_create(&attribute, run->life[i]);
    if (status == APR_SUCCESS)
        status = apr_procattr_cmdtype_set(attribute, APR_PROGRAM_ENV);
    if (status == APR_SUCCESS)
        status = apr_proc_create(&run->process[i], argv[0], argv, NULL, attribute, run->life[i]);
    if (status != APR_SUCCESS)
        die("a worker", status);
}

/* This costs a tenth of a program's start: there are more deaths, and more cycles. */
static void split(run_t *run, int i, const char *const *argv)
{
    long child = tst_sys_fork();
    if (child == 0)
        tst_sys_exit_now(work(argv));
    if (child < 0)
        die("a worker", APR_EGENERAL);
    run->process[i].pid = (pid_t)child;
}

static void start(run_t *run, int i)
{
    apr_pool_clear(run->life[i]);
    int apart = draw(&run->random, PROGRAMS) == 0;
    const char *argv[] = {run->program,
                          i < run->writers ? "--worker" : "--reader",
                          run->soak->name,
                          run->prefix,
                          apr_itoa(run->life[i], i),
                          apr_psprintf(run->life[i], "%u", draw(&run->random, UINT32_MAX)),
                          NULL};
    if (run->forks && !apart)
        split(run, i, argv);
    else
        execute(run, i, argv);
    run->since[i] = apr_time_now();
}

/* Marked before the kill, and unmarked only when it was reaped. */
void drive_kill(worker_t *driver, apr_uint32_t number)
{
    run_t *run = driver->run;
    place_t *place = &run->board->place[number];
    atomic_fetch_add(&place->life, 1);
    atomic_fetch_add(&run->board->kills, 1);
    apr_proc_kill(&run->process[number], KILL_HARD);
    apr_proc_wait(&run->process[number], NULL, NULL, APR_WAIT);
    atomic_fetch_add(&run->board->reaped, 1);
    run->kills++;
}

void drive_start(worker_t *driver, apr_uint32_t number)
{
    run_t *run = driver->run;
    place_t *place = &run->board->place[number];
    for (int slot = 0; slot < NAMES; slot++)
        atomic_store(&place->kept[slot], 0);
    if (run->soak->died != NULL) {
        worker_t dead = {.board = run->board, .place = place, .number = number};
        run->soak->died(&dead);
    }
    atomic_fetch_add(&place->life, 1);
    start(run, (int)number);
}

/* Who is stopped is alive (LIFE-2), and holds what it holds. */
static void suspend(run_t *run, int i, apr_uint32_t usec)
{
    if (!tst_can(TST_STOP))
        return;
    tst_stop((long)run->process[i].pid);
    apr_sleep(usec);
    run->stops++;
}

static int stuck(run_t *run)
{
    apr_time_t now = apr_time_now();
    for (int i = 0; i < run->workers; i++) {
        apr_uint64_t turns = atomic_load(&run->board->place[i].turns);
        if (turns != run->seen[i])
            run->since[i] = now;
        run->seen[i] = turns;
        if (now - run->since[i] > tst_scaled(STUCK_USEC)) {
            fprintf(stderr, "stuck: worker %d, process %ld, line %u\n", i,
                    (long)run->process[i].pid, atomic_load(&run->board->place[i].where));
            return 1;
        }
    }
    return 0;
}

/* One event. All numbers are drawn, whether they are used or not. */
static void step(run_t *run)
{
    int victim = (int)draw(&run->random, (apr_uint32_t)run->workers);
    apr_uint32_t pause = draw(&run->random, (apr_uint32_t)tst_scaled(run->forks ? BRIEF : PAUSE));
    apr_uint32_t what = draw(&run->random, 6);
    apr_uint32_t stands = draw(&run->random, STAND);
    if (draw(&run->random, PHASE) == 0)
        atomic_fetch_add(&run->board->phase, 1);
    apr_sleep(pause); /* any instant will do */
    if (what < 3)
        suspend(run, victim, stands);
    if (what > 1) { /* also as it stands */
        drive_kill(&run->self, (apr_uint32_t)victim);
        drive_start(&run->self, (apr_uint32_t)victim);
    } else if (tst_can(TST_STOP))
        tst_continue((long)run->process[victim].pid);
}

static apr_status_t count(void *baton, const ist_info_t *info)
{
    run_t *run = baton;
    if (strncmp(info->name, run->prefix, strlen(run->prefix)) == 0) {
        run->objects++;
        run->live += info->state == IST_STATE_LIVE;
    }
    return APR_SUCCESS;
}

/* Only the board lives; what killed parents forked has let go soon. */
static int only_board(run_t *run)
{
    apr_time_t end = apr_time_now() + tst_scaled(STUCK_USEC);
    do {
        run->objects = run->live = 0;
        if (ist_list(count, run, run->pool) != APR_SUCCESS)
            return 0;
        if (run->live == 1)
            return 1;
        apr_sleep(2000);
    } while (apr_time_now() < end);
    return 0;
}

/* All have ended; after a sweep the board alone is there. */
static int clean(run_t *run)
{
    return only_board(run) && ist_sweep(NULL, run->pool) == APR_SUCCESS && only_board(run) &&
           run->objects == 1;
}

static void end_workers(run_t *run, int hung)
{
    atomic_store(&run->board->stop, 1);
    if (run->soak->end != NULL)
        run->soak->end(&run->self);
    for (int i = 0; i < run->workers; i++) {
        if (hung)
            apr_proc_kill(&run->process[i], KILL_HARD);
        apr_proc_wait(&run->process[i], NULL, NULL, APR_WAIT);
        run->cycles += atomic_load(&run->board->place[i].cycles);
        run->turns += atomic_load(&run->board->place[i].turns);
    }
}

/* A soak in which something never happened shows nothing. */
static int empty(const run_t *run)
{
    board_t *board = run->board;
    int audited = run->soak->audit == NULL || atomic_load(&board->audits) > 0;
    int told = !run->soak->tells || run->kills < MANY || atomic_load(&board->told) > 0;
    int read = run->workers == run->writers || atomic_load(&board->reads) > 0;
    const char *lacks = run->kills == 0    ? "kill"
                        : run->cycles == 0 ? "cycle"
                        : !audited         ? "audit that agreed"
                        : !told            ? "death told"
                        : !read            ? "open of another user"
                                           : NULL;
    if (lacks != NULL)
        fprintf(stderr, "%s: not one %s\n", run->soak->name, lacks);
    return lacks != NULL;
}

static int report(run_t *run, apr_uint32_t seed, int hung)
{
    const board_t *board = run->board;
    unsigned bad = atomic_load(&board->violations);
    int left = !clean(run);
    printf("%s seed %u: %lu cycles in %lu turns, %lu kills, %lu stops, %u forks, "
           "%u lists and sweeps, ",
           run->soak->name, seed, run->cycles, run->turns, run->kills, run->stops,
           atomic_load(&board->forks), atomic_load(&board->looks));
    if (run->soak->audit != NULL)
        printf("%u audits, ", atomic_load(&board->audits));
    if (run->soak->tells)
        printf("%u deaths told, ", atomic_load(&board->told));
    if (atomic_load(&board->slowest) > 0)
        printf("all units taken within %u ms, ", atomic_load(&board->slowest) / 1000);
    if (run->soak->read != NULL)
        printf("%u opens of another user, ", atomic_load(&board->reads));
    printf("%u violations%s%s\n", bad, hung ? ", stuck" : "", left ? ", leftovers" : "");
    return bad > 0 || hung || left || empty(run);
}

static int soak(run_t *run, int seconds, apr_uint32_t seed)
{
    int hung = 0;
    apr_time_t end = apr_time_now() + apr_time_from_sec(seconds);
    for (int i = 0; i < run->workers; i++)
        apr_pool_create(&run->life[i], run->pool), start(run, i);
    for (int n = 1; !hung && apr_time_now() < end && atomic_load(&run->board->violations) == 0;
         n++) {
        step(run);
        hung = stuck(run);
        if (!hung && n % AUDIT == 0 && run->soak->audit != NULL)
            run->soak->audit(&run->self), apr_pool_clear(run->self.pool);
    }
    if (!hung && run->soak->audit != NULL && atomic_load(&run->board->violations) == 0)
        run->soak->audit(&run->self); /* of all */
    end_workers(run, hung);
    apr_pool_destroy(run->held);
    return report(run, seed, hung);
}

/* What can't be mixed in here. */
static void tell_lacking(const soak_t *soak)
{
    static const tst_cap_t needed[] = {TST_FORK, TST_STOP, TST_USERS};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (!tst_can(needed[i]) && (needed[i] != TST_USERS || soak->read != NULL))
            printf("%s: left out: %s\n", soak->name, tst_why_not(needed[i]));
    }
}

int drive(const char *program, const soak_t *what, int seconds, apr_uint32_t seed, apr_pool_t *pool)
{
    run_t run = {.program = program, .soak = what, .random = seed, .pool = pool};
    run.writers = what->workers > 0 ? what->workers : WORKERS;
    run.workers = run.writers + (what->read != NULL && tst_can(TST_USERS));
    /* A forked worker has open what the driver has: it is to open more than that itself. */
    run.forks = what->hold == NULL && tst_can(TST_FORK);
    run.prefix = apr_psprintf(pool, "torture-%" APR_TIME_T_FMT, apr_time_now());
    run.board = open_board(run.prefix, IST_CREATE_ONLY, pool);
    run.self = (worker_t){.board = run.board,
                          .number = (apr_uint32_t)run.workers,
                          .place = &run.board->place[run.workers],
                          .prefix = run.prefix,
                          .patience = tst_scaled(STUCK_USEC),
                          .run = &run};
    apr_pool_create(&run.self.pool, pool);
    tell_lacking(what);
    apr_pool_create(&run.held, pool);
    if (what->hold != NULL) {
        apr_status_t status = what->hold(run.board, run.prefix, run.held);
        if (status != APR_SUCCESS)
            die("what is held", status);
    }
    return soak(&run, seconds, seed);
}
