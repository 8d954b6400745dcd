/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Children: the test program itself in a named role, talked to line by line.
 *
 * All children of a case are killed and waited for when it ends, and when its
 * deadline passes. A child that doesn't answer in time is killed, and fails
 * the case by the name of its role.
 */
#ifndef TST_PEER_H
#define TST_PEER_H

#include "tst.h"

typedef struct tst_peer_t tst_peer_t;

/*
 * Start a child in a role of the program's table; arguments end with NULL.
 * Ends the case when it can't be started.
 */
tst_peer_t *tst_role_start(const char *role, ...) __attribute__((sentinel));
/* A child in the role "remote", below; it is ready to be talked to. */
tst_peer_t *tst_peer_start(void);

/* Lines to and from a child of any role. NULL: no line came (case fails). */
void tst_peer_say(tst_peer_t *peer, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *tst_peer_hear(tst_peer_t *peer);
/* Hear a line and check that it is this one. */
int tst_peer_expect(tst_peer_t *peer, const char *line);
/* A child's own side: say a line to the parent; hear one (NULL: parent gone). */
void tst_tell(const char *format, ...) __attribute__((format(printf, 1, 2)));
const char *tst_listen(void);

/* ---- how children end ---- */

/* Kill it (SIGKILL, TerminateProcess) and wait until the system has ended it. */
void tst_peer_kill(tst_peer_t *peer);
/* Kill it, without waiting. */
void tst_peer_shoot(tst_peer_t *peer);
/* Wait for it to end by itself; its exit code, or -1 when it was a crash or kill. */
int tst_peer_wait(tst_peer_t *peer);
/* Remote: leave by exit(0), closing nothing first; waited for. */
void tst_peer_exit(tst_peer_t *peer);
long tst_peer_pid(const tst_peer_t *peer);

/* ---- the role "remote": does as it is told ----
 *
 * A command is one line; S is a slot for a handle, 0 to 63.
 *
 *   open S KIND NAME FLAGS SIZE MAX ACCESS   KIND m s d r q; SIZE is a semaphore's
 *                       initial count too, or a queue's message size and MAX its
 *                       capacity; numbers in C notation; value: created
 *   close S             created S        size S        base S (value: address % 2^31)
 *   lock S              trylock S        timedlock S USEC         unlock S
 *   wait S              trywait S        timedwait S USEC
 *   post S N            value: the count before     notify S
 *   value S             maximum S
 *   write S OFFSET BYTE                  read S OFFSET (value: the byte)
 *   fill S OFFSET LENGTH BYTE            same S OFFSET LENGTH BYTE (value: 1 if all are)
 *   send S SIZE SEED [USEC]              a message of tst_message_fill(); waits USEC,
 *                       for ever without; trysend likewise
 *   receive S [USEC]    value: tst_message_value(); tryreceive likewise
 *   burst S N SIZE SEED [USEC]           N messages at once; value: how many were sent
 *   gather S N [USEC]   N at most at once; value: how many came, -1: they're wrong
 *   reserve S SIZE USEC                  commit S SIZE SEED        cancel S
 *   peek S USEC         value as of receive                        release S    putback S
 *   pool S              destroy the pool of slot S's handle
 *   sweep               value: how many were removed
 *   thread COMMAND      the same in a new thread, that ends then
 *   loop COMMAND / COMMAND / ...         for ever, until killed; answers at once;
 *                       (with "loop N ..." N times, answers after them)
 *   held N NAME         open and lock N fresh mutexes NAME.0 to NAME.(N-1)
 *   exit CODE           no answer        die     killed by itself, no answer
 *   abort               crash            (both: no answer)
 *   exec                become a fresh remote by exec; answers from there   [TST_EXEC]
 *   fork                a child answers from now on, until it ends; then the
 *                       parent answers again with the child's exit code     [TST_FORK]
 *   orphan              the same, and the parent exits at once              [TST_FORK]
 *   user UID [GID]      become another user, in that group too              [TST_USERS]
 *   umask MASK                                                              [TST_UMASK]
 *   grab KIND NAME GLOBAL  value: how many locks a reader could get  [TST_FILES]
 *   unprivileged        value: 1 when global objects are denied it now
 *   limit BYTES         no larger files                                 [TST_LIMIT]
 *   signals RESTART     count the test signal; RESTART 0 or 1               [TST_SIGNALS]
 *   signalled           value: how many came                                [TST_SIGNALS]
 *   faults              value: page faults so far                           [TST_FAULTS]
 *   pid                 value: its process id
 *
 * Each is answered by a status and a value. A forked child of it leaves by
 * "exit", "die"... like any other.
 */

/* Do one command: its status. */
apr_status_t tst_peer_do(tst_peer_t *peer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The same; value receives the answer's value. */
apr_status_t tst_peer_ask(tst_peer_t *peer, apr_int64_t *value, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Begin one, and see to its answer later. */
void tst_peer_begin(tst_peer_t *peer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* 1 when the answer is there, waiting for it for some microseconds at most. */
int tst_peer_answered(tst_peer_t *peer, apr_int64_t usec);
/* Wait for the answer: its status. value may be NULL. */
apr_status_t tst_peer_end(tst_peer_t *peer, apr_int64_t *value);
/*
 * After tst_peer_begin: wait until the child sleeps inside a wait. Where the
 * system doesn't tell, look whether it stays without an answer for a short
 * while. 0: it answered.
 */
int tst_peer_blocked(tst_peer_t *peer);

/* Open in a child, by kind. Access 0 is the default. */
apr_status_t tst_peer_open(tst_peer_t *peer, int slot, ist_kind_e kind, const char *name,
                           apr_uint32_t flags, apr_uint64_t size, apr_uint32_t maximum,
                           apr_fileperms_t access);

/* ---- the same handles, kind as a value, in the process at hand ---- */

typedef struct tst_handle_t {
    ist_kind_e kind;
    ist_mutex_t *mutex;
    ist_semaphore_t *semaphore;
    ist_shm_t *shm;
    ist_region_t *region;
    ist_queue_t *queue;
    void *place; /* what was reserved last */
} tst_handle_t;

/* A queue's messages in tests: of any size, each byte one more than the one
 * before it, from a seed's low byte on. */
void tst_message_fill(void *data, apr_size_t size, apr_uint32_t seed);
/* What it is: its size, and its first byte times 2^32; -1 when it is none. */
apr_int64_t tst_message_value(const void *data, apr_size_t size);
#define TST_MESSAGE(size, seed) \
    ((apr_int64_t)(size) | ((size) > 0 ? (apr_int64_t)((seed) & 255) << 32 : 0))
/* The largest message of these. */
#define TST_MESSAGE_MAX 70000

/* All kinds, for cases that go through them. */
#define TST_KINDS 5
extern const ist_kind_e tst_kinds[TST_KINDS];
const char *tst_kind_name(ist_kind_e kind);

/* Sizes: segments, regions; initial and maximum count: semaphores. */
apr_status_t tst_open_as(tst_handle_t *handle, ist_kind_e kind, const char *name,
                         apr_uint32_t flags, apr_uint64_t size, apr_uint32_t maximum,
                         apr_fileperms_t access, apr_pool_t *pool);
/* With a size (count) and maximum that suit every kind: 4096 (0), 10. */
apr_status_t tst_open(tst_handle_t *handle, ist_kind_e kind, const char *name,
                      apr_uint32_t flags, apr_pool_t *pool);
apr_status_t tst_close(tst_handle_t *handle);
int tst_created(const tst_handle_t *handle);
/* NULL handle pointers are answered by the library. */
void *tst_base(const tst_handle_t *handle);
apr_size_t tst_size(const tst_handle_t *handle);
/* 1 when the library knows such an object, 0 when not. Looking only. */
int tst_exists(ist_kind_e kind, const char *name, apr_uint32_t flags);

#endif
