/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LIFE-1, LIFE-3: the further names (doorbells) of an object go with its last holder,
 * or, where its file was removed under its holders, with them.
 */
#include "life_cases.h"

static const ist_kind_e kinds[] = {IST_KIND_SEMAPHORE, IST_KIND_REGION};

static long names_left(void)
{
    char what[300];
    return tst_native_names(tst_name(NULL), what, sizeof what);
}

static void make(tst_peer_t *peer, ist_kind_e kind)
{
    TST_MUST(tst_peer_open(peer, 0, kind, tst_name(NULL), IST_CREATE, 1, 1, 0));
}

static apr_status_t post(tst_peer_t *peer, ist_kind_e kind)
{
    return tst_peer_do(peer, kind == IST_KIND_REGION ? "notify 0" : "post 0 1");
}

/* One sleeps, the other wakes it. */
static void they_meet(ist_kind_e kind, tst_peer_t *one, tst_peer_t *two)
{
    while (tst_peer_do(one, "trywait 0") == APR_SUCCESS)
        continue;
    tst_peer_begin(one, "wait 0");
    TST_TRUE(tst_peer_blocked(one));
    TST_OK(post(two, kind));
    TST_OK(tst_peer_end(one, NULL));
}

static void nothing_is_left(void)
{
    TST_NEED(TST_REMOVE);
    for (int i = 0; i < 2; i++) {
        tst_handle_t handle;
        TST_MUST(tst_open(&handle, kinds[i], tst_name(NULL), IST_CREATE, tst_pool()));
        TST_TRUE(names_left() > 0);
        TST_TRUE(tst_remove(kinds[i], tst_name(NULL), 0));
        TST_OK(tst_close(&handle));
        TST_NUMBER(names_left(), 0);
    }
}

/* The first to leave takes nothing from those that stay. */
static void the_others_keep_it(void)
{
    TST_NEED(TST_REMOVE);
    for (int i = 0; i < 2; i++) {
        tst_peer_t *one = tst_peer_start(), *two = tst_peer_start(), *three = tst_peer_start();
        make(one, kinds[i]);
        make(two, kinds[i]);
        make(three, kinds[i]);
        TST_TRUE(tst_remove(kinds[i], tst_name(NULL), 0));
        TST_OK(tst_peer_do(three, "close 0"));
        they_meet(kinds[i], one, two);
        they_meet(kinds[i], two, one);
        TST_OK(tst_peer_do(one, "close 0"));
        TST_OK(post(two, kinds[i]));
        TST_OK(tst_peer_do(two, "wait 0"));
        TST_OK(tst_peer_do(two, "close 0"));
        TST_NUMBER(names_left(), 0);
    }
}

/* The old one's are removed, and not those of the new one under its name. */
static void the_new_ones_stay(void)
{
    TST_NEED(TST_REMOVE);
    for (int i = 0; i < 2; i++) {
        tst_peer_t *old = tst_peer_start(), *young = tst_peer_start(), *guest = tst_peer_start();
        make(old, kinds[i]);
        const long of_one = names_left();
        TST_TRUE(tst_remove(kinds[i], tst_name(NULL), 0));
        make(young, kinds[i]);
        TST_OK(tst_peer_do(old, "close 0"));
        TST_NUMBER(names_left(), of_one);
        TST_MUST(tst_peer_open(guest, 0, kinds[i], tst_name(NULL), 0, 0, 0, 0));
        they_meet(kinds[i], young, guest);
        TST_OK(tst_peer_do(young, "close 0"));
        TST_OK(tst_peer_do(guest, "close 0"));
        TST_NUMBER(names_left(), 0);
    }
}

/* Who is killed can't tidy up: the next sweep does. */
static void the_dead_are_swept(void)
{
    TST_NEED(TST_REMOVE);
    for (int i = 0; i < 2; i++) {
        tst_peer_t *holder = tst_peer_start();
        make(holder, kinds[i]);
        TST_TRUE(tst_remove(kinds[i], tst_name(NULL), 0));
        tst_peer_kill(holder);
        TST_OK(ist_sweep(NULL, tst_pool()));
        TST_NUMBER(names_left(), 0);
    }
}

typedef struct fall_t {
    tst_peer_t *peer;
    int removal; /* 1: its doorbell is there still; 2: it has gone, its file not yet */
} fall_t;

static void closes_and_falls(void *baton)
{
    const fall_t *fall = baton;
    TST_OK(tst_peer_do(fall->peer, "fall %d", fall->removal));
    tst_peer_begin(fall->peer, "close 0");
    tst_peer_wait(fall->peer);
}

/* What is missing then is no damage: nobody has it any more. */
static void half_is_buried(void)
{
    TST_NEED(TST_INSTANTS);
    for (int i = 0; i < 8; i++) {
        const ist_kind_e kind = kinds[i / 4];
        const apr_uint32_t create = i % 2 == 0 ? IST_CREATE : 0;
        tst_handle_t handle;
        fall_t fall = {tst_peer_start(), 1 + i / 2 % 2};
        make(fall.peer, kind);
        tst_before_sharing(closes_and_falls, &fall);
        apr_status_t got = tst_open_as(&handle, kind, tst_name(NULL), create, 1, 1, 0, tst_pool());
        TST_STATUS(got, create ? APR_SUCCESS : APR_ENOENT);
        if (got == APR_SUCCESS) {
            TST_TRUE(tst_created(&handle));
            TST_OK(tst_close(&handle));
        }
        TST_NUMBER(names_left(), 0);
    }
}

const tst_case_t life_bells_cases[] = {
    {"LIFE-1 one that a killed closer half buried is dead, not damaged", half_is_buried},
    {"LIFE-3 the last close of a removed one leaves nothing", nothing_is_left},
    {"LIFE-3 the first close of a removed one takes nothing from others", the_others_keep_it},
    {"LIFE-3 the close of a removed one spares the new one's doorbells", the_new_ones_stay},
    {"LIFE-3 a sweep removes what dead holders of a removed one left", the_dead_are_swept},
    {NULL, NULL},
};
