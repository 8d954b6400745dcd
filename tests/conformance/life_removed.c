/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LIFE-3: the file is removed under its holders.
 */
#include "life_cases.h"

static void remove_all(void)
{
    for (int i = 0; i < TST_KINDS; i++)
        TST_TRUE(tst_remove(tst_kinds[i], tst_name(NULL), 0));
    /* Their doorbells stay behind without an owner: a sweep's business. */
    tst_leaves("doorbells of removed objects");
}

static void holders_go_on(void)
{
    TST_NEED(TST_REMOVE);
    tst_peer_t *one = tst_peer_start(), *two = tst_peer_start();
    apr_int64_t byte = 0;
    life_open_all(one, tst_name(NULL));
    life_open_all(two, tst_name(NULL));
    remove_all();
    TST_OK(tst_peer_do(one, "lock 0"));
    TST_STATUS(tst_peer_do(two, "trylock 0"), APR_EBUSY);
    TST_OK(tst_peer_do(one, "unlock 0"));
    TST_OK(tst_peer_do(two, "wait 1"));
    tst_peer_begin(two, "wait 1");
    TST_TRUE(tst_peer_blocked(two));
    TST_OK(tst_peer_do(one, "post 1 1"));
    TST_OK(tst_peer_end(two, NULL));
    TST_OK(tst_peer_do(one, "write 2 0 5"));
    TST_OK(tst_peer_ask(two, &byte, "read 2 0"));
    TST_NUMBER(byte, 5);
    TST_OK(tst_peer_do(one, "lock 3"));
    tst_peer_kill(one);
    TST_STATUS(tst_peer_do(two, "lock 3"), IST_ABANDONED);
    TST_OK(tst_peer_do(two, "unlock 3"));
    for (int i = 0; i < TST_KINDS; i++)
        TST_OK(tst_peer_do(two, "close %d", i));
    life_all_absent(tst_name(NULL));
    TST_OK(ist_sweep(NULL, tst_pool()));
}

static void the_name_is_free(void)
{
    TST_NEED(TST_REMOVE);
    tst_peer_t *old = tst_peer_start(), *young = tst_peer_start();
    apr_int64_t byte = 7;
    life_open_all(old, tst_name(NULL));
    TST_OK(tst_peer_do(old, "write 2 0 5"));
    TST_OK(tst_peer_do(old, "lock 0"));
    remove_all();
    life_all_absent(tst_name(NULL));
    life_all_fresh(tst_name(NULL));
    life_open_all(young, tst_name(NULL));
    TST_OK(tst_peer_ask(young, &byte, "read 2 0"));
    TST_NUMBER(byte, 0);
    TST_OK(tst_peer_do(young, "lock 0")); /* another mutex */
    TST_OK(tst_peer_do(young, "unlock 0"));
    TST_OK(ist_sweep(NULL, tst_pool()));
}

/* The old one's close, or death, must not take the new one's name. */
static void the_old_leaves_the_new(void)
{
    TST_NEED(TST_REMOVE);
    tst_peer_t *old = tst_peer_start(), *older = tst_peer_start(), *young = tst_peer_start();
    life_open_all(older, tst_name(NULL));
    life_open_all(old, tst_name(NULL));
    remove_all();
    life_open_all(young, tst_name(NULL));
    for (int i = 0; i < TST_KINDS; i++)
        TST_OK(tst_peer_do(old, "close %d", i));
    life_all_there(tst_name(NULL));
    tst_peer_kill(older);
    life_all_there(tst_name(NULL));
    TST_OK(ist_sweep(NULL, tst_pool()));
    life_all_there(tst_name(NULL));
    TST_OK(tst_peer_do(young, "wait 1"));
}

/* In the process that has the old one open, the name means the new one. */
static void old_and_new_in_one_process(void)
{
    TST_NEED(TST_REMOVE);
    ist_shm_t *old, *young, *again;
    TST_MUST(ist_shm_open(&old, tst_name(NULL), 10, IST_CREATE, 0, tst_pool()));
    *(unsigned char *)ist_shm_base(old) = 1;
    TST_TRUE(tst_remove(IST_KIND_SHM, tst_name(NULL), 0));
    TST_STATUS(ist_shm_open(&young, tst_name(NULL), 0, 0, 0, tst_pool()), APR_ENOENT);
    TST_MUST(ist_shm_open(&young, tst_name(NULL), 20, IST_CREATE_ONLY, 0, tst_pool()));
    TST_NUMBER(ist_shm_size(young), 20);
    TST_NUMBER(*(unsigned char *)ist_shm_base(young), 0);
    TST_OK(ist_shm_open(&again, tst_name(NULL), 0, 0, 0, tst_pool()));
    TST_TRUE(ist_shm_base(again) == ist_shm_base(young));
    TST_OK(ist_shm_close(old));
    TST_OK(ist_shm_close(again));
    *(unsigned char *)ist_shm_base(young) = 2;
    TST_OK(ist_shm_close(young));
    TST_STATUS(ist_shm_open(&young, tst_name(NULL), 0, 0, 0, tst_pool()), APR_ENOENT);
}

const tst_case_t life_removed_cases[] = {
    {"LIFE-3 holders go on namelessly when the file is removed", holders_go_on},
    {"LIFE-3 the name of a removed file is free", the_name_is_free},
    {"LIFE-3 the end of a removed one leaves the new one", the_old_leaves_the_new},
    {"LIFE-3 a removed one and the new one in one process", old_and_new_in_one_process},
    {NULL, NULL},
};
