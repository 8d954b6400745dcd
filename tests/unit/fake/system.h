/* SPDX-License-Identifier: Apache-2.0 */
/* What the fake backend keeps in an object, where shared code keeps it. */
#ifndef IST_SYSTEM_H
#define IST_SYSTEM_H

#define IST_OS_KEY_MAX 224

typedef struct ist_os_deadline_t {
    int64_t time;
} ist_os_deadline_t;

/* In the system, whoever has it open. */
typedef struct ist_os_mutex_t {
    const void *owner; /* a thread, or fake_other; NULL: none */
    int died;          /* the next to lock it is told */
} ist_os_mutex_t;

typedef struct ist_os_parts_t {
    struct fake_thing_t *thing;
} ist_os_parts_t;

#endif
