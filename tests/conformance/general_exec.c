/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GEN-8: no handle passes to a program that is started.
 */
#include "general_cases.h"

/* A program started meanwhile must not keep the object alive. */
static void not_to_a_started_program(void)
{
    tst_handle_t handles[TST_KINDS];
    for (int i = 0; i < TST_KINDS; i++)
        TST_MUST(tst_open(&handles[i], tst_kinds[i], tst_name(NULL), IST_CREATE, tst_pool()));
    tst_peer_t *peer = tst_peer_start();
    for (int i = 0; i < TST_KINDS; i++) {
        TST_OK(tst_close(&handles[i]));
        TST_TRUE(!tst_exists(tst_kinds[i], tst_name(NULL), 0));
        TST_STATUS(tst_open(&handles[i], tst_kinds[i], tst_name(NULL), 0, tst_pool()), APR_ENOENT);
    }
    TST_OK(tst_peer_do(peer, "pid"));
}

static void not_through_exec(void)
{
    TST_NEED(TST_EXEC);
    tst_peer_t *peer = tst_peer_start();
    tst_handle_t handle;
    for (int i = 0; i < TST_KINDS; i++)
        TST_MUST(tst_peer_open(peer, i, tst_kinds[i], tst_name(NULL), IST_CREATE, 1, 1, 0));
    TST_MUST(tst_peer_do(peer, "exec"));
    for (int i = 0; i < TST_KINDS; i++)
        TST_STATUS(tst_open(&handle, tst_kinds[i], tst_name(NULL), 0, tst_pool()), APR_ENOENT);
}

const tst_case_t general_exec_cases[] = {
    {"GEN-8 a program that is started holds nothing", not_to_a_started_program},
    {"GEN-8 nothing passes through exec", not_through_exec},
    {NULL, NULL},
};
