/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of the program "cpp", and what its cases share.
 */
#ifndef TST_CPP_CASES_HPP
#define TST_CPP_CASES_HPP

#include <isthmus.hpp>

extern "C" {
#include "peer.h"
}

#include <exception>
#include <system_error>

extern const tst_case_t cpp_owner_cases[];
extern const tst_case_t cpp_view_cases[];
extern const tst_case_t cpp_error_cases[];
extern const tst_case_t cpp_lock_cases[];
extern const tst_case_t cpp_death_cases[];
extern const tst_case_t cpp_queue_cases[];

// A case may throw: that fails it, and must not pass through CUnit.
template <void (*Case)()> void guarded() noexcept
{
    try {
        Case();
    } catch (const std::exception &e) {
        TST_SAY(0, "it threw: %s", e.what());
    }
}

// The status that a call throws; APR_SUCCESS when it throws none.
template <typename Call> apr_status_t thrown(Call call)
{
    try {
        call();
    } catch (const std::system_error &e) {
        TST_TRUE(e.code().category() == isthmus::category());
        return e.code().value();
    }
    return APR_SUCCESS;
}

#endif
