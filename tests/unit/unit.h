/* SPDX-License-Identifier: Apache-2.0 */
/* What the unit tests share: shared code over the fake backend, case by case. */
#ifndef UNIT_H
#define UNIT_H

#include "fake.h"
#include "tst.h"

/* A code of the system's own, which os.h names nowhere. */
#define UNIT_ERROR APR_FROM_OS_ERROR(71)

#define UNIT_MS (INT64_C(1000) * 1000) /* in nanoseconds of the clock */

/* The call is refused, and the system hears nothing of it. */
#define UNIT_REFUSED(call, status)                                                                 \
    do {                                                                                           \
        uint32_t before = fake_total();                                                            \
        TST_STATUS(call, status);                                                                  \
        TST_SAY(fake_total() == before, "%s reached the system", #call);                           \
    } while (0)

/* ---- objects of the running case, made if need be, in its pool ---- */

ist_mutex_t *unit_mutex(const char *name);
ist_semaphore_t *unit_semaphore(const char *name, apr_uint32_t initial, apr_uint32_t maximum);
ist_shm_t *unit_shm(const char *name, apr_size_t size);
ist_region_t *unit_region(const char *name, apr_size_t size);

/* What shared code keeps of a handle's object. */
isti_object_t *unit_object(void *handle);

/* Nothing is open, allocated or in the registry. */
void unit_nothing_left(const char *when);

/* The calling thread is one that never locked; how many mutexes it holds. */
void unit_new_thread(void);
uint32_t unit_held(void);

/* Look at the clock without the system's knowing. */
int64_t unit_now(void);

/* Run something in so many threads that end as threads should. */
void unit_threads(int count, void (*run)(void *baton), void *baton);

/* The cases, by file. */
extern const tst_case_t unit_arguments[];
extern const tst_case_t unit_counts[];
extern const tst_case_t unit_ends[];
extern const tst_case_t unit_failures[];
extern const tst_case_t unit_handles[];
extern const tst_case_t unit_headers[];
extern const tst_case_t unit_listing[];
extern const tst_case_t unit_opening[];
extern const tst_case_t unit_owners[];
extern const tst_case_t unit_polling[];
extern const tst_case_t unit_sharing[];
extern const tst_case_t unit_sleepers[];
extern const tst_case_t unit_times[];
extern const tst_case_t unit_words[];

#endif
