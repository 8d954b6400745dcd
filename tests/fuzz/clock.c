/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The library's clock, pauses and sleeps, in place of libc's (the linker wraps them).
 * The clock begins anew with each run and goes on by looks and pauses alone: so an
 * input always does the same, what polls for some microseconds does so in a few looks,
 * and what waits two seconds for another process in a few pauses. A sleep at a lock or
 * a doorbell, which nobody would end, is over at once, and the clock then is at its end.
 */
#include "fuzz.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#define NANO  INT64_C(1000000000)
#define START (1000 * NANO)
#define LOOK  INT64_C(10000) /* nanoseconds that a look at the clock takes */
/* How much longer a pause seems than it was asked for: two of an open's are within its
 * patience, a third is not. */
#define LEAP 20000

int __real_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_nanosleep(const struct timespec *time, struct timespec *left);
int __wrap_pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock,
                                   const struct timespec *end);
int __wrap_sem_clockwait(sem_t *bell, clockid_t clock, const struct timespec *end);

void (*fuzz_paused)(unsigned pauses);
static int64_t now = START;
static unsigned count;

static int64_t nanoseconds(const struct timespec *time)
{
    return (int64_t)time->tv_sec * NANO + time->tv_nsec;
}

void fuzz_clock_start(void)
{
    now = START;
    count = 0;
    fuzz_paused = NULL;
}

/* The other clocks are those of libFuzzer, too. */
int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
    if (clock != CLOCK_MONOTONIC)
        return __real_clock_gettime(clock, time);
    now += LOOK;
    time->tv_sec = (time_t)(now / NANO);
    time->tv_nsec = (long)(now % NANO);
    return 0;
}

int __wrap_nanosleep(const struct timespec *time, struct timespec *left)
{
    (void)left;
    now += nanoseconds(time) * LEAP;
    /* Nothing here keeps others from going on for longer than its patience. */
    FUZZ_MUST(++count < 10000);
    if (fuzz_paused != NULL)
        fuzz_paused(count);
    return 0;
}

static void leap_to(const struct timespec *end)
{
    if (nanoseconds(end) > now)
        now = nanoseconds(end);
}

/* To try, and not to wait for no time: that would ask the kernel. */
int __wrap_pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock,
                                   const struct timespec *end)
{
    (void)clock;
    int result = pthread_mutex_trylock(mutex);
    if (result != EBUSY)
        return result;
    leap_to(end);
    return ETIMEDOUT;
}

int __wrap_sem_clockwait(sem_t *bell, clockid_t clock, const struct timespec *end)
{
    (void)clock;
    if (sem_trywait(bell) == 0)
        return 0;
    leap_to(end);
    errno = ETIMEDOUT;
    return -1;
}
