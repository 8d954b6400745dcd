/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the shared code's files offer one another. An object here is this
 * process's one view of a system object, however many handles it has.
 */
#ifndef ISTI_INTERNAL_H
#define ISTI_INTERNAL_H

#include "os.h"
#include "spin.h"

#define ISTI_LIKELY(condition)   __builtin_expect(!!(condition), 1)
#define ISTI_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define ISTI_ALWAYS_INLINE       inline __attribute__((always_inline))

#define ISTI_NANO 1000  /* nanoseconds in a microsecond */

/* How long a thread sleeps before it looks again by itself. A process that
 * was woken and killed before it could act takes the wake-up with it; the
 * slice bounds how long the others sleep on (SEM-4, MTX-4: 250 ms). */
#define ISTI_SLICE (INT64_C(100) * 1000 * 1000)

/* A queue's: who waits there may be idle for days, and each look costs. */
#define ISTI_SLICE_LONG (2 * ISTI_SLICE)

/* ---- threads ---------------------------------------------------------- */

typedef struct isti_thread_t {
    ist_os_deadline_t slice; /* when its current slice ends: see isti_lock_on() */
    uint64_t id;             /* never 0, never reused in a process */
    uint32_t held;           /* mutexes that it owns now */
} isti_thread_t;

/* Initial-exec: one instruction to reach, where the format has it. */
#if defined(__ELF__)
#  define ISTI_TLS __attribute__((tls_model("initial-exec")))
#else
#  define ISTI_TLS
#endif
extern _Thread_local isti_thread_t isti_thread ISTI_TLS;

/* A thread before its first lock: it owns nothing, and by its count may lock
 * nothing, which a lock call has to ask anyway. */
#define ISTI_THREAD_NEW {.id = UINT64_MAX, .held = UINT32_MAX}

/* Give the calling thread its id, if it has none. */
void isti_thread_begin(void);

/* How often this process is a fork's child, all forks of its line counted. */
extern uint32_t isti_forks;

/* ---- objects ------------------------------------------------------------ */

/* A mutex, as this process knows it. */
typedef struct isti_owner_t {
    _Atomic(uint64_t) id;        /* a thread's; 0: none of this process */
    ist_os_mutex_t *mutex;
    uint32_t deeper;             /* locks of the owner's beyond its first */
    isti_spin_t spin;            /* whether to try for a while before sleeping */
} isti_owner_t;

typedef struct isti_count_t {
    isti_count_slot_t *slot;     /* in the header; NULL without one */
    uint32_t maximum;            /* copied once, for others may write there */
    isti_spin_t spin;            /* whether to poll the word before sleeping */
} isti_count_t;

typedef struct isti_object_t {
    struct isti_object_t *next;  /* in the registry */
    uint32_t handles;            /* 0: lingers for the owner of a lock */
    int gone;                    /* closed by a fork; its handles do not know yet */
    isti_owner_t owner[ISTI_PARTS_MAX];
    isti_count_t count[ISTI_PARTS_MAX];
    ist_os_object_t os;
    ist_os_spec_t spec;
    char key[IST_OS_KEY_MAX];
} isti_object_t;

/* A handle of any kind; the public types are this. */
typedef struct isti_handle_t {
    isti_object_t *object;       /* NULL: closed */
    isti_owner_t *owner[ISTI_PARTS_MAX]; /* the object's, one step nearer */
    apr_pool_t *pool;
    int created;
} isti_handle_t;

/* The arguments of an open call, as the caller gave them. */
typedef struct isti_request_t {
    ist_kind_e kind;
    const char *name;
    apr_size_t size;
    apr_uint32_t initial;
    apr_uint32_t maximum;
    apr_uint32_t flags;
    apr_fileperms_t access;
    apr_pool_t *pool;
} isti_request_t;

/* Check a request: the answers of GEN-3. */
apr_status_t isti_request_check(const isti_request_t *request);

/* Open it, sharing what the process has open already. */
apr_status_t isti_open(isti_handle_t **handle, const isti_request_t *request);

/* Close a handle. APR_SUCCESS, APR_EINVAL or APR_EBUSY. */
apr_status_t isti_close(isti_handle_t *handle);

static inline isti_object_t *isti_object(const isti_handle_t *handle)
{
    return handle == NULL ? NULL : handle->object;
}

static inline void *isti_base(const isti_handle_t *handle)
{
    isti_object_t *object = isti_object(handle);
    return object == NULL ? NULL : (char *)object->os.header + ISTI_HEADER_SIZE;
}

static inline apr_size_t isti_size(const isti_handle_t *handle)
{
    isti_object_t *object = isti_object(handle);
    return object == NULL ? 0 : (apr_size_t)object->os.size;
}

static inline int isti_created(const isti_handle_t *handle)
{
    return isti_object(handle) != NULL && handle->created;
}

/* ---- the registry: this process's objects; all inside the guard ---------- */

void isti_registry_add(isti_object_t *object);
void isti_registry_remove(isti_object_t *object);

/* The object that a spec means, or NULL. */
isti_object_t *isti_registry_find(const ist_os_spec_t *spec);

/* Call `each` for all; it may remove its object. */
void isti_registry_each(void (*each)(isti_object_t *object, void *baton), void *baton);

/* Whether a thread of this process owns a lock of the object. */
int isti_object_owned(const isti_object_t *object);

/* A queue's claim on a side has this many bytes: its kind, from the first instant. */
#define ISTI_CLAIM_SOLE   1
#define ISTI_CLAIM_SHARED 2

/* Close an object whose handles stay, good for nothing more. */
void isti_object_forsake(isti_object_t *object);

/* Close an object that has no handle and no owner left, and free it. */
void isti_object_close(isti_object_t *object);

/* ---- waiting --------------------------------------------------------------- */

/* One try of up to a slice: APR_TIMEUP means that it was in vain, for whatever
 * reason: look at the clock. */
typedef apr_status_t isti_try_fn(void *what, const ist_os_deadline_t *deadline);

/* When a timeout from now ends; INT64_MAX for ever, or beyond all clocks. */
int64_t isti_deadline(int64_t now, apr_interval_time_t timeout);

/* Try, slice by slice, until the deadline; once if that is over. */
apr_status_t isti_sliced(isti_try_fn *attempt, void *what, int64_t deadline);

/* The sleepers of a count slot, its word's high half: go on the list, go off it
 * (0 when a waker has done so already), take up to n off it to wake them. */
void isti_enlist(isti_count_slot_t *slot);
int isti_delist(isti_count_slot_t *slot);
uint32_t isti_rouse(isti_count_slot_t *slot, uint32_t n);

/* ---- the operations --------------------------------------------------------- */

/* isti_lock() and isti_unlock() are in lock.h. */
apr_status_t isti_trylock(isti_handle_t *handle, uint32_t i);
apr_status_t isti_timedlock(isti_handle_t *handle, uint32_t i, apr_interval_time_t timeout);

apr_status_t isti_wait(isti_handle_t *handle, uint32_t i);
apr_status_t isti_trywait(isti_handle_t *handle, uint32_t i);
apr_status_t isti_timedwait(isti_handle_t *handle, uint32_t i, apr_interval_time_t timeout);
apr_status_t isti_post(isti_handle_t *handle, uint32_t i, uint32_t n, uint32_t *previous);
apr_status_t isti_value(const isti_handle_t *handle, uint32_t i, uint32_t *value);

#endif
