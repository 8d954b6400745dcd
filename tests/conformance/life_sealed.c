/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LIFE-1 for segments that their own maker may only read (NAME-4): who isn't
 * root must be able to end them.
 */
#include "life_cases.h"

/* No root where one can be had: root may write all. */
static tst_peer_t *ordinary(void)
{
    tst_peer_t *peer = tst_peer_start();
    if (tst_can(TST_USERS))
        TST_MUST(tst_peer_do(peer, "user %d", TST_OTHER_USER));
    return peer;
}

static long names_left(void)
{
    char what[300];
    return tst_native_names(tst_name(NULL), what, sizeof what);
}

static apr_status_t try_open(tst_peer_t *peer, apr_uint32_t flags)
{
    return tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), flags,
                         (flags & (IST_CREATE | IST_CREATE_ONLY)) != 0 ? 1 : 0, 0,
                         APR_FPROT_UREAD);
}

static apr_uint32_t scope_of(int round)
{
    return round == 1 ? IST_GLOBAL : 0;
}

/* Global ones too, where they may be had. */
static int scopes(void)
{
    return tst_can(TST_GLOBAL) ? 2 : 1;
}

static void gone_with_the_last_close(void)
{
    tst_peer_t *peer = ordinary();
    for (int i = 0; i < scopes(); i++) {
        TST_MUST(try_open(peer, IST_CREATE | scope_of(i)));
        TST_OK(tst_peer_do(peer, "write 0 0 1"));
        TST_OK(tst_peer_do(peer, "close 0"));
        TST_TRUE(names_left() <= 0);
        TST_STATUS(try_open(peer, scope_of(i)), APR_ENOENT);
        TST_OK(try_open(peer, IST_CREATE_ONLY | scope_of(i)));
        TST_OK(tst_peer_do(peer, "close 0"));
    }
}

/* The creator leaves first; the last is a reader. */
static void gone_with_the_last_reader(void)
{
    tst_peer_t *maker = ordinary(), *reader = ordinary();
    for (int i = 0; i < scopes(); i++) {
        TST_MUST(try_open(maker, IST_CREATE | scope_of(i)));
        TST_OK(tst_peer_do(maker, "write 0 0 5"));
        TST_MUST(try_open(reader, IST_READ_ONLY | scope_of(i)));
        TST_OK(tst_peer_do(maker, "close 0"));
        apr_int64_t byte = 0;
        TST_OK(tst_peer_ask(reader, &byte, "read 0 0"));
        TST_NUMBER(byte, 5);
        TST_OK(tst_peer_do(reader, "close 0"));
        TST_TRUE(names_left() <= 0);
        TST_STATUS(try_open(maker, IST_READ_ONLY | scope_of(i)), APR_ENOENT);
    }
}

/* The next creator of the same user gets a fresh one. */
static void reclaimed_after_a_death(void)
{
    for (int i = 0; i < scopes(); i++) {
        tst_peer_t *dead = ordinary(), *next = ordinary();
        apr_int64_t value = 0;
        TST_MUST(try_open(dead, IST_CREATE | scope_of(i)));
        TST_OK(tst_peer_do(dead, "write 0 0 5"));
        tst_peer_kill(dead);
        TST_MUST(try_open(next, IST_CREATE | scope_of(i)));
        TST_OK(tst_peer_ask(next, &value, "created 0"));
        TST_NUMBER(value, 1);
        TST_OK(tst_peer_ask(next, &value, "read 0 0"));
        TST_NUMBER(value, 0);
        TST_OK(tst_peer_do(next, "close 0"));
        TST_TRUE(names_left() <= 0);
    }
}

static void swept_after_a_death(void)
{
    TST_NEED(TST_LEFTOVERS);
    tst_peer_t *dead = ordinary(), *next = ordinary();
    TST_MUST(try_open(dead, IST_CREATE));
    tst_peer_kill(dead);
    TST_TRUE(names_left() > 0);
    TST_OK(tst_peer_do(next, "sweep"));
    TST_NUMBER(names_left(), 0);
}

const tst_case_t life_sealed_cases[] = {
    {"LIFE-1 a segment its maker may only read ends with its last close",
     gone_with_the_last_close},
    {"LIFE-1 a segment its maker may only read ends with its last reader",
     gone_with_the_last_reader},
    {"LIFE-1 a dead segment that may only be read is reclaimed", reclaimed_after_a_death},
    {"LIFE-4 a dead segment that may only be read is swept", swept_after_a_death},
    {NULL, NULL},
};
