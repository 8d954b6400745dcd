/* SPDX-License-Identifier: Apache-2.0 */
/* What numbers-send and numbers-receive agree on, beside the name.
 *
 * The number is written and read under the region's lock. The region's
 * notification says "there is a number"; the semaphore of the same name says
 * "it was taken". So nobody takes a message of its own, and as the sender
 * stays until the last number was taken, either may start first. */
#ifndef NUMBERS_H
#define NUMBERS_H

#include "example.h"

#define REGION_SIZE (1024 * 1024)
#define LAST_NUMBER 5

typedef struct numbers_t {
    apr_uint32_t number; /* the one that was sent last */
} numbers_t;

static inline void numbers_open(const char *name, ist_region_t **region, ist_semaphore_t **taken,
                                apr_pool_t *pool)
{
    check(ist_region_open(region, name, REGION_SIZE, IST_CREATE, 0, pool), "opening the region");
    check(ist_semaphore_open(taken, name, 0, 1, IST_CREATE, 0, pool), "opening the semaphore");
}

#endif
