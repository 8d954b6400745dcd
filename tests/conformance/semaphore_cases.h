/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of the program "semaphore", and what its cases share.
 */
#ifndef TST_SEMAPHORE_CASES_H
#define TST_SEMAPHORE_CASES_H

#include "pace.h"
#include "peer.h"
#include "system.h"

extern const tst_case_t semaphore_count_cases[];
extern const tst_case_t semaphore_post_cases[];
extern const tst_case_t semaphore_handler_cases[];
extern const tst_case_t semaphore_race_cases[];
extern const tst_case_t semaphore_wait_cases[];
extern const tst_case_t semaphore_wake_cases[];
extern const tst_case_t semaphore_death_cases[];

tst_role_fn_t semaphore_race_poster, semaphore_race_taker;
tst_role_fn_t semaphore_wake_writer;
tst_role_fn_t semaphore_death_poster, semaphore_death_taker;

/* A fresh semaphore; one that exists; both live as long as the case. */
ist_semaphore_t *semaphore_fresh(apr_uint32_t initial, apr_uint32_t maximum);
ist_semaphore_t *semaphore_again(void);
/* A child that has the case's semaphore open in slot 0. */
tst_peer_t *semaphore_peer(void);
/* The count, by the hint; exact while nobody else is at it. */
apr_int64_t semaphore_value(const ist_semaphore_t *sem);
/* Take all units, one by one: how many there were. */
apr_int64_t semaphore_drain(ist_semaphore_t *sem);
/* A number that a child says. */
apr_int64_t semaphore_hear(tst_peer_t *peer);

#endif
