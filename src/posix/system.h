/* SPDX-License-Identifier: Apache-2.0 */
/* What the POSIX backend keeps in an object, and its files offer one another. */
#ifndef IST_SYSTEM_H
#define IST_SYSTEM_H

#include <semaphore.h>
#include <sys/types.h>
#include <time.h>

/* A lock is little more than libc's: a call on the way there would show. */
#define ISTI_INLINE        static inline
#define ISTI_INLINE_HEADER "posix/inline.h"

/* "ist.k.4294967295." and a name; see docs/layout.md. */
#define IST_OS_KEY_MAX 224

typedef struct ist_os_deadline_t {
    struct timespec time;
} ist_os_deadline_t;

/* It lies in the object's header. */
typedef isti_lock_slot_t ist_os_mutex_t;

typedef struct ist_os_parts_t {
    size_t length; /* bytes mapped, header included */
    dev_t device;  /* which file it is */
    ino_t inode;
    uint64_t nonce;
    uint64_t space;              /* the PID namespace of its mutexes */
    sem_t *bell[ISTI_PARTS_MAX]; /* one for each semaphore */
} ist_os_parts_t;

#endif
