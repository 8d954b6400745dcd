/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables and roles of the program "open".
 */
#ifndef OPEN_CASES_H
#define OPEN_CASES_H

#include "pace.h"
#include "peer.h"
#include "system.h"

extern const tst_case_t open_flags_cases[];
extern const tst_case_t open_races_cases[];
extern const tst_case_t open_deaths_cases[];
extern const tst_case_t open_damage_cases[];
extern const tst_case_t open_noise_cases[];
extern const tst_case_t open_instant_cases[];

int open_racer(int argc, const char *const *argv);

#endif
