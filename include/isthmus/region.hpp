/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file isthmus/region.hpp
 * @brief Regions, for C++: see isthmus/lockable.hpp for how they are locked.
 */
#ifndef ISTHMUS_REGION_HPP
#define ISTHMUS_REGION_HPP

#include <isthmus/lockable.hpp>
#include <isthmus/region.h>

namespace isthmus
{

namespace detail
{

struct region_kind {
    using type = ist_region_t;
    static apr_status_t close(type *region) noexcept
    {
        return ist_region_close(region);
    }
    static apr_status_t lock(type *region) noexcept
    {
        return ist_region_lock(region);
    }
    static apr_status_t trylock(type *region) noexcept
    {
        return ist_region_trylock(region);
    }
    static apr_status_t unlock(type *region) noexcept
    {
        return ist_region_unlock(region);
    }

    static apr_status_t timedlock(type *region, apr_interval_time_t timeout) noexcept
    {
        return ist_region_timedlock(region, timeout);
    }
};

} // namespace detail

/** A region: memory, the lock that guards it, and the bell that says it changed. */
class region : public detail::lockable<detail::region_kind>
{
  public:
    /**
     * Open or create a region: see ist_region_open().
     *
     * @param name  The name; see isthmus/base.h.
     * @param size  Bytes; of one that exists at least so many, 0 as it is.
     * @param how   How to open it.
     * @param who   Who may open it.
     * @param pool  Keeps the handle; nullptr: a pool of its own.
     *
     * @throw std::system_error  It is not open.
     */
    region(const std::string &name, std::size_t size, mode how, access who = access::owner,
           apr_pool_t *pool = nullptr)
        : lockable("ist_region_open", pool, [&](ist_region_t **out, apr_pool_t *in) {
              return ist_region_open(out, name.c_str(), size, detail::flags(how),
                                     detail::perms(who), in);
          })
    {
    }

    /** Its bytes; none when it is closed. To be used while it is locked. */
    bytes data() const noexcept
    {
        return {static_cast<std::byte *>(ist_region_base(native())), size()};
    }

    /** How many bytes there are; 0 when it is closed. */
    std::size_t size() const noexcept
    {
        return ist_region_size(native());
    }

    /** Whether this object created it. */
    bool created() const noexcept
    {
        return ist_region_created(native()) != 0;
    }

    /** Ring: see ist_region_notify(). */
    void notify()
    {
        check(ist_region_notify(native()), "ist_region_notify");
    }

    /** Wait for a ring, for as long as it takes. */
    void wait()
    {
        check(ist_region_wait(native()), "ist_region_wait");
    }

    /** Take a ring if there is one. */
    [[nodiscard]] bool try_wait()
    {
        return detail::done(ist_region_trywait(native()), "ist_region_trywait");
    }

    /** Wait for a ring for some time at most; a negative time tries once. */
    template <typename Rep, typename Period>
    [[nodiscard]] bool wait_for(std::chrono::duration<Rep, Period> time)
    {
        return detail::done(ist_region_timedwait(native(), detail::usec(time)),
                            "ist_region_timedwait");
    }
};

} // namespace isthmus

#endif
