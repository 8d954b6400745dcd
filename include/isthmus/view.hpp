/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file isthmus/view.hpp
 * @brief A stretch of memory that is somebody else's.
 */
#ifndef ISTHMUS_VIEW_HPP
#define ISTHMUS_VIEW_HPP

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace isthmus
{

/**
 * Elements that lie in a row and belong to another: a segment, a message.
 *
 * Cheap to copy. It does not keep its memory alive.
 */
template <typename T> class view
{
    template <typename U>
    using like = std::conditional_t<std::is_const_v<T>, const U, U>; // as const as the bytes

  public:
    /** No elements at all. */
    constexpr view() noexcept = default;
    /** @a size elements from @a data on. */
    constexpr view(T *data, std::size_t size) noexcept : data_(data), size_(size)
    {
    }
    /** A view that may be written can be read. */
    template <typename U, typename = std::enable_if_t<std::is_same_v<const U, T>>>
    constexpr view(view<U> other) noexcept : data_(other.data()), size_(other.size())
    {
    }

    /** The first element. */
    constexpr T *data() const noexcept
    {
        return data_;
    }
    /** How many there are. */
    constexpr std::size_t size() const noexcept
    {
        return size_;
    }
    /** Whether there are none. */
    constexpr bool empty() const noexcept
    {
        return size_ == 0;
    }
    /** The first one. */
    constexpr T *begin() const noexcept
    {
        return data_;
    }
    /** Behind the last one. */
    constexpr T *end() const noexcept
    {
        return data_ + size_;
    }
    /** One of them, unchecked. */
    constexpr T &operator[](std::size_t index) const noexcept
    {
        return data_[index];
    }

    /**
     * Some of them.
     *
     * @throw std::out_of_range  There are not so many.
     */
    constexpr view part(std::size_t offset, std::size_t count) const
    {
        if (offset > size_ || count > size_ - offset)
            throw std::out_of_range("isthmus::view: part of it lies outside");
        return view(data_ + offset, count);
    }

    /**
     * The bytes from @a offset on as an object, where they lie. Bytes only.
     *
     * @throw std::out_of_range      It does not fit.
     * @throw std::invalid_argument  It would not be aligned as a @a U has to be.
     */
    template <typename U> like<U> &as(std::size_t offset = 0) const
    {
        return *row<U>(offset, 1).data();
    }

    /** The bytes from @a offset on as @a count objects in a row; throws as as() does. */
    template <typename U> view<like<U>> row(std::size_t offset, std::size_t count) const
    {
        static_assert(std::is_same_v<std::remove_const_t<T>, std::byte>, "a view of bytes only");
        static_assert(std::is_trivially_copyable_v<U>,
                      "what other processes see must be trivially copyable");
        if (offset > size_ || count > (size_ - offset) / sizeof(U))
            throw std::out_of_range("isthmus::view: the object does not fit");
        if (reinterpret_cast<std::uintptr_t>(data_ + offset) % alignof(U) != 0)
            throw std::invalid_argument("isthmus::view: the object would not be aligned");
        return {reinterpret_cast<like<U> *>(data_ + offset), count};
    }

  private:
    T *data_ = nullptr;
    std::size_t size_ = 0;
};

/** Bytes that may be written. */
using bytes = view<std::byte>;
/** Bytes that may be read. */
using const_bytes = view<const std::byte>;

/** The bytes of an object. */
template <typename T> const_bytes bytes_of(const T &object) noexcept
{
    static_assert(std::is_trivially_copyable_v<T>, "its bytes must be all there is to it");
    return {reinterpret_cast<const std::byte *>(&object), sizeof(T)};
}

/** The bytes of a string, such as a literal through std::string_view: no final NUL. */
template <typename Text, typename = decltype(std::declval<const Text &>().data())>
const_bytes text_bytes(const Text &text) noexcept
{
    static_assert(sizeof(*text.data()) == 1, "text of single bytes");
    return {reinterpret_cast<const std::byte *>(text.data()), text.size()};
}

} // namespace isthmus

#endif
