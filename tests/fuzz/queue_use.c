/* SPDX-License-Identifier: Apache-2.0 */
/* What is done with a queue that was opened, while another process writes to it. */
#include "queue_plan.h"

#include <sanitizer/asan_interface.h>
#include <string.h>

/* A file ends within a page, and what is mapped behind it is nobody's. */
static void fence(const ist_queue_t *queue, int up)
{
    const isti_object_t *object = queue->handle->object;
    unsigned char *end = (unsigned char *)object->os.header + object->os.parts.length;
    const size_t rest = -(uintptr_t)end % 4096;
    if (up)
        __asan_poison_memory_region(end, rest);
    else
        __asan_unpoison_memory_region(end, rest);
}

/* The peer writes anything, but in what is libc's. */
static void damage(ist_queue_t *queue, const plan_step_t *step)
{
    static const uint16_t fields[] = {0, 8, 16, 128, 136, 144, 256};
    isti_header_t *header = queue->handle->object->os.header;
    const uint64_t tail = atomic_load(&queue->ring->tail), head = atomic_load(&queue->ring->head);
    const uint64_t far = (uint64_t)(step->b % 512) * 8;
    const uint64_t at = ((step->a & 1) != 0 ? tail : head) + far;
    const uint64_t values[] = {0,
                               UINT64_MAX,
                               step->b,
                               step->b * UINT64_C(0x9e3779b97f4a7c15),
                               ISTI_WORD_SENT | step->b % 600,
                               ISTI_WORD_SENT | ISTI_WORD_SKIP,
                               tail,
                               head,
                               tail + far,
                               head - far};
    const uint64_t value = values[(step->what >> 3) % (sizeof values / sizeof *values)];
    const int place = step->a & 63;
    if (place < 28)
        memcpy((unsigned char *)queue->ring + fields[place % 7], &value, sizeof value);
    else if (place < 56)
        atomic_store(isti_word(queue, at & ~UINT64_C(7)), value);
    else if (place < 60)
        atomic_store(&header->count[place & 1].word, value & (SLEEPERS | UINT32_MAX));
    else if (place < 62)
        atomic_store(&header->lock[place & 1].held, (uint32_t)value);
    else
        memcpy((unsigned char *)header + far % 56, &value, sizeof value);
}

/* Whether its mutexes and doorbells are such as libc may be given. */
static int can_call(const ist_queue_t *queue, const lain_t *lain, const more_t *more)
{
    const int shared = (queue->open[0] || queue->open[1]) && (more->sides & 4) == 0;
    return ist_queue_created(queue) ||
           (lain->bell_rings && (lain->plan->body != FUZZ_BODY_WRONG || !shared));
}

/* A second handle, to send and perhaps to receive. */
static void again(const plan_t *plan, apr_pool_t *pool)
{
    ist_queue_t *second;
    const apr_uint32_t flags = ((plan->mode & 4) != 0 ? IST_GLOBAL : 0) | IST_SEND |
                               ((plan->asked & 4) != 0 ? IST_RECEIVE : 0);
    apr_status_t rv = ist_queue_open(&second, PLAN_NAME, NULL, flags, 0, pool);
    FUZZ_MUST(is_said(rv) && (rv == APR_SUCCESS) == (second != NULL));
    if (rv == APR_SUCCESS)
        FUZZ_MUST(ist_queue_close(second) == APR_SUCCESS);
}

static apr_status_t seen(void *unused, const ist_info_t *info)
{
    (void)unused;
    FUZZ_MUST(strcmp(info->name, PLAN_NAME) == 0 && strchr("qoi", (int)info->kind) != NULL);
    FUZZ_MUST(info->kind != IST_KIND_QUEUE || info->sent >= info->received);
    return APR_SUCCESS;
}

void use_list(apr_pool_t *pool)
{
    FUZZ_MUST(ist_list(seen, NULL, pool) == APR_SUCCESS);
    FUZZ_MUST(ist_sweep(NULL, pool) == APR_SUCCESS);
}

void use_queue(ist_queue_t *queue, const lain_t *lain, const more_t *more, apr_pool_t *pool)
{
    const plan_t *plan = lain->plan;
    const int calls = can_call(queue, lain, more);
    fence(queue, 1);
    for (int i = 0; i < PLAN_STEPS; i++) {
        const plan_step_t *step = &plan->step[i];
        if (step->what % 8 < 5)
            call(queue, calls ? step->a : 7, (step->b & 3) == 3);
        else if (step->what % 8 < 7)
            damage(queue, step);
        else if (i % 4 == 0)
            again(plan, pool);
    }
    if ((more->sides & 8) != 0 && calls)
        call_lent(queue);
    if (plan->mode >> 6 == LIST_LIVE)
        use_list(pool);
    fence(queue, 0);
}
