/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LIFE-1 among users: dead global objects whose owner is another. The third
 * user tries, for root may do anything.
 */
#include "life_cases.h"

#define OWNER TST_OTHER_USER
#define GUEST (TST_OTHER_USER - 1)

static tst_peer_t *user(int uid)
{
    tst_peer_t *peer = tst_peer_start();
    TST_MUST(tst_peer_do(peer, "user %d", uid));
    return peer;
}

/* Made global by one user, who is killed with it. */
static void leave_dead(ist_kind_e kind, apr_fileperms_t access)
{
    tst_peer_t *owner = user(OWNER);
    TST_MUST(tst_peer_open(owner, 0, kind, tst_name(NULL), IST_GLOBAL | IST_CREATE, 1, 1, access));
    if (kind == IST_KIND_SHM || kind == IST_KIND_REGION)
        TST_OK(tst_peer_do(owner, "write 0 0 66"));
    if (kind == IST_KIND_MUTEX || kind == IST_KIND_REGION)
        TST_OK(tst_peer_do(owner, "lock 0"));
    tst_peer_kill(owner);
}

static apr_status_t try_as(tst_peer_t *guest, ist_kind_e kind, apr_uint32_t flags,
                           apr_fileperms_t access)
{
    return tst_peer_open(guest, 0, kind, tst_name(NULL), IST_GLOBAL | flags,
                         (flags & (IST_CREATE | IST_CREATE_ONLY)) != 0 ? 1 : 0, 1, access);
}

static void reused_in_place(void)
{
    TST_NEED(TST_USERS);
    TST_NEED(TST_LEFTOVERS);
    tst_peer_t *guest = user(GUEST);
    for (int i = 0; i < TST_KINDS; i++) {
        ist_kind_e kind = tst_kinds[i];
        apr_int64_t value = 7;
        leave_dead(kind, IST_ACCESS_WORLD);
        TST_STATUS(try_as(guest, kind, 0, 0), APR_ENOENT);
        TST_OK(try_as(guest, kind, IST_CREATE, IST_ACCESS_WORLD));
        TST_OK(tst_peer_ask(guest, &value, "created 0"));
        TST_NUMBER(value, 1);
        if (kind == IST_KIND_SHM || kind == IST_KIND_REGION) {
            TST_OK(tst_peer_ask(guest, &value, "read 0 0"));
            TST_NUMBER(value, 0);
        }
        if (kind == IST_KIND_MUTEX || kind == IST_KIND_REGION) {
            TST_OK(tst_peer_do(guest, "lock 0"));
            TST_OK(tst_peer_do(guest, "unlock 0"));
        }
        if (kind == IST_KIND_SEMAPHORE)
            TST_OK(tst_peer_do(guest, "wait 0"));
        TST_OK(tst_peer_do(guest, "close 0"));
    }
    TST_OK(ist_sweep(NULL, tst_pool())); /* the owner's old doorbells, which no guest may remove */
}

/* Reused, it has the size that its new creator asked for. */
static void reused_with_another_size(void)
{
    TST_NEED(TST_USERS);
    TST_NEED(TST_LEFTOVERS);
    tst_peer_t *guest = user(GUEST), *second = user(GUEST - 1);
    const int sizes[] = {100000, 3, 5000};
    leave_dead(IST_KIND_SHM, IST_ACCESS_WORLD);
    for (int n = 0; n < 3; n++) {
        apr_int64_t size = 0, zero = 0;
        TST_MUST(tst_peer_open(guest, 0, IST_KIND_SHM, tst_name(NULL), IST_GLOBAL | IST_CREATE_ONLY,
                               sizes[n], 0, IST_ACCESS_WORLD));
        TST_OK(tst_peer_open(second, 0, IST_KIND_SHM, tst_name(NULL), IST_GLOBAL, 0, 0, 0));
        TST_OK(tst_peer_ask(second, &size, "size 0"));
        TST_NUMBER(size, sizes[n]);
        TST_OK(tst_peer_ask(second, &zero, "same 0 0 %d 0", sizes[n]));
        TST_NUMBER(zero, 1);
        TST_OK(tst_peer_do(second, "fill 0 0 %d 200", sizes[n]));
        TST_OK(tst_peer_do(second, "close 0"));
        TST_OK(tst_peer_do(guest, "close 0"));
    }
}

static void another_mode(void)
{
    TST_NEED(TST_USERS);
    TST_NEED(TST_LEFTOVERS);
    tst_peer_t *guest = user(GUEST);
    for (int i = 0; i < TST_KINDS; i++) {
        leave_dead(tst_kinds[i], IST_ACCESS_WORLD);
        TST_STATUS(try_as(guest, tst_kinds[i], IST_CREATE, IST_ACCESS_OWNER), APR_EACCES);
        TST_STATUS(try_as(guest, tst_kinds[i], IST_CREATE_ONLY, IST_ACCESS_GROUP), APR_EACCES);
        TST_STATUS(try_as(guest, tst_kinds[i], IST_CREATE, 0), APR_EACCES);
    }
}

/* The same mode would let in the members of another group. */
static void another_group(void)
{
    TST_NEED(TST_USERS);
    TST_NEED(TST_LEFTOVERS);
    tst_peer_t *guest = tst_peer_start();
    TST_MUST(tst_peer_do(guest, "user %d %d", GUEST, OWNER));
    for (int i = 0; i < TST_KINDS; i++) {
        leave_dead(tst_kinds[i], IST_ACCESS_GROUP);
        TST_STATUS(try_as(guest, tst_kinds[i], 0, 0), APR_ENOENT);
        TST_STATUS(try_as(guest, tst_kinds[i], IST_CREATE, IST_ACCESS_GROUP), APR_EACCES);
    }
}

static void not_writable(void)
{
    TST_NEED(TST_USERS);
    TST_NEED(TST_LEFTOVERS);
    tst_peer_t *guest = user(GUEST);
    for (int i = 0; i < TST_KINDS; i++) {
        leave_dead(tst_kinds[i], IST_ACCESS_OWNER);
        TST_STATUS(try_as(guest, tst_kinds[i], IST_CREATE, IST_ACCESS_OWNER), APR_EACCES);
        TST_STATUS(try_as(guest, tst_kinds[i], IST_CREATE, IST_ACCESS_WORLD), APR_EACCES);
    }
}

/* Until its owner, or root, opens or sweeps. */
static void freed_by_owner_or_root(void)
{
    TST_NEED(TST_USERS);
    TST_NEED(TST_LEFTOVERS);
    tst_peer_t *guest = user(GUEST), *owner = user(OWNER);
    tst_handle_t handle;
    leave_dead(IST_KIND_REGION, IST_ACCESS_OWNER);
    TST_STATUS(try_as(guest, IST_KIND_REGION, IST_CREATE, 0), APR_EACCES);
    TST_STATUS(try_as(owner, IST_KIND_REGION, 0, 0), APR_ENOENT);
    TST_OK(try_as(guest, IST_KIND_REGION, IST_CREATE_ONLY, 0));
    TST_OK(tst_peer_do(guest, "close 0"));

    leave_dead(IST_KIND_REGION, IST_ACCESS_OWNER);
    TST_STATUS(try_as(guest, IST_KIND_REGION, IST_CREATE, 0), APR_EACCES);
    TST_STATUS(tst_open(&handle, IST_KIND_REGION, tst_name(NULL), IST_GLOBAL, tst_pool()),
               APR_ENOENT);
    TST_OK(try_as(guest, IST_KIND_REGION, IST_CREATE_ONLY, 0));
    TST_OK(tst_peer_do(guest, "close 0"));

    leave_dead(IST_KIND_REGION, IST_ACCESS_OWNER);
    TST_OK(tst_peer_do(guest, "sweep"));
    TST_STATUS(try_as(guest, IST_KIND_REGION, IST_CREATE, 0), APR_EACCES);
    TST_OK(tst_peer_do(owner, "sweep"));
    TST_OK(try_as(guest, IST_KIND_REGION, IST_CREATE_ONLY, 0));
}

/* A local leftover of one user is in nobody's way. */
static void local_leftovers_disturb_nobody(void)
{
    TST_NEED(TST_USERS);
    TST_NEED(TST_LEFTOVERS);
    tst_peer_t *owner = user(OWNER), *guest = user(GUEST);
    life_open_all(owner, tst_name(NULL));
    tst_peer_kill(owner);
    life_open_all(guest, tst_name(NULL));
    life_all_fresh(tst_name(NULL));
    tst_peer_kill(guest);
    TST_OK(ist_sweep(NULL, tst_pool())); /* root's sweeps all */
}

const tst_case_t life_users_cases[] = {
    {"LIFE-1 a dead global object of another user is reused in place", reused_in_place},
    {"LIFE-1 reused in place it has the new size", reused_with_another_size},
    {"LIFE-1 with another mode it is APR_EACCES", another_mode},
    {"LIFE-1 with another group it is APR_EACCES", another_group},
    {"LIFE-1 what may not be written is APR_EACCES", not_writable},
    {"LIFE-1 its owner or root frees it", freed_by_owner_or_root},
    {"LIFE-1 local leftovers of another user disturb nobody", local_leftovers_disturb_nobody},
    {NULL, NULL},
};
