/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file isthmus/semaphore.hpp
 * @brief Semaphores, for C++: named as those of the standard library are.
 */
#ifndef ISTHMUS_SEMAPHORE_HPP
#define ISTHMUS_SEMAPHORE_HPP

#include <isthmus/base.hpp>
#include <isthmus/semaphore.h>

namespace isthmus
{

namespace detail
{

struct semaphore_kind {
    using type = ist_semaphore_t;
    static apr_status_t close(type *sem) noexcept
    {
        return ist_semaphore_close(sem);
    }
};

} // namespace detail

/** A semaphore: a count with an exact maximum. */
class semaphore : public detail::handle<detail::semaphore_kind>
{
  public:
    /**
     * Open or create a semaphore: see ist_semaphore_open().
     *
     * @param name     The name; see isthmus/base.h.
     * @param initial  Units in a fresh one.
     * @param maximum  Units that it may have at most.
     * @param how      How to open it.
     * @param who      Who may open it.
     * @param pool     Keeps the handle; nullptr: a pool of its own.
     *
     * @throw std::system_error  It is not open.
     */
    semaphore(const std::string &name, apr_uint32_t initial, apr_uint32_t maximum, mode how,
              access who = access::owner, apr_pool_t *pool = nullptr)
        : handle("ist_semaphore_open", pool, [&](ist_semaphore_t **out, apr_pool_t *in) {
              return ist_semaphore_open(out, name.c_str(), initial, maximum, detail::flags(how),
                                        detail::perms(who), in);
          })
    {
    }

    /** Take a unit, waiting for as long as it takes. */
    void acquire()
    {
        check(ist_semaphore_wait(native()), "ist_semaphore_wait");
    }

    /** Take a unit if there is one. */
    [[nodiscard]] bool try_acquire()
    {
        return detail::done(ist_semaphore_trywait(native()), "ist_semaphore_trywait");
    }

    /** Take a unit, waiting for some time at most; a negative time tries once. */
    template <typename Rep, typename Period>
    [[nodiscard]] bool try_acquire_for(std::chrono::duration<Rep, Period> time)
    {
        return detail::done(ist_semaphore_timedwait(native(), detail::usec(time)),
                            "ist_semaphore_timedwait");
    }

    /**
     * Add @a units, all or none.
     *
     * @return The count before.
     *
     * @throw std::system_error  IST_EOVERFLOW: it would pass the maximum.
     */
    apr_uint32_t release(apr_uint32_t units = 1)
    {
        apr_uint32_t before = 0;
        check(ist_semaphore_post_n(native(), units, &before), "ist_semaphore_post_n");
        return before;
    }

    /** The count, as a hint: others may change it at any time. */
    apr_uint32_t value() const
    {
        apr_uint32_t count = 0;
        check(ist_semaphore_value(native(), &count), "ist_semaphore_value");
        return count;
    }

    /** The maximum that it was created with; 0 when it is closed. */
    apr_uint32_t maximum() const noexcept
    {
        return ist_semaphore_maximum(native());
    }

    /** Whether this object created it. */
    bool created() const noexcept
    {
        return ist_semaphore_created(native()) != 0;
    }
};

} // namespace isthmus

#endif
