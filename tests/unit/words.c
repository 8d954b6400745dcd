/* SPDX-License-Identifier: Apache-2.0 */
/* GEN-2: codes and their words. */
#include "unit.h"

#include <string.h>

static const apr_status_t own[] = {IST_ABANDONED,  IST_ENOTOWNER, IST_EOVERFLOW, IST_ESIZE,
                                   IST_EFOREIGN,   IST_ECORRUPT,  IST_EVERSION,  IST_EABI,
                                   IST_ENAMESPACE, IST_ELIMIT, IST_EMSGSIZE};

enum { OWN = sizeof own / sizeof *own };

/* Programs were compiled with these numbers. */
static void fixed_codes(void)
{
    for (int i = 0; i < OWN; i++)
        TST_NUMBER(own[i], APR_OS_START_USERERR + 7000 + 1 + i);
    TST_TRUE(IST_LOCKED(APR_SUCCESS) && IST_LOCKED(IST_ABANDONED));
    TST_TRUE(!IST_LOCKED(APR_EBUSY) && !IST_LOCKED(IST_ENOTOWNER));
}

static void own_words(void)
{
    static char text[OWN][200];
    for (int i = 0; i < OWN; i++) {
        TST_TRUE(ist_strerror(own[i], text[i], sizeof text[i]) == text[i]);
        TST_TRUE(strlen(text[i]) > 10);
        for (int j = 0; j < i; j++)
            TST_SAY(strcmp(text[i], text[j]) != 0, "codes %d and %d have one text", i, j);
    }
}

static void others_words(void)
{
    static const apr_status_t others[] = {APR_SUCCESS, APR_EINVAL,       APR_TIMEUP,    APR_EACCES,
                                          UNIT_ERROR,  IST_START_STATUS, IST_EMSGSIZE + 1};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        char ours[200] = "", aprs[200] = "";
        ist_strerror(others[i], ours, sizeof ours);
        apr_strerror(others[i], aprs, sizeof aprs);
        TST_SAY(strcmp(ours, aprs) == 0, "%s is %s", aprs, ours);
    }
}

static void little_room(void)
{
    char whole[200], part[200];
    ist_strerror(IST_ECORRUPT, whole, sizeof whole);
    for (apr_size_t room = 1; room <= strlen(whole) + 2; room++) {
        memset(part, '#', sizeof part);
        ist_strerror(IST_ECORRUPT, part, room);
        apr_size_t length = strlen(part);
        TST_NUMBER(length, room - 1 < strlen(whole) ? room - 1 : strlen(whole));
        TST_TRUE(memcmp(part, whole, length) == 0);
        TST_TRUE(part[room] == '#');
    }
    memset(part, '#', sizeof part);
    TST_TRUE(strcmp(ist_strerror(IST_ECORRUPT, part, 0), "") == 0);
    TST_TRUE(part[0] == '#');
    TST_TRUE(strcmp(ist_strerror(IST_ECORRUPT, NULL, 10), "") == 0);
    TST_TRUE(strcmp(ist_strerror(APR_EINVAL, NULL, 0), "") == 0);
}

static void version(void)
{
    TST_TRUE(strcmp(ist_version(), IST_VERSION_STRING) == 0);
}

const tst_case_t unit_words[] = {
    {"GEN-2 the codes have their numbers", fixed_codes},
    {"GEN-2 each code has words of its own", own_words},
    {"GEN-2 other codes have APR's words", others_words},
    {"GEN-2 words are cut to fit", little_room},
    {"the version is the headers'", version},
    {NULL, NULL},
};
