/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Children as processes: their start, their lines, their end. A thread for
 * each reads what it says, so that waiting for a line can have a limit in
 * every system.
 */
#include "peer_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LATE_USEC  (30 * APR_USEC_PER_SEC)
#define ARGUMENTS  16
#define KILL_HARD  9 /* SIGKILL, which not every system has a name for */

static tst_peer_t *peers;
static apr_thread_mutex_t *list_mutex; /* guards the list, and `reaped` */
static apr_pool_t *list_pool;

static void lock_list(void)
{
    if (list_mutex == NULL) {
        apr_pool_create(&list_pool, NULL);
        apr_thread_mutex_create(&list_mutex, APR_THREAD_MUTEX_DEFAULT, list_pool);
    }
    apr_thread_mutex_lock(list_mutex);
}

static void keep_line(tst_peer_t *peer, const char *line)
{
    apr_thread_mutex_lock(peer->mutex);
    while (peer->tail - peer->head == TST_LINES && !peer->over)
        apr_thread_cond_wait(peer->news, peer->mutex);
    if (!peer->over)
        memcpy(peer->lines[peer->tail++ % TST_LINES], line, TST_LINE);
    apr_thread_cond_broadcast(peer->news);
    apr_thread_mutex_unlock(peer->mutex);
}

static void *APR_THREAD_FUNC read_lines(apr_thread_t *thread, void *baton)
{
    tst_peer_t *peer = baton;
    char line[TST_LINE], byte;
    apr_size_t length = 0, got = 1;
    (void)thread;
    while (apr_file_read(peer->process.out, &byte, &got) == APR_SUCCESS && got == 1) {
        if (byte == '\n') {
            line[length] = '\0';
            keep_line(peer, line);
            length = 0;
        } else if (byte != '\r' && length + 1 < sizeof line) {
            line[length++] = byte;
        }
    }
    apr_thread_mutex_lock(peer->mutex);
    peer->over = 1;
    apr_thread_cond_broadcast(peer->news);
    apr_thread_mutex_unlock(peer->mutex);
    return NULL;
}

static apr_status_t launch(tst_peer_t *peer, const char *const *arguments)
{
    apr_procattr_t *attribute = NULL;
    apr_status_t status = apr_procattr_create(&attribute, peer->pool);
    if (status == APR_SUCCESS)
        status = apr_procattr_io_set(attribute, APR_FULL_BLOCK, APR_FULL_BLOCK, APR_NO_PIPE);
    if (status == APR_SUCCESS)
        status = apr_procattr_cmdtype_set(attribute, APR_PROGRAM_ENV);
    if (status == APR_SUCCESS)
        status = apr_procattr_error_check_set(attribute, 1);
    if (status == APR_SUCCESS)
        status = apr_proc_create(&peer->process, arguments[0], arguments, NULL, attribute,
                                 peer->pool);
    if (status == APR_SUCCESS)
        status = apr_thread_create(&peer->reader, NULL, read_lines, peer, peer->pool);
    return status;
}

static tst_peer_t *new_peer(const char *role)
{
    tst_peer_t *peer = calloc(1, sizeof *peer);
    if (peer == NULL || apr_pool_create(&peer->pool, NULL) != APR_SUCCESS ||
        apr_thread_mutex_create(&peer->mutex, APR_THREAD_MUTEX_DEFAULT, peer->pool) !=
            APR_SUCCESS ||
        apr_thread_cond_create(&peer->news, peer->pool) != APR_SUCCESS)
        abort();
    peer->role = role;
    return peer;
}

tst_peer_t *tst_role_start(const char *role, ...)
{
    static char program[4096];
    int again = 0;
    const char *arguments[ARGUMENTS + 1] = {program, "--role", role, tst_self.base};
    int count = 4;
    va_list more;
    va_start(more, role);
    while (count < ARGUMENTS && (arguments[count] = va_arg(more, const char *)) != NULL)
        count++;
    va_end(more);
    arguments[count] = NULL;
    tst_sys_program(program, sizeof program);

    tst_peer_t *peer = new_peer(role);
    apr_status_t status = launch(peer, arguments);
    while (tst_sys_start_again(status, &again))
        status = launch(peer, arguments);
    if (status != APR_SUCCESS) {
        apr_pool_destroy(peer->pool);
        free(peer);
        tst_check(0, 1, __FILE__, __LINE__, "a child in the role %s did not start: %s", role,
                  tst_status_name(status));
        return NULL;
    }
    lock_list();
    peer->next = peers;
    peers = peer;
    apr_thread_mutex_unlock(list_mutex);
    return peer;
}

int tst_peer_take(tst_peer_t *peer, apr_int64_t usec, int keep)
{
    apr_int64_t end = tst_now() + usec;
    int found = 0;
    apr_thread_mutex_lock(peer->mutex);
    while (peer->head == peer->tail && !peer->over) {
        apr_int64_t left = end - tst_now();
        if (left <= 0)
            break;
        apr_thread_cond_timedwait(peer->news, peer->mutex, left);
    }
    if (peer->head != peer->tail) {
        found = 1;
        if (!keep) {
            memcpy(peer->heard, peer->lines[peer->head++ % TST_LINES], TST_LINE);
            apr_thread_cond_broadcast(peer->news);
        }
    } else if (peer->over) {
        found = -1;
    }
    apr_thread_mutex_unlock(peer->mutex);
    return found;
}

const char *tst_peer_hear(tst_peer_t *peer)
{
    int found = tst_peer_take(peer, tst_scaled(LATE_USEC), 0);
    if (found == 1)
        return peer->heard;
    if (found == 0)
        tst_peer_kill(peer);
    tst_check(0, 0, __FILE__, __LINE__, "a child in the role %s %s; it was told: %s", peer->role,
              found == 0 ? "did not answer in time" : "is gone", peer->command);
    return NULL;
}

int tst_peer_expect(tst_peer_t *peer, const char *line)
{
    const char *heard = tst_peer_hear(peer);
    if (heard == NULL)
        return 0;
    return tst_check(strcmp(heard, line) == 0, 0, __FILE__, __LINE__,
                     "a child in the role %s said \"%s\", not \"%s\"", peer->role, heard, line);
}

void tst_peer_vsay(tst_peer_t *peer, const char *format, va_list arguments)
{
    char line[TST_LINE];
    int length = vsnprintf(peer->command, sizeof peer->command - 1, format, arguments);
    if (length < 0 || length >= TST_LINE - 1)
        abort();
    memcpy(line, peer->command, (apr_size_t)length);
    line[length++] = '\n';
    apr_file_write_full(peer->process.in, line, (apr_size_t)length, NULL);
}

void tst_peer_say(tst_peer_t *peer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tst_peer_vsay(peer, format, arguments);
    va_end(arguments);
}

/* ---- their end ---- */

static void reap(tst_peer_t *peer)
{
    int code = 0;
    apr_exit_why_e why = APR_PROC_EXIT;
    if (peer->reaped)
        return;
    /* Only then its id may be another's: never kill by it any more. */
    apr_status_t status = apr_proc_wait(&peer->process, &code, &why, APR_WAIT);
    lock_list();
    peer->reaped = 1;
    apr_thread_mutex_unlock(list_mutex);
    peer->code = status == APR_CHILD_DONE && APR_PROC_CHECK_EXIT(why) ? code : -1;
}

void tst_peer_shoot(tst_peer_t *peer)
{
    tst_self.killed = 1;
    if (!peer->reaped)
        apr_proc_kill(&peer->process, KILL_HARD);
}

void tst_peer_kill(tst_peer_t *peer)
{
    tst_peer_shoot(peer);
    reap(peer);
}

int tst_peer_wait(tst_peer_t *peer)
{
    tst_self.killed = 1; /* it may have ended without closing */
    reap(peer);
    return peer->code;
}

void tst_peer_exit(tst_peer_t *peer)
{
    tst_peer_say(peer, "exit 0");
    int code = tst_peer_wait(peer);
    tst_check(code == 0, 0, __FILE__, __LINE__, "a child in the role %s ended with %d",
              peer->role, code);
}

long tst_peer_pid(const tst_peer_t *peer)
{
    return (long)peer->process.pid;
}

void tst_peers_kill(void)
{
    lock_list();
    for (tst_peer_t *peer = peers; peer != NULL; peer = peer->next) {
        if (!peer->reaped)
            apr_proc_kill(&peer->process, KILL_HARD);
        for (int i = 0; i < peer->heir_count; i++)
            tst_sys_kill(peer->heirs[i]);
    }
    apr_thread_mutex_unlock(list_mutex);
}

const char *tst_peers_roles(void)
{
    static char text[512];
    apr_size_t length = 0;
    text[0] = '\0';
    lock_list();
    for (tst_peer_t *peer = peers; peer != NULL && length < sizeof text - 1; peer = peer->next)
        if (!peer->reaped)
            length += (apr_size_t)snprintf(text + length, sizeof text - length, "%s (told: %s) ",
                                           peer->role, peer->command);
    apr_thread_mutex_unlock(list_mutex);
    return text;
}

/* A killed heir is nobody's to reap, and what it had open is its own until then. */
static void await_heirs(const tst_peer_t *peer)
{
    apr_int64_t end = tst_now() + tst_scaled(LATE_USEC);
    for (int i = 0; i < peer->heir_count; i++)
        while (tst_sys_lives(peer->heirs[i]) && tst_now() < end)
            tst_sys_pause(200);
}

static void forget(tst_peer_t *peer)
{
    apr_status_t status;
    await_heirs(peer);
    apr_file_close(peer->process.in);
    apr_thread_mutex_lock(peer->mutex);
    peer->over = 1; /* nobody hears it any more: the reader must not wait */
    apr_thread_cond_broadcast(peer->news);
    apr_thread_mutex_unlock(peer->mutex);
    apr_thread_join(&status, peer->reader);
    apr_pool_destroy(peer->pool);
    free(peer);
}

void tst_peers_end(void)
{
    if (peers != NULL)
        tst_self.killed = 1;
    tst_peers_kill();
    while (peers != NULL) {
        tst_peer_t *peer = peers;
        reap(peer);
        lock_list();
        peers = peer->next;
        apr_thread_mutex_unlock(list_mutex);
        forget(peer);
    }
}
