/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks that say what they found. In a child, where CUnit does not run, a
 * check that fails goes to standard error and into the exit code.
 */
#include "private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    apr_status_t status;
    const char *name;
} names[] = {
    {APR_SUCCESS, "APR_SUCCESS"},       {IST_ABANDONED, "IST_ABANDONED"},
    {IST_ENOTOWNER, "IST_ENOTOWNER"},   {IST_EOVERFLOW, "IST_EOVERFLOW"},
    {IST_ESIZE, "IST_ESIZE"},           {IST_EFOREIGN, "IST_EFOREIGN"},
    {IST_ECORRUPT, "IST_ECORRUPT"},     {IST_EVERSION, "IST_EVERSION"},
    {IST_EABI, "IST_EABI"},             {IST_ENAMESPACE, "IST_ENAMESPACE"},
    {IST_ELIMIT, "IST_ELIMIT"},         {IST_EMSGSIZE, "IST_EMSGSIZE"},
    {APR_EINVAL, "APR_EINVAL"},
    {APR_ENOENT, "APR_ENOENT"},         {APR_EEXIST, "APR_EEXIST"},
    {APR_EACCES, "APR_EACCES"},         {APR_EBUSY, "APR_EBUSY"},
    {APR_TIMEUP, "APR_TIMEUP"},         {APR_EAGAIN, "APR_EAGAIN"},
    {APR_ENOMEM, "APR_ENOMEM"},         {APR_ENOSPC, "APR_ENOSPC"},
    {APR_ENAMETOOLONG, "APR_ENAMETOOLONG"},
    {TST_STATUS_LATE, "(no answer in time)"},
    {TST_STATUS_GONE, "(the child is gone)"},
    {TST_STATUS_WHAT, "(command not understood)"},
};

const char *tst_status_name(apr_status_t status)
{
    static _Thread_local char text[4][160];
    static _Thread_local int turn;
    for (apr_size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].status == status)
            return names[i].name;
    char words[120];
    turn = (turn + 1) % 4;
    ist_strerror(status, words, sizeof words);
    snprintf(text[turn], sizeof text[turn], "%d (%s)", (int)status, words);
    return text[turn];
}

const char *tst_digits(apr_int64_t number)
{
    static _Thread_local char text[8][24];
    static _Thread_local int turn;
    apr_uint64_t rest = number < 0 ? 0 - (apr_uint64_t)number : (apr_uint64_t)number;
    turn = (turn + 1) % 8;
    char *at = text[turn] + sizeof text[turn] - 1;
    *at = '\0';
    do
        *--at = (char)('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (number < 0)
        *--at = '-';
    return at;
}

static void remember(const char *text)
{
    if (*tst_self.reason == '\0')
        snprintf(tst_self.reason, sizeof tst_self.reason, "%s", text);
    tst_self.failed = 1;
}

static void leave(void)
{
    if (tst_self.child)
        tst_sys_exit_now(TST_FAILED_CHILD);
    if (tst_sys_thread_id() == tst_self.thread)
        longjmp(tst_self.out, 1);
}

/* CUnit is for one thread: what others find counts through tst_self.failed. */
static void count(int good, int line, const char *text, const char *file)
{
    if (!tst_self.child && tst_sys_thread_id() == tst_self.thread)
        CU_assertImplementation(good ? CU_TRUE : CU_FALSE, (unsigned)line, text, file, "",
                                CU_FALSE);
}

static void failed(int fatal, const char *file, int line, const char *text)
{
    const char *slash = strrchr(file, '/');
    const char *place = slash == NULL ? file : slash + 1;
    char whole[512];
    snprintf(whole, sizeof whole, "%s:%d: %s", place, line, text);
    fprintf(stderr, "%s%s\n", tst_self.child ? "child: " : "    ", whole);
    remember(whole);
    count(0, line, whole, place);
    if (fatal)
        leave();
}

int tst_check(int good, int fatal, const char *file, int line, const char *format, ...)
{
    if (good) {
        count(1, line, "", file);
        return 1;
    }
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    failed(fatal, file, line, text);
    return 0;
}

int tst_check_status(apr_status_t got, apr_status_t want, int fatal, const char *call,
                     const char *file, int line)
{
    if (got == want) {
        count(1, line, "", file);
        return 1;
    }
    char text[400];
    snprintf(text, sizeof text, "%s is %s, not %s", call, tst_status_name(got),
             tst_status_name(want));
    failed(fatal, file, line, text);
    return 0;
}

int tst_check_number(apr_int64_t got, apr_int64_t want, int fatal, const char *what,
                     const char *file, int line)
{
    if (got == want) {
        count(1, line, "", file);
        return 1;
    }
    char text[400];
    snprintf(text, sizeof text, "%s is %s, not %s", what, tst_digits(got), tst_digits(want));
    failed(fatal, file, line, text);
    return 0;
}
