/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Abandoned locks: a child is killed while it holds one.
 */
#include "cases.hpp"

#include <mutex>

using isthmus::locked;
using isthmus::mode;

namespace
{

void killed_holding(const char *name, int kind, apr_size_t size)
{
    tst_peer_t *owner = tst_peer_start();
    TST_MUST(tst_peer_open(owner, 0, static_cast<ist_kind_e>(kind), name, 0, size, 0, 0));
    TST_OK(tst_peer_do(owner, "lock 0"));
    tst_peer_kill(owner);
}

apr_status_t tries(void *mutex)
{
    auto *handle = static_cast<ist_mutex_t *>(mutex);
    const apr_status_t status = ist_mutex_trylock(handle);
    if (IST_LOCKED(status))
        ist_mutex_unlock(handle);
    return status;
}

// The value tells it, once; the unlock makes the lock as new.
void told_by_value()
{
    isthmus::mutex mutex(tst_name(nullptr), mode::create);
    isthmus::region region(tst_name(nullptr), 64, mode::create);
    killed_holding(tst_name(nullptr), IST_KIND_MUTEX, 0);
    TST_TRUE(mutex.acquire() == locked::abandoned);
    mutex.unlock();
    TST_TRUE(mutex.try_acquire() == locked::clean);
    mutex.unlock();
    killed_holding(tst_name(nullptr), IST_KIND_REGION, 64);
    TST_TRUE(region.try_acquire_for(std::chrono::seconds(1)) == locked::abandoned);
    region.unlock();
}

template <typename Lock> void thrown_and_owned(Lock lock)
{
    isthmus::mutex mutex(tst_name(nullptr), mode::create);
    killed_holding(tst_name(nullptr), IST_KIND_MUTEX, 0);
    bool caught = false;
    try {
        lock(mutex);
    } catch (const isthmus::abandoned &e) {
        caught = true;
        TST_TRUE(e.is(mutex));
        TST_STATUS(e.code().value(), IST_ABANDONED);
        TST_STATUS(tst_in_thread(tries, mutex.native()), APR_EBUSY); // nobody else got in
        std::lock_guard<isthmus::mutex> guard(mutex, std::adopt_lock);
    }
    TST_TRUE(caught);
    TST_STATUS(tst_in_thread(tries, mutex.native()), APR_SUCCESS);
}

void thrown_by_guards()
{
    thrown_and_owned([](isthmus::mutex &m) { std::lock_guard<isthmus::mutex> guard(m); });
    thrown_and_owned([](isthmus::mutex &m) { std::unique_lock<isthmus::mutex> lock(m); });
    thrown_and_owned(
        [](isthmus::mutex &m) { std::unique_lock<isthmus::mutex> lock(m, std::try_to_lock); });
    thrown_and_owned([](isthmus::mutex &m) {
        std::unique_lock<isthmus::mutex> lock(m, std::chrono::seconds(1));
    });
}

void thrown_among_several()
{
    isthmus::mutex other(tst_name("other"), mode::create);
    thrown_and_owned([&](isthmus::mutex &m) { std::scoped_lock locks(m, other); });
    thrown_and_owned([&](isthmus::mutex &m) { std::scoped_lock locks(other, m); });
    TST_STATUS(tst_in_thread(tries, other.native()), APR_SUCCESS);
}

} // namespace

const tst_case_t cpp_death_cases[] = {
    {"C++: an abandoned lock is a value", guarded<told_by_value>},
    {"C++: guards throw it, and the thread owns it", guarded<thrown_by_guards>},
    {"C++: among several locks the others are freed", guarded<thrown_among_several>},
    {nullptr, nullptr},
};
