/* SPDX-License-Identifier: Apache-2.0 */
/* What the Win32 backend keeps in an object. */
#ifndef IST_SYSTEM_H
#define IST_SYSTEM_H

/* "Lk-0123456789abcdef-" and a name; see names.c. */
#define IST_OS_KEY_MAX 224

typedef struct ist_os_deadline_t {
    int64_t time; /* ist_os_now() time */
} ist_os_deadline_t;

/* HANDLEs are pointers: shared code need not see <windows.h>. */
typedef struct ist_os_mutex_t {
    void *handle;
    isti_lock_slot_t *slot;  /* in the header; NULL without one */
} ist_os_mutex_t;

/* A name lives as long as a handle, not as a view: the section's is kept. */
typedef struct ist_os_parts_t {
    ist_os_mutex_t mutex[ISTI_PARTS_MAX];
    void *semaphore[ISTI_PARTS_MAX];
    void *section;           /* NULL without a header */
} ist_os_parts_t;

#endif
