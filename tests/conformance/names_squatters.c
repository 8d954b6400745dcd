/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NAME-5: what stands under a name and is no object of ours.
 */
#include "names_cases.h"

#include <string.h>

#define AT_ONCE (APR_USEC_PER_SEC / 2) /* well below an opener's patience of two seconds */

/* In every way that there is to open this kind. */
static void refused(ist_kind_e kind, apr_uint32_t scope, apr_status_t want, apr_status_t or_this)
{
    const apr_uint32_t flags[] = {0, IST_CREATE, IST_CREATE_ONLY, IST_READ_ONLY, IST_POPULATE};
    const int ways = kind == IST_KIND_SHM ? 5 : 3;
    for (int f = 0; f < ways; f++) {
        tst_handle_t handle;
        apr_int64_t start = tst_now();
        apr_status_t got = tst_open(&handle, kind, tst_name(NULL), flags[f] | scope, tst_pool());
        apr_int64_t took = tst_now() - start;
        TST_SAY(took < tst_scaled(AT_ONCE), "%s with flags %#x took %s us", tst_kind_name(kind),
                (unsigned)(flags[f] | scope), tst_digits(took));
        TST_SAY(got == want || (got == or_this && flags[f] == 0), "%s with flags %#x is %s, not %s",
                tst_kind_name(kind), (unsigned)(flags[f] | scope), tst_status_name(got),
                tst_status_name(want));
        if (got == APR_SUCCESS)
            tst_close(&handle);
    }
}

static void meet(tst_squat_t what, ist_kind_e kind, apr_status_t want)
{
    for (int scope = 0; scope < 2; scope++) {
        if (scope == 1 && what == TST_SQUAT_STRANGER)
            continue;
        if (!TST_SAY(tst_squat(what, kind, tst_name(NULL), scope), "no squatter"))
            return;
        refused(kind, scope == 1 ? IST_GLOBAL : 0, want, want);
        TST_TRUE(tst_unsquat());
    }
}

static void meet_all(tst_squat_t what, apr_status_t want)
{
    for (int i = 0; i < TST_KINDS; i++)
        meet(what, tst_kinds[i], want);
}

static void links(void)
{
    TST_NEED(TST_FILES);
    meet_all(TST_SQUAT_LINK, IST_EFOREIGN);
}

/* The name of one object leads to no other, however genuine that is. */
static void links_to_objects(void)
{
    TST_NEED(TST_FILES);
    tst_handle_t genuine, handle;
    const char *name = tst_name("alias");
    for (int i = 0; i < TST_KINDS; i++) {
        const ist_kind_e kind = tst_kinds[i];
        TST_MUST(tst_open(&genuine, kind, tst_name("alias.target"), IST_CREATE, tst_pool()));
        TST_MUST_TRUE(tst_squat(TST_SQUAT_ALIAS, kind, name, 0));
        TST_STATUS(tst_open(&handle, kind, name, 0, tst_pool()), IST_EFOREIGN);
        TST_STATUS(tst_open(&handle, kind, name, IST_CREATE, tst_pool()), IST_EFOREIGN);
        TST_TRUE(tst_unsquat());
        TST_OK(tst_close(&genuine));
    }
}

static void pipes(void)
{
    TST_NEED(TST_FILES);
    meet_all(TST_SQUAT_FIFO, IST_EFOREIGN);
}

static void folders(void)
{
    TST_NEED(TST_FILES);
    meet_all(TST_SQUAT_FOLDER, IST_EFOREIGN);
}

static void empty_files(void)
{
    TST_NEED(TST_FILES);
    meet_all(TST_SQUAT_EMPTY, IST_EFOREIGN);
}

static void short_files(void)
{
    TST_NEED(TST_FILES);
    meet_all(TST_SQUAT_SHORT, IST_EFOREIGN);
}

static void foreign_files(void)
{
    TST_NEED(TST_FILES);
    meet_all(TST_SQUAT_FILE, IST_EFOREIGN);
}

/* On Windows their first part may be absent where another is squatted: that may be
 * told first. */
static int in_parts(ist_kind_e kind)
{
    return kind == IST_KIND_REGION || kind == IST_KIND_QUEUE;
}

/* A lock on what is not ours is nothing to wait for, nor a sign of life. */
static void locked_files(void)
{
    const tst_squat_t what[] = {TST_SQUAT_HELD, TST_SQUAT_SHARED, TST_SQUAT_FCNTL, TST_SQUAT_FLOCK};
    const int files = tst_can(TST_FILES);
    for (int w = 0; w < (files ? 4 : 2); w++) {
        for (int i = 0; i < 2 * TST_KINDS; i++) {
            const ist_kind_e kind = tst_kinds[i / 2];
            const int global = i % 2 == 1 && tst_can(TST_GLOBAL);
            const int has_bytes = kind == IST_KIND_SHM || in_parts(kind);
            if (!tst_squat(what[w], kind, tst_name(NULL), global)) {
                TST_SAY(!files && !has_bytes, "no squatter");
                continue;
            }
            refused(kind, global ? IST_GLOBAL : 0, IST_EFOREIGN,
                    !files && in_parts(kind) ? APR_ENOENT : IST_EFOREIGN);
            TST_TRUE(tst_unsquat());
        }
    }
}

static void strangers_files(void)
{
    TST_NEED(TST_FILES);
    TST_NEED(TST_USERS);
    meet_all(TST_SQUAT_STRANGER, APR_EACCES);
}

/* List and sweep come across them too. */
static void looking_and_sweeping(void)
{
    TST_NEED(TST_FILES);
    const tst_squat_t what[] = {TST_SQUAT_LINK,  TST_SQUAT_FIFO,  TST_SQUAT_FOLDER,
                                TST_SQUAT_EMPTY, TST_SQUAT_SHORT, TST_SQUAT_FILE,
                                TST_SQUAT_HELD,  TST_SQUAT_SHARED};
    for (int i = 0; i < 8; i++) {
        const apr_int64_t start = tst_now();
        TST_TRUE(tst_squat(what[i], IST_KIND_REGION, tst_name(NULL), 0));
        tst_exists(IST_KIND_REGION, tst_name(NULL), 0);
        TST_OK(ist_sweep(NULL, tst_pool()));
        TST_TRUE(tst_now() - start < tst_scaled(AT_ONCE));
        TST_TRUE(tst_unsquat());
    }
}

/* A genuine one, that all may use: as local, it is another's object. */
static void strangers_objects(void)
{
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t genuine;
        TST_MUST(tst_open(&genuine, tst_kinds[i], tst_name("target"), IST_CREATE, tst_pool()));
        if (!tst_squat(TST_SQUAT_THEIRS, tst_kinds[i], tst_name(NULL), 0)) {
            tst_skip("this user can make nothing that is another's");
            return;
        }
        refused(tst_kinds[i], 0, APR_EACCES, in_parts(tst_kinds[i]) ? APR_ENOENT : APR_EACCES);
        TST_TRUE(tst_unsquat());
        TST_OK(tst_close(&genuine));
    }
}

static void read_only_meets_them(void)
{
    TST_NEED(TST_FILES);
    const tst_squat_t what[] = {TST_SQUAT_LINK,  TST_SQUAT_FIFO,  TST_SQUAT_FOLDER,
                                TST_SQUAT_EMPTY, TST_SQUAT_SHORT, TST_SQUAT_FILE};
    for (int i = 0; i < 6; i++) {
        tst_handle_t handle;
        for (int scope = 0; scope < 2; scope++) {
            TST_TRUE(tst_squat(what[i], IST_KIND_SHM, tst_name(NULL), scope));
            TST_STATUS(tst_open(&handle, IST_KIND_SHM, tst_name(NULL),
                                IST_READ_ONLY | (scope == 1 ? IST_GLOBAL : 0), tst_pool()),
                       IST_EFOREIGN);
            TST_TRUE(tst_unsquat());
        }
    }
}

/* Events, timers and the others in turn, under the name of each part. */
static void other_kernel_objects(void)
{
    const tst_squat_t what[] = {TST_SQUAT_KIND, TST_SQUAT_KIND_PART, TST_SQUAT_KIND_BELL};
    if (!tst_squat(TST_SQUAT_KIND, IST_KIND_MUTEX, tst_name(NULL), 0)) {
        tst_skip("kinds of system objects have names of their own here");
        return;
    }
    tst_unsquat();
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < TST_KINDS; i++) {
            for (int w = 0; w < (in_parts(tst_kinds[i]) ? 3 : 1); w++) {
                const int scope = round % 2 == 1 && tst_can(TST_GLOBAL);
                TST_TRUE(tst_squat(what[w], tst_kinds[i], tst_name(NULL), scope));
                refused(tst_kinds[i], scope ? IST_GLOBAL : 0, IST_EFOREIGN,
                        in_parts(tst_kinds[i]) ? APR_ENOENT : IST_EFOREIGN);
                TST_TRUE(tst_unsquat());
            }
        }
    }
}

/* When it has gone, the name is free. */
static void free_afterwards(void)
{
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t handle;
        if (!tst_squat(TST_SQUAT_FILE, tst_kinds[i], tst_name(NULL), 0) &&
            !tst_squat(TST_SQUAT_KIND, tst_kinds[i], tst_name(NULL), 0))
            TST_TRUE(0);
        TST_STATUS(tst_open(&handle, tst_kinds[i], tst_name(NULL), IST_CREATE, tst_pool()),
                   IST_EFOREIGN);
        TST_TRUE(tst_unsquat());
        TST_OK(tst_open(&handle, tst_kinds[i], tst_name(NULL), IST_CREATE, tst_pool()));
        TST_OK(tst_close(&handle));
    }
}

/* An object's further names differ from life to life: nobody is there before. */
static void unforeseen(void)
{
    TST_NEED(TST_FILES);
    tst_handle_t handle;
    char first[300] = "", second[300] = "";
    const char *name = tst_name("bell"), *further = tst_name("bell.");
    TST_MUST(tst_open(&handle, IST_KIND_SEMAPHORE, name, IST_CREATE, tst_pool()));
    TST_NUMBER(tst_native_names(further, first, sizeof first), 1);
    TST_OK(tst_close(&handle));
    TST_MUST(tst_open(&handle, IST_KIND_SEMAPHORE, name, IST_CREATE, tst_pool()));
    TST_NUMBER(tst_native_names(further, second, sizeof second), 1);
    TST_OK(tst_close(&handle));
    TST_SAY(strcmp(first, second) != 0, "%s came again", first);
}

const tst_case_t names_squatters_cases[] = {
    {"NAME-5 a symbolic link is foreign, and not followed", links},
    {"NAME-5 a symbolic link to an object is foreign too", links_to_objects},
    {"NAME-5 a FIFO is foreign, and hangs nobody", pipes},
    {"NAME-5 a folder is foreign", folders},
    {"NAME-5 an empty file is foreign", empty_files},
    {"NAME-5 a short file is foreign", short_files},
    {"NAME-5 a foreign file is foreign", foreign_files},
    {"NAME-5 a foreign file that somebody has locked is foreign, at once", locked_files},
    {"NAME-5 a local name squatted by another user is APR_EACCES", strangers_files},
    {"NAME-5 a local name that another user's object bears is APR_EACCES", strangers_objects},
    {"NAME-5 a read-only open meets squatters", read_only_meets_them},
    {"NAME-5 list and sweep leave squatters alone", looking_and_sweeping},
    {"NAME-5 another kind of kernel object is foreign", other_kernel_objects},
    {"NAME-5 nobody can foresee an object's further names", unforeseen},
    {"NAME-5 the name is free when the squatter has gone", free_afterwards},
    {NULL, NULL},
};
