/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GEN: what is promised of every call.
 */
#include "general_cases.h"

const tst_case_t *const tst_tables[] = {
    general_status_cases, general_misuse_cases,   general_failed_cases, general_handles_cases,
    general_threads_cases, general_timeouts_cases, general_signals_cases, general_cancel_cases,
    general_exec_cases,   general_fork_cases,     general_failing_cases, NULL,
};

const tst_role_t tst_roles[] = {{NULL, NULL}};
