/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OPEN: what open calls do, alone, in races, and to damaged objects.
 */
#include "open_cases.h"

const tst_case_t *const tst_tables[] = {open_flags_cases, open_races_cases, open_deaths_cases,
                                        open_damage_cases, open_noise_cases, open_instant_cases,
                                        NULL};

const tst_role_t tst_roles[] = {{"racer", open_racer}, {NULL, NULL}};
