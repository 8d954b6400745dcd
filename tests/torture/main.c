/* SPDX-License-Identifier: Apache-2.0 */
/* The soaks' program: the driver, or a worker that it started. */
#include "torture.h"

#include <apr_general.h>
#include <apr_strings.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <system.h>

const soak_t soaks[] = {
    {.name = "lifetime",
     .cycle = lifetime_cycle,
     .workers = 3 * LIFETIME_TEAMS,
     .read = lifetime_read},
    {.name = "mutex",
     .cycle = mutex_cycle,
     .tells = 1,
     .hold = mutex_hold,
     .read = mutex_read,
     .died = ledger_died,
     .audit = locks_audit},
    {.name = "region",
     .cycle = region_cycle,
     .tells = 1,
     .hold = region_hold,
     .read = region_read,
     .died = ledger_died,
     .audit = locks_audit},
    {.name = "semaphore",
     .cycle = units_cycle,
     .workers = 4, /* two to post, two to take */
     .hold = units_hold,
     .died = ledger_died,
     .audit = units_audit,
     .end = units_end},
    {.name = "queue", .cycle = queue_cycle, .hold = traffic_hold},
    {.name = "sole", .cycle = sole_cycle, .hold = traffic_hold},
    {.name = NULL},
};

/* The test support is used for what systems do differently; it has no cases here. */
const tst_case_t *const tst_tables[] = {NULL};
const tst_role_t tst_roles[] = {{NULL, NULL}};

/* Odd while it dies: it is still the life before. */
apr_uint32_t mark_of(const worker_t *self)
{
    return (atomic_load(&self->place->life) & ~1u) * WORKERS_MAX + self->number + 1;
}

apr_uint32_t mark_number(apr_uint32_t mark)
{
    return (mark - 1) % WORKERS_MAX;
}

apr_uint32_t mark_life(apr_uint32_t mark)
{
    return (mark - 1) / WORKERS_MAX;
}

int mark_lives(board_t *board, apr_uint32_t mark)
{
    return atomic_load(&board->place[mark_number(mark)].life) == mark_life(mark);
}

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

void die(const char *what, apr_status_t status)
{
    char text[120];
    fprintf(stderr, "torture: %s: %s\n", what, ist_strerror(status, text, sizeof text));
    exit(2);
}

board_t *open_board(const char *prefix, apr_uint32_t flags, apr_pool_t *pool)
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

/* torture --worker|--reader SOAK PREFIX NUMBER SEED */
int work(const char *const *argv)
{
    apr_pool_t *pool;
    worker_t self = {.prefix = argv[3],
                     .number = (apr_uint32_t)atoi(argv[4]),
                     .random = (apr_uint32_t)strtoul(argv[5], NULL, 10),
                     .reader = strcmp(argv[1], "--reader") == 0};
    const soak_t *soak = find(argv[2]);
    if (soak == NULL || self.number >= WORKERS_MAX)
        return 2;
    apr_pool_create(&pool, NULL);
    self.board = open_board(self.prefix, 0, pool);
    self.place = &self.board->place[self.number];
    if (self.reader && !tst_become(TST_OTHER_USER, -1))
        die("becoming another user", APR_EGENERAL);
    apr_pool_create(&self.pool, pool);
    while (!atomic_load(&self.board->stop)) {
        int opened = self.reader ? soak->read(&self) : soak->cycle(&self);
        apr_pool_clear(self.pool); /* closes what is open */
        atomic_fetch_add(&self.place->cycles, (apr_uint64_t)opened);
        atomic_fetch_add(&self.place->turns, 1);
    }
    return 0;
}

int main(int argc, const char *const *argv)
{
    static char program[4096];
    const soak_t *soak;
    apr_pool_t *pool;
    tst_sys_start();
    apr_app_initialize(&argc, &argv, NULL);
    if (argc == 6 && (strcmp(argv[1], "--worker") == 0 || strcmp(argv[1], "--reader") == 0))
        return work(argv);
    apr_pool_create(&pool, NULL);
    if (argc != 4 || (soak = find(argv[1])) == NULL || atoi(argv[2]) < 1) {
        fprintf(stderr, "torture: usage: torture SOAK SECONDS SEED\n");
        return 2;
    }
    tst_sys_program(program, sizeof program);
    int failed =
        drive(program, soak, atoi(argv[2]), (apr_uint32_t)strtoul(argv[3], NULL, 10), pool);
    apr_terminate();
    return failed;
}
