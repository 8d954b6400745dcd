/* SPDX-License-Identifier: Apache-2.0 */
/* All objects of the machine: list and sweep. */
#include "internal.h"

#include <apr_strings.h>
#include <apr_tables.h>

typedef struct collection_t {
    apr_array_header_t *seen;
    apr_pool_t *pool;
} collection_t;

static apr_status_t collect(void *baton, const ist_info_t *info)
{
    collection_t *collection = baton;
    ist_info_t *copy = apr_array_push(collection->seen);
    *copy = *info;
    copy->name = apr_pstrdup(collection->pool, info->name);
    return APR_SUCCESS;
}

apr_status_t ist_list(ist_list_fn_t *visit, void *baton, apr_pool_t *pool)
{
    if (visit == NULL || pool == NULL)
        return APR_EINVAL;
    collection_t collection = {apr_array_make(pool, 16, sizeof(ist_info_t)), pool};
    ist_os_enter();
    apr_status_t rv = ist_os_list(collect, &collection);
    ist_os_leave();
    /* The caller's code runs outside the guard, and so may open and close. */
    const ist_info_t *seen = (const void *)collection.seen->elts;
    for (int i = 0; rv == APR_SUCCESS && i < collection.seen->nelts; i++)
        rv = visit(baton, &seen[i]);
    return rv;
}

apr_status_t ist_sweep(apr_uint32_t *removed, apr_pool_t *pool)
{
    uint32_t count = 0;
    if (pool == NULL)
        return APR_EINVAL;
    ist_os_enter();
    apr_status_t rv = ist_os_sweep(&count);
    ist_os_leave();
    if (removed != NULL)
        *removed = count;
    return rv;
}
