/* SPDX-License-Identifier: Apache-2.0 */
/*
 * THE boundary: all that a backend provides; nothing else crosses it.
 *
 * An object is a composition: some mutexes, some semaphores, some bytes, born
 * and dying as one. So there is one open and one close for all kinds, lock
 * and unlock of its i-th mutex, wait and post of its i-th semaphore.
 *
 * What a backend may rely on: pointers are not NULL, names are encoded and
 * short enough, counts and access are in range, a wait is bounded by a slice.
 * What it owes: it neither validates, allocates from a pool, retries, logs
 * nor waits for anything but what ist_os_lock, ist_os_wait and ist_os_pause
 * are for; each function gives the outcomes named here, and otherwise the
 * system's own code through APR_FROM_OS_ERROR, taken before any clean-up; a
 * failed call leaves nothing behind; no call is a cancellation point.
 *
 * Open, close, list and sweep run inside the guard, one thread at a time.
 */
#ifndef IST_OS_H
#define IST_OS_H

#include "layout.h"

#include <isthmus.h>

#include "system.h" /* the backend's: ist_os_parts_t, ist_os_mutex_t, ist_os_deadline_t,
                       IST_OS_KEY_MAX; perhaps ISTI_INLINE, `static inline`, and then
                       ISTI_INLINE_HEADER, which has the functions so marked */
#ifndef ISTI_INLINE
#  define ISTI_INLINE
#endif

typedef enum ist_os_mode_e {
    IST_OS_OPEN,       /* what exists */
    IST_OS_CREATE,     /* what exists, or anew */
    IST_OS_CREATE_ONLY /* anew */
} ist_os_mode_e;

/* What is asked of an open call. */
typedef struct ist_os_spec_t {
    const char *key;         /* from ist_os_encode() */
    ist_kind_e kind;
    int global;
    int read_only;           /* only with IST_OS_OPEN, and without locks */
    uint32_t mutexes;        /* how many of each: ISTI_PARTS_MAX at most */
    uint32_t semaphores;
    uint64_t size;           /* bytes of data, to create it with */
    uint32_t initial;        /* of each semaphore, to create it with */
    uint32_t maximum;
    apr_fileperms_t access;  /* valid, and never the default: to create it with */
} ist_os_spec_t;

/* An open object. The memory is the caller's, zeroed before the open. */
typedef struct ist_os_object_t {
    isti_header_t *header;   /* as mapped; NULL where the system keeps it all (Win32
                                mutexes and semaphores) */
    uint64_t size;           /* bytes of data, which start ISTI_HEADER_SIZE behind header */
    int created;             /* by this open */
    ist_os_parts_t parts;
} ist_os_object_t;

/* ---- names ---------------------------------------------------------- */

/* Write the key of an object: what tells (kind, scope, user, name) apart, the
 * user being the caller as of now. APR_SUCCESS, or the system's code when it
 * can't tell who the user is. */
apr_status_t ist_os_encode(char key[IST_OS_KEY_MAX], ist_kind_e kind, int global,
                           const char *name);

/* ---- birth and death ------------------------------------------------ */

/* Open or make an object, all parts or none.
 *
 * An object made has `spec`'s size (zeroed, its memory there), counts and
 * access, exactly and from the first instant that others see it. An object
 * found may have any size and counts. Bytes read from shared memory are
 * copied once and checked by isti_header_check(). In an object with a header the
 * count slots are the semaphores and the system's semaphores, which start
 * at 0 and without a maximum of their own, only ring (ist_os_wait, ist_os_post).
 *
 * APR_SUCCESS; APR_ENOENT (only IST_OS_OPEN); APR_EEXIST (only
 * IST_OS_CREATE_ONLY); APR_EACCES; APR_ENOMEM; APR_ENOSPC; IST_EFOREIGN,
 * IST_ECORRUPT, IST_EVERSION, IST_EABI, IST_ENAMESPACE; APR_EAGAIN: another
 * process is in the middle of opening or closing it, or it just vanished:
 * leave the guard, and try again. */
apr_status_t ist_os_open(ist_os_object_t *object, const ist_os_spec_t *spec, ist_os_mode_e mode);

/* Close it. The last process to do so frees the name. */
void ist_os_close(ist_os_object_t *object, const ist_os_spec_t *spec);

/* Whether the key still names this open object: 0 when its file was removed. */
int ist_os_current(const ist_os_object_t *object, const ist_os_spec_t *spec);

/* ---- mutexes and semaphores ----------------------------------------- */

/* When a wait has to end, prepared once for many waits: ist_os_now() time, where
 * the past, and a zeroed one, mean not to sleep. NULL means that too, and in
 * addition not even to look whether others queue. */
void ist_os_until(ist_os_deadline_t *deadline, int64_t time);

/* The i-th mutex of an open object, for as long as it is open, or until a fork: a
 * child asks again. */
ist_os_mutex_t *ist_os_mutex(ist_os_object_t *object, uint32_t i);

/* Lock a mutex. The calling thread does not own it.
 * APR_SUCCESS; IST_ABANDONED: owned, its last owner died, and so with a header
 * whenever the bytes may be half-written; APR_TIMEUP: the deadline came, or the
 * wait ended for no reason: look at the clock. */
ISTI_INLINE apr_status_t ist_os_lock(ist_os_mutex_t *mutex, const ist_os_deadline_t *deadline);

/* Unlock a mutex, which the calling thread owns, once. */
ISTI_INLINE apr_status_t ist_os_unlock(ist_os_mutex_t *mutex);

/* The calling thread, which owns the mutex, is about to end: see that
 * the mutex can be closed at any time from now on, and that the next to lock
 * it is told IST_ABANDONED, as by a death. */
void ist_os_abandon(ist_os_mutex_t *mutex);

/* Take a unit of the i-th system semaphore. APR_SUCCESS, or APR_TIMEUP as above. */
apr_status_t ist_os_wait(ist_os_object_t *object, uint32_t i, const ist_os_deadline_t *deadline);

/* Add n units, 1 or more, to the i-th system semaphore. Without a header:
 * all or none, IST_EOVERFLOW past its maximum, and *previous (may be NULL) is
 * the exact count before. With one: as many as it takes; *previous is
 * untouched. On POSIX safe in a signal handler. */
apr_status_t ist_os_post(ist_os_object_t *object, uint32_t i, uint32_t n, uint32_t *previous);

/* The count and the maximum of the i-th semaphore of an object without a header. */
apr_status_t ist_os_count(const ist_os_object_t *object, uint32_t i, uint32_t *count,
                          uint32_t *maximum);

/* ---- all objects ---------------------------------------------------- */

/* Sees one object; `info->name` is gone after the return. */
typedef apr_status_t ist_os_seen_fn(void *baton, const ist_info_t *info);

/* Show every object that the caller may see, changing nothing. APR_SUCCESS,
 * or what `seen` returned to end it. */
apr_status_t ist_os_list(ist_os_seen_fn *seen, void *baton);

/* Remove what dead processes left, and count the objects removed. */
apr_status_t ist_os_sweep(uint32_t *removed);

/* ---- this process, its threads and time ------------------------------ */

/* Nanoseconds, 1 or more, of a clock that nobody sets. */
int64_t ist_os_now(void);

/* How many processors the machine has, 1 or more: also for a process that keeps to
 * one of them, for its partner may have another. */
uint32_t ist_os_cores(void);

/* Let others run, for about so many microseconds. */
void ist_os_pause(uint32_t microseconds);

/* One thread of this process at a time, and no fork meanwhile. Not recursive.
 * From enter to leave the thread can't be cancelled. */
void ist_os_enter(void);
void ist_os_leave(void);

/* See that isti_thread_ended(id) runs in the calling thread when it ends. */
void ist_os_watch_thread(uint64_t id);

/* ---- what backends call in turn -------------------------------------- */

/* Fill a header's fixed fields, all but `born`. */
void isti_header_fill(isti_header_t *header, ist_kind_e kind, uint32_t abi, uint64_t space,
                      uint64_t nonce);

/* Check a private copy of a header; `length` is the bytes that the object has
 * in the system, header included, rounded up to `grain`. APR_SUCCESS,
 * IST_EFOREIGN, IST_ECORRUPT, IST_EVERSION, IST_EABI or IST_ENAMESPACE; then,
 * with 0 in `born`, APR_EAGAIN: it is being made. */
apr_status_t isti_header_check(const isti_header_t *copy, ist_kind_e kind, uint32_t abi,
                               uint64_t space, uint64_t length, uint64_t grain);

/* What an object of a kind is made of. */
typedef struct isti_kind_t {
    ist_kind_e kind;
    uint32_t mutexes;
    uint32_t semaphores;
    int sized;          /* it has bytes of its own, as many as asked */
    apr_uint32_t flags; /* of open calls, for this kind alone */
} isti_kind_t;

/* The kind that has this letter, or NULL. */
const isti_kind_t *isti_kind(int letter);

/* Check an object's name: APR_SUCCESS, APR_EINVAL or APR_ENAMETOOLONG. */
apr_status_t isti_name_check(const char *name);

/* A thread that was watched by this id ends. Outside the guard. Its thread-local
 * variables may be gone. */
void isti_thread_ended(uint64_t id);

/* In the child of a fork, inside the guard: its thread owns nothing. */
void isti_forked(void);

#ifdef ISTI_INLINE_HEADER
#  include ISTI_INLINE_HEADER
#endif

#endif
