/* SPDX-License-Identifier: Apache-2.0 */
/* The fake backend's state: what it counts, fails and finds fault with. */
#include "fake.h"

#include <stdio.h>
#include <string.h>

#undef calloc
#undef free
#undef apr_pool_cleanup_register
#undef apr_pool_cleanup_kill

/* More than any case needs: who calls so often will never end. */
#define ENDLESS 3000000u

fake_t fake;

static const char other;
const void *const fake_other = &other;
static _Thread_local char self;

const void *fake_self(void)
{
    return &self;
}

uint32_t fake_total(void)
{
    uint32_t total = 0;
    for (int call = 0; call < FAKE_CALLS; call++)
        total += atomic_load(&fake.calls[call]);
    return total;
}

int fake_called(fake_call_e call)
{
    if (atomic_fetch_add(&fake.calls[call], 1) == ENDLESS)
        fake_endless();
    return 0;
}

int fake_fails(fake_call_e call)
{
    (void)fake_called(call);
    if (atomic_fetch_add(&fake.fallible, 1) + 1 != fake.fail_at)
        return 0;
    fake.failed = call;
    return 1;
}

void fake_fail(uint32_t n, apr_status_t status)
{
    atomic_store(&fake.fallible, 0);
    fake.fail_at = n;
    fake.fail_with = status;
    fake.failed = FAKE_NONE;
}

void fake_expect(int kept, const char *rule)
{
    if (!kept && fake.broken[0] == '\0')
        snprintf(fake.broken, sizeof fake.broken, "os.h: %s", rule);
}

void *fake_calloc(size_t count, size_t size)
{
    if (fake_fails(FAKE_ALLOCATE))
        return NULL;
    void *memory = calloc(count, size);
    if (memory != NULL)
        atomic_fetch_add(&fake.allocated, 1);
    return memory;
}

void fake_free(void *memory)
{
    if (memory != NULL)
        atomic_fetch_sub(&fake.allocated, 1);
    free(memory);
}

void fake_clean_up_register(apr_pool_t *pool, const void *data, fake_clean_up_t *run,
                            fake_clean_up_t *in_child)
{
    atomic_fetch_add(&fake.clean_ups, 1);
    apr_pool_cleanup_register(pool, data, run, in_child);
}

void fake_clean_up_kill(apr_pool_t *pool, const void *data, fake_clean_up_t *run)
{
    atomic_fetch_sub(&fake.clean_ups, 1);
    apr_pool_cleanup_kill(pool, data, run);
}
