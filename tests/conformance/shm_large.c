/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHM-3: the memory is there, or the call says that it isn't.
 */
#include "shm_cases.h"

#include "taken.h"

#include <string.h>

#define GIB ((apr_uint64_t)1 << 30)

/* Sizes that no machine has, up to those that overflow when a header is added. */
static void too_large(void)
{
    const apr_size_t most = ~(apr_size_t)0;
    const apr_size_t sizes[] = {most, most - 1, most - 4095, most - 4096, most - 8192,
                                most / 2 + 1, most / 2, most / 4, most >> 18};
    apr_size_t count = sizeof sizes / sizeof *sizes;
    if (sizeof most == 4)
        count -= 4; /* there are machines with these */
    for (apr_size_t i = 0; i < count; i++) {
        ist_shm_t *shm = NULL;
        apr_status_t status = ist_shm_open(&shm, tst_name(NULL), sizes[i], IST_CREATE, 0,
                                           tst_pool());
        TST_SAY(status == APR_ENOMEM || status == APR_ENOSPC, "size %llx gives %s",
                (unsigned long long)sizes[i], tst_status_name(status));
        TST_TRUE(shm == NULL);
        TST_NUMBER(tst_exists(IST_KIND_SHM, tst_name(NULL), 0), 0);
    }
    /* The name is as good as before. */
    TST_NUMBER(ist_shm_size(shm_fresh(tst_name(NULL), 10)), 10);
}

static void too_large_region(void)
{
    const apr_size_t most = ~(apr_size_t)0;
    const apr_size_t sizes[] = {most, most - 4096, most / 2};
    const int count = sizeof most == 4 ? 2 : 3; /* there are machines with the last one */
    for (int i = 0; i < count; i++) {
        ist_region_t *region = NULL;
        apr_status_t status = ist_region_open(&region, tst_name(NULL), sizes[i], IST_CREATE, 0,
                                              tst_pool());
        TST_SAY(status == APR_ENOMEM || status == APR_ENOSPC, "size %llx gives %s",
                (unsigned long long)sizes[i], tst_status_name(status));
        TST_TRUE(region == NULL);
        TST_NUMBER(tst_exists(IST_KIND_REGION, tst_name(NULL), 0), 0);
    }
}

/* Every page can be written: none was only promised. */
static void all_there(void)
{
    const apr_uint64_t size = (apr_uint64_t)96 << 20;
    if (tst_room() < 2 * size) {
        tst_skip("less than 192 MiB of shared memory are free");
        return;
    }
    ist_shm_t *shm = shm_fresh(tst_name(NULL), (apr_size_t)size);
    memset(ist_shm_base(shm), 0xff, (apr_size_t)size);
    TST_NUMBER(shm_strangers(shm, 0xff), 0);
}

/* Before anybody touches it. Others on the machine take and give memory at the
 * same time: the median of some tries tells. */
static void taken_when_created(void)
{
    enum { TRIES = 9 };
    const apr_int64_t size = (apr_int64_t)64 << 20;
    apr_int64_t grown[TRIES];
    if (tst_taken() < 0) {
        tst_skip("this system keeps no account of the memory that segments take");
        return;
    }
    if (tst_room() < (apr_uint64_t)size * 2) {
        tst_skip("less than 128 MiB of shared memory are free");
        return;
    }
    for (int i = 0; i < TRIES; i++) {
        apr_int64_t before = tst_taken();
        ist_shm_t *shm = shm_fresh(tst_name(NULL), (apr_size_t)size);
        grown[i] = tst_taken() - before;
        TST_OK(ist_shm_close(shm));
    }
    apr_int64_t median = tst_median(grown, TRIES);
    TST_SAY(median >= size, "%ld bytes are taken for %ld", (long)median, (long)size);
}

#define PLACES 5

/* At both ends, and on both sides of 4 GiB. */
static void five_gib(void)
{
    const apr_uint64_t size = 5 * GIB + 1;
    const apr_uint64_t at[PLACES] = {0, 4 * GIB - 1, 4 * GIB, 4 * GIB + 4096, size - 1};
    if (sizeof(apr_size_t) < 8) {
        tst_skip("a 32-bit program has no room for 5 GiB");
        return;
    }
    if (tst_room() < size + GIB) {
        tst_skip("5 GiB of shared memory are not free (%u MiB are)",
                 (unsigned)(tst_room() >> 20));
        return;
    }
    ist_shm_t *shm = shm_fresh(tst_name(NULL), (apr_size_t)size);
    tst_peer_t *peer = tst_peer_start();
    unsigned char *byte = ist_shm_base(shm);
    apr_int64_t value = -1;
    TST_TRUE(ist_shm_size(shm) == size);
    TST_MUST(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), 0, size, 0, 0));
    TST_OK(tst_peer_ask(peer, &value, "size 0"));
    TST_NUMBER(value, size);
    for (int i = 0; i < PLACES; i++) {
        TST_NUMBER(byte[at[i]], 0);
        byte[at[i]] = (unsigned char)(i + 1);
    }
    for (int i = 0; i < PLACES; i++) {
        TST_OK(tst_peer_ask(peer, &value, "read 0 %" APR_UINT64_T_FMT, at[i]));
        TST_NUMBER(value, i + 1);
        TST_OK(tst_peer_do(peer, "write 0 %" APR_UINT64_T_FMT " %d", at[i], 100 + i));
        TST_NUMBER(byte[at[i]], 100 + i);
    }
    TST_STATUS(tst_peer_open(peer, 1, IST_KIND_SHM, tst_name(NULL), 0, size + 1, 0, 0),
               IST_ESIZE);
    TST_OK(tst_peer_do(peer, "close 0"));
}

const tst_case_t shm_large_cases[] = {
    {"SHM-3 sizes that no machine has are refused, and leave nothing", too_large},
    {"SHM-3 such regions are refused too", too_large_region},
    {"SHM-3 every page is there when create returns", all_there},
    {"SHM-3 the memory is taken when create returns", taken_when_created},
    {"SHM-3 a segment of 5 GiB works at both ends and beyond 4 GiB", five_gib},
    {NULL, NULL},
};
