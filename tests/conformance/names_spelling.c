/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NAME-1: which names there are.
 */
#include "names_cases.h"

#include <ctype.h>
#include <string.h>

/* Created, found by another process, gone. */
static void is_a_name(ist_kind_e kind, const char *name, apr_uint32_t scope, tst_peer_t *peer)
{
    tst_handle_t handle;
    apr_status_t status = tst_open(&handle, kind, name, IST_CREATE_ONLY | scope, tst_pool());
    if (!TST_SAY(status == APR_SUCCESS, "%s \"%s\": %s", tst_kind_name(kind), name,
                 tst_status_name(status)))
        return;
    TST_OK(tst_peer_open(peer, 0, kind, name, scope, 0, 0, 0));
    TST_OK(tst_peer_do(peer, "close 0"));
    TST_OK(tst_close(&handle));
    TST_STATUS(tst_peer_open(peer, 0, kind, name, scope, 0, 0, 0), APR_ENOENT);
}

static void all_characters(void)
{
    static const char characters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ_.-abcdefghijklmnopqrstuvwxyz0123456789";
    tst_peer_t *peer = tst_peer_start();
    for (int i = 0; i < TST_KINDS; i++)
        is_a_name(tst_kinds[i], tst_name(characters), 0, peer);
}

/* First, last and alone, next to the case's own text. */
static void each_character(void)
{
    tst_handle_t handle;
    for (int c = 1; c < 256; c++) {
        int allowed = c < 128 && (isalnum(c) || c == '.' || c == '_' || c == '-');
        const char *names[] = {tst_print("%c%s", c, tst_name(NULL)),
                               tst_print("%s%c", tst_name(NULL), c)};
        for (int i = 0; i < 2; i++) {
            apr_status_t status = tst_open(&handle, IST_KIND_SHM, names[i], IST_CREATE, tst_pool());
            TST_SAY(status == (allowed ? APR_SUCCESS : APR_EINVAL), "character %d gives %s", c,
                    tst_status_name(status));
            if (status == APR_SUCCESS)
                TST_OK(tst_close(&handle));
        }
    }
}

static void bad_names(void)
{
    const char *const bad[] = {
        "",         ".",         "..",          "/",    "\\",           "a/b",  "a\\b",  "/a",
        "Local\\a", "Global\\a", "a b",         " ",    "a\n",          "a:b",  "a*",    "a?",
        "a%",       "~",         "caf\xc3\xa9", "\xff", "\xe6\x97\xa5", "../a", "a/../b"};
    tst_handle_t handle;
    for (apr_size_t n = 0; n < sizeof bad / sizeof *bad; n++) {
        for (int i = 0; i < TST_KINDS; i++) {
            const apr_uint32_t flags[] = {IST_CREATE, IST_CREATE_ONLY, 0, IST_GLOBAL | IST_CREATE};
            for (int f = 0; f < 4; f++) {
                apr_status_t status = tst_open(&handle, tst_kinds[i], bad[n], flags[f], tst_pool());
                TST_SAY(status == APR_EINVAL, "%s \"%s\" gives %s", tst_kind_name(tst_kinds[i]),
                        bad[n], tst_status_name(status));
            }
        }
    }
}

/* Dots are letters like others, but for the two names. */
static void dotted_names(void)
{
    tst_peer_t *peer = tst_peer_start();
    const char *names[] = {tst_print("...%s", tst_name(NULL)), tst_print(".%s", tst_name(NULL)),
                           tst_print("%s..", tst_name(NULL)), tst_print("-%s", tst_name(NULL))};
    for (int n = 0; n < 4; n++)
        for (int i = 0; i < TST_KINDS; i++)
            is_a_name(tst_kinds[i], names[n], 0, peer);
}

static void two_hundred_bytes(void)
{
    tst_peer_t *peer = tst_peer_start();
    for (int i = 0; i < TST_KINDS; i++) {
        is_a_name(tst_kinds[i], tst_name_of(IST_NAME_MAX), 0, peer);
        is_a_name(tst_kinds[i], tst_name_of(IST_NAME_MAX - 1), 0, peer);
    }
}

static void two_hundred_global_bytes(void)
{
    TST_NEED(TST_GLOBAL);
    tst_peer_t *peer = tst_peer_start();
    for (int i = 0; i < TST_KINDS; i++)
        is_a_name(tst_kinds[i], tst_name_of(IST_NAME_MAX), IST_GLOBAL, peer);
}

static void too_long(void)
{
    tst_handle_t handle;
    const apr_size_t lengths[] = {201, 202, 255, 256, 1000, 70000};
    TST_NUMBER(IST_NAME_MAX, 200);
    for (int n = 0; n < 6; n++)
        for (int i = 0; i < TST_KINDS; i++)
            TST_STATUS(
                tst_open(&handle, tst_kinds[i], tst_name_of(lengths[n]), IST_CREATE, tst_pool()),
                APR_ENAMETOOLONG);
}

/* Names that differ in the last of 200 bytes are two. */
static void the_last_byte_counts(void)
{
    char *other = (char *)(apr_uintptr_t)tst_print("%s", tst_name_of(IST_NAME_MAX));
    other[IST_NAME_MAX - 1] = 'y';
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t one, two;
        TST_OK(tst_open(&one, tst_kinds[i], tst_name_of(IST_NAME_MAX), IST_CREATE, tst_pool()));
        TST_STATUS(tst_open(&two, tst_kinds[i], other, 0, tst_pool()), APR_ENOENT);
        TST_OK(tst_open(&two, tst_kinds[i], other, IST_CREATE_ONLY, tst_pool()));
        TST_OK(tst_close(&one));
        TST_OK(tst_close(&two));
    }
}

static void case_counts(void)
{
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t lower, upper;
        TST_MUST(tst_open(&lower, tst_kinds[i], tst_name("abc"), IST_CREATE, tst_pool()));
        TST_STATUS(tst_open(&upper, tst_kinds[i], tst_name("ABC"), 0, tst_pool()), APR_ENOENT);
        TST_OK(tst_open(&upper, tst_kinds[i], tst_name("ABC"), IST_CREATE_ONLY, tst_pool()));
        TST_OK(tst_close(&lower));
        TST_OK(tst_close(&upper));
    }
}

const tst_case_t names_spelling_cases[] = {
    {"NAME-1 all allowed characters", all_characters},
    {"NAME-1 each of 255 bytes first and last", each_character},
    {"NAME-1 malformed names are APR_EINVAL", bad_names},
    {"NAME-1 names of dots and dashes", dotted_names},
    {"NAME-1 200 bytes for all kinds", two_hundred_bytes},
    {"NAME-1 200 bytes for all kinds, globally", two_hundred_global_bytes},
    {"NAME-1 more than 200 bytes are APR_ENAMETOOLONG", too_long},
    {"NAME-1 the 200th byte tells names apart", the_last_byte_counts},
    {"NAME-1 names are case-sensitive", case_counts},
    {NULL, NULL},
};
