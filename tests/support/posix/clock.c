/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Linux: a wall clock that jumps for this process alone. Setting the machine's
 * would need root, and disturb all that runs on it.
 *
 * Whoever turns the wall clock's time into a deadline gets it wrong then: the
 * kernel's waits go by the real one. A libc without waits by another clock
 * would do that too, and be right to: there nothing can be shown this way.
 */
#include "posix.h"

#include <config.h>

#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static _Atomic(apr_int64_t) ahead; /* microseconds */

/* In place of libc's, for the program and every library in it. */
int clock_gettime(clockid_t clock, struct timespec *time)
{
#ifdef SYS_clock_gettime64
    long number = sizeof(time_t) > sizeof(long) ? SYS_clock_gettime64 : SYS_clock_gettime;
#else
    long number = SYS_clock_gettime;
#endif
    if (syscall(number, clock, time) != 0)
        return -1;
    apr_int64_t usec = atomic_load(&ahead);
    if (clock != CLOCK_REALTIME || usec == 0)
        return 0;
    usec += (apr_int64_t)time->tv_sec * 1000000 + time->tv_nsec / 1000;
    time->tv_sec = (time_t)(usec / 1000000);
    time->tv_nsec = (long)(usec % 1000000) * 1000 + time->tv_nsec % 1000;
    return 0;
}

int tst_clock_jumps(void)
{
#if defined HAVE_PTHREAD_MUTEX_CLOCKLOCK && defined HAVE_SEM_CLOCKWAIT
    return 1;
#else
    return 0;
#endif
}

void tst_clock_jump(apr_int64_t usec)
{
    atomic_fetch_add(&ahead, usec);
}

void tst_clock_right(void)
{
    atomic_store(&ahead, 0);
}
