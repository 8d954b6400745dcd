/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NAME-3 and NAME-5: other users, with and without the right.
 */
#include "names_cases.h"

/* A peer that is another user, and of no group of ours. */
static tst_peer_t *stranger(void)
{
    tst_peer_t *peer = tst_peer_start();
    TST_MUST(tst_peer_do(peer, "user %d", TST_OTHER_USER));
    return peer;
}

static void local_names_are_apart(void)
{
    TST_NEED(TST_USERS);
    tst_peer_t *peer = stranger();
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t handle;
        TST_MUST(tst_open_as(&handle, tst_kinds[i], tst_name(NULL), IST_CREATE, 1, 1,
                             IST_ACCESS_WORLD, tst_pool()));
        TST_STATUS(tst_peer_open(peer, i, tst_kinds[i], tst_name(NULL), 0, 0, 0, 0), APR_ENOENT);
        TST_OK(tst_peer_open(peer, i, tst_kinds[i], tst_name(NULL), IST_CREATE_ONLY, 1, 1, 0));
        TST_OK(tst_close(&handle));
        TST_STATUS(tst_open(&handle, tst_kinds[i], tst_name(NULL), 0, tst_pool()), APR_ENOENT);
        TST_OK(tst_peer_do(peer, "close %d", i));
    }
}

static void without_the_right(void)
{
    TST_NEED(TST_USERS);
    tst_peer_t *peer = stranger();
    const apr_fileperms_t access[] = {0, IST_ACCESS_OWNER, IST_ACCESS_GROUP};
    for (int i = 0; i < TST_KINDS; i++) {
        for (int a = 0; a < 3; a++) {
            tst_handle_t handle;
            TST_MUST(tst_open_as(&handle, tst_kinds[i], tst_name(NULL), IST_CREATE | IST_GLOBAL, 1,
                                 1, access[a], tst_pool()));
            TST_STATUS(tst_peer_open(peer, 0, tst_kinds[i], tst_name(NULL), IST_GLOBAL, 0, 0, 0),
                       APR_EACCES);
            TST_STATUS(tst_peer_open(peer, 0, tst_kinds[i], tst_name(NULL), IST_GLOBAL | IST_CREATE,
                                     1, 1, 0),
                       APR_EACCES);
            TST_OK(tst_close(&handle));
        }
    }
}

/* There is one, and that much anybody may know. */
static void create_only_without_the_right(void)
{
    TST_NEED(TST_USERS);
    tst_peer_t *peer = stranger();
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t handle;
        TST_MUST(
            tst_open(&handle, tst_kinds[i], tst_name(NULL), IST_CREATE | IST_GLOBAL, tst_pool()));
        apr_status_t got = tst_peer_open(peer, 0, tst_kinds[i], tst_name(NULL),
                                         IST_GLOBAL | IST_CREATE_ONLY, 1, 1, 0);
        TST_SAY(got == APR_EACCES || got == APR_EEXIST, "%s: %s", tst_kind_name(tst_kinds[i]),
                tst_status_name(got));
        TST_OK(tst_close(&handle));
    }
}

static void with_the_right(void)
{
    TST_NEED(TST_USERS);
    tst_peer_t *peer = stranger();
    tst_handle_t handles[TST_KINDS];
    for (int i = 0; i < TST_KINDS; i++) {
        TST_MUST(tst_open_as(&handles[i], tst_kinds[i], tst_name(NULL), IST_CREATE | IST_GLOBAL, 1,
                             1, IST_ACCESS_WORLD, tst_pool()));
        TST_MUST(tst_peer_open(peer, i, tst_kinds[i], tst_name(NULL), IST_GLOBAL, 0, 0, 0));
    }
    TST_OK(tst_peer_do(peer, "lock 0"));
    TST_STATUS(ist_mutex_trylock(handles[0].mutex), APR_EBUSY);
    TST_OK(tst_peer_do(peer, "unlock 0"));
    TST_OK(tst_peer_do(peer, "wait 1"));
    TST_OK(tst_peer_do(peer, "post 1 1"));
    TST_OK(tst_peer_do(peer, "write 2 0 42"));
    TST_NUMBER(*(unsigned char *)tst_base(&handles[2]), 42);
    TST_OK(tst_peer_do(peer, "lock 3"));
    TST_OK(tst_peer_do(peer, "notify 3"));
    TST_OK(tst_peer_do(peer, "unlock 3"));
    TST_OK(ist_region_trywait(handles[3].region));
    TST_OK(tst_peer_do(peer, "lock 0"));
    tst_peer_kill(peer);
    TST_STATUS(ist_mutex_lock(handles[0].mutex), IST_ABANDONED);
    TST_OK(ist_mutex_unlock(handles[0].mutex));
}

/* The creator's group is let in when that was asked for, and only then. */
static void members_of_the_group(void)
{
    TST_NEED(TST_USERS);
    tst_peer_t *owner = tst_peer_start(), *member = tst_peer_start();
    TST_MUST(tst_peer_do(owner, "user %d", TST_OTHER_USER));
    TST_MUST(tst_peer_do(member, "user %d %d", TST_OTHER_USER - 1, TST_OTHER_USER));
    const apr_fileperms_t access[] = {IST_ACCESS_OWNER, IST_ACCESS_GROUP};
    for (int i = 0; i < TST_KINDS; i++) {
        for (int a = 0; a < 2; a++) {
            TST_MUST(tst_peer_open(owner, i, tst_kinds[i], tst_name(NULL), IST_CREATE | IST_GLOBAL,
                                   1, 1, access[a]));
            TST_STATUS(tst_peer_open(member, i, tst_kinds[i], tst_name(NULL), IST_GLOBAL, 0, 0, 0),
                       a == 0 ? APR_EACCES : APR_SUCCESS);
            if (a == 1)
                TST_OK(tst_peer_do(member, "close %d", i));
            TST_OK(tst_peer_do(owner, "close %d", i));
        }
    }
}

/* What its maker may only read, it opens for reading alone, on both systems. */
static void the_owner_without_the_right(void)
{
    tst_peer_t *maker = tst_peer_start(), *other = tst_peer_start();
    if (tst_can(TST_USERS)) { /* root may write all */
        TST_MUST(tst_peer_do(maker, "user %d", TST_OTHER_USER));
        TST_MUST(tst_peer_do(other, "user %d", TST_OTHER_USER));
    }
    TST_MUST(
        tst_peer_open(maker, 0, IST_KIND_SHM, tst_name(NULL), IST_CREATE, 1, 0, APR_FPROT_UREAD));
    TST_STATUS(tst_peer_open(other, 0, IST_KIND_SHM, tst_name(NULL), 0, 0, 0, 0), APR_EACCES);
    TST_STATUS(tst_peer_open(other, 0, IST_KIND_SHM, tst_name(NULL), IST_CREATE, 1, 0, 0),
               APR_EACCES);
    TST_OK(tst_peer_open(other, 0, IST_KIND_SHM, tst_name(NULL), IST_READ_ONLY, 0, 0, 0));
    TST_OK(tst_peer_do(other, "close 0"));
    TST_OK(tst_peer_do(maker, "close 0"));
}

static void without_the_privilege(void)
{
    tst_peer_t *peer = tst_peer_start();
    const ist_kind_e kinds[] = {IST_KIND_SHM, IST_KIND_REGION, IST_KIND_QUEUE};
    apr_int64_t denied = 0;
    TST_OK(tst_peer_ask(peer, &denied, "unprivileged"));
    if (denied == 0) {
        tst_skip("this system lets everybody make global objects (Windows does not; Wine does)");
        return;
    }
    for (int i = 0; i < 6; i++) {
        const apr_uint32_t flags = IST_GLOBAL | (i < 3 ? IST_CREATE : IST_CREATE_ONLY);
        TST_STATUS(tst_peer_open(peer, 0, kinds[i % 3], tst_name(NULL), flags, 1, 1, 0),
                   APR_EACCES);
        TST_STATUS(tst_peer_open(peer, 0, kinds[i % 3], tst_name(NULL), IST_GLOBAL, 0, 0, 0),
                   APR_ENOENT);
    }
}

/* A stranger's object, open to all: the owner's rights are not needed. */
static void ours_as_guests(void)
{
    TST_NEED(TST_USERS);
    tst_peer_t *peer = stranger();
    tst_peer_t *third = tst_peer_start();
    TST_MUST(tst_peer_do(third, "user %d", TST_OTHER_USER - 1));
    for (int i = 0; i < TST_KINDS; i++) {
        TST_MUST(tst_peer_open(peer, i, tst_kinds[i], tst_name(NULL), IST_GLOBAL | IST_CREATE, 1, 1,
                               IST_ACCESS_WORLD));
        TST_OK(tst_peer_open(third, i, tst_kinds[i], tst_name(NULL), IST_GLOBAL | IST_CREATE, 1, 1,
                             IST_ACCESS_WORLD));
        TST_OK(tst_peer_do(third, "close %d", i));
        TST_OK(tst_peer_do(peer, "close %d", i));
        TST_STATUS(tst_peer_open(third, i, tst_kinds[i], tst_name(NULL), IST_GLOBAL, 0, 0, 0),
                   APR_ENOENT);
    }
}

/* The owner goes first: the guest keeps it, and must be able to end it. */
static void the_guest_closes_last(void)
{
    TST_NEED(TST_USERS);
    tst_peer_t *peer = stranger();
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t handle;
        TST_MUST(tst_open_as(&handle, tst_kinds[i], tst_name(NULL), IST_CREATE | IST_GLOBAL, 1, 1,
                             IST_ACCESS_WORLD, tst_pool()));
        TST_MUST(tst_peer_open(peer, i, tst_kinds[i], tst_name(NULL), IST_GLOBAL, 0, 0, 0));
        TST_OK(tst_close(&handle));
        TST_OK(tst_open_as(&handle, tst_kinds[i], tst_name(NULL), IST_GLOBAL, 0, 0, 0, tst_pool()));
        TST_NUMBER(tst_created(&handle), 0);
        TST_OK(tst_close(&handle));
        TST_OK(tst_peer_do(peer, "close %d", i));
        TST_STATUS(tst_open(&handle, tst_kinds[i], tst_name(NULL), IST_GLOBAL, tst_pool()),
                   APR_ENOENT);
        TST_OK(tst_open(&handle, tst_kinds[i], tst_name(NULL), IST_GLOBAL | IST_CREATE_ONLY,
                        tst_pool()));
        TST_OK(tst_close(&handle));
    }
}

/* Read access alone is enough for a read-only view, and for that only. */
static void may_only_read(void)
{
    TST_NEED(TST_USERS);
    tst_peer_t *peer = stranger();
    ist_shm_t *shm;
    apr_int64_t byte = 0;
    TST_MUST(ist_shm_open(&shm, tst_name(NULL), 10, IST_CREATE | IST_GLOBAL,
                          IST_ACCESS_OWNER | APR_FPROT_GREAD | APR_FPROT_WREAD, tst_pool()));
    *(unsigned char *)ist_shm_base(shm) = 5;
    TST_STATUS(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), IST_GLOBAL, 0, 0, 0),
               APR_EACCES);
    TST_OK(
        tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), IST_GLOBAL | IST_READ_ONLY, 0, 0, 0));
    TST_OK(tst_peer_ask(peer, &byte, "read 0 0"));
    TST_NUMBER(byte, 5);
    TST_OK(tst_peer_do(peer, "close 0"));
}

/* A failed attempt of a stranger must leave its maker alone. */
static void a_refusal_harms_nobody(void)
{
    TST_NEED(TST_USERS);
    tst_peer_t *peer = stranger();
    tst_handle_t handles[TST_KINDS];
    for (int i = 0; i < TST_KINDS; i++) {
        TST_MUST(tst_open(&handles[i], tst_kinds[i], tst_name(NULL), IST_CREATE | IST_GLOBAL,
                          tst_pool()));
        for (int n = 0; n < 5; n++)
            TST_STATUS(tst_peer_open(peer, 0, tst_kinds[i], tst_name(NULL), IST_GLOBAL, 0, 0, 0),
                       APR_EACCES);
        TST_TRUE(tst_exists(tst_kinds[i], tst_name(NULL), IST_GLOBAL));
    }
    TST_OK(ist_mutex_lock(handles[0].mutex));
    TST_OK(ist_mutex_unlock(handles[0].mutex));
    TST_OK(tst_peer_do(peer, "sweep"));
    for (int i = 0; i < TST_KINDS; i++)
        TST_TRUE(tst_exists(tst_kinds[i], tst_name(NULL), IST_GLOBAL));
}

const tst_case_t names_users_cases[] = {
    {"NAME-3 local names of two users never meet", local_names_are_apart},
    {"NAME-5 another user without the right gets APR_EACCES", without_the_right},
    {"NAME-5 create only without the right", create_only_without_the_right},
    {"NAME-5 another user with the right uses it all", with_the_right},
    {"NAME-5 the group gets in when asked for, and only then", members_of_the_group},
    {"NAME-5 what its maker may only read it can't open to write", the_owner_without_the_right},
    {"NAME-3 a global object without the privilege is APR_EACCES", without_the_privilege},
    {"NAME-5 two guests that are not its owner", ours_as_guests},
    {"NAME-5 a guest may be the last to close", the_guest_closes_last},
    {"NAME-5 who may only read gets a read-only view", may_only_read},
    {"NAME-5 a refusal harms nobody", a_refusal_harms_nobody},
    {NULL, NULL},
};
