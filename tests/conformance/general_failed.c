/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GEN-4: a failed open leaves nothing behind.
 */
#include "general_cases.h"

#define TRIES 50

/* Descriptors and views after many failures are those before. */
static void fail_often(ist_kind_e kind, const char *name, apr_uint32_t flags, apr_uint64_t size,
                       apr_status_t want)
{
    tst_handle_t handle;
    apr_pool_t *pool = tst_subpool();
    tst_open_as(&handle, kind, name, flags, size, 1, 0, pool); /* warms up */
    long descriptors = tst_descriptors();
    long views = tst_mappings(tst_name(NULL));
    for (int i = 0; i < TRIES; i++)
        if (!TST_STATUS(tst_open_as(&handle, kind, name, flags, size, 1, 0, pool), want))
            break;
    TST_NUMBER(tst_descriptors(), descriptors);
    TST_NUMBER(tst_mappings(tst_name(NULL)), views);
    apr_pool_destroy(pool);
}

static void absent(void)
{
    for (int i = 0; i < TST_KINDS; i++) {
        fail_often(tst_kinds[i], tst_name(NULL), 0, 0, APR_ENOENT);
        TST_TRUE(!tst_exists(tst_kinds[i], tst_name(NULL), 0));
    }
}

static void already_there(void)
{
    tst_peer_t *peer = tst_peer_start();
    for (int i = 0; i < TST_KINDS; i++) {
        ist_kind_e kind = tst_kinds[i];
        TST_MUST(tst_peer_open(peer, i, kind, tst_name(NULL), IST_CREATE, 1, 1, 0));
        fail_often(kind, tst_name(NULL), IST_CREATE_ONLY, 1, APR_EEXIST);
        TST_OK(tst_peer_do(peer, "close %d", i));
        TST_TRUE(!tst_exists(kind, tst_name(NULL), 0)); /* no holder hid in the failures */
    }
}

static void too_small(void)
{
    const ist_kind_e kinds[] = {IST_KIND_SHM, IST_KIND_REGION};
    tst_peer_t *peer = tst_peer_start();
    for (int i = 0; i < 2; i++) {
        TST_MUST(tst_peer_open(peer, i, kinds[i], tst_name(NULL), IST_CREATE, 100, 1, 0));
        fail_often(kinds[i], tst_name(NULL), 0, 101, IST_ESIZE);
        fail_often(kinds[i], tst_name(NULL), IST_CREATE, 101, IST_ESIZE);
        TST_OK(tst_peer_do(peer, "close %d", i));
        TST_TRUE(!tst_exists(kinds[i], tst_name(NULL), 0));
    }
}

/* More than there is: neither the name nor the memory may stay. */
static void too_large(void)
{
    tst_handle_t handle;
    const apr_size_t vast = ~(apr_size_t)0 / 2 - 65536;
    if (sizeof vast == 4) {
        tst_skip("there are machines with half of 32 bits' addresses in bytes");
        return;
    }
    for (int i = 0; i < TRIES; i++) {
        apr_status_t got =
            tst_open_as(&handle, IST_KIND_SHM, tst_name(NULL), IST_CREATE, vast, 0, 0, tst_pool());
        TST_SAY(got == APR_ENOMEM || got == APR_ENOSPC, "it was %s", tst_status_name(got));
        TST_TRUE(handle.shm == NULL);
    }
    TST_TRUE(!tst_exists(IST_KIND_SHM, tst_name(NULL), 0));
    TST_MUST(tst_open(&handle, IST_KIND_SHM, tst_name(NULL), IST_CREATE_ONLY, tst_pool()));
    TST_OK(tst_close(&handle));
}

/* A clean-up that a failed open left in the pool would run now. */
static void the_pool_is_as_before(void)
{
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t failed, good;
        apr_pool_t *pool = tst_subpool();
        TST_MUST(tst_open(&good, tst_kinds[i], tst_name(NULL), IST_CREATE, tst_pool()));
        TST_STATUS(tst_open(&failed, tst_kinds[i], tst_name(NULL), IST_CREATE_ONLY, pool),
                   APR_EEXIST);
        apr_pool_destroy(pool);
        TST_TRUE(tst_exists(tst_kinds[i], tst_name(NULL), 0));
        TST_OK(tst_close(&good));
    }
}

const tst_case_t general_failed_cases[] = {
    {"GEN-4 nothing stays after APR_ENOENT", absent},
    {"GEN-4 nothing stays after APR_EEXIST", already_there},
    {"GEN-4 nothing stays after IST_ESIZE", too_small},
    {"GEN-4 nothing stays after more than there is", too_large},
    {"GEN-4 a failed open leaves no clean-up in the pool", the_pool_is_as_before},
    {NULL, NULL},
};
