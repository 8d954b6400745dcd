/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OPEN-1 and OPEN-2: flags, and who created it.
 */
#include "open_cases.h"

static void existing_only(void)
{
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t one, two;
        TST_STATUS(tst_open(&one, tst_kinds[i], tst_name(NULL), 0, tst_pool()), APR_ENOENT);
        TST_TRUE(!tst_exists(tst_kinds[i], tst_name(NULL), 0));
        TST_MUST(tst_open(&one, tst_kinds[i], tst_name(NULL), IST_CREATE, tst_pool()));
        TST_OK(tst_open(&two, tst_kinds[i], tst_name(NULL), 0, tst_pool()));
        TST_NUMBER(tst_created(&two), 0);
        TST_OK(tst_close(&one));
        TST_OK(tst_close(&two));
        TST_STATUS(tst_open(&one, tst_kinds[i], tst_name(NULL), 0, tst_pool()), APR_ENOENT);
    }
}

static void existing_elsewhere(void)
{
    tst_peer_t *peer = tst_peer_start();
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t handle;
        TST_STATUS(tst_peer_open(peer, i, tst_kinds[i], tst_name(NULL), 0, 0, 0, 0), APR_ENOENT);
        TST_MUST(tst_peer_open(peer, i, tst_kinds[i], tst_name(NULL), IST_CREATE, 1, 1, 0));
        TST_OK(tst_open_as(&handle, tst_kinds[i], tst_name(NULL), 0, 0, 0, 0, tst_pool()));
        TST_OK(tst_close(&handle));
        TST_OK(tst_peer_do(peer, "close %d", i));
        TST_STATUS(tst_open(&handle, tst_kinds[i], tst_name(NULL), 0, tst_pool()), APR_ENOENT);
    }
}

static void create_or_open(void)
{
    tst_peer_t *peer = tst_peer_start();
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t one, two;
        apr_int64_t created = 7;
        TST_MUST(tst_open(&one, tst_kinds[i], tst_name(NULL), IST_CREATE, tst_pool()));
        TST_NUMBER(tst_created(&one), 1);
        TST_OK(tst_open(&two, tst_kinds[i], tst_name(NULL), IST_CREATE, tst_pool()));
        TST_NUMBER(tst_created(&two), 0);
        TST_OK(tst_peer_open(peer, i, tst_kinds[i], tst_name(NULL), IST_CREATE, 1, 1, 0));
        TST_OK(tst_peer_ask(peer, &created, "created %d", i));
        TST_NUMBER(created, 0);
        TST_OK(tst_close(&one));
        TST_OK(tst_close(&two));
        TST_OK(tst_peer_do(peer, "close %d", i));
    }
}

static void create_only(void)
{
    tst_peer_t *peer = tst_peer_start();
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t one, two;
        const ist_kind_e kind = tst_kinds[i];
        TST_MUST(tst_open(&one, kind, tst_name(NULL), IST_CREATE_ONLY, tst_pool()));
        TST_NUMBER(tst_created(&one), 1);
        TST_STATUS(tst_open(&two, kind, tst_name(NULL), IST_CREATE_ONLY, tst_pool()), APR_EEXIST);
        TST_STATUS(tst_peer_open(peer, 0, kind, tst_name(NULL), IST_CREATE_ONLY, 1, 1, 0),
                   APR_EEXIST);
        TST_OK(tst_close(&one));
        TST_OK(tst_peer_open(peer, 0, kind, tst_name(NULL), IST_CREATE_ONLY, 1, 1, 0));
        TST_STATUS(tst_open(&two, kind, tst_name(NULL), IST_CREATE_ONLY, tst_pool()), APR_EEXIST);
        TST_OK(tst_peer_do(peer, "close 0"));
    }
}

/* A refused create must not make the real one forget who made it. */
static void created_stays(void)
{
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t one, two;
        TST_MUST(tst_open(&one, tst_kinds[i], tst_name(NULL), IST_CREATE_ONLY, tst_pool()));
        TST_STATUS(tst_open(&two, tst_kinds[i], tst_name(NULL), IST_CREATE_ONLY, tst_pool()),
                   APR_EEXIST);
        TST_OK(tst_open(&two, tst_kinds[i], tst_name(NULL), 0, tst_pool()));
        TST_NUMBER(tst_created(&one), 1);
        TST_NUMBER(tst_created(&two), 0);
        TST_OK(tst_close(&one));
        TST_NUMBER(tst_created(&two), 0);
        TST_OK(tst_close(&two));
    }
}

/* Made again by an opener after it was gone: created again. */
static void created_anew(void)
{
    for (int i = 0; i < TST_KINDS; i++) {
        for (int n = 0; n < 20; n++) {
            tst_handle_t handle;
            TST_MUST(tst_open(&handle, tst_kinds[i], tst_name(NULL), IST_CREATE, tst_pool()));
            TST_NUMBER(tst_created(&handle), 1);
            TST_OK(tst_close(&handle));
        }
    }
}

const tst_case_t open_flags_cases[] = {
    {"OPEN-1 without create flags only what exists is opened", existing_only},
    {"OPEN-1 what another process made exists", existing_elsewhere},
    {"OPEN-1 create only fails on what exists", create_only},
    {"OPEN-2 create tells whether it created", create_or_open},
    {"OPEN-2 the answer stays what it was", created_stays},
    {"OPEN-2 an object made again was created again", created_anew},
    {NULL, NULL},
};
