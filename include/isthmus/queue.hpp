/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file isthmus/queue.hpp
 * @brief Queues of messages, for C++: of bytes, and of one type.
 */
#ifndef ISTHMUS_QUEUE_HPP
#define ISTHMUS_QUEUE_HPP

#include <isthmus/base.hpp>
#include <isthmus/queue.h>

#include <cstring>
#include <optional>

namespace isthmus
{

namespace detail
{

struct queue_kind {
    using type = ist_queue_t;
    static apr_status_t close(type *queue) noexcept
    {
        return ist_queue_close(queue);
    }
};

/**
 * The side of a queue that a thread has, until it says how that ends. When nobody
 * says so, it is undone: an exception leaves the queue as it was.
 */
template <typename Bytes, apr_status_t (*Undo)(ist_queue_t *)> class turn
{
  public:
    /** Move it: the other has nothing then. */
    turn(turn &&other) noexcept : queue_(std::exchange(other.queue_, nullptr)), data_(other.data_)
    {
    }

    turn(const turn &) = delete;
    turn &operator=(const turn &) = delete;
    turn &operator=(turn &&) = delete;

    ~turn()
    {
        if (queue_ != nullptr)
            static_cast<void>(Undo(queue_));
    }

    /** Its bytes, where they lie; aligned to 8. Nobody's once the turn is over. */
    Bytes data() const noexcept
    {
        return data_;
    }

  protected:
    /** Begin it. */
    turn(ist_queue_t *queue, Bytes data) noexcept : queue_(queue), data_(data)
    {
    }

    /** End it; after an error it goes on. */
    void over(apr_status_t status, const char *call)
    {
        check(status, call);
        queue_ = nullptr;
    }

    ist_queue_t *queue_; /**< NULL once it is over. */

  private:
    Bytes data_;
};

/** ist_queue_cancel(), to be inlined. */
inline apr_status_t cancel(ist_queue_t *queue) noexcept
{
    return ist_queue_cancel(queue);
}

/** ist_queue_putback(), to be inlined. */
inline apr_status_t putback(ist_queue_t *queue) noexcept
{
    return ist_queue_putback(queue);
}

} // namespace detail

/**
 * Room for a message, to write it where it will lie. Of the thread that reserved
 * it; cancelled when it goes without commit(). The queue must stay open so long.
 */
class [[nodiscard]] reservation : public detail::turn<bytes, detail::cancel>
{
  public:
    /** Send all of it. */
    void commit()
    {
        commit(data().size());
    }

    /** Send its first @a size bytes. */
    void commit(std::size_t size)
    {
        over(ist_queue_commit(queue_, size), "ist_queue_commit");
    }

    /** Send nothing. */
    void cancel()
    {
        over(ist_queue_cancel(queue_), "ist_queue_cancel");
    }

  private:
    friend class queue;
    using turn::turn;
};

/**
 * The next message, where it lies. Of the thread that peeks; put back when it goes
 * without release(), so that an exception loses none. The queue must stay open so long.
 */
class [[nodiscard]] message : public detail::turn<const_bytes, detail::putback>
{
  public:
    /** Be done with it: it is received. */
    void release()
    {
        over(ist_queue_release(queue_), "ist_queue_release");
    }

    /** Leave it for the next. */
    void putback()
    {
        over(ist_queue_putback(queue_), "ist_queue_putback");
    }

  private:
    friend class queue;
    using turn::turn;
};

/** A queue of messages, each of 0 bytes or more. */
class queue : public detail::handle<detail::queue_kind>
{
  public:
    /** Its measures. */
    using geometry_type = ist_queue_geometry_t;

    /**
     * Open or create a queue: see ist_queue_open().
     *
     * @param name      The name; see isthmus/base.h.
     * @param geometry  Its measures; of one that exists, the least it must have.
     * @param how       How to open it, and to do what.
     * @param who       Who may open it.
     * @param pool      Keeps the handle; nullptr: a pool of its own.
     *
     * @throw std::system_error  It is not open.
     */
    queue(const std::string &name, const geometry_type &geometry, mode how,
          access who = access::owner, apr_pool_t *pool = nullptr)
        : queue(name, &geometry, how, who, pool)
    {
    }

    /** Open a queue that exists; throws as above. */
    queue(const std::string &name, mode how, apr_pool_t *pool = nullptr)
        : queue(name, nullptr, how, access::owner, pool)
    {
    }

    /** Whether this object created it. */
    bool created() const noexcept
    {
        return ist_queue_created(native()) != 0;
    }

    /** The measures that it was created with. */
    geometry_type geometry() const
    {
        geometry_type told = {};
        check(ist_queue_geometry(native(), &told), "ist_queue_geometry");
        return told;
    }

    /** How it fares, as a hint. */
    ist_queue_state_t state() const
    {
        ist_queue_state_t told = {};
        check(ist_queue_state(native(), &told), "ist_queue_state");
        return told;
    }

    /** Send a message, waiting for room as long as it takes. */
    void send(const_bytes data)
    {
        check(ist_queue_send(native(), data.data(), data.size()), "ist_queue_send");
    }

    /** Send a message if there is room. */
    [[nodiscard]] bool try_send(const_bytes data)
    {
        return detail::done(ist_queue_trysend(native(), data.data(), data.size()),
                            "ist_queue_trysend");
    }

    /** Send a message, waiting for some time at most; a negative time tries once. */
    template <typename Rep, typename Period>
    [[nodiscard]] bool send_for(const_bytes data, std::chrono::duration<Rep, Period> time)
    {
        return detail::done(
            ist_queue_timedsend(native(), data.data(), data.size(), detail::usec(time)),
            "ist_queue_timedsend");
    }

    /**
     * Receive a message, waiting as long as it takes.
     *
     * @return The part of @a room that it fills.
     *
     * @throw std::system_error  IST_EMSGSIZE: it does not fit, and stays.
     */
    [[nodiscard]] bytes receive(bytes room)
    {
        std::size_t size = 0;
        check(ist_queue_receive(native(), room.data(), room.size(), &size), "ist_queue_receive");
        return room.part(0, size);
    }

    /** Receive a message if there is one. */
    [[nodiscard]] std::optional<bytes> try_receive(bytes room)
    {
        std::size_t size = 0;
        if (!detail::done(ist_queue_tryreceive(native(), room.data(), room.size(), &size),
                          "ist_queue_tryreceive"))
            return std::nullopt;
        return room.part(0, size);
    }

    /** Receive a message, waiting for some time at most; a negative time tries once. */
    template <typename Rep, typename Period>
    [[nodiscard]] std::optional<bytes> receive_for(bytes room,
                                                   std::chrono::duration<Rep, Period> time)
    {
        std::size_t size = 0;
        if (!detail::done(ist_queue_timedreceive(native(), room.data(), room.size(), &size,
                                                 detail::usec(time)),
                          "ist_queue_timedreceive"))
            return std::nullopt;
        return room.part(0, size);
    }

    /** Reserve room for a message, waiting as long as it takes. */
    reservation reserve(std::size_t size)
    {
        void *data = nullptr;
        check(ist_queue_reserve(native(), size, &data, IST_FOREVER), "ist_queue_reserve");
        return reservation(native(), bytes(static_cast<std::byte *>(data), size));
    }

    /** Reserve room, waiting for some time at most; a negative time tries once. */
    template <typename Rep, typename Period>
    [[nodiscard]] std::optional<reservation> reserve_for(std::size_t size,
                                                         std::chrono::duration<Rep, Period> time)
    {
        void *data = nullptr;
        if (!detail::done(ist_queue_reserve(native(), size, &data, detail::usec(time)),
                          "ist_queue_reserve"))
            return std::nullopt;
        return reservation(native(), bytes(static_cast<std::byte *>(data), size));
    }

    /** Look at the next message where it lies, waiting as long as it takes. */
    message peek()
    {
        const void *data = nullptr;
        std::size_t size = 0;
        check(ist_queue_peek(native(), &data, &size, IST_FOREVER), "ist_queue_peek");
        return message(native(), const_bytes(static_cast<const std::byte *>(data), size));
    }

    /** Look at it, waiting for some time at most; a negative time tries once. */
    template <typename Rep, typename Period>
    [[nodiscard]] std::optional<message> peek_for(std::chrono::duration<Rep, Period> time)
    {
        const void *data = nullptr;
        std::size_t size = 0;
        if (!detail::done(ist_queue_peek(native(), &data, &size, detail::usec(time)),
                          "ist_queue_peek"))
            return std::nullopt;
        return message(native(), const_bytes(static_cast<const std::byte *>(data), size));
    }

  private:
    queue(const std::string &name, const geometry_type *geometry, mode how, access who,
          apr_pool_t *pool)
        : handle("ist_queue_open", pool, [&](ist_queue_t **out, apr_pool_t *in) {
              return ist_queue_open(out, name.c_str(), geometry, detail::flags(how),
                                    detail::perms(who), in);
          })
    {
    }
};

} // namespace isthmus

#include <isthmus/typed_queue.hpp>

#endif
