/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a test case sees: its table, its names, its checks, its clock.
 *
 * A program is a handful of files that each offer a table of cases; its chief
 * file gathers them in tst_tables, and names the roles that its children may
 * play in tst_roles. A case's name begins with the id of the promise it shows
 * true: "MTX-3 a killed owner's successor is told".
 */
#ifndef TST_H
#define TST_H

#include <CUnit/CUnit.h>
#include <isthmus.h>

typedef struct tst_case_t {
    const char *name; /* promise id, then words; NULL ends a table */
    void (*run)(void);
} tst_case_t;

/* What a child does; its result is the child's exit code. */
typedef int tst_role_fn_t(int argc, const char *const *argv);

typedef struct tst_role_t {
    const char *name; /* NULL ends the table */
    tst_role_fn_t *run;
} tst_role_t;

/* Each program's chief file defines both. */
extern const tst_case_t *const tst_tables[]; /* ended by NULL */
extern const tst_role_t tst_roles[];         /* ended by {NULL, NULL} */

int tst_main(int argc, const char *const *argv);

/* ---- the running case ---- */

/* A pool that lives as long as the case (in a child: as the child). */
apr_pool_t *tst_pool(void);
/* A pool of one's own inside it, for a case that destroys or shares out pools. */
apr_pool_t *tst_subpool(void);
/* An object name that no other case of any program has: BASE or BASE.suffix. */
const char *tst_name(const char *suffix);
/* Such a name of exactly length bytes. */
const char *tst_name_of(apr_size_t length);
/* A string from the case's pool. */
const char *tst_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The case can't be run here: say why, then return from it. */
void tst_skip(const char *reason, ...) __attribute__((format(printf, 1, 2)));
/* The case leaves objects (descriptors) behind on purpose: no check for leaks. */
void tst_leaves(const char *reason);

/* ---- checks: each tells what it found; those with MUST end the case ---- */

int tst_check(int good, int fatal, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
int tst_check_status(apr_status_t got, apr_status_t want, int fatal, const char *call,
                     const char *file, int line);
int tst_check_number(apr_int64_t got, apr_int64_t want, int fatal, const char *what,
                     const char *file, int line);

/* True when the call's status is exactly this one. */
#define TST_STATUS(call, want) tst_check_status((call), (want), 0, #call, __FILE__, __LINE__)
#define TST_MUST_STATUS(call, want) tst_check_status((call), (want), 1, #call, __FILE__, __LINE__)
#define TST_OK(call) tst_check_status((call), APR_SUCCESS, 0, #call, __FILE__, __LINE__)
#define TST_MUST(call) tst_check_status((call), APR_SUCCESS, 1, #call, __FILE__, __LINE__)
/* True when two whole numbers are equal. */
#define TST_NUMBER(got, want) \
    tst_check_number((apr_int64_t)(got), (apr_int64_t)(want), 0, #got, __FILE__, __LINE__)
#define TST_TRUE(condition) tst_check(!!(condition), 0, __FILE__, __LINE__, "%s", #condition)
#define TST_MUST_TRUE(condition) tst_check(!!(condition), 1, __FILE__, __LINE__, "%s", #condition)
/* A check with words of one's own: TST_SAY(x < y, "x is %d", x). */
#define TST_SAY(condition, ...) tst_check(!!(condition), 0, __FILE__, __LINE__, __VA_ARGS__)

/* A number in text: printf's ways with 64 bits differ between systems. */
const char *tst_digits(apr_int64_t number);

/* "IST_ABANDONED", "APR_EBUSY"... or a number. */
const char *tst_status_name(apr_status_t status);

/* ---- time ---- */

/* Microseconds of a clock that nobody sets. */
apr_int64_t tst_now(void);
/* A loose limit, stretched for slow machines by IST_TEST_TIME_FACTOR. */
apr_int64_t tst_scaled(apr_int64_t usec);
/* A number below limit; each run has its own (printed) seed. */
apr_uint32_t tst_random(apr_uint32_t limit);

/* ---- threads of the running process ---- */

typedef struct tst_thread_t tst_thread_t;
typedef apr_status_t tst_thread_fn_t(void *baton);

tst_thread_t *tst_thread_start(tst_thread_fn_t *run, void *baton);
/* 1 when it has ended, waiting for that for some microseconds at most. */
int tst_thread_ended(tst_thread_t *thread, apr_int64_t usec);
/* Wait for its end; its result. TST_STATUS_LATE fails the case. */
apr_status_t tst_thread_join(tst_thread_t *thread);
/*
 * Wait until it sleeps inside a wait. Where the system doesn't tell, look
 * whether it goes on without an answer for a short while. 0: it went on.
 */
int tst_thread_blocked(tst_thread_t *thread);
/* Run something in a new thread that ends; its result. */
apr_status_t tst_in_thread(tst_thread_fn_t *run, void *baton);

/* What helpers return when an answer did not come in time, or never will. */
#define TST_STATUS_LATE (APR_OS_START_USERERR + 9001)
#define TST_STATUS_GONE (APR_OS_START_USERERR + 9002)
#define TST_STATUS_WHAT (APR_OS_START_USERERR + 9003) /* a command not understood */

#endif
