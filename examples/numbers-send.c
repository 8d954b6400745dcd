/* SPDX-License-Identifier: Apache-2.0 */
/* Sends 1, 2, 3, 4, 5 to numbers-receive, which may be started before or after. */
#include "numbers.h"

static void put(ist_region_t *region, apr_uint32_t number)
{
    numbers_t *shared = ist_region_base(region);
    apr_status_t status = ist_region_lock(region);

    /* IST_ABANDONED: the receiver died while it held the lock. It only reads,
     * so nothing is half-written; if no other comes, the wait below says so. */
    if (!IST_LOCKED(status))
        fail("locking the region", status);
    shared->number = number;
    check(ist_region_unlock(region), "unlocking the region");
    check(ist_region_notify(region), "telling the receiver");
}

int main(int argc, const char *const *argv)
{
    apr_pool_t *pool = example_begin(argc, &argv, 2, "NAME");
    ist_region_t *region;
    ist_semaphore_t *taken;
    apr_uint32_t number;

    numbers_open(argv[1], &region, &taken, pool);
    for (number = 1; number <= LAST_NUMBER; number++) {
        apr_status_t status;

        put(region, number);
        status = ist_semaphore_timedwait(taken, PATIENCE);
        if (status == APR_TIMEUP) {
            fprintf(stderr, "no receiver took %u within 30 seconds\n", (unsigned)number);
            return 1;
        }
        check(status, "waiting for the receiver");
        printf("sent %u\n", (unsigned)number);
        fflush(stdout);
    }
    return 0;
}
