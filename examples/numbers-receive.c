/* SPDX-License-Identifier: Apache-2.0 */
/* Receives 1, 2, 3, 4, 5 from numbers-send, which may be started before or after. */
#include "numbers.h"

static apr_uint32_t get(ist_region_t *region)
{
    const numbers_t *shared = ist_region_base(region);
    apr_status_t status = ist_region_lock(region);
    apr_uint32_t number;

    /* Nothing that was written before the sender died can be believed. */
    if (status == IST_ABANDONED)
        fail("the sender died while it wrote", status);
    check(status, "locking the region");
    number = shared->number;
    check(ist_region_unlock(region), "unlocking the region");
    return number;
}

int main(int argc, const char *const *argv)
{
    apr_pool_t *pool = example_begin(argc, &argv, 2, "NAME");
    ist_region_t *region;
    ist_semaphore_t *taken;
    apr_uint32_t expected;

    numbers_open(argv[1], &region, &taken, pool);
    for (expected = 1; expected <= LAST_NUMBER; expected++) {
        apr_status_t status = ist_region_timedwait(region, PATIENCE);
        apr_uint32_t number;

        if (status == APR_TIMEUP) {
            fprintf(stderr, "no sender sent %u within 30 seconds\n", (unsigned)expected);
            return 1;
        }
        check(status, "waiting for the sender");
        number = get(region);
        if (number != expected) {
            fprintf(stderr, "received %u, not %u: is somebody else using this name?\n",
                    (unsigned)number, (unsigned)expected);
            return 1;
        }
        printf("received %u\n", (unsigned)number);
        fflush(stdout);
        check(ist_semaphore_post(taken), "telling the sender");
    }
    return 0;
}
