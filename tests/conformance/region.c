/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regions: REG-1 and REG-2. The tables, and what they share.
 */
#include "region_cases.h"

const tst_case_t *const tst_tables[] = {
    region_whole_cases, region_lock_cases, region_notify_cases, region_death_cases, NULL,
};

const tst_role_t tst_roles[] = {
    {"racer", region_whole_racer},
    {"echo", region_notify_echo},
    {"visitor", region_death_visitor},
    {NULL, NULL},
};

ist_region_t *region_fresh(const char *name, apr_size_t size)
{
    ist_region_t *region = NULL;
    TST_MUST(ist_region_open(&region, name, size, IST_CREATE_ONLY, 0, tst_pool()));
    TST_MUST_TRUE(ist_region_base(region) != NULL);
    return region;
}

ist_region_t *region_again(const char *name)
{
    ist_region_t *region = NULL;
    TST_MUST(ist_region_open(&region, name, 0, 0, 0, tst_pool()));
    return region;
}

tst_peer_t *region_peer(void)
{
    tst_peer_t *peer = tst_peer_start();
    TST_MUST(tst_peer_open(peer, 0, IST_KIND_REGION, tst_name(NULL), 0, 0, 0, 0));
    return peer;
}

void region_is_new(ist_region_t *region, apr_size_t size)
{
    const unsigned char *byte = ist_region_base(region);
    apr_size_t strangers = 0;
    TST_NUMBER(ist_region_size(region), size);
    for (apr_size_t i = 0; i < size; i++)
        strangers += byte[i] != 0;
    TST_NUMBER(strangers, 0);
    TST_STATUS(ist_region_trywait(region), APR_EBUSY);
    TST_STATUS(ist_region_unlock(region), IST_ENOTOWNER);
    apr_status_t status = ist_region_trylock(region);
    TST_OK(status);
    if (IST_LOCKED(status))
        TST_OK(ist_region_unlock(region));
}

apr_status_t region_try(void *region)
{
    apr_status_t status = ist_region_trylock(region);
    if (IST_LOCKED(status))
        ist_region_unlock(region);
    return status;
}

apr_status_t region_desert(void *region)
{
    return ist_region_lock(region);
}
