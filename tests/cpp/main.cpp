/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The C++ headers: the tables of their cases, and the main function.
 */
#include "cases.hpp"

const tst_case_t *const tst_tables[] = {
    cpp_owner_cases, cpp_view_cases,  cpp_error_cases, cpp_lock_cases,
    cpp_death_cases, cpp_queue_cases, nullptr,
};

const tst_role_t tst_roles[] = {{nullptr, nullptr}};

int main(int argc, char **argv)
{
    return tst_main(argc, argv);
}
