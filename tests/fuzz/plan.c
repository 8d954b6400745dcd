/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs: read, and mutated so that they get past the first check. */
#include "plan.h"

#include "posix/posix.h"

#include <string.h>

#define TIB (UINT64_C(1) << 40)

static const uint64_t lengths[] = {0,
                                   1,
                                   7,
                                   8,
                                   55,
                                   56,
                                   640,
                                   767,
                                   768,
                                   4095,
                                   4096,
                                   4097,
                                   8192,
                                   12288,
                                   1 << 20,
                                   (1 << 20) + 4097,
                                   TIB,
                                   TIB + 1,
                                   UINT64_C(1) << 31,
                                   UINT64_C(1) << 32,
                                   (UINT64_C(1) << 32) + 4096,
                                   UINT64_C(1) << 46,
                                   INT64_MAX - 4096,
                                   INT64_MAX};
#define LENGTHS (sizeof lengths / sizeof *lengths)

void plan_read(plan_t *plan, const uint8_t *data, size_t size)
{
    memset(plan, 0, sizeof *plan);
    memcpy(plan, data, size < sizeof *plan ? size : sizeof *plan);
    plan->thing %= THINGS;
    plan->life %= LIVES;
    plan->body %= FUZZ_BODIES;
    plan->bell %= BELLS;
    if ((plan->owner & 1) != 0 && !fuzz_place_has_users())
        plan->owner ^= 1;
}

/* Most of them are short: long files take long. */
uint64_t plan_length(const plan_t *plan)
{
    if (plan->length < LENGTHS)
        return lengths[plan->length];
    return plan->length < 128 ? ISTI_HEADER_SIZE + plan->exact % 5000 : plan->exact % 20000;
}

static void specify(ist_os_spec_t *spec, ist_kind_e kind)
{
    memset(spec, 0, sizeof *spec);
    spec->mutexes = isti_kind((int)kind)->mutexes;
    spec->semaphores = isti_kind((int)kind)->semaphores;
}

/* A sum that is right stays right. */
static void make_own(isti_header_t *page, ist_kind_e kind)
{
    ist_os_spec_t spec;
    int good = page->check == isti_header_sum(page);
    specify(&spec, kind);
    if (page->abi == PLAN_OWN_ABI)
        page->abi = isti_process_abi(&spec);
    if (page->space == PLAN_OWN_SPACE)
        page->space = isti_process_space_of(&spec);
    if (good)
        page->check = isti_header_sum(page);
}

void plan_page(const plan_t *plan, ist_kind_e kind, isti_header_t *page)
{
    memset((void *)page, 0, sizeof *page);
    memcpy((void *)page, plan->header, sizeof plan->header);
    make_own(page, kind);
    for (int i = 0; i < (int)ISTI_PARTS_MAX; i++) {
        fuzz_body(page->lock[i].body, (fuzz_body_e)plan->body);
        atomic_store(&page->lock[i].held, plan->held);
        page->count[i].maximum = plan->maximum;
        atomic_store(&page->count[i].word, plan->word);
    }
}

/* ---- the mutator -------------------------------------------------------------- */

/* A plan that opens: damage starts from here. */
static void begin(plan_t *plan, unsigned *seed)
{
    memset(plan, 0, sizeof *plan);
    plan->life = LIFE_HELD;
    plan->length = 100;
    plan->exact = fuzz_random(seed, 5000);
    plan->maximum = 10;
    plan->word = fuzz_random(seed, 11);
    for (int i = 0; i < PLAN_STEPS; i++)
        plan->step[i] =
            (plan_step_t){(uint8_t)fuzz_random(seed, 256), (uint8_t)fuzz_random(seed, 256),
                          (uint16_t)fuzz_random(seed, 32768)};
}

/* A queue's file has just a header and a ring, of one length or another, and its
 * maximum fits. */
static void fit_ring(plan_t *plan, unsigned *seed)
{
    const int larger = fuzz_random(seed, 4) == 0;
    plan->length = larger ? 200 : 100;
    plan->exact = ISTI_RING_HEADER + (larger ? ISTI_HEADER_SIZE + 8192 : 4096);
    if (plan->maximum == 0 || plan->maximum > 2000)
        plan->maximum = 1 + fuzz_random(seed, 2000);
}

/* What a look at the first wrong field would end is mended, mostly. */
static void mend(plan_t *plan, ist_kind_e kind, unsigned *seed)
{
    isti_header_t header;
    const int most = 12;
    memset((void *)&header, 0, sizeof header);
    memcpy((void *)&header, plan->header, sizeof plan->header);
    if (kind == IST_KIND_QUEUE && fuzz_random(seed, most) != 0)
        fit_ring(plan, seed);
    if (fuzz_random(seed, most) != 0)
        header.magic = ISTI_MAGIC;
    if (fuzz_random(seed, most) != 0)
        header.layout = header.reader = 1;
    if (fuzz_random(seed, most) != 0)
        header.kind = (uint32_t)kind;
    if (fuzz_random(seed, most) != 0)
        header.abi = PLAN_OWN_ABI;
    if (fuzz_random(seed, most) != 0)
        header.space = PLAN_OWN_SPACE;
    if (fuzz_random(seed, most) != 0)
        atomic_store(&header.born, plan_length(plan) - ISTI_HEADER_SIZE + 1);
    if (fuzz_random(seed, most) != 0)
        header.check = isti_header_sum(&header);
    memcpy(plan->header, (void *)&header, sizeof plan->header);
    if (fuzz_random(seed, 4) != 0 && plan->thing % THINGS != THING_FILE)
        plan->thing = THING_FILE;
    if (fuzz_random(seed, 4) != 0)
        plan->bell = BELL_GOOD;
    if (fuzz_random(seed, 4) != 0 && plan->length < LENGTHS)
        plan->length = 100;
    if (fuzz_random(seed, 3) != 0 && (plan->maximum == 0 || plan->maximum > IST_COUNT_MAX))
        plan->maximum &= IST_COUNT_MAX >> fuzz_random(seed, 31);
}

size_t plan_mutate(uint8_t *data, size_t size, size_t most, unsigned seed, ist_kind_e kind)
{
    plan_t plan;
    if (most < sizeof plan)
        return LLVMFuzzerMutate(data, size, most);
    if (size < sizeof plan || fuzz_random(&seed, 64) == 0) {
        begin(&plan, &seed);
    } else {
        memcpy(&plan, data, sizeof plan);
        (void)LLVMFuzzerMutate((uint8_t *)&plan, sizeof plan, sizeof plan);
    }
    mend(&plan, kind, &seed);
    memcpy(data, &plan, sizeof plan);
    return sizeof plan;
}
