/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHM-1: sizes, to the byte.
 */
#include "shm_cases.h"

static const apr_size_t sizes[] = {1, 2, 4095, 4096, 4097, 65535, 100001, 1 << 20, (1 << 20) + 1};

static void exact_for_creator(void)
{
    for (apr_size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        ist_shm_t *shm = shm_fresh(tst_name(NULL), sizes[i]);
        TST_NUMBER(ist_shm_size(shm), sizes[i]);
        ((unsigned char *)ist_shm_base(shm))[sizes[i] - 1] = 1;
        TST_OK(ist_shm_close(shm));
    }
}

static void exact_for_others(void)
{
    tst_peer_t *peer = tst_peer_start();
    for (apr_size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        apr_int64_t told = -1;
        ist_shm_t *shm = shm_fresh(tst_name(NULL), sizes[i]);
        TST_MUST(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), 0, 0, 0, 0));
        TST_OK(tst_peer_ask(peer, &told, "size 0"));
        TST_NUMBER(told, sizes[i]);
        TST_OK(tst_peer_do(peer, "close 0"));
        TST_OK(ist_shm_close(shm));
    }
}

/* Another handle in one process is an opener like any other. */
static void exact_for_second_handle(void)
{
    for (apr_size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        ist_shm_t *first = shm_fresh(tst_name(NULL), sizes[i]), *second = NULL;
        TST_MUST(ist_shm_open(&second, tst_name(NULL), sizes[i], 0, 0, tst_pool()));
        TST_NUMBER(ist_shm_size(second), sizes[i]);
        TST_OK(ist_shm_close(second));
        TST_OK(ist_shm_close(first));
    }
}

static void zero_takes_it(void)
{
    ist_shm_t *again = NULL;
    tst_peer_t *peer = tst_peer_start();
    apr_int64_t told = -1;
    TST_MUST(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), IST_CREATE_ONLY, 12345, 0, 0));
    TST_MUST(ist_shm_open(&again, tst_name(NULL), 0, 0, 0, tst_pool()));
    TST_NUMBER(ist_shm_size(again), 12345);
    TST_NUMBER(ist_shm_created(again), 0);
    TST_OK(tst_peer_ask(peer, &told, "size 0"));
    TST_NUMBER(told, 12345);
}

static void smaller_is_told_all(void)
{
    shm_fresh(tst_name(NULL), 10000);
    tst_peer_t *peer = tst_peer_start();
    const apr_uint32_t flags[] = {0, IST_CREATE};
    for (int i = 0; i < 2; i++) {
        apr_int64_t told = -1;
        ist_shm_t *again = NULL;
        TST_OK(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), flags[i], 9999, 0, 0));
        TST_OK(tst_peer_ask(peer, &told, "size 0"));
        TST_NUMBER(told, 10000);
        TST_OK(tst_peer_do(peer, "close 0"));
        TST_OK(ist_shm_open(&again, tst_name(NULL), 1, flags[i], 0, tst_pool()));
        TST_NUMBER(ist_shm_size(again), 10000);
        TST_OK(ist_shm_close(again));
    }
}

/* The system rounds to pages; the byte behind the end is refused all the same. */
static void larger_is_refused(void)
{
    for (apr_size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        ist_shm_t *shm = shm_fresh(tst_name(NULL), sizes[i]), *again = NULL;
        TST_STATUS(ist_shm_open(&again, tst_name(NULL), sizes[i] + 1, 0, 0, tst_pool()),
                   IST_ESIZE);
        TST_TRUE(again == NULL);
        TST_STATUS(ist_shm_open(&again, tst_name(NULL), sizes[i] + 4096, IST_CREATE, 0,
                                tst_pool()), IST_ESIZE);
        TST_TRUE(again == NULL);
        TST_OK(ist_shm_close(shm));
    }
}

static void larger_is_refused_to_others(void)
{
    ist_shm_t *shm = shm_fresh(tst_name(NULL), 4097);
    tst_peer_t *peer = tst_peer_start();
    const char *name = tst_name(NULL);
    TST_STATUS(tst_peer_open(peer, 0, IST_KIND_SHM, name, 0, 4098, 0, 0), IST_ESIZE);
    TST_STATUS(tst_peer_open(peer, 0, IST_KIND_SHM, name, IST_CREATE, 4098, 0, 0), IST_ESIZE);
    TST_STATUS(tst_peer_open(peer, 0, IST_KIND_SHM, name, IST_READ_ONLY, 4098, 0, 0), IST_ESIZE);
    TST_STATUS(tst_peer_open(peer, 0, IST_KIND_SHM, name, IST_CREATE_ONLY, 4098, 0, 0),
               APR_EEXIST);
    /* A refused opener is no holder: the name is free when the last one goes. */
    TST_OK(ist_shm_close(shm));
    TST_STATUS(tst_peer_open(peer, 0, IST_KIND_SHM, name, 0, 0, 0, 0), APR_ENOENT);
}

static void next_life_has_its_own_size(void)
{
    const apr_size_t lives[] = {1 << 20, 7, 4097, 4096, 1};
    for (apr_size_t i = 0; i < sizeof lives / sizeof *lives; i++) {
        tst_peer_t *peer = tst_peer_start();
        ist_shm_t *shm = NULL;
        TST_MUST(ist_shm_open(&shm, tst_name(NULL), lives[i], IST_CREATE, 0, tst_pool()));
        TST_NUMBER(ist_shm_size(shm), lives[i]);
        TST_MUST(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), 0, 0, 0, 0));
        TST_OK(ist_shm_close(shm));
        tst_peer_kill(peer);
    }
}

const tst_case_t shm_size_cases[] = {
    {"SHM-1 the size is exact for its creator", exact_for_creator},
    {"SHM-1 the size is exact for another process", exact_for_others},
    {"SHM-1 the size is exact for a second handle of the process", exact_for_second_handle},
    {"SHM-1 size 0 takes a segment as it is", zero_takes_it},
    {"SHM-1 a smaller size is accepted and the whole told", smaller_is_told_all},
    {"SHM-1 one byte more than it has is refused", larger_is_refused},
    {"SHM-1 a larger size is refused to others, who hold nothing then",
     larger_is_refused_to_others},
    {"SHM-1 each life of a name has its own size", next_life_has_its_own_size},
    {NULL, NULL},
};
