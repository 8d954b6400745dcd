/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors: codes, their words, and std::errc; times.
 */
#include "cases.hpp"

#include <string>

namespace
{

void codes_compare()
{
    TST_TRUE(isthmus::code(APR_ENOENT) == std::errc::no_such_file_or_directory);
    TST_TRUE(isthmus::code(APR_TIMEUP) == std::errc::timed_out);
    TST_TRUE(isthmus::code(IST_ABANDONED) == std::errc::owner_dead);
    TST_TRUE(isthmus::code(IST_ESIZE) != std::errc::invalid_argument);
    TST_TRUE(!isthmus::code(APR_SUCCESS));
}

void words_are_the_library_s()
{
    char text[200];
    ist_strerror(IST_ESIZE, text, sizeof(text));
    TST_TRUE(isthmus::code(IST_ESIZE).message() == text);
    TST_TRUE(std::string(isthmus::category().name()) == "isthmus");
}

void times_are_rounded_up()
{
    using namespace std::chrono;
    TST_NUMBER(isthmus::detail::usec(nanoseconds(1)), 1);
    TST_NUMBER(isthmus::detail::usec(microseconds(7)), 7);
    TST_NUMBER(isthmus::detail::usec(nanoseconds(2001)), 3);
    TST_NUMBER(isthmus::detail::usec(seconds(-1)), 0);
    TST_NUMBER(isthmus::detail::usec(duration<double>(0.5)), 500000);
    TST_NUMBER(isthmus::detail::usec(hours::max()), IST_FOREVER);
}

} // namespace

const tst_case_t cpp_error_cases[] = {
    {"C++: codes compare with std::errc", guarded<codes_compare>},
    {"C++: words are the library's", guarded<words_are_the_library_s>},
    {"C++: times are rounded up, and none is negative", guarded<times_are_rounded_up>},
    {nullptr, nullptr},
};
