/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long things go on: counts of rounds, bounds on time, and gates that
 * threads of the running process wait at for one another.
 */
#ifndef TST_PACE_H
#define TST_PACE_H

#include "tst.h"

/* So many rounds on a fast machine; fewer, but never less than 3, on one that
 * IST_TEST_TIME_FACTOR calls slow. */
int tst_rounds(int rounds);

/* How late the end of a wait may come, beyond what it waits for. */
#define TST_LATE_USEC APR_USEC_PER_SEC

/* Check that what began at start (tst_now) took least microseconds or more,
 * and not over TST_LATE_USEC (scaled) longer. */
#define TST_TOOK(start, least) tst_check_took((start), (least), __FILE__, __LINE__)
int tst_check_took(apr_int64_t start, apr_int64_t least, const char *file, int line);

/* The median of some numbers, which it sorts. */
apr_int64_t tst_median(apr_int64_t *numbers, int count);

/* How long the same thing took, round after round. The median is what counts:
 * it tells what wakes a sleeper from what it would find by itself when it looks
 * again, and a machine that is busy once or twice doesn't change it. */
#define TST_LAPS_MAX 64
typedef struct tst_laps_t {
    int count;
    apr_int64_t usec[TST_LAPS_MAX];
} tst_laps_t;
/* A lap that began at start (tst_now) ends. */
void tst_lap(tst_laps_t *laps, apr_int64_t start);
/* Check that the median is less than this (scaled). */
#define TST_PROMPT(laps, usec) tst_check_prompt((laps), (usec), __FILE__, __LINE__)
int tst_check_prompt(tst_laps_t *laps, apr_int64_t usec, const char *file, int line);
/* Well below the 100 ms after which a sleeper looks by itself. */
#define TST_PROMPT_USEC (25 * 1000)

/* A gate is shut until it is opened, once; then all pass. It lives as long as
 * its case. */
typedef struct tst_gate_t tst_gate_t;
tst_gate_t *tst_gate_make(void);
void tst_gate_open(tst_gate_t *gate);
void tst_gate_pass(tst_gate_t *gate);

#endif
