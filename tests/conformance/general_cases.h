/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of the program "general".
 */
#ifndef GENERAL_CASES_H
#define GENERAL_CASES_H

#include "peer.h"
#include "system.h"

extern const tst_case_t general_status_cases[];
extern const tst_case_t general_misuse_cases[];
extern const tst_case_t general_failed_cases[];
extern const tst_case_t general_failing_cases[];
extern const tst_case_t general_handles_cases[];
extern const tst_case_t general_threads_cases[];
extern const tst_case_t general_timeouts_cases[];
extern const tst_case_t general_signals_cases[];
extern const tst_case_t general_cancel_cases[];
extern const tst_case_t general_exec_cases[];
extern const tst_case_t general_fork_cases[];

#endif
