/* SPDX-License-Identifier: Apache-2.0 */
/*
 * REG-1: three parts as one, all of them or none.
 */
#include "region_cases.h"

#include <string.h>

#define RACERS 4

static const apr_size_t sizes[] = {1, 4095, 4096, 4097, 100001, 1 << 20};

static void sizes_are_exact(void)
{
    tst_peer_t *peer = tst_peer_start();
    for (apr_size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        apr_int64_t told = -1;
        ist_region_t *region = region_fresh(tst_name(NULL), sizes[i]), *again = NULL;
        TST_NUMBER(ist_region_created(region), 1);
        TST_NUMBER((apr_uintptr_t)ist_region_base(region) % 4096, 0);
        region_is_new(region, sizes[i]);
        TST_STATUS(ist_region_open(&again, tst_name(NULL), sizes[i] + 1, 0, 0, tst_pool()),
                   IST_ESIZE);
        TST_TRUE(again == NULL);
        TST_MUST(tst_peer_open(peer, 0, IST_KIND_REGION, tst_name(NULL), IST_CREATE, 1, 0, 0));
        TST_OK(tst_peer_ask(peer, &told, "size 0"));
        TST_NUMBER(told, sizes[i]);
        TST_OK(tst_peer_ask(peer, &told, "created 0"));
        TST_NUMBER(told, 0);
        TST_STATUS(tst_peer_open(peer, 1, IST_KIND_REGION, tst_name(NULL), IST_CREATE,
                                 sizes[i] + 1, 0, 0), IST_ESIZE);
        TST_OK(tst_peer_do(peer, "close 0"));
        TST_OK(ist_region_close(region));
    }
}

static void shared(void)
{
    enum { SIZE = 50001 };
    ist_region_t *region = region_fresh(tst_name(NULL), SIZE);
    ist_region_t *again = region_again(tst_name(NULL));
    tst_peer_t *peer = region_peer();
    apr_int64_t same = 0;
    memset(ist_region_base(region), 11, SIZE);
    TST_NUMBER(memcmp(ist_region_base(again), ist_region_base(region), SIZE), 0);
    TST_OK(tst_peer_ask(peer, &same, "same 0 0 %d 11", SIZE));
    TST_NUMBER(same, 1);
    TST_OK(tst_peer_do(peer, "write 0 %d 12", SIZE - 1));
    TST_NUMBER(((unsigned char *)ist_region_base(again))[SIZE - 1], 12);
}

static apr_status_t try_mutex(void *mutex)
{
    apr_status_t status = ist_mutex_trylock(mutex);
    if (IST_LOCKED(status))
        ist_mutex_unlock(mutex);
    return status;
}

/* What is called the same beside it is not part of it. */
static void parts_are_its_own(void)
{
    ist_mutex_t *mutex = NULL;
    ist_semaphore_t *sem = NULL;
    ist_shm_t *shm = NULL;
    const char *name = tst_name(NULL);
    ist_region_t *region = region_fresh(name, 4096);
    TST_STATUS(ist_mutex_open(&mutex, name, 0, 0, tst_pool()), APR_ENOENT);
    TST_STATUS(ist_semaphore_open(&sem, name, 0, 0, 0, 0, tst_pool()), APR_ENOENT);
    TST_STATUS(ist_shm_open(&shm, name, 0, 0, 0, tst_pool()), APR_ENOENT);
    TST_MUST(ist_mutex_open(&mutex, name, IST_CREATE_ONLY, 0, tst_pool()));
    TST_MUST(ist_semaphore_open(&sem, name, 2, 3, IST_CREATE_ONLY, 0, tst_pool()));
    TST_MUST(ist_shm_open(&shm, name, 4096, IST_CREATE_ONLY, 0, tst_pool()));
    TST_OK(ist_region_lock(region));
    TST_OK(tst_in_thread(try_mutex, mutex));
    TST_OK(ist_region_notify(region));
    memset(ist_region_base(region), 1, 4096);
    TST_NUMBER(((unsigned char *)ist_shm_base(shm))[0], 0);
    TST_OK(ist_semaphore_trywait(sem));
    TST_OK(ist_semaphore_trywait(sem));
    TST_STATUS(ist_semaphore_trywait(sem), APR_EBUSY);
    TST_OK(ist_region_trywait(region));
    TST_OK(ist_region_unlock(region));
}

static void names_are_free_with_it(void)
{
    for (int i = 0; i < 20; i++) {
        ist_region_t *region = region_fresh(tst_name(NULL), 1000 + (apr_size_t)i);
        region_is_new(region, 1000 + (apr_size_t)i);
        memset(ist_region_base(region), 0xff, 1000);
        TST_OK(ist_region_notify(region));
        TST_OK(ist_region_notify(region));
        TST_OK(ist_region_close(region));
        TST_STATUS(ist_region_open(&region, tst_name(NULL), 0, 0, 0, tst_pool()), APR_ENOENT);
    }
}

/* A dead life's data, lock and notifications are not met in the next. */
static void next_life_is_new(void)
{
    for (int i = 0; i < tst_rounds(10); i++) {
        ist_region_t *region = NULL;
        tst_peer_t *peer = tst_peer_start();
        TST_MUST(tst_peer_open(peer, 0, IST_KIND_REGION, tst_name(NULL), IST_CREATE, 9000, 0, 0));
        TST_OK(tst_peer_do(peer, "lock 0"));
        TST_OK(tst_peer_do(peer, "fill 0 0 9000 255"));
        TST_OK(tst_peer_do(peer, "notify 0"));
        tst_peer_kill(peer);
        if (i % 2)
            TST_STATUS(ist_region_open(&region, tst_name(NULL), 0, 0, 0, tst_pool()),
                       APR_ENOENT);
        TST_MUST(ist_region_open(&region, tst_name(NULL), 5000, IST_CREATE, 0, tst_pool()));
        TST_NUMBER(ist_region_created(region), 1);
        region_is_new(region, 5000);
        TST_OK(ist_region_close(region));
    }
}

/* A stranger's dead region can't be removed, only made again where it lies. */
static void new_where_it_lies(void)
{
    TST_NEED(TST_USERS);
    const char *name = tst_name(NULL);
    tst_peer_t *first = tst_peer_start(), *second = tst_peer_start();
    apr_int64_t value = -1;
    TST_MUST(tst_peer_do(first, "user %d", TST_OTHER_USER));
    TST_MUST(tst_peer_do(second, "user %d", TST_OTHER_USER - 1));
    TST_MUST(tst_peer_open(first, 0, IST_KIND_REGION, name, IST_CREATE | IST_GLOBAL, 9000, 0,
                           IST_ACCESS_WORLD));
    TST_OK(tst_peer_do(first, "lock 0"));
    TST_OK(tst_peer_do(first, "fill 0 0 9000 255"));
    TST_OK(tst_peer_do(first, "notify 0"));
    tst_peer_kill(first);
    TST_MUST(tst_peer_open(second, 0, IST_KIND_REGION, name, IST_CREATE | IST_GLOBAL, 9000, 0,
                           IST_ACCESS_WORLD));
    TST_OK(tst_peer_ask(second, &value, "same 0 0 9000 0"));
    TST_NUMBER(value, 1);
    TST_STATUS(tst_peer_do(second, "trywait 0"), APR_EBUSY);
    TST_OK(tst_peer_do(second, "trylock 0"));
    TST_OK(tst_peer_do(second, "unlock 0"));
    TST_OK(tst_peer_do(second, "notify 0"));
    TST_OK(tst_peer_do(second, "timedwait 0 1"));
    tst_peer_kill(second);
    ist_region_t *region = NULL;
    TST_STATUS(ist_region_open(&region, name, 0, IST_GLOBAL, 0, tst_pool()), APR_ENOENT);
}

/* Whatever its creator was about to do: the next opener's is whole. */
static void creator_killed_at_any_instant(void)
{
    for (int i = 0; i < tst_rounds(100); i++) {
        ist_region_t *region = NULL;
        tst_peer_t *peer = tst_peer_start();
        TST_OK(tst_peer_do(peer, "loop open 0 r %s %d 20000 0 0 / lock 0 / fill 0 0 20000 7 / "
                           "notify 0 / unlock 0 / pool 0", tst_name(NULL), IST_CREATE));
        tst_sys_pause(tst_random(2000)); /* any instant will do */
        tst_peer_kill(peer);
        apr_int64_t start = tst_now();
        TST_MUST(ist_region_open(&region, tst_name(NULL), 3000, IST_CREATE, 0, tst_pool()));
        TST_TOOK(start, 0);
        TST_NUMBER(ist_region_created(region), 1);
        region_is_new(region, 3000);
        TST_OK(ist_region_close(region));
    }
}

/* The role "racer": creates when told, says whether it was the one, and checks
 * that what it got is whole. */
int region_whole_racer(int argc, const char *const *argv)
{
    (void)argc, (void)argv;
    tst_tell("ready");
    for (const char *line; (line = tst_listen()) != NULL && strcmp(line, "end") != 0;) {
        ist_region_t *region = NULL;
        TST_MUST(ist_region_open(&region, tst_name(NULL), 6000, IST_CREATE, 0, tst_pool()));
        int created = ist_region_created(region);
        TST_NUMBER(ist_region_size(region), 6000);
        TST_MUST(ist_region_lock(region));
        TST_OK(ist_region_notify(region));
        TST_MUST(ist_region_unlock(region));
        tst_tell("%s", created ? "created" : "found");
        tst_listen();
        TST_OK(ist_region_close(region));
        tst_tell("closed");
    }
    return 0;
}

static void one_of_many_creates(void)
{
    tst_peer_t *peers[RACERS];
    for (int i = 0; i < RACERS; i++)
        peers[i] = tst_role_start("racer", NULL);
    for (int i = 0; i < RACERS; i++)
        tst_peer_expect(peers[i], "ready");
    for (int round = tst_rounds(200); round > 0; round--) {
        int created = 0;
        for (int i = 0; i < RACERS; i++)
            tst_peer_say(peers[i], "go");
        for (int i = 0; i < RACERS; i++) {
            const char *said = tst_peer_hear(peers[i]);
            TST_MUST_TRUE(said != NULL);
            created += strcmp(said, "created") == 0;
        }
        TST_NUMBER(created, 1);
        ist_region_t *region = region_again(tst_name(NULL));
        for (int i = 0; i < RACERS; i++)
            TST_OK(ist_region_trywait(region));
        TST_STATUS(ist_region_trywait(region), APR_EBUSY);
        TST_OK(ist_region_close(region));
        for (int i = 0; i < RACERS; i++)
            tst_peer_say(peers[i], "close");
        for (int i = 0; i < RACERS; i++)
            tst_peer_expect(peers[i], "closed");
    }
    for (int i = 0; i < RACERS; i++)
        tst_peer_say(peers[i], "end");
    for (int i = 0; i < RACERS; i++)
        TST_NUMBER(tst_peer_wait(peers[i]), 0);
}

static void populated(void)
{
    ist_region_t *region = NULL, *again = NULL;
    TST_MUST(ist_region_open(&region, tst_name(NULL), 300001, IST_CREATE | IST_POPULATE, 0,
                             tst_pool()));
    region_is_new(region, 300001);
    TST_MUST(ist_region_open(&again, tst_name(NULL), 300001, IST_POPULATE, 0, tst_pool()));
    TST_NUMBER(ist_region_created(again), 0);
}

/* A region is for writing: read-only has no meaning. */
static void not_read_only(void)
{
    ist_region_t *region = region_fresh(tst_name(NULL), 100), *again = NULL;
    TST_STATUS(ist_region_open(&again, tst_name(NULL), 0, IST_READ_ONLY, 0, tst_pool()),
               APR_EINVAL);
    TST_OK(ist_region_close(region));
}

const tst_case_t region_whole_cases[] = {
    {"REG-1 sizes are exact, and told to everybody", sizes_are_exact},
    {"REG-1 the memory is shared", shared},
    {"REG-1 its parts are its own, whatever else bears the name", parts_are_its_own},
    {"REG-1 the name is free after the last close", names_are_free_with_it},
    {"REG-1 the life after a death is new in all its parts", next_life_is_new},
    {"REG-1 a stranger's dead region, made again, is new in all its parts", new_where_it_lies},
    {"REG-1 a creator killed at any instant leaves it whole or not at all",
     creator_killed_at_any_instant},
    {"REG-1 of many that create at once one does, and all get it whole", one_of_many_creates},
    {"REG-1 a populated region is as any", populated},
    {"REG-1 a read-only region is refused", not_read_only},
    {NULL, NULL},
};
