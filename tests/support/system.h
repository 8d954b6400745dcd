/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the systems do differently: capabilities, and what they give. Each
 * call that needs one names it; call it only where tst_can() says so.
 */
#ifndef TST_SYSTEM_H
#define TST_SYSTEM_H

#include "tst.h"

typedef enum tst_cap_e {
    TST_FORK,       /* a process can be split in two */
    TST_EXEC,       /* a process can become another program */
    TST_UMASK,      /* a process masks the rights of what it creates */
    TST_SIGNALS,    /* signals interrupt a thread */
    TST_STOP,       /* a process can be stopped and continued */
    TST_CANCEL,     /* threads can be cancelled */
    TST_USERS,      /* a child can become another user */
    TST_REMOVE,     /* an object's name can be removed under its holders */
    TST_LEFTOVERS,  /* a dead object's name stays until it is reclaimed */
    TST_FILES,      /* names are files: links, pipes and folders can squat them */
    TST_FAULTS,     /* page faults can be counted */
    TST_ACCESS,     /* an object's access can be read back from the system */
    TST_CLASSES,    /* this user can try what it would get as one of a lesser class */
    TST_SEES_WAITS, /* the system tells whether a thread sleeps in a wait */
    TST_GLOBAL,     /* this user may make global objects of every kind */
    TST_SET_CLOCK,  /* the wall clock can jump, as this process sees it */
    TST_INSTANTS,   /* a process can be held at an instant inside a call */
    TST_LIMIT,      /* a process can limit the size of files that it makes */
    TST_NAMESPACES, /* a child can be forked into a PID namespace of its own */
    TST_FAILING,    /* a thread's system calls can be made to fail */
    TST_CAPS
} tst_cap_t;

int tst_can(tst_cap_t capability);
/* Why not, for tst_skip. */
const char *tst_why_not(tst_cap_t capability);
/* Skip the case when it is lacking. */
#define TST_NEED(capability)                        \
    do {                                            \
        if (!tst_can(capability)) {                 \
            tst_skip("%s", tst_why_not(capability)); \
            return;                                 \
        }                                           \
    } while (0)

/* ---- always there ---- */

/* Before anything else: no dialogs, no core files, no dying by SIGPIPE. */
void tst_sys_start(void);
apr_int64_t tst_sys_now(void);
/* The running program's file. */
void tst_sys_program(char *path, apr_size_t size);
long tst_sys_pid(void);
long tst_sys_thread_id(void);
/* End at once: no handlers, nothing closed. As the system does it to others. */
void tst_sys_die(void) __attribute__((noreturn));
void tst_sys_exit_now(int code) __attribute__((noreturn));
/* 1: the thread sleeps in a wait; 0: it does not; -1: can't tell. 0 = main thread */
int tst_sys_waits(long pid, long thread);
/* 1 when a process of this id runs; a zombie does not. */
int tst_sys_lives(long pid);
/* A case ends: end what its calls left running, put back what they changed. */
void tst_sys_case_end(void);
void tst_sys_pause(apr_int64_t usec);
int tst_processors(void);
/* Bytes of shared memory that may be taken here without harm. */
apr_uint64_t tst_room(void);

/* ---- what is left: -1 when the system can't say ---- */

/* Open descriptors (handles) of this process. */
long tst_descriptors(void);
/* Views of objects whose names hold this text, in this process. */
long tst_mappings(const char *text);
/* Names in the system that hold this text; what receives one of them. */
long tst_native_names(const char *text, char *what, apr_size_t size);

/* ---- TST_FORK ---- */

/* A forked child and a line of numbers both ways. */
typedef struct tst_fork_t {
    long pid;
    int from_child, to_child; /* parent's ends; the child's: 0 */
    int from_parent, to_parent;
} tst_fork_t;

typedef int tst_fork_fn_t(tst_fork_t *fork, void *baton);
/* Run in a forked child; its result is the exit code. 1 when it was started. */
int tst_fork(tst_fork_t *fork, tst_fork_fn_t *run, void *baton);
/* Either side: tell the other a number; hear one (TST_STATUS_GONE: no other side). */
void tst_fork_tell(tst_fork_t *fork, int number);
int tst_fork_hear(tst_fork_t *fork);
/* Wait for its end: its exit code, or minus the signal. */
int tst_fork_wait(tst_fork_t *fork);
void tst_fork_kill(tst_fork_t *fork);
/* A plain fork for the role "remote": as fork(2). And its wait. */
long tst_sys_fork(void);
int tst_sys_reap(long pid);
void tst_sys_kill(long pid);

/* ---- TST_EXEC ---- */
/* Become this program in a role. Returns only upon failure. */
void tst_exec(const char *role);

/* ---- TST_UMASK ---- */
int tst_umask(int mask);

/* ---- TST_SIGNALS ---- */
/* Take the test signal; each runs fn (may be NULL) in the handler. */
void tst_signal_take(int restart, void (*fn)(void *), void *baton);
long tst_signal_count(void);
/* Send it to a process (its main thread is the only one that takes it). */
void tst_signal_send(long pid);
/* To one thread of this process. */
void tst_signal_thread(long thread);

/* ---- TST_STOP ---- */
/* Stop a process: returns when it stands. */
void tst_stop(long pid);
void tst_continue(long pid);

/* ---- TST_CANCEL ---- */
/* Run fn in a thread that was cancelled before: 1 when fn came to its end. */
int tst_survives_cancel(tst_thread_fn_t *fn, void *baton);

/* ---- TST_USERS ---- */
#define TST_OTHER_USER 65534
/* Become this user for good, in this group too (-1: none). 1 when done. */
int tst_become(int uid, int group);

/* ---- TST_NAMESPACES ---- */
/* What this process forks from now on is in another PID namespace. 1 when it is. */
int tst_apart(void);

/* ---- TST_REMOVE ---- */
/* Remove the object's name from the system: 1 when it was there. */
int tst_remove(ist_kind_e kind, const char *name, int global);

/* ---- TST_FAULTS ---- */
apr_int64_t tst_faults(void);

/* ---- TST_ACCESS ---- */
/* The access that the system really grants; 1 when it could be read. */
int tst_access_of(ist_kind_e kind, const char *name, int global, apr_fileperms_t *access);

/* ---- TST_CLASSES ---- */
/* What the system itself lets members of the group (else anybody) do with a live local
 * object: 6 read and write, 4 read, 0 nothing; -1, and a failed check: anything else. The
 * object is nobody's then, and its access spoilt. */
int tst_class_gets(ist_kind_e kind, const char *name, int group);

/* ---- TST_SET_CLOCK ---- */
/* Put the wall clock forward (back); it is put right when the case ends. */
void tst_clock_jump(apr_int64_t usec);

/* ---- TST_INSTANTS ---- */
typedef void tst_instant_fn_t(void *baton);
/* Run this, once, just before this process next removes a file. It is in the
 * middle of a call of the library then, and must not call it. */
void tst_before_removal(tst_instant_fn_t *run, void *baton);
/* The same, just after it gave a new object its name. */
void tst_after_naming(tst_instant_fn_t *run, void *baton);

/* ---- TST_FILES ---- */
/* As one who may only read an object's file: take every lock on it that can be had, and
 * keep it until the process ends. How many there were; 0: it can't be opened. */
int tst_grab(ist_kind_e kind, const char *name, int global);
/* The same, just before it becomes a holder of what it has seen to be live. */
void tst_before_sharing(tst_instant_fn_t *run, void *baton);

/* ---- always there ---- */
/* Give up the right to make global objects, for good: 1 when the system then denies
 * them, 0 when it knows no such right or doesn't mind. */
int tst_unprivileged(void);

/* ---- TST_LIMIT ---- */
/* No files beyond so many bytes for this process. 1 when done. */
int tst_limit(apr_uint64_t bytes);

/* ---- TST_FAILING ---- */
/* Run fn in a thread of its own, whose nth system call (from 0, of those that have to
 * do with files and shared memory) fails with this error. fn's result; `*failed`
 * is the call's name, NULL when there were not so many. */
apr_status_t tst_failing(tst_thread_fn_t *fn, void *baton, int nth, int error,
                         const char **failed);

/* ---- squatters ---- */

typedef enum tst_squat_e {
    TST_SQUAT_LINK,      /* a symbolic link to a file of text */
    TST_SQUAT_ALIAS,     /* a symbolic link to the object NAME.target of this kind */
    TST_SQUAT_FIFO,      /* a pipe that hangs who opens it */
    TST_SQUAT_FOLDER,
    TST_SQUAT_EMPTY,     /* a file of no bytes */
    TST_SQUAT_SHORT,     /* a file of a few bytes */
    TST_SQUAT_FILE,      /* a file of two pages of text */
    TST_SQUAT_HELD,      /* the same, and somebody else has a lock of all of it */
    TST_SQUAT_SHARED,    /* the same, and the lock is a shared one, as holders have */
    TST_SQUAT_FCNTL,     /* as HELD, by the lock of a process (fcntl) */
    TST_SQUAT_FLOCK,     /* as HELD, by flock */
    TST_SQUAT_STRANGER,  /* an empty file of another user, all may read it [TST_USERS] */
    TST_SQUAT_SECOND,    /* a second name (hard link) of the global object NAME.target */
    TST_SQUAT_BYTES,     /* a copy of the object NAME, under NAME and an ESC more */
    TST_SQUAT_ZEROS,     /* the same, under NAME of a user that is written with zeros */
    TST_SQUAT_NEARLY,    /* a file named like a doorbell of NAME, but for its capitals */
    TST_SQUAT_THEIRS,    /* another user's, all may use it: a copy of the object
                            NAME.target; or a kernel object of the right kind */
    TST_SQUAT_KIND,      /* another kind of kernel object under the native name */
    TST_SQUAT_KIND_PART, /* the same, under the name of a region's mutex */
    TST_SQUAT_KIND_BELL  /* the same, under the name of its doorbell */
} tst_squat_t;

/* Put it where the object would be. 0: this system knows no such thing. */
int tst_squat(tst_squat_t what, ist_kind_e kind, const char *name, int global);
/* Take it away again: 1 when it was still there, untouched. */
int tst_unsquat(void);

/* ---- an object's raw bytes ---- */

typedef struct tst_raw_t {
    unsigned char *base;
    apr_size_t size;
    void *native;
} tst_raw_t;

/* Whether a program that did not start for this status is to be started again: not
 * for anything that a test is about. Counts in `again`, 0 at first. */
int tst_sys_start_again(apr_status_t status, int *again);

/* Map an object's bytes, from its header on; 0 when this kind has none in this system. */
int tst_raw_open(tst_raw_t *raw, ist_kind_e kind, const char *name, int global);
void tst_raw_close(tst_raw_t *raw);

#endif
