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

/* What a kill left: how often each was seen is the table's. A call that was over left
 * always the same. Of a lock it is AFTER (told of an abandoned one) if and only if
 * the child held it when it was killed. */
typedef enum outcome_e { BEFORE, AFTER, STUCK, WRONG, OUTCOMES } outcome_e;

typedef struct kill_call_t {
    const char *name;
    int held;              /* it is about a lock */
    int whole;             /* the call makes or ends objects: many instructions, few of them ours */
    void (*begin)(void);   /* the driver, before each child */
    void (*prepare)(void); /* the child, before the marker */
    void (*call)(void);    /* the child, between the markers */
    outcome_e (*look)(void); /* the driver, after the child's death */
} kill_call_t;

/* Tables, each ended by one without a name. */
extern const kill_call_t kill_locks[], kill_counts[], kill_queues[], kill_lives[], kill_wakes[];

/* ---- what the tables' functions use ---- */

extern apr_pool_t *kill_pool; /* of this point alone */
extern const char *kill_name; /* of this run's objects */

/* End the run: something that is no verdict about a kill failed. */
void kill_must(apr_status_t status, const char *what);

/* This program again: open what is held, and close it. The exit code. */
int kill_visit(const char *name, ist_kind_e kind);

/* The lock word of the object's first mutex. */
const volatile unsigned *kill_lock_word(void);

/* Whether something of this run's name is left in the system. */
int kill_left(void);

#endif
