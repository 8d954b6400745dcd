/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A backend of which tests are the masters: its objects lie in this process's
 * memory, its clock stands until somebody waits or a test moves it, every
 * call of it is counted and can fail, and what waits come to can be scripted.
 *
 * It holds shared code to os.h: a call that breaks a precondition is noted,
 * and fails the case. Threads may use it as they use a real one.
 */
#ifndef FAKE_H
#define FAKE_H

#include "internal.h"

typedef enum fake_call_e {
    FAKE_NONE,
    FAKE_ENCODE,
    FAKE_OPEN,
    FAKE_CLOSE,
    FAKE_CURRENT,
    FAKE_UNTIL,
    FAKE_MUTEX,
    FAKE_LOCK,
    FAKE_UNLOCK,
    FAKE_ABANDON,
    FAKE_WAIT,
    FAKE_POST,
    FAKE_COUNT,
    FAKE_LIST,
    FAKE_SWEEP,
    FAKE_NOW,
    FAKE_PAUSE,
    FAKE_ENTER,
    FAKE_LEAVE,
    FAKE_WATCH,
    FAKE_ALLOCATE, /* of shared code's own: not in os.h */
    FAKE_CALLS
} fake_call_e;

#define FAKE_LOG   64 /* sleeps and pauses that are remembered */
#define FAKE_TURNS 16
#define FAKE_ABI   0x0f0f0f0fu /* in the header of what has locks */
#define FAKE_SPACE UINT64_C(4026531836)
#define FAKE_NONCE UINT64_C(0x5eed5eed5eed5eed)
#define FAKE_START (INT64_C(1000) * 1000 * 1000) /* what the clock shows first */
#define FAKE_AS_IS (-1)                          /* a turn that ends as the object's state says */
#define FAKE_WHOLE (-1)                          /* a turn that lasts until its deadline */

/* An object in the system. */
typedef struct fake_thing_t {
    struct fake_thing_t *next;
    int named;        /* its key means it */
    uint32_t holders; /* views of shared code's */
    uint32_t others;  /* other processes that have it open */
    char key[IST_OS_KEY_MAX];
    ist_os_spec_t spec;    /* as it was made */
    isti_header_t *header; /* NULL where there is none */
    void *memory;
    ist_os_mutex_t lock[ISTI_PARTS_MAX];
    uint32_t bell[ISTI_PARTS_MAX]; /* rings; without a header the count */
} fake_thing_t;

/* How one sleep of a lock or wait goes. */
typedef struct fake_turn_t {
    apr_status_t status; /* or FAKE_AS_IS */
    int64_t lasts;       /* nanoseconds, or FAKE_WHOLE */
} fake_turn_t;

typedef struct fake_t {
    /* What a test sets. */
    int bare;         /* mutexes and semaphores have no header, as on Windows */
    uint32_t again;   /* so many opens more answer APR_EAGAIN; UINT32_MAX: all */
    uint32_t fail_at; /* the n-th fallible call from now fails; 0: none */
    apr_status_t fail_with;
    fake_turn_t turn[FAKE_TURNS]; /* for the next sleeps; zeroed ones are none */
    uint32_t turns;
    void (*meanwhile)(void *baton); /* what others do while somebody sleeps */
    void *baton;
    void (*looked)(void *baton); /* what they do at each look at the clock */
    int64_t tick; /* the clock moves on by so much at each look */

    /* What it sees. */
    _Atomic(uint32_t) calls[FAKE_CALLS];
    _Atomic(uint32_t) fallible;
    uint32_t cores; /* below 2: nobody polls */
    _Atomic(int64_t) now;
    fake_call_e failed;         /* the call that was failed */
    _Atomic(int32_t) allocated; /* by shared code and not freed */
    _Atomic(int32_t) clean_ups; /* registered with pools and not killed */
    int64_t slept[FAKE_LOG];    /* how far ahead the deadline of each sleep was */
    _Atomic(uint32_t) sleeps;
    uint32_t paused[FAKE_LOG]; /* microseconds */
    uint32_t pauses;
    uint32_t turn_at;
    char broken[160]; /* the first precondition that was not kept */
} fake_t;

extern fake_t fake;
extern const void *const fake_other; /* the owner of a lock in another process */

/* ---- for tests ---------------------------------------------------------- */

/* As new, with no object. */
void fake_reset(void);

/* What there is that should not be after everything was closed; NULL: nothing. */
const char *fake_left(void);

/* Boundary calls so far, of every sort. */
uint32_t fake_total(void);

/* The n-th fallible call from now fails; 0: none does. */
void fake_fail(uint32_t n, apr_status_t status);

/* The object of this process's scope that bears a name; NULL: none. */
fake_thing_t *fake_find(ist_kind_e kind, const char *name);

/* Another process made one, and has it open. */
fake_thing_t *fake_make(ist_kind_e kind, const char *name, uint64_t size, uint32_t initial,
                        uint32_t maximum);

/* Other processes let go of it; it may be gone then. */
void fake_others_close(fake_thing_t *thing);

/* Its name is removed, under its holders. */
void fake_unname(fake_thing_t *thing);

/* This process is the child of a fork now: the parent has what it had. */
void fake_fork(void);

/* The tests': a case makes calls for ever, and this is its end. */
void fake_endless(void);

/* ---- for its own files ---------------------------------------------------- */

/* Count a call; 1: it fails, with fake.fail_with. */
int fake_called(fake_call_e call);
int fake_fails(fake_call_e call);

/* Note that shared code broke a rule, unless `kept`. */
void fake_expect(int kept, const char *rule);

/* Whether the calling thread is in the guard; who it is. */
int fake_inside(void);
const void *fake_self(void);

/* One thread at a time in the objects' state. */
void fake_hold(void);
void fake_release(void);

/* A sleep of up to a deadline; what `tried` says then. */
typedef apr_status_t fake_try_fn(void *what);
apr_status_t fake_sleep(fake_try_fn *tried, void *what, const ist_os_deadline_t *deadline);

#endif
