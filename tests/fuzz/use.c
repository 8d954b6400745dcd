/* SPDX-License-Identifier: Apache-2.0 */
/* What is done with an object that was opened, while another process writes to it. */
#include "lock.h"
#include "plan.h"

#include <unistd.h>

/* More rings than these would cost more than all the rest: few runs have them. */
#define RINGS       64u
#define RINGS_OFTEN 8192u

typedef struct use_t {
    isti_handle_t *handle;
    lain_t *lain;
    int depth; /* of the lock */
} use_t;

static int has_lock(const use_t *use)
{
    return use->handle->object->spec.mutexes > 0 &&
           (use->handle->created || use->lain->plan->body != FUZZ_BODY_WRONG);
}

static int has_count(const use_t *use)
{
    return use->handle->object->spec.semaphores > 0 &&
           (use->handle->created || use->lain->bell_rings);
}

static void do_lock(use_t *use, int timed)
{
    const isti_lock_slot_t *slot = &use->handle->object->os.header->lock[0];
    const int told = atomic_load(&slot->held) != 0;
    apr_status_t rv = timed ? isti_timedlock(use->handle, 0, 0) : isti_trylock(use->handle, 0);
    if (IST_LOCKED(rv)) {
        FUZZ_MUST(!told || use->depth > 0 || rv == IST_ABANDONED);
        use->depth++;
        return;
    }
    FUZZ_MUST(rv == (timed ? APR_TIMEUP : APR_EBUSY) && use->depth == 0);
}

static void do_unlock(use_t *use)
{
    apr_status_t rv = isti_unlock(use->handle, 0);
    FUZZ_MUST(rv == (use->depth > 0 ? APR_SUCCESS : IST_ENOTOWNER));
    use->depth -= use->depth > 0;
}

static void do_wait(use_t *use, int timed)
{
    uint32_t before, after;
    FUZZ_MUST(isti_value(use->handle, 0, &before) == APR_SUCCESS);
    apr_status_t rv = timed ? isti_timedwait(use->handle, 0, 0) : isti_trywait(use->handle, 0);
    FUZZ_MUST(isti_value(use->handle, 0, &after) == APR_SUCCESS);
    FUZZ_MUST(rv == (before > 0 ? APR_SUCCESS : timed ? APR_TIMEUP : APR_EBUSY));
    FUZZ_MUST(after == before - (before > 0));
}

static void do_post(use_t *use, const plan_step_t *step)
{
    static unsigned often;
    uint32_t before, after, previous = 0;
    const uint32_t maximum = use->handle->object->count[0].maximum;
    uint32_t n = (step->a & 3) == 0 ? 1 : (uint32_t)step->b << (step->a >> 3);
    uint64_t word = atomic_load(&use->handle->object->count[0].slot->word);
    if (n > RINGS && word >> 32 > RINGS && often++ % RINGS_OFTEN != 0)
        n = RINGS;
    FUZZ_MUST(isti_value(use->handle, 0, &before) == APR_SUCCESS);
    apr_status_t rv = isti_post(use->handle, 0, n, &previous);
    FUZZ_MUST(isti_value(use->handle, 0, &after) == APR_SUCCESS);
    if (n == 0)
        FUZZ_MUST(rv == APR_EINVAL);
    else if (before > maximum || n > maximum - before)
        FUZZ_MUST(rv == IST_EOVERFLOW);
    else
        FUZZ_MUST(rv == APR_SUCCESS && previous == before);
    FUZZ_MUST(after == (rv == APR_SUCCESS ? before + n : before));
}

/* The first and the last byte. */
static void do_touch(use_t *use, int write)
{
    volatile unsigned char *base = isti_base(use->handle);
    const apr_size_t size = isti_size(use->handle);
    if (size == 0)
        return;
    unsigned char first = base[0], last = base[size - 1];
    if (!write || use->handle->object->spec.read_only)
        return;
    base[0] = (unsigned char)~first;
    base[size - 1] = (unsigned char)~last;
}

/* The peer writes where it may do no harm but to the data: not in libc's bodies, and
 * it doesn't cut the file short (SECURITY.md). */
static void do_damage(use_t *use, const plan_step_t *step)
{
    const uint64_t noise = (uint64_t)step->b * UINT64_C(0x9e3779b97f4a7c15);
    const uint64_t values[] = {0, UINT64_MAX, step->b, noise};
    const uint64_t value = values[step->a >> 6];
    const int place = step->a & 63;
    const int slot = offsetof(isti_header_t, count);
    off_t at = place < 32   ? slot + place % 2 * 8
               : place < 40 ? offsetof(isti_header_t, lock) + 56
                            : place % 7 * 8;
    const size_t length = at == (off_t)offsetof(isti_header_t, lock) + 56 ? 4 : 8;
    if (use->lain->fd >= 0 && use->lain->length >= ISTI_HEADER_SIZE)
        FUZZ_MUST(pwrite(use->lain->fd, &value, length, at) == (ssize_t)length);
}

static void do_step(use_t *use, const plan_step_t *step)
{
    switch (step->what % 12) {
    case 0:
    case 1:
        if (has_lock(use))
            do_lock(use, step->what % 12);
        break;
    case 2:
        if (has_lock(use))
            do_unlock(use);
        break;
    case 3:
    case 4:
        if (has_count(use))
            do_wait(use, step->what % 12 == 4);
        break;
    case 5:
    case 6:
        if (has_count(use))
            do_post(use, step);
        break;
    case 7:
    case 8:
        do_touch(use, step->what % 12 == 8);
        break;
    case 9:
    case 10:
        do_damage(use, step);
        break;
    default: /* the rest goes without */
        break;
    }
}

void use(isti_handle_t *handle, lain_t *lain)
{
    use_t use = {handle, lain, 0};
    for (int i = 0; i < PLAN_STEPS; i++)
        do_step(&use, &lain->plan->step[i]);
    while (use.depth > 0)
        do_unlock(&use);
}
