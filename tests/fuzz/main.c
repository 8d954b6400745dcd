/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer's side: which target runs, and its mutator. */
#include "fuzz.h"

#include <apr_general.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const fuzz_target_t *const targets[] = {&fuzz_mutex,  &fuzz_semaphore, &fuzz_segment,
                                               &fuzz_region, &fuzz_listing,   &fuzz_header,
                                               &fuzz_names,  &fuzz_ring,      &fuzz_queue};
static const fuzz_target_t *target;

/* libFuzzer's entry points, which no header declares. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

void fuzz_fail(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: not true: %s\n", file, line, what);
    abort();
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
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (target->place)
        fuzz_place_enter();
    target->run(data, size);
    if (target->place)
        fuzz_place_leave();
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    return target->mutate(data, size, most, seed);
}
