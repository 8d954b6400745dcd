/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Killed at every instruction: a table of calls, each done by a child that a tracer
 * steps through and kills, one instruction later each time; after each kill
 * the driver looks at what the child left.
 */
#ifndef KILL_H
#define KILL_H

#include <apr_pools.h>
#include <isthmus.h>
#include <limits.h>

/* What a kill left: how often each was seen is the table's. Of a lock it is AFTER (told
 * of an abandoned one) if and only if the child held it when it was killed. */
typedef enum outcome_e { BEFORE, AFTER, STUCK, WRONG, OUTCOMES } outcome_e;

/* APR_SUCCESS: it did, and was answered, what it should. */
typedef apr_status_t kill_step_fn(void);

typedef struct kill_call_t {
    const char *name;
    int held;        /* it is about a lock */
    int whole;       /* the call makes or ends objects: many instructions, few of them ours */
    outcome_e first; /* what a kill at the start of the call leaves, */
    outcome_e done;  /* and each after its return. Both must have been seen */
    kill_step_fn *begin;     /* the driver, before each child */
    kill_step_fn *prepare;   /* the child, before the marker */
    kill_step_fn *call;      /* the child, between the markers */
    outcome_e (*look)(void); /* the driver, after the child's death */
} kill_call_t;

/* Tables, each ended by one without a name. */
extern const kill_call_t kill_locks[], kill_counts[], kill_queues[], kill_lives[], kill_wakes[];

/* ---- what the tables' functions use ---- */

extern apr_pool_t *kill_pool; /* of this point alone */
extern const char *kill_name; /* of this run's objects */
extern unsigned kill_turn;    /* one more at each point: what comes first, modulo KILL_TURNS */
extern unsigned kill_there;   /* what kill_left() was when the child was killed */

#define KILL_TURNS 3

/* End the run: something that is no verdict about a kill failed. */
void kill_must(apr_status_t status, const char *what);

/* This program again: open what is held, and close it. The exit code. */
int kill_visit(const char *name, ist_kind_e kind);

/* The lock word of the object's first mutex. */
const volatile unsigned *kill_lock_word(void);

/* The kinds of which something of this run's name is left in the system. */
unsigned kill_left(void);

#define KILL_KIND(kind) (1u << ((kind) - 'a'))
#define KILL_BELL       (1u << 31) /* and of their doorbells */

/* ---- the tracer ---- */

#define KILL_CALLS_MAX 4000     /* system calls in one traced call */
#define KILL_END       LONG_MAX /* steps: as many as there are */

/* After so many system calls, and then so many instructions. */
typedef struct kill_place_t {
    int calls;
    int half; /* inside the last of these system calls */
    long steps;
} kill_place_t;

/* Count the instructions after each system call; returns how many of these there are. */
int kill_survey(const kill_call_t *call, long *between);

/* Kill a fresh child there, and look; tells the seconds that the look took. */
outcome_e kill_at(const kill_call_t *call, const kill_place_t *place, double *took);

/* As many times longer as this machine is slower: IST_TEST_TIME_FACTOR. */
double kill_scaled(double seconds);

#endif
