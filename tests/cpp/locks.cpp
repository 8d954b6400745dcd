/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Locks: the standard library's guards, tries and timeouts.
 */
#include "cases.hpp"

#include <mutex>
#include <stdexcept>

using isthmus::locked;
using isthmus::mode;

namespace
{

apr_status_t held_elsewhere(void *mutex)
{
    auto *handle = static_cast<ist_mutex_t *>(mutex);
    const apr_status_t status = ist_mutex_trylock(handle);
    return IST_LOCKED(status) ? ist_mutex_unlock(handle) : status;
}

void is_held(const isthmus::mutex &mutex)
{
    TST_STATUS(tst_in_thread(held_elsewhere, mutex.native()), APR_EBUSY);
}

void is_free(const isthmus::mutex &mutex)
{
    TST_STATUS(tst_in_thread(held_elsewhere, mutex.native()), APR_SUCCESS);
}

void standard_guards()
{
    isthmus::mutex one(tst_name("one"), mode::create), two(tst_name("two"), mode::create);
    {
        std::lock_guard<isthmus::mutex> guard(one);
        is_held(one);
    }
    is_free(one);
    {
        std::scoped_lock guards(one, two);
        is_held(one);
        is_held(two);
    }
    is_free(one);
    is_free(two);
    std::unique_lock<isthmus::mutex> lock(one, std::chrono::seconds(1));
    TST_TRUE(lock.owns_lock());
    lock.unlock();
    TST_TRUE(lock.try_lock_until(std::chrono::steady_clock::now() + std::chrono::seconds(1)));
    is_held(one);
}

void freed_by_an_exception()
{
    isthmus::mutex mutex(tst_name(nullptr), mode::create);
    try {
        std::lock_guard<isthmus::mutex> guard(mutex);
        throw std::runtime_error("passes");
    } catch (const std::runtime_error &) {
    }
    is_free(mutex);
    TST_STATUS(thrown([&] { mutex.unlock(); }), IST_ENOTOWNER);
}

void times_out()
{
    isthmus::mutex mutex(tst_name(nullptr), mode::create);
    tst_peer_t *owner = tst_peer_start();
    TST_MUST(tst_peer_open(owner, 0, IST_KIND_MUTEX, tst_name(nullptr), 0, 0, 0, 0));
    TST_OK(tst_peer_do(owner, "lock 0"));
    const apr_int64_t start = tst_now();
    TST_TRUE(!mutex.try_lock_for(std::chrono::milliseconds(20)));
    TST_TRUE(tst_now() - start >= 20000);
    TST_TRUE(mutex.try_acquire_for(std::chrono::milliseconds(1)) == locked::busy);
    TST_TRUE(mutex.try_acquire_for(std::chrono::seconds(-1)) == locked::busy);
    TST_TRUE(mutex.try_acquire() == locked::busy);
    TST_TRUE(!mutex.try_lock());
    TST_OK(tst_peer_do(owner, "unlock 0"));
    TST_TRUE(mutex.acquire() == locked::clean);
    mutex.unlock();
}

} // namespace

const tst_case_t cpp_lock_cases[] = {
    {"C++: the standard library's guards", guarded<standard_guards>},
    {"C++: an exception frees a lock", guarded<freed_by_an_exception>},
    {"C++: tries and timeouts", guarded<times_out>},
    {nullptr, nullptr},
};
