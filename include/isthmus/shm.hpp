/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file isthmus/shm.hpp
 * @brief Segments of shared memory, for C++.
 */
#ifndef ISTHMUS_SHM_HPP
#define ISTHMUS_SHM_HPP

#include <isthmus/base.hpp>
#include <isthmus/shm.h>

namespace isthmus
{

namespace detail
{

struct shm_kind {
    using type = ist_shm_t;
    static apr_status_t close(type *shm) noexcept
    {
        return ist_shm_close(shm);
    }
};

} // namespace detail

/** A segment of shared memory. */
class shm : public detail::handle<detail::shm_kind>
{
  public:
    /**
     * Open or create a segment: see ist_shm_open().
     *
     * @param name  The name; see isthmus/base.h.
     * @param size  Bytes; of one that exists at least so many, 0 as it is.
     * @param how   How to open it.
     * @param who   Who may open it.
     * @param pool  Keeps the handle; nullptr: a pool of its own.
     *
     * @throw std::system_error  It is not open.
     */
    shm(const std::string &name, std::size_t size, mode how, access who = access::owner,
        apr_pool_t *pool = nullptr)
        : handle("ist_shm_open", pool,
                 [&](ist_shm_t **out, apr_pool_t *in) {
                     return ist_shm_open(out, name.c_str(), size, detail::flags(how),
                                         detail::perms(who), in);
                 }),
          writable_((detail::flags(how) & IST_READ_ONLY) == 0)
    {
    }

    /** How many bytes there are; 0 when it is closed. */
    std::size_t size() const noexcept
    {
        return ist_shm_size(native());
    }

    /** Whether this object created it. */
    bool created() const noexcept
    {
        return ist_shm_created(native()) != 0;
    }

    /** Its bytes, to read. */
    const_bytes read() const noexcept
    {
        return {static_cast<const std::byte *>(ist_shm_base(native())), size()};
    }

    /**
     * Its bytes, to read and write.
     *
     * @throw std::system_error  APR_EACCES: it was opened with mode::read_only.
     */
    bytes write() const
    {
        check(writable_ ? APR_SUCCESS : APR_EACCES, "isthmus::shm::write");
        return {static_cast<std::byte *>(ist_shm_base(native())), size()};
    }

  private:
    bool writable_;
};

} // namespace isthmus

#endif
