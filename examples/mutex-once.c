/* SPDX-License-Identifier: Apache-2.0 */
/* A program that must not run twice: the mutex NAME says whether it runs. It
 * ends at the end of its input, and exits 2 when another one runs already. */
#include "example.h"

int main(int argc, const char *const *argv)
{
    apr_pool_t *pool = example_begin(argc, &argv, 2, "NAME");
    ist_mutex_t *once;
    apr_status_t status;

    check(ist_mutex_open(&once, argv[1], IST_CREATE, 0, pool), "opening the mutex");
    status = ist_mutex_trylock(once);
    if (status == APR_EBUSY) {
        fprintf(stderr, "%s runs already\n", argv[1]);
        return 2;
    }
    if (!IST_LOCKED(status))
        fail("locking the mutex", status);
    if (status == IST_ABANDONED) {
        /* The lock is ours all the same. This is the place to mend what the
         * other left half-done, before the work begins. (When nobody else had
         * the mutex open, it went with its owner, and this one is new.) */
        puts("the last one died at its work");
    }
    puts("running; end the input to stop");
    fflush(stdout);
    while (getchar() != EOF) {
        /* the work */
    }
    check(ist_mutex_unlock(once), "unlocking the mutex");
    puts("done");
    return 0;
}
