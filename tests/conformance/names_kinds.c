/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NAME-2 and NAME-3: kinds and scopes do not collide; processes meet.
 */
#include "names_cases.h"

/* Each kind is created although the others bear the name, and lives alone. */
static void kinds_side_by_side(const char *name, apr_uint32_t scope)
{
    tst_handle_t handles[TST_KINDS], again;
    for (int i = 0; i < TST_KINDS; i++) {
        TST_STATUS(tst_open(&handles[i], tst_kinds[i], name, scope, tst_pool()), APR_ENOENT);
        TST_MUST(tst_open(&handles[i], tst_kinds[i], name, scope | IST_CREATE_ONLY, tst_pool()));
        TST_NUMBER(tst_created(&handles[i]), 1);
    }
    for (int i = 0; i < TST_KINDS; i++) {
        TST_OK(tst_close(&handles[i]));
        TST_STATUS(tst_open(&again, tst_kinds[i], name, scope, tst_pool()), APR_ENOENT);
        for (int j = i + 1; j < TST_KINDS; j++) {
            TST_OK(tst_open(&again, tst_kinds[j], name, scope, tst_pool()));
            TST_OK(tst_close(&again));
        }
    }
}

static void short_names(void)
{
    kinds_side_by_side(tst_name(NULL), 0);
}

static void short_global_names(void)
{
    TST_NEED(TST_GLOBAL);
    kinds_side_by_side(tst_name(NULL), IST_GLOBAL);
}

static void long_names(void)
{
    kinds_side_by_side(tst_name_of(IST_NAME_MAX), 0);
}

static void long_global_names(void)
{
    TST_NEED(TST_GLOBAL);
    kinds_side_by_side(tst_name_of(IST_NAME_MAX), IST_GLOBAL);
}

/* A region's parts are its own: not the mutex, semaphore, segment of its name. */
static void parts_are_apart(void)
{
    ist_mutex_t *mutex;
    ist_semaphore_t *semaphore;
    ist_shm_t *shm;
    ist_region_t *region;
    tst_peer_t *peer = tst_peer_start();
    TST_MUST(ist_mutex_open(&mutex, tst_name(NULL), IST_CREATE, 0, tst_pool()));
    TST_MUST(ist_semaphore_open(&semaphore, tst_name(NULL), 5, 9, IST_CREATE, 0, tst_pool()));
    TST_MUST(ist_shm_open(&shm, tst_name(NULL), 10, IST_CREATE, 0, tst_pool()));
    TST_MUST(ist_region_open(&region, tst_name(NULL), 20, IST_CREATE, 0, tst_pool()));
    TST_MUST(tst_peer_open(peer, 0, IST_KIND_MUTEX, tst_name(NULL), 0, 0, 0, 0));
    TST_MUST(tst_peer_do(peer, "lock 0"));
    TST_OK(ist_region_trylock(region));
    TST_OK(ist_region_unlock(region));
    TST_STATUS(ist_region_trywait(region), APR_EBUSY);
    *(char *)ist_region_base(region) = 'r';
    TST_NUMBER(*(char *)ist_shm_base(shm), 0);
    TST_OK(tst_peer_do(peer, "unlock 0"));
}

/* Names that would meet if a kind's letter were glued to the name carelessly. */
static void look_alike_names(void)
{
    const char *names[] = {tst_name("m"),  tst_name("s"),  tst_name("d"),   tst_name("r"),
                           tst_name("m0"), tst_name("s0"), tst_name("r.g"), tst_name("g")};
    tst_handle_t handles[8][TST_KINDS];
    for (int n = 0; n < 8; n++)
        for (int i = 0; i < TST_KINDS; i++)
            TST_OK(tst_open(&handles[n][i], tst_kinds[i], names[n], IST_CREATE_ONLY, tst_pool()));
}

static void scopes_are_apart(void)
{
    TST_NEED(TST_GLOBAL);
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t local, global;
        TST_MUST(tst_open(&local, tst_kinds[i], tst_name(NULL), IST_CREATE, tst_pool()));
        TST_STATUS(tst_open(&global, tst_kinds[i], tst_name(NULL), IST_GLOBAL, tst_pool()),
                   APR_ENOENT);
        TST_OK(tst_open(&global, tst_kinds[i], tst_name(NULL), IST_GLOBAL | IST_CREATE_ONLY,
                        tst_pool()));
        TST_OK(tst_close(&local));
        TST_STATUS(tst_open(&local, tst_kinds[i], tst_name(NULL), 0, tst_pool()), APR_ENOENT);
        TST_OK(tst_open(&local, tst_kinds[i], tst_name(NULL), IST_GLOBAL, tst_pool()));
        TST_OK(tst_close(&local));
        TST_OK(tst_close(&global));
    }
}

static void meet(apr_uint32_t scope)
{
    tst_peer_t *peer = tst_peer_start();
    tst_handle_t shm, mutex;
    apr_int64_t byte = 0;
    TST_MUST(tst_open(&shm, IST_KIND_SHM, tst_name(NULL), scope | IST_CREATE, tst_pool()));
    TST_MUST(tst_open(&mutex, IST_KIND_MUTEX, tst_name(NULL), scope | IST_CREATE, tst_pool()));
    TST_MUST(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), scope, 0, 0, 0));
    TST_MUST(tst_peer_open(peer, 1, IST_KIND_MUTEX, tst_name(NULL), scope, 0, 0, 0));
    *(unsigned char *)tst_base(&shm) = 77;
    TST_OK(tst_peer_ask(peer, &byte, "read 0 0"));
    TST_NUMBER(byte, 77);
    TST_OK(tst_peer_do(peer, "lock 1"));
    TST_STATUS(ist_mutex_trylock(mutex.mutex), APR_EBUSY);
    TST_OK(tst_peer_do(peer, "unlock 1"));
}

static void processes_meet(void)
{
    meet(0);
}

static void processes_meet_globally(void)
{
    TST_NEED(TST_GLOBAL);
    meet(IST_GLOBAL);
}

/* Of the kinds that need the privilege, and for the plain user who lacks it. */
static void without_the_privilege(void)
{
    tst_handle_t handle;
    if (tst_can(TST_GLOBAL)) {
        tst_skip("this user lacks no right to make global objects");
        return;
    }
    const ist_kind_e kinds[] = {IST_KIND_SHM, IST_KIND_REGION, IST_KIND_QUEUE};
    for (int i = 0; i < 3; i++) {
        TST_STATUS(tst_open(&handle, kinds[i], tst_name(NULL), IST_CREATE | IST_GLOBAL, tst_pool()),
                   APR_EACCES);
        TST_TRUE(!tst_exists(kinds[i], tst_name(NULL), IST_GLOBAL));
    }
}

const tst_case_t names_kinds_cases[] = {
    {"NAME-2 all kinds may bear one name", short_names},
    {"NAME-2 all kinds may bear one global name", short_global_names},
    {"NAME-2 all kinds may bear one name of 200 bytes", long_names},
    {"NAME-2 all kinds may bear one global name of 200 bytes", long_global_names},
    {"NAME-2 a region's parts are not the others of its name", parts_are_apart},
    {"NAME-2 names that look like another kind's", look_alike_names},
    {"NAME-3 local and global are two names", scopes_are_apart},
    {"NAME-3 one user's processes meet", processes_meet},
    {"NAME-3 one user's processes meet globally", processes_meet_globally},
    {"NAME-3 a global object without the right is APR_EACCES", without_the_privilege},
    {NULL, NULL},
};
