/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent's side of the role "remote": commands and their answers.
 */
#include "peer_private.h"

#include <apr_strings.h>
#include <stdio.h>
#include <string.h>

#define QUIET_USEC (50 * 1000)
#define LOOK_USEC  200

tst_peer_t *tst_peer_start(void)
{
    tst_peer_t *peer = tst_role_start("remote", NULL);
    tst_check(tst_peer_end(peer, NULL) == APR_SUCCESS, 1, __FILE__, __LINE__,
              "a remote did not get ready");
    return peer;
}

void tst_peer_begin(tst_peer_t *peer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tst_peer_vsay(peer, format, arguments);
    va_end(arguments);
}

int tst_peer_answered(tst_peer_t *peer, apr_int64_t usec)
{
    return tst_peer_take(peer, usec, 1) != 0;
}

static void note_heir(tst_peer_t *peer, long pid)
{
    int forked = strcmp(peer->command, "fork") == 0 || strcmp(peer->command, "orphan") == 0;
    if (forked && peer->heir_count < TST_HEIRS)
        peer->heirs[peer->heir_count++] = pid;
    else if (!forked && peer->heir_count > 0 && !tst_sys_lives(peer->heirs[peer->heir_count - 1]))
        peer->heir_count--;
}

apr_status_t tst_peer_end(tst_peer_t *peer, apr_int64_t *value)
{
    int status;
    char digits[24];
    const char *answer = tst_peer_hear(peer);
    if (answer == NULL)
        return TST_STATUS_GONE;
    if (sscanf(answer, "= %d %23s", &status, digits) != 2)
        return TST_STATUS_WHAT;
    apr_int64_t number = apr_strtoi64(digits, NULL, 10);
    if (value != NULL)
        *value = number;
    note_heir(peer, (long)number);
    return status;
}

apr_status_t tst_peer_do(tst_peer_t *peer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tst_peer_vsay(peer, format, arguments);
    va_end(arguments);
    return tst_peer_end(peer, NULL);
}

apr_status_t tst_peer_ask(tst_peer_t *peer, apr_int64_t *value, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tst_peer_vsay(peer, format, arguments);
    va_end(arguments);
    return tst_peer_end(peer, value);
}

int tst_peer_blocked(tst_peer_t *peer)
{
    for (;;) {
        int waits = tst_sys_waits(tst_peer_pid(peer), 0);
        if (tst_peer_answered(peer, 0))
            return 0;
        if (waits < 0)
            return !tst_peer_answered(peer, tst_scaled(QUIET_USEC));
        if (waits)
            return 1;
        tst_sys_pause(LOOK_USEC);
    }
}

apr_status_t tst_peer_open(tst_peer_t *peer, int slot, ist_kind_e kind, const char *name,
                           apr_uint32_t flags, apr_uint64_t size, apr_uint32_t maximum,
                           apr_fileperms_t access)
{
    return tst_peer_do(peer, "open %d %c %s %lu %s %lu %ld", slot, (char)kind, name,
                       (unsigned long)flags, tst_digits((apr_int64_t)size),
                       (unsigned long)maximum, (long)access);
}
