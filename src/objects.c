/* SPDX-License-Identifier: Apache-2.0 */
/* All objects of the machine: list and sweep. */
#include "internal.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <apr_tables.h>

/* A folder that is read while names come and go may hide one name that was
 * there all the time, and show another twice: it is read until it shows
 * nothing new, this many times at most. */
#define PASSES 10

typedef struct collection_t {
    apr_array_header_t *seen; /* of ist_info_t * */
    apr_hash_t *by_key;
    apr_pool_t *pool;
    int added; /* in this pass */
} collection_t;

static apr_status_t collect(void *baton, const ist_info_t *info)
{
    collection_t *collection = baton;
    const char *key =
        apr_psprintf(collection->pool, "%c%d%s", (char)info->kind, info->global, info->name);
    ist_info_t *known = apr_hash_get(collection->by_key, key, APR_HASH_KEY_STRING);
    if (known == NULL) {
        known = apr_palloc(collection->pool, sizeof *known);
        apr_hash_set(collection->by_key, key, APR_HASH_KEY_STRING, known);
        *(ist_info_t **)apr_array_push(collection->seen) = known;
        collection->added++;
    }
    *known = *info;
    known->name = key + 2;
    return APR_SUCCESS;
}

static apr_status_t collect_all(collection_t *collection)
{
    apr_status_t rv = APR_SUCCESS;
    collection->added = 1;
    for (int pass = 0; rv == APR_SUCCESS && collection->added > 0 && pass < PASSES; pass++) {
        collection->added = 0;
        ist_os_enter();
        rv = ist_os_list(collect, collection);
        ist_os_leave();
    }
    return rv;
}

apr_status_t ist_list(ist_list_fn_t *visit, void *baton, apr_pool_t *pool)
{
    if (visit == NULL || pool == NULL)
        return APR_EINVAL;
    collection_t collection = {apr_array_make(pool, 16, sizeof(ist_info_t *)), apr_hash_make(pool),
                               pool, 0};
    apr_status_t rv = collect_all(&collection);
    /* The caller's code runs outside the guard, and so may open and close. */
    ist_info_t *const *seen = (const void *)collection.seen->elts;
    for (int i = 0; rv == APR_SUCCESS && i < collection.seen->nelts; i++)
        rv = visit(baton, seen[i]);
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
