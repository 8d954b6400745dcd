/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of the program "life", and what its files share: each acts on
 * objects of all four kinds under one name.
 */
#ifndef LIFE_CASES_H
#define LIFE_CASES_H

#include "pace.h"
#include "peer.h"
#include "system.h"

extern const tst_case_t life_ends_cases[];
extern const tst_case_t life_holders_cases[];
extern const tst_case_t life_removed_cases[];
extern const tst_case_t life_leftovers_cases[];
extern const tst_case_t life_users_cases[];
extern const tst_case_t life_failing_cases[];
extern const tst_case_t life_twins_cases[];
extern const tst_case_t life_bells_cases[];
extern const tst_case_t life_impostors_cases[];
extern const tst_case_t life_sealed_cases[];

int life_twin(int argc, const char *const *argv);

/* A peer makes (or opens) them in its slots 0 to 3: of one byte, one unit. */
const char *life_open_all(tst_peer_t *peer, const char *name);
/* Opened without creating: not there. */
void life_all_absent(const char *name);
/* Opened without creating: there; and not to be created. */
void life_all_there(const char *name);
/* Created only, zeroed, free, with the counts asked for; and closed again. */
void life_all_fresh(const char *name);

#endif
