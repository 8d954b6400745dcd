/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Remote's commands on itself: threads, ends, forks, users, signals.
 */
#include "remote.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct order_t {
    const char *line;
    apr_int64_t value;
} order_t;

static apr_status_t obey(void *baton)
{
    order_t *order = baton;
    return tst_command(order->line, &order->value);
}

static apr_status_t do_thread(tst_words_t *words, apr_int64_t *value)
{
    order_t order = {strchr(words->line, ' ') + 1, 0};
    apr_status_t status = tst_in_thread(obey, &order);
    *value = order.value;
    return status;
}

/* The commands after "loop" [N], split at slashes. */
static apr_status_t do_loop(tst_words_t *words, apr_int64_t *value)
{
    char copy[TST_LINE], *parts[TST_WORDS], *state = NULL;
    int count = 0;
    apr_int64_t rounds = strspn(words->word[1], "0123456789") == strlen(words->word[1])
                             ? tst_word_number(words, 1)
                             : -1;
    snprintf(copy, sizeof copy, "%s",
             strstr(words->line, rounds < 0 ? words->word[1] : words->word[2]));
    for (char *part = apr_strtok(copy, "/", &state); part != NULL && count < TST_WORDS;
         part = apr_strtok(NULL, "/", &state))
        parts[count++] = part + strspn(part, " ");
    if (rounds < 0)
        tst_tell("= 0 0");
    apr_status_t status = APR_SUCCESS;
    for (apr_int64_t round = 0; rounds < 0 || round < rounds; round++) {
        for (int i = 0; i < count; i++) {
            apr_int64_t ignored;
            apr_status_t one = tst_command(parts[i], &ignored);
            if (one == APR_SUCCESS)
                ++*value; /* how many went well */
            else if (status == APR_SUCCESS)
                status = one;
        }
    }
    return status;
}

static apr_status_t do_sweep(tst_words_t *words, apr_int64_t *value)
{
    apr_uint32_t removed = 0;
    (void)words;
    apr_status_t status = ist_sweep(&removed, tst_self.pool);
    *value = removed;
    return status;
}

static apr_status_t do_exit(tst_words_t *words, apr_int64_t *value)
{
    (void)value;
    exit((int)tst_word_number(words, 1));
}

static apr_status_t do_die(tst_words_t *words, apr_int64_t *value)
{
    (void)words, (void)value;
    tst_sys_die();
}

/* Killed as it is about to remove its n-th file from now. */
static void fall(void *baton)
{
    apr_int64_t *left = baton;
    if (--*left == 0)
        tst_sys_die();
    tst_before_removal(fall, left);
}

static apr_status_t do_fall(tst_words_t *words, apr_int64_t *value)
{
    static apr_int64_t left;
    (void)value;
    left = tst_word_number(words, 1);
    tst_before_removal(fall, &left);
    return APR_SUCCESS;
}

static apr_status_t do_abort(tst_words_t *words, apr_int64_t *value)
{
    (void)words, (void)value;
    abort();
}

/* The system shall end it, not a sanitizer that sees it coming. */
static __attribute__((no_sanitize("null"))) apr_status_t do_crash(tst_words_t *words,
                                                                  apr_int64_t *value)
{
    int *volatile nowhere = NULL;
    (void)words, (void)value;
    *(volatile int *)nowhere = 1; /* NOLINT(clang-analyzer-core.NullDereference): to be a crash */
    return APR_SUCCESS;
}

static apr_status_t do_exec(tst_words_t *words, apr_int64_t *value)
{
    (void)words, (void)value;
    tst_exec("remote");
    return TST_STATUS_GONE;
}

/* An orphan answers only when the system has ended its parent. */
static apr_status_t split(apr_int64_t *value, int orphan)
{
    long parent = tst_sys_pid();
    long pid = tst_sys_fork();
    if (pid < 0)
        return TST_STATUS_GONE;
    if (pid == 0) {
        tst_watch_child("remote (forked)");
        while (orphan && tst_sys_lives(parent))
            tst_sys_pause(200);
        *value = tst_sys_pid();
        return APR_SUCCESS;
    }
    if (orphan)
        tst_sys_exit_now(0);
    *value = tst_sys_reap(pid);
    return APR_SUCCESS;
}

static apr_status_t do_fork(tst_words_t *words, apr_int64_t *value)
{
    (void)words;
    return split(value, 0);
}

static apr_status_t do_orphan(tst_words_t *words, apr_int64_t *value)
{
    (void)words;
    return split(value, 1);
}

static apr_status_t do_user(tst_words_t *words, apr_int64_t *value)
{
    const int group = words->count > 2 ? (int)tst_word_number(words, 2) : -1;
    (void)value;
    return tst_become((int)tst_word_number(words, 1), group) ? APR_SUCCESS : APR_EACCES;
}

static apr_status_t do_umask(tst_words_t *words, apr_int64_t *value)
{
    *value = tst_umask((int)tst_word_number(words, 1));
    return APR_SUCCESS;
}

static apr_status_t do_grab(tst_words_t *words, apr_int64_t *value)
{
    *value =
        tst_grab((ist_kind_e)words->word[1][0], words->word[2], (int)tst_word_number(words, 3));
    return APR_SUCCESS;
}

static apr_status_t do_unprivileged(tst_words_t *words, apr_int64_t *value)
{
    (void)words;
    *value = tst_unprivileged();
    return APR_SUCCESS;
}

static apr_status_t do_limit(tst_words_t *words, apr_int64_t *value)
{
    (void)value;
    return tst_limit((apr_uint64_t)tst_word_number(words, 1)) ? APR_SUCCESS : APR_EACCES;
}

static apr_status_t do_signals(tst_words_t *words, apr_int64_t *value)
{
    (void)value;
    tst_signal_take((int)tst_word_number(words, 1), NULL, NULL);
    return APR_SUCCESS;
}

static apr_status_t do_signalled(tst_words_t *words, apr_int64_t *value)
{
    (void)words;
    *value = tst_signal_count();
    return APR_SUCCESS;
}

static apr_status_t do_faults(tst_words_t *words, apr_int64_t *value)
{
    (void)words;
    *value = tst_faults();
    return APR_SUCCESS;
}

static apr_status_t do_pid(tst_words_t *words, apr_int64_t *value)
{
    (void)words;
    *value = tst_sys_pid();
    return APR_SUCCESS;
}

const tst_command_t tst_process_commands[] = {
    {"thread", 1, do_thread},
    {"loop", 1, do_loop},
    {"sweep", 0, do_sweep},
    {"exit", 1, do_exit},
    {"die", 0, do_die},
    {"abort", 0, do_abort},
    {"crash", 0, do_crash},
    {"exec", 0, do_exec},
    {"fork", 0, do_fork},
    {"orphan", 0, do_orphan},
    {"user", 1, do_user},
    {"umask", 1, do_umask},
    {"signals", 1, do_signals},
    {"signalled", 0, do_signalled},
    {"faults", 0, do_faults},
    {"pid", 0, do_pid},
    {"limit", 1, do_limit},
    {"grab", 3, do_grab},
    {"unprivileged", 0, do_unprivileged},
    {"fall", 1, do_fall},
    {NULL, 0, NULL},
};
