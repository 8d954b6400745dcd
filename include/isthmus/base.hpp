/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file isthmus/base.hpp
 * @brief What all C++ classes share: modes, access, time, owners of handles.
 *
 * @par Owners
 * Each object owns one handle of the C interface, can be moved and not copied,
 * and closes its handle when it goes. What has been moved from is closed. Unless
 * it is given a pool, it has one of its own, so that any thread may make it and
 * let it go. A pool that is given is used by one thread at a time, and must live
 * as long as the object.
 *
 * @par Errors
 * What fails throws std::system_error, whose code is one that the C call's
 * description names: see isthmus/error.hpp. "Busy" and "too late" are no errors,
 * where a call's name says that it tries: they are its result.
 *
 * @par APR
 * The first object initializes it. It is never terminated by these headers: an
 * object may be of static storage, or live in a thread that outlives main.
 */
#ifndef ISTHMUS_BASE_HPP
#define ISTHMUS_BASE_HPP

#include <isthmus/base.h>
#include <isthmus/error.hpp>
#include <isthmus/view.hpp>

#include <apr_general.h>
#include <chrono>
#include <string>
#include <utility>

namespace isthmus
{

/** How an object is opened; combine with `|`. */
enum class mode : apr_uint32_t {
    open = 0,                      /**< It must exist. */
    create = IST_CREATE,           /**< Open it, or create it. */
    create_only = IST_CREATE_ONLY, /**< Create it; an error when there is one. */
    global = IST_GLOBAL,           /**< The machine's name, not this user's own. */
    read_only = IST_READ_ONLY,     /**< Segments: can't be written. */
    populate = IST_POPULATE,       /**< Kinds with bytes: map all pages now. */
    send = IST_SEND,               /**< Queues: to send. */
    receive = IST_RECEIVE,         /**< Queues: to receive. */
    sole = IST_SOLE                /**< Queues: nobody else may, on this side. */
};

/** Both modes. */
constexpr mode operator|(mode a, mode b) noexcept
{
    return static_cast<mode>(static_cast<apr_uint32_t>(a) | static_cast<apr_uint32_t>(b));
}

/** Who may open an object; looked at when it is created. */
enum class access : apr_fileperms_t {
    owner = IST_ACCESS_OWNER, /**< The owner alone. */
    group = IST_ACCESS_GROUP, /**< The owner and the owner's group. */
    world = IST_ACCESS_WORLD  /**< Everybody on the machine. */
};

/** Initialize APR, once for the program; every object does so by itself. */
inline void initialize()
{
    static const bool done = (check(apr_initialize(), "apr_initialize"), true);
    static_cast<void>(done);
}

namespace detail
{

/** Flags of the open calls. */
constexpr apr_uint32_t flags(mode how) noexcept
{
    return static_cast<apr_uint32_t>(how);
}

/** Access of the open calls. */
constexpr apr_fileperms_t perms(access who) noexcept
{
    return static_cast<apr_fileperms_t>(who);
}

/**
 * Microseconds, rounded up, for no wait may end early. A negative time is over: only
 * in C is it for ever.
 */
template <typename Rep, typename Period>
apr_interval_time_t usec(std::chrono::duration<Rep, Period> time)
{
    using std::chrono::duration;
    using std::chrono::duration_cast;
    using usecs = duration<apr_interval_time_t, std::micro>;
    if (time <= time.zero())
        return 0;
    if (duration<double, std::micro>(time).count() >= 9e18)
        return IST_FOREVER;
    const usecs whole = duration_cast<usecs>(time);
    return whole < time ? whole.count() + 1 : whole.count();
}

/** Microseconds that are left until then; 0 when it is past. */
template <typename Clock, typename Duration>
apr_interval_time_t usec_until(std::chrono::time_point<Clock, Duration> then)
{
    return usec(then - Clock::now());
}

/** False for what a call that tries is expected to say, an exception for the rest. */
inline bool done(apr_status_t status, const char *call)
{
    if (status == APR_EBUSY || status == APR_TIMEUP)
        return false;
    check(status, call);
    return true;
}

/** What every class that owns a handle has. It can be moved, and not copied. */
// Kind has: type, the C handle; close(type *).
template <typename Kind> class handle
{
  public:
    /** The C interface's handle. */
    using native_type = typename Kind::type;

    handle(const handle &) = delete;
    handle &operator=(const handle &) = delete;

    /** What the C interface takes; NULL when it is closed. It stays the object's own. */
    native_type *native() const noexcept
    {
        return native_;
    }

    /** Whether it is open: not closed, and not moved from. */
    explicit operator bool() const noexcept
    {
        return native_ != nullptr;
    }

    /** Close it, and tell of an error; after an error it is as it was. */
    void close()
    {
        check(Kind::close(native_), "close");
        native_ = nullptr;
        end();
    }

  protected:
    /** Open it: open(handle, pool) makes the C call. */
    template <typename Open> handle(const char *call, apr_pool_t *given, Open open)
    {
        initialize();
        if (given == nullptr)
            check(apr_pool_create(&own_, nullptr), "apr_pool_create");
        const apr_status_t status = open(&native_, own_ != nullptr ? own_ : given);
        if (status != APR_SUCCESS) {
            end();
            check(status, call);
        }
    }

    /** Move it: the other is closed then. */
    handle(handle &&other) noexcept
        : native_(std::exchange(other.native_, nullptr)), own_(std::exchange(other.own_, nullptr))
    {
    }

    /** Close it, and move the other here. */
    handle &operator=(handle &&other) noexcept
    {
        if (this != &other) {
            end();
            native_ = std::exchange(other.native_, nullptr);
            own_ = std::exchange(other.own_, nullptr);
        }
        return *this;
    }

    ~handle()
    {
        end();
    }

  private:
    // A pool of one's own closes whatever state the handle is in.
    void end() noexcept
    {
        if (own_ != nullptr)
            apr_pool_destroy(own_);
        else if (native_ != nullptr)
            static_cast<void>(Kind::close(native_));
        own_ = nullptr;
        native_ = nullptr;
    }

    native_type *native_ = nullptr;
    apr_pool_t *own_ = nullptr;
};

} // namespace detail

} // namespace isthmus

#endif
