/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The driver: starts workers of a soak, kills one after another at instants
 * drawn from the seed, starts it anew, and looks that each goes on. Which
 * worker dies when follows from the seed; how the system runs them does not.
 */
#include "torture.h"

#include <apr_general.h>
#include <apr_strings.h>
#include <apr_thread_proc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KILL_HARD  9 /* SIGKILL, which not every system has a name for */
#define WORKERS    3 /* with many more an object hardly ever dies */
#define STUCK_USEC (20 * APR_USEC_PER_SEC)

const soak_t soaks[] = {
    {"lifetime", lifetime_cycle, NULL},     {"region", region_cycle, locks_hold},
    {"semaphore", units_cycle, units_hold}, {"queue", queue_cycle, traffic_hold},
    {"sole", sole_cycle, traffic_hold},     {NULL, NULL, NULL},
};

typedef struct run_t {
    const char *program, *prefix;
    const soak_t *soak;
    apr_uint32_t random;
    board_t *board;
    apr_pool_t *pool, *held, *life[WORKERS];
    apr_proc_t process[WORKERS];
    apr_uint64_t seen[WORKERS];
    apr_time_t since[WORKERS];
    int objects, live;
} run_t;

apr_uint32_t draw(apr_uint32_t *random, apr_uint32_t limit)
{
    *random = *random * 1664525u + 1013904223u; /* Knuth's, by way of Numerical Recipes */
    return (apr_uint32_t)((apr_uint64_t)*random * limit >> 32);
}

void violated(worker_t *self, int line, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (atomic_fetch_add(&self->board->violations, 1) < 10)
        fprintf(stderr, "violation: worker %u, line %d: %s\n", self->number, line, text);
}

static void die(const char *what, apr_status_t status)
{
    char text[120];
    fprintf(stderr, "torture: %s: %s\n", what, ist_strerror(status, text, sizeof text));
    exit(2);
}

static board_t *open_board(const char *prefix, apr_uint32_t flags, apr_pool_t *pool)
{
    ist_shm_t *shm;
    apr_status_t status = ist_shm_open(&shm, apr_pstrcat(pool, prefix, ".board", NULL),
                                       sizeof(board_t), flags, 0, pool);
    if (status != APR_SUCCESS)
        die("board", status);
    return ist_shm_base(shm);
}

static const soak_t *find(const char *name)
{
    const soak_t *soak = soaks;
    while (soak->name != NULL && strcmp(soak->name, name) != 0)
        soak++;
    return soak->name == NULL ? NULL : soak;
}

/* torture --worker SOAK PREFIX NUMBER SEED */
static int work(const char *const *argv, apr_pool_t *pool)
{
    worker_t self = {.prefix = argv[3],
                     .number = (apr_uint32_t)atoi(argv[4]),
                     .random = (apr_uint32_t)strtoul(argv[5], NULL, 10)};
    const soak_t *soak = find(argv[2]);
    if (soak == NULL || self.number >= WORKERS_MAX)
        return 2;
    self.board = open_board(self.prefix, 0, pool);
    self.place = &self.board->place[self.number];
    apr_pool_create(&self.pool, pool);
    while (!atomic_load(&self.board->stop)) {
        soak->cycle(&self);
        apr_pool_clear(self.pool); /* closes what is open */
        atomic_fetch_add(&self.place->cycles, 1);
    }
    return 0;
}

static void start(run_t *run, int i)
{
    apr_procattr_t *attribute;
    apr_pool_clear(run->life[i]);
    const char *argv[] = {run->program,
                          "--worker",
                          run->soak->name,
                          run->prefix,
                          apr_itoa(run->life[i], i),
                          apr_psprintf(run->life[i], "%u", draw(&run->random, UINT32_MAX)),
                          NULL};
    apr_status_t status = apr_procattr_create(&attribute, run->life[i]);
    if (status == APR_SUCCESS)
        status = apr_procattr_cmdtype_set(attribute, APR_PROGRAM_ENV);
    if (status == APR_SUCCESS)
        status = apr_proc_create(&run->process[i], argv[0], argv, NULL, attribute, run->life[i]);
    if (status != APR_SUCCESS)
        die("a worker", status);
    run->since[i] = apr_time_now();
}

/* Marked before the kill, and unmarked only when it was reaped. */
static void replace(run_t *run, int i)
{
    place_t *place = &run->board->place[i];
    atomic_fetch_add(&place->life, 1);
    atomic_fetch_add(&run->board->kills, 1);
    apr_proc_kill(&run->process[i], KILL_HARD);
    apr_proc_wait(&run->process[i], NULL, NULL, APR_WAIT);
    for (int slot = 0; slot < NAMES; slot++)
        atomic_store(&place->kept[slot], 0);
    atomic_fetch_add(&place->life, 1);
    start(run, i);
}

static int stuck(run_t *run)
{
    apr_time_t now = apr_time_now();
    for (int i = 0; i < WORKERS; i++) {
        apr_uint64_t cycles = atomic_load(&run->board->place[i].cycles);
        if (cycles != run->seen[i])
            run->since[i] = now;
        run->seen[i] = cycles;
        if (now - run->since[i] > STUCK_USEC) {
            fprintf(stderr, "stuck: worker %d, process %ld, line %u\n", i,
                    (long)run->process[i].pid, atomic_load(&run->board->place[i].where));
            return 1;
        }
    }
    return 0;
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

/* All have ended: only the board lives, and after a sweep it alone is there. */
static int clean(run_t *run)
{
    if (ist_list(count, run, run->pool) != APR_SUCCESS || run->live != 1)
        return 0;
    run->objects = run->live = 0;
    return ist_sweep(NULL, run->pool) == APR_SUCCESS &&
           ist_list(count, run, run->pool) == APR_SUCCESS && run->objects == 1;
}

static int soak(run_t *run, int seconds, apr_uint32_t seed)
{
    unsigned long kills = 0;
    apr_uint64_t cycles = 0;
    int hung = 0;
    apr_time_t end = apr_time_now() + apr_time_from_sec(seconds);
    for (int i = 0; i < WORKERS; i++)
        apr_pool_create(&run->life[i], run->pool), start(run, i);
    while (!hung && apr_time_now() < end && atomic_load(&run->board->violations) == 0) {
        int victim = (int)draw(&run->random, WORKERS);
        apr_sleep(draw(&run->random, 60000)); /* any instant will do */
        hung = stuck(run);
        if (!hung)
            replace(run, victim), kills++;
    }
    atomic_store(&run->board->stop, 1);
    for (int i = 0; i < WORKERS; i++) {
        if (hung)
            apr_proc_kill(&run->process[i], KILL_HARD);
        apr_proc_wait(&run->process[i], NULL, NULL, APR_WAIT);
        cycles += atomic_load(&run->board->place[i].cycles);
    }
    apr_pool_destroy(run->held);
    unsigned bad = atomic_load(&run->board->violations);
    int left = !clean(run);
    printf("%s seed %u: %lu cycles, %lu kills, %u violations%s%s\n", run->soak->name, seed,
           (unsigned long)cycles, kills, bad, hung ? ", stuck" : "", left ? ", leftovers" : "");
    return bad > 0 || hung || left || cycles == 0;
}

int main(int argc, const char *const *argv)
{
    apr_pool_t *pool;
    run_t run = {.program = argv[0]};
    apr_app_initialize(&argc, &argv, NULL);
    apr_pool_create(&pool, NULL);
    if (argc == 6 && strcmp(argv[1], "--worker") == 0)
        return work(argv, pool);
    if (argc != 4 || (run.soak = find(argv[1])) == NULL || atoi(argv[2]) < 1) {
        fprintf(stderr, "torture: usage: torture SOAK SECONDS SEED\n");
        return 2;
    }
    run.random = (apr_uint32_t)strtoul(argv[3], NULL, 10);
    run.pool = pool;
    run.prefix = apr_psprintf(pool, "torture-%" APR_TIME_T_FMT, apr_time_now());
    run.board = open_board(run.prefix, IST_CREATE_ONLY, pool);
    apr_pool_t *held;
    apr_pool_create(&held, pool);
    if (run.soak->hold != NULL) {
        apr_status_t status = run.soak->hold(run.prefix, held);
        if (status != APR_SUCCESS)
            die("what is held", status);
    }
    run.held = held;
    int failed = soak(&run, atoi(argv[2]), run.random);
    apr_terminate();
    return failed;
}
