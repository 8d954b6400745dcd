/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program as a user would write it, outside the build: every kind once.
 */
#include <isthmus.h>

#include <apr_general.h>
#include <stdio.h>
#include <string.h>

static int failed(const char *what, apr_status_t status)
{
    char text[200];
    ist_strerror(status, text, sizeof text);
    printf("%s: %s\n", what, text);
    return 1;
}

static int use_region(apr_pool_t *pool)
{
    ist_region_t *region;
    apr_status_t status =
        ist_region_open(&region, "isthmus-consumer", 4096, IST_CREATE, IST_ACCESS_OWNER, pool);
    if (status != APR_SUCCESS)
        return failed("ist_region_open", status);
    status = ist_region_lock(region);
    if (!IST_LOCKED(status))
        return failed("ist_region_lock", status);
    strcpy(ist_region_base(region), "hello");
    status = ist_region_unlock(region);
    if (status != APR_SUCCESS)
        return failed("ist_region_unlock", status);
    status = ist_region_close(region);
    return status == APR_SUCCESS ? 0 : failed("ist_region_close", status);
}

int main(void)
{
    apr_pool_t *pool;
    if (apr_initialize() != APR_SUCCESS || apr_pool_create(&pool, NULL) != APR_SUCCESS)
        return 1;
    int result = use_region(pool);
    if (strcmp(ist_version(), IST_VERSION_STRING) != 0) {
        printf("the library is %s, its headers %s\n", ist_version(), IST_VERSION_STRING);
        result = 1;
    }
    if (result == 0)
        printf("consumed isthmus %s\n", ist_version());
    apr_terminate();
    return result;
}
