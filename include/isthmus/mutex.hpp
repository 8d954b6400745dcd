/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file isthmus/mutex.hpp
 * @brief Mutexes, for C++: see isthmus/lockable.hpp for how they are locked.
 */
#ifndef ISTHMUS_MUTEX_HPP
#define ISTHMUS_MUTEX_HPP

#include <isthmus/lockable.hpp>
#include <isthmus/mutex.h>

namespace isthmus
{

namespace detail
{

struct mutex_kind {
    using type = ist_mutex_t;
    static apr_status_t close(type *mutex) noexcept
    {
        return ist_mutex_close(mutex);
    }
    static apr_status_t lock(type *mutex) noexcept
    {
        return ist_mutex_lock(mutex);
    }
    static apr_status_t trylock(type *mutex) noexcept
    {
        return ist_mutex_trylock(mutex);
    }
    static apr_status_t unlock(type *mutex) noexcept
    {
        return ist_mutex_unlock(mutex);
    }

    static apr_status_t timedlock(type *mutex, apr_interval_time_t timeout) noexcept
    {
        return ist_mutex_timedlock(mutex, timeout);
    }
};

} // namespace detail

/** A mutex: recursive, owned by a thread, aware of owners' deaths. */
class mutex : public detail::lockable<detail::mutex_kind>
{
  public:
    /**
     * Open or create a mutex: see ist_mutex_open().
     *
     * @param name  The name; see isthmus/base.h.
     * @param how   How to open it.
     * @param who   Who may open it.
     * @param pool  Keeps the handle; nullptr: a pool of its own.
     *
     * @throw std::system_error  It is not open.
     */
    mutex(const std::string &name, mode how, access who = access::owner, apr_pool_t *pool = nullptr)
        : lockable("ist_mutex_open", pool, [&](ist_mutex_t **out, apr_pool_t *in) {
              return ist_mutex_open(out, name.c_str(), detail::flags(how), detail::perms(who), in);
          })
    {
    }

    /** Whether this object created it. */
    bool created() const noexcept
    {
        return ist_mutex_created(native()) != 0;
    }
};

} // namespace isthmus

#endif
