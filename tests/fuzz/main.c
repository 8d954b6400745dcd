/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer's side: which target runs, for how long at most, and its mutator. */
#include "fuzz.h"

#include <apr_general.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

static const fuzz_target_t *const targets[] = {&fuzz_mutex,  &fuzz_semaphore, &fuzz_segment,
                                               &fuzz_region, &fuzz_listing,   &fuzz_header,
                                               &fuzz_names,  &fuzz_ring,      &fuzz_queue};
static const fuzz_target_t *target;

/* libFuzzer's own limit is by the wall clock, and on a machine that stands still, or has
 * too much to do, it ends runs that did nothing wrong. A run that goes round for ever uses
 * the processor: after so many seconds of it at most, here and in the kernel, it must be
 * another one. Nothing is asked of a run for that. */
#define PROCESSOR 10
static volatile sig_atomic_t turn; /* odd: in a run */

/* libFuzzer's entry points, which no header declares. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

void fuzz_fail(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: not true: %s\n", file, line, what);
    abort();
}

static void watch(int unused)
{
    static sig_atomic_t last;
    (void)unused;
    FUZZ_MUST(turn % 2 == 0 || turn != last);
    last = turn;
}

static void watch_begin(void)
{
    const struct timeval interval = {.tv_sec = PROCESSOR};
    const struct itimerval timer = {interval, interval};
    struct sigaction action = {.sa_handler = watch, .sa_flags = SA_RESTART};
    FUZZ_MUST(sigaction(SIGPROF, &action, NULL) == 0);
    FUZZ_MUST(setitimer(ITIMER_PROF, &timer, NULL) == 0);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const char *name = getenv("IST_FUZZ_TARGET");
    (void)argc, (void)argv;
    for (size_t i = 0; name != NULL && i < sizeof targets / sizeof *targets; i++)
        if (strcmp(targets[i]->name, name) == 0)
            target = targets[i];
    if (target == NULL) {
        fprintf(stderr, "fuzz: IST_FUZZ_TARGET names none of the targets\n");
        exit(2);
    }
    if (apr_initialize() != APR_SUCCESS)
        exit(2);
    if (target->place && !fuzz_place_make())
        exit(77); /* skipped */
    fuzz_bodies_make();
    watch_begin();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    turn = (turn + 1) & 0x3fffffff;
    if (target->place)
        fuzz_place_enter();
    target->run(data, size);
    if (target->place)
        fuzz_place_leave();
    turn = (turn + 1) & 0x3fffffff;
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    return target->mutate(data, size, most, seed);
}
