/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHM-3: a process that may not make files so large is told so, and lives.
 */
#include "shm_cases.h"

#define LIMIT (1 << 20)

static apr_status_t make(tst_peer_t *peer, ist_kind_e kind, apr_uint64_t size)
{
    return tst_peer_open(peer, 0, kind, tst_name(NULL), IST_CREATE, size, 0, 0);
}

/* A header is added: the limit itself is too large a size. */
static void past_the_limit(ist_kind_e kind)
{
    TST_NEED(TST_LIMIT);
    const apr_uint64_t sizes[] = {LIMIT, LIMIT + 1, 2 * LIMIT, 16 * LIMIT};
    tst_peer_t *peer = tst_peer_start();
    TST_MUST(tst_peer_do(peer, "limit %d", LIMIT));
    for (int i = 0; i < 4; i++) {
        TST_STATUS(make(peer, kind, sizes[i]), APR_ENOSPC);
        TST_NUMBER(tst_exists(kind, tst_name(NULL), 0), 0);
    }
    TST_OK(make(peer, kind, LIMIT / 2));
    TST_OK(tst_peer_do(peer, "write 0 %d 1", LIMIT / 2 - 1));
    TST_OK(tst_peer_do(peer, "close 0"));
}

static void segments(void)
{
    past_the_limit(IST_KIND_SHM);
}

static void regions(void)
{
    past_the_limit(IST_KIND_REGION);
}

/* What is there already is no matter of the opener's limit. */
static void opened_past_the_limit(void)
{
    TST_NEED(TST_LIMIT);
    apr_int64_t size = 0;
    tst_peer_t *peer = tst_peer_start();
    ist_shm_t *shm = shm_fresh(tst_name(NULL), 2 * LIMIT);
    TST_MUST(tst_peer_do(peer, "limit %d", LIMIT));
    TST_OK(make(peer, IST_KIND_SHM, 2 * LIMIT));
    TST_OK(tst_peer_ask(peer, &size, "size 0"));
    TST_NUMBER(size, 2 * LIMIT);
    TST_OK(tst_peer_do(peer, "write 0 %d 7", 2 * LIMIT - 1));
    TST_NUMBER(((unsigned char *)ist_shm_base(shm))[2 * LIMIT - 1], 7);
    TST_OK(tst_peer_do(peer, "close 0"));
}

const tst_case_t shm_limit_cases[] = {
    {"SHM-3 a segment past the limit on files is APR_ENOSPC", segments},
    {"SHM-3 a region past the limit on files too", regions},
    {"SHM-3 what exists is opened past the limit", opened_past_the_limit},
    {NULL, NULL},
};
