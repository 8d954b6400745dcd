/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LIFE: how long objects live, and what is left of them.
 */
#include "life_cases.h"

const tst_case_t *const tst_tables[] = {
    life_ends_cases,
    life_holders_cases,
    life_removed_cases,
    life_leftovers_cases,
    life_users_cases,
    life_failing_cases,
    life_twins_cases,
    life_bells_cases,
    life_impostors_cases,
    life_sealed_cases,
    NULL,
};

const tst_role_t tst_roles[] = {{"twin", life_twin}, {NULL, NULL}};

const char *life_open_all(tst_peer_t *peer, const char *name)
{
    for (int i = 0; i < TST_KINDS; i++)
        TST_MUST(tst_peer_open(peer, i, tst_kinds[i], name, IST_CREATE, 1, 1, 0));
    return name;
}

void life_all_absent(const char *name)
{
    tst_handle_t handle;
    for (int i = 0; i < TST_KINDS; i++)
        TST_STATUS(tst_open(&handle, tst_kinds[i], name, 0, tst_pool()), APR_ENOENT);
}

void life_all_there(const char *name)
{
    tst_handle_t handle;
    for (int i = 0; i < TST_KINDS; i++) {
        TST_OK(tst_open_as(&handle, tst_kinds[i], name, 0, 0, 0, 0, tst_pool()));
        TST_OK(tst_close(&handle));
        TST_STATUS(tst_open(&handle, tst_kinds[i], name, IST_CREATE_ONLY, tst_pool()), APR_EEXIST);
    }
}

void life_all_fresh(const char *name)
{
    tst_handle_t handles[TST_KINDS];
    for (int i = 0; i < TST_KINDS; i++) {
        TST_MUST(tst_open(&handles[i], tst_kinds[i], name, IST_CREATE_ONLY, tst_pool()));
        TST_NUMBER(tst_created(&handles[i]), 1);
    }
    TST_OK(ist_mutex_trylock(handles[0].mutex));
    TST_OK(ist_mutex_unlock(handles[0].mutex));
    TST_STATUS(ist_semaphore_trywait(handles[1].semaphore), APR_EBUSY);
    TST_NUMBER(ist_semaphore_maximum(handles[1].semaphore), 10);
    for (int i = 2; i < 4; i++) {
        const unsigned char *byte = tst_base(&handles[i]);
        int zero = 1;
        TST_NUMBER(tst_size(&handles[i]), 4096);
        for (int at = 0; at < 4096; at++)
            zero = zero && byte[at] == 0;
        TST_TRUE(zero);
    }
    TST_OK(ist_region_trylock(handles[3].region));
    TST_OK(ist_region_unlock(handles[3].region));
    TST_STATUS(ist_region_trywait(handles[3].region), APR_EBUSY);
    for (int i = 0; i < TST_KINDS; i++)
        TST_OK(tst_close(&handles[i]));
}
