/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of the program "mutex", and what its cases share.
 */
#ifndef TST_MUTEX_CASES_H
#define TST_MUTEX_CASES_H

#include "pace.h"
#include "peer.h"
#include "system.h"

extern const tst_case_t mutex_own_cases[];
extern const tst_case_t mutex_share_cases[];
extern const tst_case_t mutex_wait_cases[];
extern const tst_case_t mutex_death_cases[];
extern const tst_case_t mutex_told_cases[];
extern const tst_case_t mutex_chain_cases[];
extern const tst_case_t mutex_close_cases[];
extern const tst_case_t mutex_limit_cases[];

tst_role_fn_t mutex_share_counter, mutex_chain_grinder;

/* A fresh mutex; one that exists; both live as long as the case. */
ist_mutex_t *mutex_fresh(const char *name);
ist_mutex_t *mutex_again(const char *name);
/* A child that has the case's mutex open in slot 0. */
tst_peer_t *mutex_peer(void);
/* Check that nobody owns it, and that nothing is told. */
void mutex_is_free(ist_mutex_t *mutex);
/* Check that the last owner's death is told, once. */
void mutex_is_abandoned(ist_mutex_t *mutex);

/* For threads (baton: the mutex): a try, unlocked again; an unlock alone; a
 * lock that the thread's end leaves behind. */
apr_status_t mutex_try(void *mutex);
apr_status_t mutex_unlock(void *mutex);
apr_status_t mutex_desert(void *mutex);

/* A thread that holds a mutex until it is told to go on. */
typedef struct mutex_holder_t {
    ist_mutex_t *mutex;
    int depth;      /* so often it locks */
    int unlocks;    /* so often it unlocks before it ends */
    tst_gate_t *held, *go;
    tst_thread_t *thread;
} mutex_holder_t;

/* Returns when it holds it. */
void mutex_hold(mutex_holder_t *holder, ist_mutex_t *mutex, int depth, int unlocks);
/* Let it go on, and wait for its end. */
void mutex_let_go(mutex_holder_t *holder);

/* Wait until one of the children that are not done answers: its number, or -1. */
int mutex_next_answer(tst_peer_t **peers, const int *done, int count);

#endif
