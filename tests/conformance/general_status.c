/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GEN-1 and GEN-2: the codes, and their words.
 */
#include "general_cases.h"

#include <string.h>

static void own_codes_are_fixed(void)
{
    TST_NUMBER(IST_START_STATUS, APR_OS_START_USERERR + 7000);
    TST_NUMBER(IST_ABANDONED, IST_START_STATUS + 1);
    TST_NUMBER(IST_ENOTOWNER, IST_START_STATUS + 2);
    TST_NUMBER(IST_EOVERFLOW, IST_START_STATUS + 3);
    TST_NUMBER(IST_ESIZE, IST_START_STATUS + 4);
    TST_NUMBER(IST_EFOREIGN, IST_START_STATUS + 5);
    TST_NUMBER(IST_ECORRUPT, IST_START_STATUS + 6);
    TST_NUMBER(IST_EVERSION, IST_START_STATUS + 7);
    TST_NUMBER(IST_EABI, IST_START_STATUS + 8);
    TST_NUMBER(IST_ENAMESPACE, IST_START_STATUS + 9);
    TST_NUMBER(IST_ELIMIT, IST_START_STATUS + 10);
    TST_NUMBER(IST_EMSGSIZE, IST_START_STATUS + 11);
}

static void locked_knows_both(void)
{
    TST_TRUE(IST_LOCKED(APR_SUCCESS));
    TST_TRUE(IST_LOCKED(IST_ABANDONED));
    TST_TRUE(!IST_LOCKED(APR_EBUSY));
    TST_TRUE(!IST_LOCKED(APR_TIMEUP));
    TST_TRUE(!IST_LOCKED(IST_ENOTOWNER));
}

/* The plain constants, never a system's raw code for the same thing. */
static void exists_and_absent_are_plain_codes(void)
{
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t one, two;
        TST_STATUS(tst_open(&one, tst_kinds[i], tst_name(NULL), 0, tst_pool()), APR_ENOENT);
        TST_MUST(tst_open(&one, tst_kinds[i], tst_name(NULL), IST_CREATE, tst_pool()));
        TST_STATUS(tst_open(&two, tst_kinds[i], tst_name(NULL), IST_CREATE_ONLY, tst_pool()),
                   APR_EEXIST);
        TST_OK(tst_close(&one));
    }
}

static void each_code_has_words(void)
{
    char seen[10][200];
    for (int i = 0; i < 10; i++) {
        apr_status_t status = IST_START_STATUS + 1 + i;
        memset(seen[i], '#', sizeof seen[i]);
        TST_TRUE(ist_strerror(status, seen[i], sizeof seen[i]) == seen[i]);
        TST_SAY(memchr(seen[i], '\0', sizeof seen[i]) != NULL, "the words of %d do not end", i);
        TST_SAY(strlen(seen[i]) > 5, "few words for %d: %s", i, seen[i]);
        for (int j = 0; j < i; j++)
            TST_SAY(strcmp(seen[i], seen[j]) != 0, "%d and %d share the words %s", i, j, seen[i]);
    }
}

static void apr_codes_have_aprs_words(void)
{
    const apr_status_t codes[] = {APR_ENOENT, APR_EEXIST, APR_TIMEUP,
                                  APR_EINVAL, APR_EBUSY,  APR_ENAMETOOLONG};
    for (apr_size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        char ours[200], theirs[200];
        ist_strerror(codes[i], ours, sizeof ours);
        apr_strerror(codes[i], theirs, sizeof theirs);
        TST_SAY(strcmp(ours, theirs) == 0, "\"%s\" is not \"%s\"", ours, theirs);
    }
}

static void words_are_cut_to_fit(void)
{
    char whole[200], small[200];
    const apr_status_t codes[] = {IST_ABANDONED, APR_ENOENT, APR_TIMEUP};
    for (int i = 0; i < 3; i++) {
        ist_strerror(codes[i], whole, sizeof whole);
        for (apr_size_t size = 1; size < 12; size++) {
            memset(small, '#', sizeof small);
            TST_TRUE(ist_strerror(codes[i], small, size) == small);
            TST_SAY(strlen(small) < size, "%lu bytes hold \"%s\"", (unsigned long)size, small);
            TST_SAY(strncmp(small, whole, strlen(small)) == 0, "\"%s\" is not \"%s\"", small,
                    whole);
            TST_SAY(small[size] == '#', "more than %lu bytes were written", (unsigned long)size);
        }
    }
}

static void no_room_for_words_at_all(void)
{
    char byte = '#';
    const char *text = ist_strerror(IST_ABANDONED, &byte, 0);
    TST_TRUE(text != NULL && *text == '\0' && byte == '#');
    text = ist_strerror(APR_ENOENT, NULL, 0);
    TST_TRUE(text != NULL && *text == '\0');
    text = ist_strerror(APR_ENOENT, NULL, 100);
    TST_TRUE(text != NULL && *text == '\0');
}

static void strange_codes_have_words_too(void)
{
    const apr_status_t codes[] = {APR_SUCCESS,           -1,         IST_START_STATUS,
                                  IST_START_STATUS + 11, 0x7fffffff, -0x7fffffff - 1};
    for (int i = 0; i < 6; i++) {
        char text[200];
        memset(text, '#', sizeof text);
        TST_TRUE(ist_strerror(codes[i], text, sizeof text) == text);
        TST_TRUE(memchr(text, '\0', sizeof text) != NULL);
    }
}

static void the_version_is_the_headers(void)
{
    TST_TRUE(strcmp(ist_version(), IST_VERSION_STRING) == 0);
    const char *numbers =
        tst_print("%d.%d.%d", IST_MAJOR_VERSION, IST_MINOR_VERSION, IST_PATCH_VERSION);
    TST_TRUE(strcmp(numbers, IST_VERSION_STRING) == 0);
}

const tst_case_t general_status_cases[] = {
    {"GEN-1 absent is APR_ENOENT and existing APR_EEXIST for all kinds",
     exists_and_absent_are_plain_codes},
    {"GEN-2 own codes are fixed offsets", own_codes_are_fixed},
    {"GEN-2 IST_LOCKED is true for success and abandoned", locked_knows_both},
    {"GEN-2 each own code has words of its own", each_code_has_words},
    {"GEN-2 APR's codes keep APR's words", apr_codes_have_aprs_words},
    {"GEN-2 words are cut to fit small buffers", words_are_cut_to_fit},
    {"GEN-2 no buffer at all", no_room_for_words_at_all},
    {"GEN-2 strange codes", strange_codes_have_words_too},
    {"GEN-2 the library has the headers' version", the_version_is_the_headers},
    {NULL, NULL},
};
