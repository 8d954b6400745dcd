/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file isthmus/error.hpp
 * @brief Status codes as std::error_code and std::system_error.
 */
#ifndef ISTHMUS_ERROR_HPP
#define ISTHMUS_ERROR_HPP

#include <isthmus/errno.h>

#include <string>
#include <system_error>

namespace isthmus
{

namespace detail
{

class category final : public std::error_category
{
  public:
    const char *name() const noexcept override
    {
        return "isthmus";
    }

    std::string message(int status) const override
    {
        char text[200];
        return ist_strerror(status, text, sizeof(text));
    }

    // So that a program can compare with std::errc, the same on every system.
    std::error_condition default_error_condition(int status) const noexcept override
    {
        static constexpr struct {
            apr_status_t status;
            std::errc same;
        } known[] = {
            {APR_EINVAL, std::errc::invalid_argument},
            {APR_ENAMETOOLONG, std::errc::filename_too_long},
            {APR_ENOENT, std::errc::no_such_file_or_directory},
            {APR_EEXIST, std::errc::file_exists},
            {APR_EACCES, std::errc::permission_denied},
            {APR_ENOMEM, std::errc::not_enough_memory},
            {APR_ENOSPC, std::errc::no_space_on_device},
            {APR_EBUSY, std::errc::device_or_resource_busy},
            {APR_TIMEUP, std::errc::timed_out},
            {IST_ABANDONED, std::errc::owner_dead},
            {IST_ENOTOWNER, std::errc::operation_not_permitted},
            {IST_EOVERFLOW, std::errc::value_too_large},
            {IST_EMSGSIZE, std::errc::message_size},
        };
        for (const auto &one : known)
            if (one.status == status)
                return one.same;
        return {status, *this};
    }
};

} // namespace detail

/** The category of all status codes: isthmus's, APR's and the system's through APR. */
inline const std::error_category &category() noexcept
{
    static const detail::category only;
    return only;
}

/** A status, such as APR_ENOENT or IST_ESIZE, as a value to compare with. */
inline std::error_code code(apr_status_t status) noexcept
{
    return {status, category()};
}

/** Throw a std::system_error with code(status), if @a status is not APR_SUCCESS. */
inline void check(apr_status_t status, const char *call)
{
    if (status != APR_SUCCESS)
        throw std::system_error(code(status), call);
}

} // namespace isthmus

#endif
