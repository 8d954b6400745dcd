/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the test support offer one another; no case needs it.
 */
#ifndef TST_PRIVATE_H
#define TST_PRIVATE_H

#include "peer.h"
#include "system.h"

#include <setjmp.h>

#define TST_LINE 1024        /* the longest line to or from a child */
#define TST_FAILED_CHILD 99  /* the exit code of a child whose checks failed */

/* The process at hand. */
typedef struct tst_self_t {
    const char *program;     /* base name, without "lt-" and ".exe" */
    apr_pool_t *pool;        /* the case's; in a child its own */
    char base[64];           /* what the case's object names start with */
    const tst_case_t *running;
    int child;               /* a role, or a forked child: no CUnit here */
    int failed;              /* a check of it failed */
    int skipped;
    char reason[512];        /* of a skip, or the first failure */
    int leaves;
    int killed;              /* children were killed: leftovers are right */
    jmp_buf out;             /* where a check that MUST hold goes to */
    apr_int64_t began;       /* when the case did */
    long thread;             /* the thread that runs the case */
} tst_self_t;

extern tst_self_t tst_self;

/* case.c */
void tst_case_begin(const tst_case_t *one);
void tst_case_end(void);

/* watch.c: end this process, or its children, when it takes too long. */
void tst_watch_case(const char *name);
void tst_watch_done(void);
void tst_watch_child(const char *role);

/* report.c */
void tst_report_case(const char *name, const char *verdict, const char *reason);
void tst_report_done(void);

/* peer.c */
void tst_peers_end(void);
void tst_peers_kill(void);
const char *tst_peers_roles(void);

/* threads.c */
void tst_threads_end(void);

/* time.c */
void tst_random_start(void);

/* remote.c */
int tst_remote(int argc, const char *const *argv);

#endif
