/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file isthmus/objects.hpp
 * @brief All objects of the machine, for C++: list them, sweep up dead ones.
 */
#ifndef ISTHMUS_OBJECTS_HPP
#define ISTHMUS_OBJECTS_HPP

#include <isthmus/base.hpp>
#include <isthmus/objects.h>

#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace isthmus
{

/** An object, and what is told of it: see ist_info_t. */
struct object_info {
    std::string name;                      /**< Its name. */
    ist_kind_e kind = IST_KIND_MUTEX;      /**< What it is. */
    bool global = false;                   /**< The machine's, not a user's own. */
    ist_state_e state = IST_STATE_UNKNOWN; /**< How it fares. */
    apr_uint64_t size = 0;                 /**< Bytes of data, 0 when unknown. */
    ist_info_t told = {};                  /**< All that C tells, but for the name. */
};

namespace detail
{

// No exception may pass through the C library: it is kept, and ends the listing.
struct listing {
    std::vector<object_info> seen;
    std::exception_ptr thrown;
};

/** Keeps what ist_list() shows. */
inline apr_status_t list_one(void *baton, const ist_info_t *info) noexcept
{
    listing &all = *static_cast<listing *>(baton);
    try {
        object_info one{info->name, info->kind, info->global != 0, info->state, info->size, *info};
        one.told.name = nullptr; // it goes with the pool
        all.seen.push_back(std::move(one));
        return APR_SUCCESS;
    } catch (...) {
        all.thrown = std::current_exception();
        return APR_ENOMEM;
    }
}

// A pool for the length of a call.
class scratch
{
  public:
    scratch()
    {
        initialize();
        check(apr_pool_create(&pool, nullptr), "apr_pool_create");
    }

    scratch(const scratch &) = delete;
    scratch &operator=(const scratch &) = delete;

    ~scratch()
    {
        apr_pool_destroy(pool);
    }

    apr_pool_t *pool = nullptr;
};

} // namespace detail

/**
 * The objects of the machine that the caller may see, in no particular order.
 *
 * Looking changes nothing.
 *
 * @throw std::system_error  It can't be read what there is.
 */
inline std::vector<object_info> list()
{
    const detail::scratch scratch;
    detail::listing all;
    const apr_status_t status = ist_list(detail::list_one, &all, scratch.pool);
    if (all.thrown)
        std::rethrow_exception(all.thrown);
    check(status, "ist_list");
    return std::move(all.seen);
}

/**
 * Remove all that crashed processes left behind, and nothing that lives.
 *
 * @return How many objects were removed.
 *
 * @throw std::system_error  It can't be read what there is.
 */
inline apr_uint32_t sweep()
{
    const detail::scratch scratch;
    apr_uint32_t removed = 0;
    check(ist_sweep(&removed, scratch.pool), "ist_sweep");
    return removed;
}

} // namespace isthmus

#endif
