/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file isthmus/lockable.hpp
 * @brief How mutexes and regions are locked, and how an abandoned lock is told.
 *
 * @par Two ways
 * acquire() and its like return what the lock is like, as a value that the
 * compiler does not let go unlooked at, and that is no truth value: abandoned has
 * to be written to be passed over.
 *
 * lock() and its like are what std::lock_guard, std::unique_lock and
 * std::scoped_lock call. They have no value for it, so they throw
 * isthmus::abandoned, and the thread <b>owns the lock while it does</b>. To unlock
 * first would make the lock as new: the next locker would find half-written data
 * and not be told. So the one who catches it mends and unlocks:
 * @code
 * try {
 *     std::lock_guard<isthmus::mutex> guard(mutex);
 *     use();
 * } catch (const isthmus::abandoned &) {
 *     std::lock_guard<isthmus::mutex> guard(mutex, std::adopt_lock);
 *     mend();
 * }
 * @endcode
 * When nobody catches it, the process ends with the lock, and the next locker is
 * told again: nobody ever takes what is half-written for whole. Among several
 * locks of a std::scoped_lock, abandoned::is() says which one it is; the others
 * are unlocked.
 */
#ifndef ISTHMUS_LOCKABLE_HPP
#define ISTHMUS_LOCKABLE_HPP

#include <isthmus/base.hpp>

namespace isthmus
{

/** What a try to lock came to. */
enum class [[nodiscard]] locked{
    busy,     /**< Somebody else has it: the caller does not. */
    clean,    /**< The caller has it. */
    abandoned /**< The caller has it, and its last owner died while it did: mend first. */
};

/** Thrown by lock() and its like. The thread owns the lock, and has to unlock it. */
class abandoned : public std::system_error
{
  public:
    /** The C handle that is locked tells which one it is. */
    explicit abandoned(const void *native)
        : std::system_error(isthmus::code(IST_ABANDONED), "lock"), native_(native)
    {
    }

    /** Whether it is this mutex or region that the thread owns now. */
    template <typename Lockable> bool is(const Lockable &one) const noexcept
    {
        return native_ == one.native();
    }

  private:
    const void *native_;
};

namespace detail
{

/** What mutexes and regions have in common. */
// Kind has besides: lock, timedlock, unlock.
template <typename Kind> class lockable : public handle<Kind>
{
  public:
    /** Lock it, waiting for as long as it takes; never locked::busy. */
    [[nodiscard]] locked acquire()
    {
        return told(Kind::lock(this->native()));
    }

    /** Lock it if it is free. */
    [[nodiscard]] locked try_acquire()
    {
        return told(Kind::trylock(this->native()));
    }

    /** Lock it, waiting for some time at most; a negative time tries once. */
    template <typename Rep, typename Period>
    [[nodiscard]] locked try_acquire_for(std::chrono::duration<Rep, Period> time)
    {
        return told(Kind::timedlock(this->native(), usec(time)));
    }

    /** As acquire(), for std::lock_guard: throws isthmus::abandoned, and owns it. */
    void lock()
    {
        static_cast<void>(owned(acquire()));
    }

    /** As try_acquire(), for std::unique_lock: throws isthmus::abandoned, and owns it. */
    [[nodiscard]] bool try_lock()
    {
        return owned(try_acquire());
    }

    /** As try_acquire_for(): throws isthmus::abandoned, and owns it. */
    template <typename Rep, typename Period>
    [[nodiscard]] bool try_lock_for(std::chrono::duration<Rep, Period> time)
    {
        return owned(try_acquire_for(time));
    }

    /** As try_lock_for(), up to a time; a clock that is set meanwhile does not matter. */
    template <typename Clock, typename Duration>
    [[nodiscard]] bool try_lock_until(std::chrono::time_point<Clock, Duration> then)
    {
        return owned(told(Kind::timedlock(this->native(), usec_until(then))));
    }

    /** Unlock it: an abandoned one is as new then. */
    void unlock()
    {
        check(Kind::unlock(this->native()), "unlock");
    }

  protected:
    using handle<Kind>::handle;

  private:
    static locked told(apr_status_t status)
    {
        if (status == IST_ABANDONED)
            return locked::abandoned;
        return done(status, "lock") ? locked::clean : locked::busy;
    }

    bool owned(locked how) const
    {
        if (how == locked::abandoned)
            throw abandoned(this->native());
        return how == locked::clean;
    }
};

} // namespace detail

} // namespace isthmus

#endif
