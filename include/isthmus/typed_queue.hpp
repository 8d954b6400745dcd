/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file isthmus/typed_queue.hpp
 * @brief Queues whose messages are all of one type.
 */
#ifndef ISTHMUS_TYPED_QUEUE_HPP
#define ISTHMUS_TYPED_QUEUE_HPP

#include <isthmus/queue.hpp>

namespace isthmus
{

/**
 * A queue whose messages are objects of one type.
 *
 * A message of another size is never taken for one: the call throws IST_EMSGSIZE,
 * and the message stays. bare() has the calls that deal with it.
 */
template <typename T> class typed_queue
{
    static_assert(std::is_trivially_copyable_v<T> && std::is_default_constructible_v<T>,
                  "messages cross as bytes: trivially copyable, and made empty to be filled");

  public:
    /** Open or create one with room for @a capacity messages: see queue. */
    typed_queue(const std::string &name, apr_uint32_t capacity, mode how,
                access who = access::owner, apr_pool_t *pool = nullptr)
        : queue_(name, {static_cast<apr_uint32_t>(sizeof(T)), capacity}, how, who, pool)
    {
    }

    /** Open one that exists: see queue. */
    typed_queue(const std::string &name, mode how, apr_pool_t *pool = nullptr)
        : queue_(name, how, pool)
    {
    }

    /** The queue of bytes that it is. */
    queue &bare() noexcept
    {
        return queue_;
    }

    /** Send a message, waiting for room as long as it takes. */
    void send(const T &one)
    {
        queue_.send(bytes_of(one));
    }

    /** Send a message if there is room. */
    [[nodiscard]] bool try_send(const T &one)
    {
        return queue_.try_send(bytes_of(one));
    }

    /** Send a message, waiting for some time at most; a negative time tries once. */
    template <typename Rep, typename Period>
    [[nodiscard]] bool send_for(const T &one, std::chrono::duration<Rep, Period> time)
    {
        return queue_.send_for(bytes_of(one), time);
    }

    /** Receive a message, waiting as long as it takes. */
    [[nodiscard]] T receive()
    {
        return taken(queue_.peek());
    }

    /** Receive a message if there is one. */
    [[nodiscard]] std::optional<T> try_receive()
    {
        return receive_for(std::chrono::seconds::zero());
    }

    /** Receive a message, waiting for some time at most; a negative time tries once. */
    template <typename Rep, typename Period>
    [[nodiscard]] std::optional<T> receive_for(std::chrono::duration<Rep, Period> time)
    {
        std::optional<message> next = queue_.peek_for(time);
        if (!next)
            return std::nullopt;
        return taken(std::move(*next));
    }

  private:
    // By a peek, for only so a message of another size can be left where it is.
    static T taken(message next)
    {
        T one{};
        check(next.data().size() == sizeof(T) ? APR_SUCCESS : IST_EMSGSIZE,
              "isthmus::typed_queue::receive");
        std::memcpy(static_cast<void *>(&one), next.data().data(), sizeof(T));
        next.release();
        return one;
    }

    queue queue_;
};

} // namespace isthmus

#endif
