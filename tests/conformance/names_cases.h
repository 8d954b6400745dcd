/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of the program "names".
 */
#ifndef NAMES_CASES_H
#define NAMES_CASES_H

#include "peer.h"
#include "system.h"

extern const tst_case_t names_spelling_cases[];
extern const tst_case_t names_kinds_cases[];
extern const tst_case_t names_access_cases[];
extern const tst_case_t names_users_cases[];
extern const tst_case_t names_squatters_cases[];
extern const tst_case_t names_links_cases[];

#endif
