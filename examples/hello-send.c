/* SPDX-License-Identifier: Apache-2.0 */
/* Sends a line to hello-receive, which may be started before or after. */
#include <stdio.h>
#include <stdlib.h>
#include <apr_general.h>
#include <isthmus.h>

static void check(apr_status_t status)
{
    char text[120];
    if (status != APR_SUCCESS) {
        fprintf(stderr, "%s\n", ist_strerror(status, text, sizeof(text)));
        exit(1);
    }
}

int main(void)
{
    apr_pool_t *pool;
    ist_region_t *region;
    ist_semaphore_t *taken;
    apr_status_t status;
    check(apr_initialize());
    check(apr_pool_create(&pool, NULL));
    check(ist_region_open(&region, "hello", 4096, IST_CREATE, 0, pool));
    check(ist_semaphore_open(&taken, "hello", 0, 1, IST_CREATE, 0, pool));
    status = ist_region_lock(region);
    if (!IST_LOCKED(status)) /* IST_ABANDONED is fine here: the line is written anew */
        check(status);
    snprintf(ist_region_base(region), 4096, "hello across the isthmus");
    check(ist_region_unlock(region));
    check(ist_region_notify(region));
    check(ist_semaphore_wait(taken)); /* stay, or the region goes with us */
    apr_terminate();
    return 0;
}
