/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LIFE-4: files that look like an object's, under names that no object has.
 */
#include "life_cases.h"

#include <string.h>

typedef struct roll_t {
    int named;   /* objects of the case's name */
    int strange; /* of names that only begin so */
} roll_t;

static apr_status_t call(void *baton, const ist_info_t *info)
{
    roll_t *roll = baton;
    const char *name = tst_name(NULL);
    if (strcmp(info->name, name) == 0)
        roll->named++;
    else if (strncmp(info->name, name, strlen(name)) == 0)
        roll->strange++;
    return APR_SUCCESS;
}

/* Copies of a live object's file; the object itself is listed, once. */
static void is_not_listed(tst_squat_t what)
{
    TST_NEED(TST_FILES);
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t handle;
        roll_t roll = {0, 0};
        TST_MUST(tst_open(&handle, tst_kinds[i], tst_name(NULL), IST_CREATE, tst_pool()));
        TST_MUST_TRUE(tst_squat(what, tst_kinds[i], tst_name(NULL), 0));
        TST_OK(ist_list(call, &roll, tst_pool()));
        TST_NUMBER(roll.named, 1);
        TST_NUMBER(roll.strange, 0);
        TST_TRUE(tst_unsquat());
        TST_OK(tst_close(&handle));
    }
}

static void bytes_of_no_name(void)
{
    is_not_listed(TST_SQUAT_BYTES);
}

static void users_with_zeros(void)
{
    is_not_listed(TST_SQUAT_ZEROS);
}

/* It stays until who made it removes it, however dead it looks. */
static void is_not_swept(void)
{
    TST_NEED(TST_FILES);
    const tst_squat_t what[] = {TST_SQUAT_BYTES, TST_SQUAT_ZEROS};
    for (int w = 0; w < 2; w++) {
        tst_handle_t handle;
        TST_MUST(tst_open(&handle, IST_KIND_SHM, tst_name(NULL), IST_CREATE, tst_pool()));
        TST_MUST_TRUE(tst_squat(what[w], IST_KIND_SHM, tst_name(NULL), 0));
        TST_OK(tst_close(&handle));
        TST_OK(ist_sweep(NULL, tst_pool()));
        TST_SAY(tst_unsquat(), "%s was swept",
                what[w] == TST_SQUAT_BYTES ? "a name of strange bytes" : "a user with zeros");
    }
}

/* No doorbell has capitals in its name. */
static void is_no_doorbell(void)
{
    TST_NEED(TST_FILES);
    TST_MUST_TRUE(tst_squat(TST_SQUAT_NEARLY, IST_KIND_SEMAPHORE, tst_name(NULL), 0));
    TST_OK(ist_sweep(NULL, tst_pool()));
    TST_SAY(tst_unsquat(), "what is nearly a doorbell was swept");
}

const tst_case_t life_impostors_cases[] = {
    {"LIFE-4 a file with bytes that no name may have is not listed", bytes_of_no_name},
    {"LIFE-4 a file with zeros before its user's number is not listed", users_with_zeros},
    {"LIFE-4 such files are not swept", is_not_swept},
    {"LIFE-4 a file that is named only nearly as a doorbell is not swept", is_no_doorbell},
    {NULL, NULL},
};
