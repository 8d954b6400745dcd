/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHM-4: readers, who can't write and can't stand in anybody's way.
 */
#include "shm_cases.h"

#define OPEN_TO_READ (IST_ACCESS_OWNER | APR_FPROT_GREAD | APR_FPROT_WREAD)

static void writing_kills(void)
{
    ist_shm_t *shm = shm_fresh(tst_name(NULL), 5000);
    const int places[] = {0, 4095, 4096, 4999};
    for (int i = 0; i < 4; i++) {
        tst_peer_t *peer = tst_peer_start();
        TST_MUST(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), IST_READ_ONLY, 0, 0, 0));
        tst_peer_begin(peer, "write 0 %d 1", places[i]);
        if (!TST_NUMBER(tst_peer_wait(peer), -1))
            return;
    }
    TST_NUMBER(shm_strangers(shm, 0), 0);
}

static void sees_changes(void)
{
    ist_shm_t *shm = shm_fresh(tst_name(NULL), 100000);
    tst_peer_t *peer = tst_peer_start();
    TST_MUST(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), IST_READ_ONLY, 0, 0, 0));
    for (int i = 1; i < 20; i++) {
        apr_int64_t byte = -1;
        ((unsigned char *)ist_shm_base(shm))[i * 5000] = (unsigned char)i;
        TST_OK(tst_peer_ask(peer, &byte, "read 0 %d", i * 5000));
        TST_NUMBER(byte, i);
    }
}

static void missing_is_not_made(void)
{
    ist_shm_t *shm = NULL;
    TST_STATUS(ist_shm_open(&shm, tst_name(NULL), 0, IST_READ_ONLY, 0, tst_pool()), APR_ENOENT);
    TST_TRUE(shm == NULL);
    TST_STATUS(ist_shm_open(&shm, tst_name(NULL), 4096, IST_READ_ONLY, 0, tst_pool()),
               APR_ENOENT);
    TST_NUMBER(tst_exists(IST_KIND_SHM, tst_name(NULL), 0), 0);
}

static void not_with_create(void)
{
    ist_shm_t *shm = NULL;
    const apr_uint32_t creates[] = {IST_CREATE, IST_CREATE_ONLY};
    for (int i = 0; i < 2; i++)
        TST_STATUS(ist_shm_open(&shm, tst_name(NULL), 4096, IST_READ_ONLY | creates[i], 0,
                                tst_pool()), APR_EINVAL);
    TST_NUMBER(tst_exists(IST_KIND_SHM, tst_name(NULL), 0), 0);
}

/* One process may have both; neither changes what the other can do. */
static void beside_a_writer_of_the_process(void)
{
    tst_peer_t *peer = tst_peer_start();
    TST_MUST(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), IST_CREATE, 4096, 0, 0));
    TST_MUST(tst_peer_open(peer, 1, IST_KIND_SHM, tst_name(NULL), IST_READ_ONLY, 0, 0, 0));
    TST_OK(tst_peer_do(peer, "write 0 5 42"));
    apr_int64_t byte = -1;
    TST_OK(tst_peer_ask(peer, &byte, "read 1 5"));
    TST_NUMBER(byte, 42);
    tst_peer_begin(peer, "write 1 5 43");
    TST_NUMBER(tst_peer_wait(peer), -1);
}

static void reader_then_writer_of_the_process(void)
{
    ist_shm_t *shm = shm_fresh(tst_name(NULL), 4096);
    tst_peer_t *peer = tst_peer_start();
    TST_MUST(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), IST_READ_ONLY, 0, 0, 0));
    TST_MUST(tst_peer_open(peer, 1, IST_KIND_SHM, tst_name(NULL), 0, 0, 0, 0));
    TST_OK(tst_peer_do(peer, "write 1 5 42"));
    TST_NUMBER(((unsigned char *)ist_shm_base(shm))[5], 42);
    TST_OK(tst_peer_do(peer, "close 1"));
    apr_int64_t byte = -1;
    TST_OK(tst_peer_ask(peer, &byte, "read 0 5"));
    TST_NUMBER(byte, 42);
    tst_peer_begin(peer, "write 0 5 43");
    TST_NUMBER(tst_peer_wait(peer), -1);
}

/* A reader is a holder: the segment lives while it has it open (LIFE-1). */
static void a_reader_keeps_it(void)
{
    ist_shm_t *shm = shm_fresh(tst_name(NULL), 4096), *again = NULL;
    tst_peer_t *peer = tst_peer_start();
    TST_MUST(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), IST_READ_ONLY, 0, 0, 0));
    ((unsigned char *)ist_shm_base(shm))[9] = 9;
    TST_OK(ist_shm_close(shm));
    TST_MUST(ist_shm_open(&again, tst_name(NULL), 4096, IST_CREATE, 0, tst_pool()));
    TST_NUMBER(ist_shm_created(again), 0);
    TST_NUMBER(((unsigned char *)ist_shm_base(again))[9], 9);
    TST_OK(tst_peer_do(peer, "close 0"));
    TST_OK(ist_shm_close(again));
    TST_STATUS(ist_shm_open(&again, tst_name(NULL), 0, 0, 0, tst_pool()), APR_ENOENT);
}

static void others_open_and_close(const char *name, apr_uint32_t scope)
{
    apr_int64_t start = tst_now();
    for (int i = 0; i < 20; i++) {
        ist_shm_t *one = NULL;
        TST_MUST(ist_shm_open(&one, name, 4096, IST_CREATE | scope, OPEN_TO_READ, tst_pool()));
        TST_NUMBER(ist_shm_created(one), 0);
        TST_OK(ist_shm_close(one));
    }
    TST_TOOK(start, 0);
}

static void a_stopped_reader_blocks_nobody(void)
{
    TST_NEED(TST_STOP);
    ist_shm_t *shm = shm_fresh(tst_name(NULL), 4096);
    tst_peer_t *peer = tst_peer_start();
    TST_MUST(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), IST_READ_ONLY, 0, 0, 0));
    tst_stop(tst_peer_pid(peer));
    others_open_and_close(tst_name(NULL), 0);
    TST_OK(ist_shm_close(shm));
    others_open_and_close(tst_name(NULL), 0);
    tst_continue(tst_peer_pid(peer));
    TST_OK(tst_peer_do(peer, "close 0"));
    TST_STATUS(ist_shm_open(&shm, tst_name(NULL), 0, 0, 0, tst_pool()), APR_ENOENT);
}

/* Read access alone is enough, and good for nothing more. */
static void another_user_reads(void)
{
    TST_NEED(TST_USERS);
    ist_shm_t *shm = NULL;
    TST_MUST(ist_shm_open(&shm, tst_name(NULL), 4096, IST_CREATE_ONLY | IST_GLOBAL, OPEN_TO_READ,
                          tst_pool()));
    ((unsigned char *)ist_shm_base(shm))[100] = 77;
    tst_peer_t *peer = tst_peer_start();
    TST_MUST(tst_peer_do(peer, "user %d", TST_OTHER_USER));
    apr_uint32_t flags = IST_GLOBAL;
    TST_STATUS(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), flags, 0, 0, 0), APR_EACCES);
    TST_MUST(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), flags | IST_READ_ONLY, 0, 0, 0));
    apr_int64_t byte = -1;
    TST_OK(tst_peer_ask(peer, &byte, "read 0 100"));
    TST_NUMBER(byte, 77);
    others_open_and_close(tst_name(NULL), IST_GLOBAL);
    if (tst_can(TST_STOP)) {
        tst_stop(tst_peer_pid(peer));
        others_open_and_close(tst_name(NULL), IST_GLOBAL);
        tst_continue(tst_peer_pid(peer));
    }
    TST_OK(ist_shm_close(shm));
    TST_OK(tst_peer_do(peer, "close 0"));
    TST_STATUS(ist_shm_open(&shm, tst_name(NULL), 0, IST_GLOBAL, 0, tst_pool()), APR_ENOENT);
}

/* Locks of every sort that the system has, on the segment's file. It is kept alive by
 * them as by any reader (SHM-4), and that is all. */
static void a_reader_with_all_locks(void)
{
    TST_NEED(TST_FILES);
    TST_NEED(TST_USERS);
    ist_shm_t *shm = NULL, *other = NULL;
    apr_int64_t locks = 0;
    tst_peer_t *reader = tst_peer_start();
    TST_MUST(tst_peer_do(reader, "user %d", TST_OTHER_USER));
    TST_MUST(ist_shm_open(&shm, tst_name(NULL), 4096, IST_CREATE_ONLY | IST_GLOBAL, OPEN_TO_READ,
                          tst_pool()));
    TST_OK(tst_peer_ask(reader, &locks, "grab %c %s 1", (char)IST_KIND_SHM, tst_name(NULL)));
    TST_SAY(locks >= 3, "a reader got %s locks alone", tst_digits(locks));
    for (int i = 0; i < 2; i++) {
        others_open_and_close(tst_name(NULL), IST_GLOBAL);
        apr_int64_t start = tst_now();
        TST_STATUS(ist_shm_open(&other, tst_name(NULL), 4096, IST_CREATE_ONLY | IST_GLOBAL,
                                OPEN_TO_READ, tst_pool()),
                   APR_EEXIST);
        TST_TRUE(tst_exists(IST_KIND_SHM, tst_name(NULL), IST_GLOBAL));
        TST_OK(ist_sweep(NULL, tst_pool()));
        if (i == 0)
            TST_OK(ist_shm_close(shm));
        TST_TOOK(start, 0);
    }
    tst_peer_kill(reader);
    TST_STATUS(ist_shm_open(&shm, tst_name(NULL), 0, IST_GLOBAL, 0, tst_pool()), APR_ENOENT);
    TST_OK(ist_shm_open(&shm, tst_name(NULL), 9000, IST_CREATE_ONLY | IST_GLOBAL, OPEN_TO_READ,
                        tst_pool()));
    TST_NUMBER(ist_shm_size(shm), 9000);
}

/* When it dies, its reading dies with it. */
static void a_dead_reader_keeps_nothing(void)
{
    ist_shm_t *shm = shm_fresh(tst_name(NULL), 4096);
    tst_peer_t *peer = tst_peer_start();
    TST_MUST(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), IST_READ_ONLY, 0, 0, 0));
    TST_OK(ist_shm_close(shm));
    tst_peer_kill(peer);
    TST_MUST(ist_shm_open(&shm, tst_name(NULL), 8192, IST_CREATE_ONLY, 0, tst_pool()));
    TST_NUMBER(ist_shm_size(shm), 8192);
}

const tst_case_t shm_read_only_cases[] = {
    {"SHM-4 writing to a read-only view faults", writing_kills},
    {"SHM-4 a reader sees the changes", sees_changes},
    {"SHM-4 a missing segment is not made for a reader", missing_is_not_made},
    {"SHM-4 read-only with a create flag is refused", not_with_create},
    {"SHM-4 a process may write by one handle and only read by another",
     beside_a_writer_of_the_process},
    {"SHM-4 a process that reads may open for writing too", reader_then_writer_of_the_process},
    {"SHM-4 a reader keeps the segment alive", a_reader_keeps_it},
    {"SHM-4 a stopped reader blocks nobody", a_stopped_reader_blocks_nobody},
    {"SHM-4 another user with read access reads, and is in nobody's way", another_user_reads},
    {"SHM-4 a reader with every lock it can get blocks nobody", a_reader_with_all_locks},
    {"SHM-4 a dead reader keeps nothing", a_dead_reader_keeps_nothing},
    {NULL, NULL},
};
