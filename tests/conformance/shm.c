/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shared memory: SHM-1 to SHM-6.
 */
#include "shm_cases.h"

const tst_case_t *const tst_tables[] = {
    shm_size_cases, shm_contents_cases, shm_read_only_cases, shm_large_cases, shm_limit_cases, NULL,
};

const tst_role_t tst_roles[] = {{NULL, NULL}};
