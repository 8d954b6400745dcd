/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Views: bytes as objects, bounded and aligned; read-only segments.
 */
#include "cases.hpp"

#include <stdexcept>

using isthmus::mode;

namespace
{

template <typename Error, typename Call> bool throws(Call call)
{
    try {
        call();
    } catch (const Error &) {
        return true;
    }
    return false;
}

struct pair {
    int a, b;
};

void objects_in_bytes()
{
    isthmus::shm shm(tst_name(nullptr), 64, mode::create);
    isthmus::bytes all = shm.write();
    all.as<pair>(8) = {1, 2};
    TST_NUMBER(shm.read().as<int>(12), 2);
    isthmus::view<int> ints = all.row<int>(0, 16);
    TST_NUMBER(ints.size(), 16);
    int sum = 0;
    for (int one : ints)
        sum += one;
    TST_NUMBER(sum, 3);
}

void outside_and_askew()
{
    isthmus::shm shm(tst_name(nullptr), 64, mode::create);
    isthmus::bytes all = shm.write();
    all.as<int>(60) = 7; /* the last that fits */
    TST_NUMBER(shm.read().as<int>(60), 7);
    TST_TRUE(throws<std::out_of_range>([&] { all.as<int>(61); }));
    TST_TRUE(throws<std::out_of_range>([&] { all.as<int>(static_cast<std::size_t>(-4)); }));
    TST_TRUE(throws<std::out_of_range>([&] { all.row<int>(0, static_cast<std::size_t>(-1)); }));
    TST_TRUE(throws<std::out_of_range>([&] { all.part(60, 5); }));
    TST_TRUE(throws<std::invalid_argument>([&] { all.as<int>(2); }));
}

void read_only()
{
    isthmus::shm shm(tst_name(nullptr), 64, mode::create);
    isthmus::shm seen(tst_name(nullptr), 0, mode::read_only);
    shm.write().as<int>() = 5;
    TST_NUMBER(seen.read().as<int>(), 5);
    TST_STATUS(thrown([&] { seen.write(); }), APR_EACCES);
}

} // namespace

const tst_case_t cpp_view_cases[] = {
    {"C++: objects in bytes", guarded<objects_in_bytes>},
    {"C++: objects outside or askew are refused", guarded<outside_and_askew>},
    {"C++: a read-only segment is not given to write", guarded<read_only>},
    {nullptr, nullptr},
};
