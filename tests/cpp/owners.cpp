/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owners: each class opens, moves, closes, and lets go when an exception passes.
 */
#include "cases.hpp"

#include <stdexcept>
#include <string>

using isthmus::mode;

namespace
{

constexpr mode both = mode::create_only | mode::send | mode::receive;

// Opens a fresh one by make() twice: the second is refused while the first lives.
template <typename Make> void lives_as_long_as_its_owner(Make make)
{
    using kind = decltype(make());
    {
        kind first = make();
        TST_TRUE(first.created());
        TST_TRUE(static_cast<bool>(first));
        TST_STATUS(thrown([&] { make(); }), APR_EEXIST);

        kind second = std::move(first);
        TST_TRUE(!first && first.native() == nullptr);
        TST_TRUE(static_cast<bool>(second));
        TST_STATUS(thrown([&] { make(); }), APR_EEXIST);
        TST_STATUS(thrown([&] { first.close(); }), APR_EINVAL);

        first = std::move(second);
        TST_TRUE(first.created() && !second);
        first.close();
        TST_TRUE(!first);
    }
    try {
        kind third = make();
        throw std::runtime_error("passes");
    } catch (const std::runtime_error &) {
    }
    kind last = make(); // the exception let the name go
    TST_TRUE(last.created());
}

void each_kind()
{
    const char *name = tst_name(nullptr);
    lives_as_long_as_its_owner([&] { return isthmus::shm(name, 100, mode::create_only); });
    lives_as_long_as_its_owner([&] { return isthmus::mutex(name, mode::create_only); });
    lives_as_long_as_its_owner([&] { return isthmus::semaphore(name, 0, 1, mode::create_only); });
    lives_as_long_as_its_owner([&] { return isthmus::region(name, 100, mode::create_only); });
    lives_as_long_as_its_owner([&] { return isthmus::queue(name, {8, 4}, both); });
}

void assigned_over_another()
{
    isthmus::mutex one(tst_name("one"), mode::create_only);
    one = isthmus::mutex(tst_name("two"), mode::create_only);
    TST_STATUS(thrown([] { isthmus::mutex(tst_name("one"), mode::open); }), APR_ENOENT);
    TST_STATUS(thrown([] { isthmus::mutex(tst_name("two"), mode::open); }), APR_SUCCESS);
}

void in_a_given_pool()
{
    {
        isthmus::mutex one(tst_name(nullptr), mode::create_only, isthmus::access::owner,
                           tst_subpool());
        TST_TRUE(one.created());
    }
    TST_STATUS(thrown([] { isthmus::mutex(tst_name(nullptr), mode::open); }), APR_ENOENT);
}

void semaphores_count()
{
    isthmus::semaphore sem(tst_name(nullptr), 1, 3, mode::create);
    TST_NUMBER(sem.maximum(), 3);
    TST_NUMBER(sem.release(2), 1);
    TST_NUMBER(sem.value(), 3);
    TST_STATUS(thrown([&] { sem.release(); }), IST_EOVERFLOW);
    sem.acquire();
    TST_TRUE(sem.try_acquire());
    TST_TRUE(sem.try_acquire_for(std::chrono::seconds(1)));
    TST_TRUE(!sem.try_acquire());
    TST_TRUE(!sem.try_acquire_for(std::chrono::hours(-1)));
}

void regions_ring()
{
    isthmus::region region(tst_name(nullptr), 100, mode::create);
    TST_TRUE(!region.try_wait());
    TST_TRUE(!region.wait_for(std::chrono::milliseconds(1)));
    region.notify();
    region.wait();
    TST_NUMBER(region.data().size(), 100);
}

void objects_are_listed()
{
    const std::string name = tst_name(nullptr);
    const auto seen = [&] {
        int count = 0;
        for (const isthmus::object_info &one : isthmus::list())
            count += one.name == name && one.kind == IST_KIND_SHM && !one.global &&
                     one.state == IST_STATE_LIVE;
        return count;
    };
    {
        isthmus::shm shm(name, 100, isthmus::mode::create);
        TST_NUMBER(seen(), 1);
        isthmus::sweep();
        TST_NUMBER(seen(), 1);
    }
    TST_NUMBER(seen(), 0);
}

} // namespace

const tst_case_t cpp_owner_cases[] = {
    {"C++: list tells the living, and sweep spares them", guarded<objects_are_listed>},
    {"C++: each kind moves, and ends with its owner", guarded<each_kind>},
    {"C++: what is assigned over is closed", guarded<assigned_over_another>},
    {"C++: in a given pool", guarded<in_a_given_pool>},
    {"C++: semaphores count", guarded<semaphores_count>},
    {"C++: regions ring", guarded<regions_ring>},
    {nullptr, nullptr},
};
