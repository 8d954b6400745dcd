/* SPDX-License-Identifier: Apache-2.0 */
/* What the driver and the soaks share: a board that all processes see. */
#ifndef TORTURE_H
#define TORTURE_H

#include <apr_strings.h>
#include <isthmus.h>
#include <stdatomic.h>
#include <stdint.h>

#define WORKERS_MAX 8
#define AUDIT       14 /* events from one audit to the next */
#define STREAMS     4  /* lives of a sender that the board remembers */
#define NAMES       10 /* objects that a soak may keep watch over */

#define LIFETIME_TEAMS 2 /* of three; with many more an object hardly ever dies */

/* All may read it: another user does. */
#define FOR_ALL (APR_FPROT_UREAD | APR_FPROT_UWRITE | APR_FPROT_GREAD | APR_FPROT_WREAD)

/* A worker's place. `life` is odd while it may be dying: the driver makes it so
 * before the kill, and even again, and another, when a new worker takes over. */
typedef struct place_t {
    _Atomic(apr_uint32_t) life;
    _Atomic(apr_uint32_t) kept[NAMES]; /* identities of what it surely has open; 0: none */
    _Atomic(apr_uint64_t) turns;       /* cycles, and what came to nothing: it goes on */
    _Atomic(apr_uint64_t) cycles;      /* what was opened and closed */
    _Atomic(apr_uint32_t) where;       /* a line of the soak's source */
    _Atomic(apr_int64_t) ledger;       /* see ledger.c */
    _Atomic(apr_uint32_t) halted;      /* the round in which it stands still */
} place_t;

/* What a sender's lives sent for sure, each its life and a number, and what of
 * them was received for sure. */
typedef struct traffic_t {
    _Atomic(apr_uint64_t) sent[STREAMS];
    _Atomic(apr_uint64_t) received;
} traffic_t;

typedef struct board_t {
    _Atomic(int) stop;
    _Atomic(apr_uint32_t) identities; /* given out so far */
    _Atomic(apr_uint32_t) violations;
    _Atomic(apr_uint32_t) kills;               /* so far, each counted before it */
    _Atomic(apr_uint32_t) reaped;              /* of these, what is over for sure */
    _Atomic(apr_uint32_t) told;                /* deaths, to lockers */
    _Atomic(apr_uint32_t) phase;               /* what all are at now: the driver's draw */
    _Atomic(apr_uint32_t) forks, looks, reads; /* of what is mixed in, so far */
    _Atomic(apr_uint32_t) round;               /* of halts; what is left by HALTS tells who halts */
    _Atomic(apr_uint32_t) audits;              /* halts in which all agreed */
    _Atomic(apr_uint32_t) slowest;             /* microseconds until waiters had taken all */
    traffic_t traffic[WORKERS_MAX];
    place_t place[WORKERS_MAX];
    _Atomic(apr_uint32_t) inside[NAMES]; /* marks */
} board_t;

enum { HALT_NONE, HALT_POSTERS, HALT_ALL, HALTS };

/* A worker; or the driver, whose number is that of its workers. */
typedef struct worker_t {
    board_t *board;
    place_t *place;
    apr_uint32_t number;
    apr_uint32_t random;
    int reader;                   /* it is another user */
    const char *prefix;           /* of all names of this run */
    apr_pool_t *pool;             /* cleared after each cycle */
    apr_interval_time_t patience; /* the driver's: with whom does nothing */
    struct run_t *run;            /* the driver's */
} worker_t;

/* A breach is told through violated(), and so is a call that fails. */
typedef void soak_fn_t(worker_t *self);
/* One turn. 1: an object was opened, and is closed now or with the pool; 0: nothing
 * was there, or it was refused. */
typedef int cycle_fn_t(worker_t *self);

typedef struct soak_t {
    const char *name;
    cycle_fn_t *cycle;
    int workers; /* 0: as many as are good for most */
    int tells;   /* of deaths, that is: some must have been told */
    /* What the driver holds open meanwhile. This and all below may be NULL. */
    apr_status_t (*hold)(board_t *board, const char *prefix, apr_pool_t *pool);
    cycle_fn_t *read; /* that of one worker more, another user */
    soak_fn_t *died;  /* the driver, before a dead worker's place is taken */
    soak_fn_t *audit; /* the driver, now and then: what must be true among all */
    soak_fn_t *end;   /* the driver, when all are told to stop */
} soak_t;

extern const soak_t soaks[]; /* ended by one without a name: a new soak is a line there */

cycle_fn_t lifetime_cycle, lifetime_read, mutex_cycle, mutex_read, region_cycle, region_read;
cycle_fn_t units_cycle, queue_cycle, sole_cycle;
soak_fn_t ledger_died, locks_audit, units_audit, units_end;
apr_status_t mutex_hold(board_t *board, const char *prefix, apr_pool_t *pool);
apr_status_t region_hold(board_t *board, const char *prefix, apr_pool_t *pool);
apr_status_t units_hold(board_t *board, const char *prefix, apr_pool_t *pool);
apr_status_t traffic_hold(board_t *board, const char *prefix, apr_pool_t *pool);

/* drive.c: run the soak; the program's exit code. */
int drive(const char *program, const soak_t *soak, int seconds, apr_uint32_t seed,
          apr_pool_t *pool);

/* For audits: kill a worker at once, and only later start it anew. */
void drive_kill(worker_t *driver, apr_uint32_t number);
void drive_start(worker_t *driver, apr_uint32_t number);

/* ledger.c: what workers add to something that all share, at most 3 or -1 at once. Said
 * before and after it; what the driver adds itself only after. */
void ledger_open(board_t *board);
void ledger_begin(place_t *place, int n);
void ledger_end(place_t *place, int added);
void ledger_settle(int added);
/* Whether so much may be there; nobody is adding anything. Counts the audit. */
int ledger_agrees(worker_t *driver, apr_int64_t there);

/* main.c */
int work(const char *const *argv); /* be the worker of this command line; its exit code */
board_t *open_board(const char *prefix, apr_uint32_t flags, apr_pool_t *pool);
void die(const char *what, apr_status_t status);
/* Who is inside a lock: a worker and its life in one word, never 0. */
apr_uint32_t mark_of(const worker_t *self);
apr_uint32_t mark_number(apr_uint32_t mark);
apr_uint32_t mark_life(apr_uint32_t mark);
/* 0: it is dead, or is just being killed. */
int mark_lives(board_t *board, apr_uint32_t mark);
apr_uint32_t draw(apr_uint32_t *random, apr_uint32_t limit);
void violated(worker_t *self, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* mix.c: now and then something besides, in the middle of a cycle: a sweep, a list, or
 * a forked child that has all that this process has open, and ends in one of the
 * ways there are. `check` (may be NULL) is called in it while it lives. */
void mix(worker_t *self, void (*check)(worker_t *self, void *baton), void *baton);

#define HERE(self) atomic_store(&(self)->place->where, __LINE__)

#endif
