/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the line that hello-send sends; it may be started before or after. */
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
    check(apr_initialize());
    check(apr_pool_create(&pool, NULL));
    check(ist_region_open(&region, "hello", 4096, IST_CREATE, 0, pool));
    check(ist_semaphore_open(&taken, "hello", 0, 1, IST_CREATE, 0, pool));
    check(ist_region_wait(region));
    check(ist_region_lock(region)); /* IST_ABANDONED too: half a line is of no use here */
    printf("%.4096s\n", (const char *)ist_region_base(region));
    check(ist_region_unlock(region));
    check(ist_semaphore_post(taken));
    apr_terminate();
    return 0;
}
