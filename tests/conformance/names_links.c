/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NAME-5: a second name that somebody gave to an object's file. A public object
 * must not pass for a private one, nor one object for two.
 */
#include "names_cases.h"

#define AS_LOCAL  0
#define AS_GLOBAL 1

/* The public object is NAME.target; its second name is NAME. */
static const char *second_name(void)
{
    return tst_name(NULL);
}

static void make_public(tst_peer_t *holder, ist_kind_e kind)
{
    TST_MUST(tst_peer_open(holder, 0, kind, tst_name("target"), IST_CREATE | IST_GLOBAL, 1, 1,
                           IST_ACCESS_WORLD));
}

/* However it is opened. */
static void refused(ist_kind_e kind, int scope, apr_status_t want)
{
    const apr_uint32_t flags[] = {0, IST_CREATE, IST_CREATE_ONLY, IST_READ_ONLY};
    const int ways = kind == IST_KIND_SHM ? 4 : 3;
    for (int f = 0; f < ways; f++) {
        tst_handle_t handle;
        apr_status_t got = tst_open(&handle, kind, second_name(),
                                    flags[f] | (scope == AS_GLOBAL ? IST_GLOBAL : 0), tst_pool());
        TST_SAY(got == want, "%s with flags %#x is %s, not %s", tst_kind_name(kind),
                (unsigned)flags[f], tst_status_name(got), tst_status_name(want));
        if (got == APR_SUCCESS)
            tst_close(&handle);
    }
    TST_NUMBER(tst_exists(kind, second_name(), scope == AS_GLOBAL ? IST_GLOBAL : 0), 0);
}

/* When the second name has gone, the first is as good as before. */
static void refused_while_live(int scope, apr_status_t want)
{
    TST_NEED(TST_FILES);
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t handle;
        tst_peer_t *holder = tst_peer_start();
        make_public(holder, tst_kinds[i]);
        TST_MUST_TRUE(tst_squat(TST_SQUAT_SECOND, tst_kinds[i], second_name(), scope));
        refused(tst_kinds[i], scope, want);
        TST_OK(ist_sweep(NULL, tst_pool()));
        TST_TRUE(tst_unsquat());
        TST_OK(tst_open_as(&handle, tst_kinds[i], tst_name("target"), IST_GLOBAL, 0, 0, 0,
                           tst_pool()));
        TST_OK(tst_close(&handle));
        TST_OK(tst_peer_do(holder, "close 0"));
    }
}

/* What the dead left is not made again under its second name, nor swept there. */
static void refused_when_dead(int scope, apr_status_t want)
{
    TST_NEED(TST_FILES);
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t handle;
        tst_peer_t *holder = tst_peer_start();
        make_public(holder, tst_kinds[i]);
        tst_peer_kill(holder);
        TST_MUST_TRUE(tst_squat(TST_SQUAT_SECOND, tst_kinds[i], second_name(), scope));
        refused(tst_kinds[i], scope, want);
        TST_OK(ist_sweep(NULL, tst_pool()));
        TST_TRUE(tst_unsquat());
        TST_STATUS(tst_open(&handle, tst_kinds[i], tst_name("target"), IST_GLOBAL, tst_pool()),
                   APR_ENOENT);
    }
}

static void as_a_local_object(void)
{
    refused_while_live(AS_LOCAL, APR_EACCES);
}

static void as_a_local_object_when_dead(void)
{
    refused_when_dead(AS_LOCAL, APR_EACCES);
}

static void as_another_global_object(void)
{
    refused_while_live(AS_GLOBAL, IST_EFOREIGN);
}

static void as_another_global_object_when_dead(void)
{
    refused_when_dead(AS_GLOBAL, IST_EFOREIGN);
}

/* Its owner, who may only read it, doesn't get the right by force: unsquatting finds
 * the mode as it was. */
static void left_as_it_is(void)
{
    TST_NEED(TST_FILES);
    TST_NEED(TST_USERS);
    tst_peer_t *owner = tst_peer_start(), *again = tst_peer_start();
    TST_MUST(tst_peer_do(owner, "user %d", TST_OTHER_USER));
    TST_MUST(tst_peer_do(again, "user %d", TST_OTHER_USER));
    TST_MUST(tst_peer_open(owner, 0, IST_KIND_SHM, tst_name("target"), IST_CREATE | IST_GLOBAL, 1,
                           0, APR_FPROT_UREAD));
    tst_peer_kill(owner);
    TST_MUST_TRUE(tst_squat(TST_SQUAT_SECOND, IST_KIND_SHM, second_name(), AS_GLOBAL));
    const apr_uint32_t flags[] = {0, IST_CREATE, IST_CREATE_ONLY};
    for (int f = 0; f < 3; f++)
        TST_STATUS(tst_peer_open(again, 0, IST_KIND_SHM, second_name(), flags[f] | IST_GLOBAL,
                                 f == 0 ? 0 : 1, 0, 0),
                   APR_EACCES);
    TST_OK(tst_peer_do(again, "sweep"));
    TST_TRUE(tst_unsquat());
    TST_OK(tst_peer_do(again, "sweep"));
}

const tst_case_t names_links_cases[] = {
    {"NAME-5 a public object linked as a local one is APR_EACCES", as_a_local_object},
    {"NAME-5 a dead public object linked as a local one too", as_a_local_object_when_dead},
    {"NAME-5 an object linked as another global one is foreign", as_another_global_object},
    {"NAME-5 a dead object linked as another global one too", as_another_global_object_when_dead},
    {"NAME-5 a file with a second name keeps its mode", left_as_it_is},
    {NULL, NULL},
};
