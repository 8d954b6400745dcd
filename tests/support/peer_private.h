/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A child as its parent sees it: what peer.c and peer_remote.c share.
 */
#ifndef TST_PEER_PRIVATE_H
#define TST_PEER_PRIVATE_H

#include "private.h"

#include <apr_thread_cond.h>
#include <apr_thread_mutex.h>
#include <apr_thread_proc.h>
#include <stdarg.h>

#define TST_LINES 64
#define TST_HEIRS 8

struct tst_peer_t {
    const char *role;
    apr_pool_t *pool;
    apr_proc_t process;
    apr_thread_t *reader;
    apr_thread_mutex_t *mutex; /* guards the next four */
    apr_thread_cond_t *news;
    char lines[TST_LINES][TST_LINE];
    unsigned head, tail;
    int over;                  /* it will say no more */
    int reaped;
    int code;                  /* its exit code, or -1 */
    char heard[TST_LINE];
    char command[TST_LINE];    /* the last one */
    long heirs[TST_HEIRS];         /* forked children of it */
    int heir_count;
    tst_peer_t *next;
};

/* A line comes within some microseconds, 1 (in `heard`, unless it is to be
 * kept for later); 0: none did; -1: none will. */
int tst_peer_take(tst_peer_t *peer, apr_int64_t usec, int keep);

/* Say a line; `command` remembers it. */
void tst_peer_vsay(tst_peer_t *peer, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

#endif
