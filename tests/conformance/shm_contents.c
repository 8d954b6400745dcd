/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHM-2: zeroed, aligned, shared. SHM-5: all there. SHM-6: no tag.
 */
#include "shm_cases.h"

#include "layout.h"

#include <string.h>

#define LARGE ((apr_size_t)16 << 20)
#define PAGE 4096

static void zeroed(void)
{
    const apr_size_t sizes[] = {1, 4095, 4097, 3 << 20};
    for (apr_size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        ist_shm_t *shm = shm_fresh(tst_name(NULL), sizes[i]);
        TST_NUMBER(shm_strangers(shm, 0), 0);
        TST_OK(ist_shm_close(shm));
    }
}

static void zeroed_after_close(void)
{
    for (int i = 0; i < 20; i++) {
        ist_shm_t *shm = shm_fresh(tst_name(NULL), 70000 + (apr_size_t)i);
        TST_NUMBER(shm_strangers(shm, 0), 0);
        memset(ist_shm_base(shm), 0xa5, ist_shm_size(shm));
        TST_OK(ist_shm_close(shm));
    }
}

/* What a dead process wrote must not be met, whether it is larger or smaller. */
static void zeroed_after_death(void)
{
    for (int i = 0; i < tst_rounds(6); i++) {
        tst_peer_t *peer = tst_peer_start();
        apr_size_t size = (apr_size_t)1000 * (1 + tst_random(100));
        TST_MUST(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), IST_CREATE, size, 0, 0));
        TST_OK(tst_peer_do(peer, "fill 0 0 %lu 165", (unsigned long)size));
        tst_peer_kill(peer);
        ist_shm_t *shm = NULL;
        TST_MUST(ist_shm_open(&shm, tst_name(NULL), 50000, IST_CREATE, 0, tst_pool()));
        TST_NUMBER(ist_shm_created(shm), 1);
        TST_NUMBER(shm_strangers(shm, 0), 0);
        memset(ist_shm_base(shm), 0x5a, ist_shm_size(shm));
        TST_OK(ist_shm_close(shm));
    }
}

/* A stranger's dead segment can't be removed, only made again where it lies. */
static void zeroed_where_it_lies(void)
{
    TST_NEED(TST_USERS);
    const int sizes[] = {9000, 4096, 70000};
    const char *name = tst_name(NULL);
    for (int i = 0; i < 3; i++) {
        tst_peer_t *first = tst_peer_start(), *second = tst_peer_start();
        apr_int64_t value = -1;
        TST_MUST(tst_peer_do(first, "user %d", TST_OTHER_USER));
        TST_MUST(tst_peer_do(second, "user %d", TST_OTHER_USER - 1));
        TST_MUST(tst_peer_open(first, 0, IST_KIND_SHM, name, IST_CREATE | IST_GLOBAL, 9000, 0,
                               IST_ACCESS_WORLD));
        TST_OK(tst_peer_do(first, "fill 0 0 9000 255"));
        tst_peer_kill(first);
        TST_MUST(tst_peer_open(second, 0, IST_KIND_SHM, name, IST_CREATE | IST_GLOBAL,
                               (apr_uint64_t)sizes[i], 0, IST_ACCESS_WORLD));
        TST_OK(tst_peer_ask(second, &value, "created 0"));
        TST_NUMBER(value, 1);
        TST_OK(tst_peer_ask(second, &value, "size 0"));
        TST_NUMBER(value, sizes[i]);
        TST_OK(tst_peer_ask(second, &value, "same 0 0 %d 0", sizes[i]));
        TST_NUMBER(value, 1);
        tst_peer_kill(second);
        ist_shm_t *shm = NULL;
        TST_STATUS(ist_shm_open(&shm, name, 0, IST_GLOBAL, 0, tst_pool()), APR_ENOENT);
    }
}

static void aligned(void)
{
    tst_peer_t *peer = tst_peer_start();
    for (apr_size_t size = 1; size < 20000; size = size * 3 + 1) {
        apr_int64_t base = -1;
        const char *name = tst_print("%s.%lu", tst_name(NULL), (unsigned long)size);
        ist_shm_t *shm = shm_fresh(name, size);
        TST_NUMBER((apr_uintptr_t)ist_shm_base(shm) % PAGE, 0);
        TST_MUST(tst_peer_open(peer, 0, IST_KIND_SHM, name, 0, 0, 0, 0));
        TST_OK(tst_peer_ask(peer, &base, "base 0"));
        TST_NUMBER(base % PAGE, 0);
        TST_OK(tst_peer_do(peer, "close 0"));
        TST_MUST(tst_peer_open(peer, 0, IST_KIND_SHM, name, IST_READ_ONLY, 0, 0, 0));
        TST_OK(tst_peer_ask(peer, &base, "base 0"));
        TST_NUMBER(base % PAGE, 0);
        TST_OK(tst_peer_do(peer, "close 0"));
    }
}

static void shared_between_processes(void)
{
    enum { SIZE = 300001 };
    ist_shm_t *shm = shm_fresh(tst_name(NULL), SIZE);
    tst_peer_t *peer = tst_peer_start();
    apr_int64_t same = 0;
    TST_MUST(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), 0, 0, 0, 0));
    TST_OK(tst_peer_do(peer, "fill 0 0 %d 17", SIZE));
    TST_NUMBER(shm_strangers(shm, 17), 0);
    memset(ist_shm_base(shm), 99, SIZE);
    TST_OK(tst_peer_ask(peer, &same, "same 0 0 %d 99", SIZE));
    TST_NUMBER(same, 1);
    TST_OK(tst_peer_do(peer, "write 0 %d 1", SIZE - 1));
    TST_NUMBER(((unsigned char *)ist_shm_base(shm))[SIZE - 1], 1);
}

static void shared_between_handles(void)
{
    ist_shm_t *first = shm_fresh(tst_name(NULL), 8192), *second = NULL;
    TST_MUST(ist_shm_open(&second, tst_name(NULL), 0, 0, 0, tst_pool()));
    memset(ist_shm_base(first), 3, 8192);
    TST_NUMBER(shm_strangers(second, 3), 0);
    memset(ist_shm_base(second), 4, 8192);
    TST_NUMBER(shm_strangers(first, 4), 0);
    TST_OK(ist_shm_close(first));
    TST_NUMBER(shm_strangers(second, 4), 0);
    memset(ist_shm_base(second), 5, 8192);
    TST_OK(ist_shm_close(second));
}

/* Segments of many names keep apart. */
static void names_keep_apart(void)
{
    enum { MANY = 40 };
    ist_shm_t *shm[MANY];
    for (int i = 0; i < MANY; i++) {
        shm[i] = shm_fresh(tst_print("%s.%d", tst_name(NULL), i), 5000);
        memset(ist_shm_base(shm[i]), i + 1, 5000);
    }
    for (int i = 0; i < MANY; i++)
        TST_NUMBER(shm_strangers(shm[i], (unsigned char)(i + 1)), 0);
}

/* A few faults are the process's own affairs; without it each page has one. */
static void faults_of(apr_uint32_t flags, const char *name)
{
    ist_shm_t *shm = NULL;
    TST_MUST(ist_shm_open(&shm, name, LARGE, flags, 0, tst_pool()));
    volatile unsigned char *byte = ist_shm_base(shm);
    apr_int64_t before = tst_faults();
    for (apr_size_t at = 0; at < LARGE; at += PAGE)
        byte[at] = 1;
    apr_int64_t faults = tst_faults() - before;
    TST_SAY(faults <= 8, "%" APR_INT64_T_FMT " faults", faults);
    TST_OK(ist_shm_close(shm));
}

static void populated_by_creator(void)
{
    TST_NEED(TST_FAULTS);
    faults_of(IST_CREATE_ONLY | IST_POPULATE, tst_name(NULL));
}

static void populated_by_opener(void)
{
    TST_NEED(TST_FAULTS);
    tst_peer_t *peer = tst_peer_start();
    TST_MUST(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), IST_CREATE, LARGE, 0, 0));
    faults_of(IST_POPULATE, tst_name(NULL));
}

static void populated_for_reader(void)
{
    TST_NEED(TST_FAULTS);
    ist_shm_t *shm = NULL;
    tst_peer_t *peer = tst_peer_start();
    TST_MUST(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), IST_CREATE, LARGE, 0, 0));
    TST_MUST(ist_shm_open(&shm, tst_name(NULL), 0, IST_READ_ONLY | IST_POPULATE, 0, tst_pool()));
    apr_int64_t before = tst_faults();
    TST_NUMBER(shm_strangers(shm, 0), 0);
    apr_int64_t faults = tst_faults() - before;
    TST_SAY(faults <= 8, "%" APR_INT64_T_FMT " faults", faults);
}

static void populated_is_zeroed_and_whole(void)
{
    ist_shm_t *shm = NULL, *again = NULL;
    TST_MUST(ist_shm_open(&shm, tst_name(NULL), 100001, IST_CREATE | IST_POPULATE, 0,
                          tst_pool()));
    TST_NUMBER(ist_shm_size(shm), 100001);
    TST_NUMBER(shm_strangers(shm, 0), 0);
    memset(ist_shm_base(shm), 7, 100001);
    TST_MUST(ist_shm_open(&again, tst_name(NULL), 0, IST_POPULATE, 0, tst_pool()));
    TST_NUMBER(shm_strangers(again, 7), 0);
}

/* Nothing in a segment's header depends on who made it. */
static void no_tag(void)
{
    tst_raw_t raw;
    shm_fresh(tst_name(NULL), 5000);
    TST_MUST_TRUE(tst_raw_open(&raw, IST_KIND_SHM, tst_name(NULL), 0));
    const isti_header_t *header = (const void *)raw.base;
    TST_NUMBER(header->magic == ISTI_MAGIC, 1);
    TST_NUMBER(header->kind, IST_KIND_SHM);
    TST_NUMBER(header->abi, 0);
    TST_NUMBER(header->space, 0);
    TST_NUMBER(atomic_load(&header->born), 5001);
    tst_raw_close(&raw);
}

/* Where its data starts, and how large it is, is the same in every program. */
static void fixed_places(void)
{
    tst_raw_t raw;
    ist_shm_t *shm = shm_fresh(tst_name(NULL), 2 * PAGE);
    memset(ist_shm_base(shm), 0x77, 2 * PAGE);
    TST_MUST_TRUE(tst_raw_open(&raw, IST_KIND_SHM, tst_name(NULL), 0));
    TST_NUMBER(raw.size >= ISTI_HEADER_SIZE, 1);
    if (raw.size > ISTI_HEADER_SIZE)
        TST_NUMBER(raw.base[ISTI_HEADER_SIZE], 0x77);
    TST_NUMBER(raw.base[ISTI_HEADER_SIZE - 1], 0);
    tst_raw_close(&raw);
}

const tst_case_t shm_contents_cases[] = {
    {"SHM-2 a fresh segment is zeroed", zeroed},
    {"SHM-2 the next life after a close is zeroed", zeroed_after_close},
    {"SHM-2 the next life after a death is zeroed", zeroed_after_death},
    {"SHM-2 a stranger's dead segment, made again, is zeroed", zeroed_where_it_lies},
    {"SHM-2 the base is aligned to 4096, for readers too", aligned},
    {"SHM-2 contents are shared between processes", shared_between_processes},
    {"SHM-2 contents are shared between handles of one process", shared_between_handles},
    {"SHM-2 segments of different names keep apart", names_keep_apart},
    {"SHM-5 a populated segment has no first-touch faults for its creator",
     populated_by_creator},
    {"SHM-5 a populated view has no first-touch faults for an opener", populated_by_opener},
    {"SHM-5 a populated read-only view has no first-touch faults", populated_for_reader},
    {"SHM-5 a populated segment is as exact and zeroed as any", populated_is_zeroed_and_whole},
    {"SHM-6 a segment's header has no tag of its maker", no_tag},
    {"SHM-6 a segment's data starts at a fixed place", fixed_places},
    {NULL, NULL},
};
