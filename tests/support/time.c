/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time and chance.
 */
#include "private.h"

#include <stdio.h>
#include <stdlib.h>

static apr_uint32_t state;

apr_int64_t tst_now(void)
{
    return tst_sys_now();
}

apr_int64_t tst_scaled(apr_int64_t usec)
{
    const char *factor = getenv("IST_TEST_TIME_FACTOR");
    double times = factor == NULL ? 1.0 : strtod(factor, NULL);
    return (apr_int64_t)((double)usec * (times < 1.0 ? 1.0 : times));
}

void tst_random_start(void)
{
    const char *seed = getenv("IST_TEST_SEED");
    state = seed == NULL ? (apr_uint32_t)(apr_time_now() * 31 + tst_sys_pid())
                         : (apr_uint32_t)strtoul(seed, NULL, 0);
    if (state == 0)
        state = 1;
    if (!tst_self.child)
        printf("%s: seed %lu\n", tst_self.program, (unsigned long)state);
}

/* xorshift32: G. Marsaglia, "Xorshift RNGs", 2003. */
apr_uint32_t tst_random(apr_uint32_t limit)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state % limit;
}
