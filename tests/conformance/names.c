/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NAME: names, kinds, scope and access.
 */
#include "names_cases.h"

const tst_case_t *const tst_tables[] = {
    names_spelling_cases, names_kinds_cases, names_access_cases,
    names_users_cases,    names_squatters_cases, names_links_cases, NULL,
};

const tst_role_t tst_roles[] = {{NULL, NULL}};
