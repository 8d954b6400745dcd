/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The library's clock and pauses, in place of libc's (the linker wraps them): a
 * pause takes no time and the clock leaps, so that what waits two seconds for
 * another process does so in a few steps.
 */
#include "fuzz.h"

#include <time.h>

#define LEAP 200 /* how much longer a pause seems than it was asked for */

int __real_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_nanosleep(const struct timespec *time, struct timespec *left);

void (*fuzz_paused)(unsigned pauses);
static int64_t leapt; /* nanoseconds */
static unsigned count;

void fuzz_clock_start(void)
{
    count = 0;
    fuzz_paused = NULL;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
    int result = __real_clock_gettime(clock, time);
    int64_t now = (int64_t)time->tv_sec * 1000000000 + time->tv_nsec + leapt;
    time->tv_sec = (time_t)(now / 1000000000);
    time->tv_nsec = (long)(now % 1000000000);
    return result;
}

int __wrap_nanosleep(const struct timespec *time, struct timespec *left)
{
    (void)left;
    leapt += ((int64_t)time->tv_sec * 1000000000 + time->tv_nsec) * LEAP;
    /* Nothing here keeps others from going on for longer than its patience. */
    FUZZ_MUST(++count < 10000);
    if (fuzz_paused != NULL)
        fuzz_paused(count);
    return 0;
}
