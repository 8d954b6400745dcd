/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LIFE-4: what the dead leave: listed, reclaimed, swept.
 */
#include "life_cases.h"

#include <string.h>

typedef struct census_t {
    const char *name;
    int kinds, live, dead, unknown, global;
    apr_uint64_t size;
    apr_fileperms_t access;
    int ended;
} census_t;

static apr_status_t count(void *baton, const ist_info_t *info)
{
    census_t *census = baton;
    if (strcmp(info->name, census->name) != 0)
        return APR_SUCCESS;
    for (int i = 0; i < TST_KINDS; i++)
        if (info->kind == tst_kinds[i])
            census->kinds |= 1 << i;
    census->live += info->state == IST_STATE_LIVE;
    census->dead += info->state == IST_STATE_DEAD;
    census->unknown += info->state == IST_STATE_UNKNOWN;
    census->global += info->global;
    census->size += info->size;
    census->access |= info->access;
    return APR_SUCCESS;
}

static census_t take_census(const char *name)
{
    census_t census = {name, 0, 0, 0, 0, 0, 0, 0, 0};
    TST_OK(ist_list(count, &census, tst_subpool()));
    return census;
}

static void list_sees_the_living(void)
{
    tst_peer_t *peer = tst_peer_start();
    tst_handle_t handle;
    life_open_all(peer, tst_name(NULL));
    census_t census = take_census(tst_name(NULL));
    TST_NUMBER(census.kinds, (1 << TST_KINDS) - 1);
    TST_NUMBER(census.live, TST_KINDS);
    TST_NUMBER(census.dead, 0);
    TST_NUMBER(census.unknown, 0);
    TST_NUMBER(census.global, 0);
    TST_MUST(
        tst_open(&handle, IST_KIND_MUTEX, tst_name(NULL), IST_CREATE | IST_GLOBAL, tst_pool()));
    census = take_census(tst_name(NULL));
    TST_NUMBER(census.live, TST_KINDS + 1);
    TST_NUMBER(census.global, 1);
    TST_OK(tst_close(&handle));
}

/* Names of 200 bytes too, whatever a system adds to them. */
static void list_sees_long_names(void)
{
    tst_peer_t *peer = tst_peer_start();
    life_open_all(peer, tst_name_of(IST_NAME_MAX));
    census_t census = take_census(tst_name_of(IST_NAME_MAX));
    TST_NUMBER(census.kinds, (1 << TST_KINDS) - 1);
    TST_NUMBER(census.live, TST_KINDS);
}

static apr_status_t end_it(void *baton, const ist_info_t *info)
{
    census_t *census = baton;
    (void)info;
    census->ended++;
    return APR_EGENERAL;
}

static void list_ends_when_told(void)
{
    tst_peer_t *peer = tst_peer_start();
    census_t census = {NULL, 0, 0, 0, 0, 0, 0, 0, 0};
    life_open_all(peer, tst_name(NULL));
    TST_STATUS(ist_list(end_it, &census, tst_pool()), APR_EGENERAL);
    TST_NUMBER(census.ended, 1);
}

/* A visitor may open and close what it sees. */
static apr_status_t open_it(void *baton, const ist_info_t *info)
{
    census_t *census = baton;
    tst_handle_t handle;
    if (strcmp(info->name, census->name) == 0 &&
        TST_OK(tst_open_as(&handle, info->kind, info->name, 0, 0, 0, 0, tst_pool())) &&
        TST_OK(tst_close(&handle)))
        census->live++;
    return APR_SUCCESS;
}

static void visitors_may_open(void)
{
    tst_peer_t *peer = tst_peer_start();
    census_t census = {tst_name(NULL), 0, 0, 0, 0, 0, 0, 0, 0};
    life_open_all(peer, tst_name(NULL));
    TST_OK(ist_list(open_it, &census, tst_pool()));
    TST_NUMBER(census.live, TST_KINDS);
}

static void list_sees_the_dead(void)
{
    TST_NEED(TST_LEFTOVERS);
    tst_peer_t *peer = tst_peer_start();
    life_open_all(peer, tst_name(NULL));
    tst_peer_kill(peer);
    for (int n = 0; n < 3; n++) { /* looking leaves it as it is */
        census_t census = take_census(tst_name(NULL));
        TST_NUMBER(census.kinds, (1 << TST_KINDS) - 1);
        TST_NUMBER(census.dead, TST_KINDS);
        TST_NUMBER(census.live, 0);
    }
    life_all_fresh(tst_name(NULL)); /* and makes no create fail */
    TST_NUMBER(take_census(tst_name(NULL)).dead, 0);
}

static void list_tells_size_and_access(void)
{
    TST_NEED(TST_LEFTOVERS);
    ist_shm_t *shm;
    TST_MUST(ist_shm_open(&shm, tst_name(NULL), 12345, IST_CREATE, IST_ACCESS_GROUP, tst_pool()));
    census_t census = take_census(tst_name(NULL));
    TST_NUMBER(census.size, 12345);
    TST_NUMBER(census.access, IST_ACCESS_GROUP);
    TST_OK(ist_shm_close(shm));
}

static apr_status_t see_since(void *baton, const ist_info_t *info)
{
    if (strcmp(info->name, tst_name(NULL)) == 0)
        *(apr_time_t *)baton = info->since;
    return APR_SUCCESS;
}

/* Files' times are those of the last tick of the system's clock. */
#define TICK 10000

/* The clock goes on between all that might move it, or it could not be seen to move. */
static void list_tells_when_it_was_made(void)
{
    ist_shm_t *shm;
    apr_time_t since = -1, later = -1, before = apr_time_now();
    TST_MUST(ist_shm_open(&shm, tst_name(NULL), 12345, IST_CREATE, 0, tst_pool()));
    apr_time_t after = apr_time_now();
    TST_OK(ist_list(see_since, &since, tst_subpool()));
    while (apr_time_now() < after + 3 * TICK)
        apr_sleep(TICK);
    memset(ist_shm_base(shm), 1, 12345);
    TST_OK(ist_list(see_since, &later, tst_subpool()));
    TST_OK(ist_shm_close(shm));
    TST_NUMBER(later - since, 0);
    if (since == 0) {
        tst_skip("the system does not tell when an object was made");
        return;
    }
    TST_SAY(since >= before - TICK, "%s microseconds too early", tst_digits(before - since));
    TST_SAY(since <= after, "%s microseconds too late", tst_digits(since - after));
}

/* Nothing of the dead stays after the next opener, found or not. */
static void the_next_opener_reclaims(void)
{
    TST_NEED(TST_LEFTOVERS);
    char what[300];
    tst_peer_t *peer = tst_peer_start();
    life_open_all(peer, tst_name(NULL));
    tst_peer_kill(peer);
    TST_TRUE(tst_native_names(tst_name(NULL), what, sizeof what) >= 4);
    life_all_absent(tst_name(NULL));
    TST_NUMBER(tst_native_names(tst_name(NULL), what, sizeof what), 0);
}

static void a_sweep_reclaims(void)
{
    TST_NEED(TST_LEFTOVERS);
    char what[300];
    tst_peer_t *peer = tst_peer_start();
    apr_uint32_t removed = 0;
    life_open_all(peer, tst_name(NULL));
    life_open_all(peer, tst_name("two"));
    tst_peer_kill(peer);
    TST_OK(ist_sweep(&removed, tst_pool()));
    TST_SAY(removed >= 8, "%lu were removed", (unsigned long)removed);
    TST_NUMBER(tst_native_names(tst_name(NULL), what, sizeof what), 0);
    TST_NUMBER(take_census(tst_name(NULL)).dead, 0);
    TST_OK(ist_sweep(NULL, tst_pool()));
}

static void a_sweep_spares_the_living(void)
{
    tst_peer_t *peer = tst_peer_start();
    apr_int64_t byte = 0;
    life_open_all(peer, tst_name(NULL));
    TST_OK(tst_peer_do(peer, "write 2 0 9"));
    for (int n = 0; n < 5; n++)
        TST_OK(ist_sweep(NULL, tst_pool()));
    life_all_there(tst_name(NULL));
    TST_OK(tst_peer_ask(peer, &byte, "read 2 0"));
    TST_NUMBER(byte, 9);
    TST_OK(tst_peer_do(peer, "wait 1"));
}

/* Sweeps and lists all the time, while another creates, opens and closes. */
static void sweeps_disturb_nobody(void)
{
    tst_peer_t *peer = tst_peer_start(), *holder = tst_peer_start();
    const char *name = tst_name(NULL), *kept = tst_name("kept");
    apr_int64_t good = 0;
    int rounds = tst_rounds(300);
    life_open_all(holder, kept);
    tst_peer_begin(peer,
                   "loop %d open 0 r %s 2 100 0 0 / open 1 s %s 2 0 3 0 / open 2 m %s 0 0 0 0 / "
                   "close 0 / close 1 / close 2",
                   rounds, name, name, kept);
    while (!tst_peer_answered(peer, 0)) {
        TST_OK(ist_sweep(NULL, tst_pool()));
        take_census(kept);
    }
    TST_OK(tst_peer_end(peer, &good));
    TST_NUMBER(good, rounds * 6);
    life_all_there(kept);
}

/* Looking must not hold anything alive: the name is free after its holder. */
static void looking_prolongs_no_life(void)
{
    tst_handle_t handle;
    for (int n = tst_rounds(100); n > 0; n--) {
        ist_kind_e kind = tst_kinds[n % TST_KINDS];
        TST_MUST(tst_open(&handle, kind, tst_name(NULL), IST_CREATE_ONLY, tst_pool()));
        TST_NUMBER(take_census(tst_name(NULL)).live, 1);
        TST_OK(tst_close(&handle));
        TST_NUMBER(take_census(tst_name(NULL)).live, 0);
        TST_STATUS(tst_open(&handle, kind, tst_name(NULL), 0, tst_pool()), APR_ENOENT);
    }
}

/* Who looks all the time is in the way of no close, and so of no create. */
static void looking_hinders_no_create(void)
{
    tst_peer_t *peer = tst_peer_start();
    const char *name = tst_name(NULL);
    apr_int64_t good = 0;
    int rounds = tst_rounds(3000);
    census_t census = {name, 0, 0, 0, 0, 0, 0, 0, 0};
    apr_pool_t *pool = tst_subpool();
    tst_peer_begin(peer, "loop %d open 0 d %s 2 100 0 0 / close 0", rounds, name);
    for (; !tst_peer_answered(peer, 0); apr_pool_clear(pool))
        TST_OK(ist_list(count, &census, pool));
    TST_OK(tst_peer_end(peer, &good));
    TST_NUMBER(good, rounds * 2);
}

const tst_case_t life_leftovers_cases[] = {
    {"LIFE-4 list sees all kinds of live objects", list_sees_the_living},
    {"LIFE-4 list sees names of 200 bytes", list_sees_long_names},
    {"LIFE-4 list ends when its visitor says so", list_ends_when_told},
    {"LIFE-4 a visitor of list may open what it sees", visitors_may_open},
    {"LIFE-4 list tells size and access", list_tells_size_and_access},
    {"LIFE-4 list tells when it was made, whatever is written", list_tells_when_it_was_made},
    {"LIFE-4 list sees dead objects, and leaves them", list_sees_the_dead},
    {"LIFE-4 the next opener reclaims all that was left", the_next_opener_reclaims},
    {"LIFE-4 a sweep reclaims all that was left", a_sweep_reclaims},
    {"LIFE-4 a sweep never touches a live object", a_sweep_spares_the_living},
    {"LIFE-4 sweeps and lists disturb no opener", sweeps_disturb_nobody},
    {"LIFE-4 looking prolongs no life", looking_prolongs_no_life},
    {"LIFE-4 looking makes no create fail", looking_hinders_no_create},
    {NULL, NULL},
};
