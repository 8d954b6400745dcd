/* SPDX-License-Identifier: Apache-2.0 */
/* Opening what lies in an object's place, in every way, for every kind. */
#include "plan.h"

#include <stdio.h>
#include <string.h>

/* Beyond this, nothing is touched page by page. */
#define POPULATED (UINT64_C(1) << 17)

static lain_t lain;

static void paused(unsigned pauses)
{
    lay_paused(&lain, pauses);
}

static void ask(isti_request_t *request, const plan_t *plan, ist_kind_e kind)
{
    static const apr_uint32_t modes[] = {0, IST_CREATE, IST_CREATE_ONLY, 0};
    static const apr_fileperms_t access[] = {0, IST_ACCESS_OWNER, IST_ACCESS_GROUP,
                                             IST_ACCESS_WORLD};
    static const apr_size_t sizes[] = {1, 4096, 5000, 1 << 14};
    memset(request, 0, sizeof *request);
    request->kind = kind;
    request->name = PLAN_NAME;
    request->flags = modes[plan->mode & 3];
    if ((plan->mode & 4) != 0)
        request->flags |= IST_GLOBAL;
    if ((plan->mode & 8) != 0 && kind == IST_KIND_SHM && request->flags <= IST_GLOBAL)
        request->flags |= (plan->mode & 3) == 0 ? IST_READ_ONLY : 0;
    if ((plan->mode & 16) != 0 && (kind == IST_KIND_SHM || kind == IST_KIND_REGION) &&
        plan_length(plan) < POPULATED)
        request->flags |= IST_POPULATE;
    request->access = access[plan->asked & 3];
    if ((plan->asked & 4) != 0 || (plan->mode & 3) != 0)
        request->size = sizes[plan->asked >> 3 & 3];
    request->initial = plan->asked & 1;
    request->maximum = 1 + (plan->asked >> 5);
}

/* An object that was made now is as new. */
static void check_new(isti_handle_t *handle, const isti_request_t *request)
{
    const unsigned char *base = isti_base(handle);
    if (request->kind == IST_KIND_SHM || request->kind == IST_KIND_REGION) {
        FUZZ_MUST(isti_size(handle) == request->size);
        FUZZ_MUST(base[0] == 0 && base[request->size - 1] == 0);
    }
    if (request->kind == IST_KIND_SEMAPHORE) {
        uint32_t value;
        FUZZ_MUST(isti_value(handle, 0, &value) == APR_SUCCESS && value == request->initial);
        FUZZ_MUST(handle->object->count[0].maximum == request->maximum);
    }
}

static void check_old(isti_handle_t *handle, const isti_request_t *request)
{
    FUZZ_MUST(lay_is_good(&lain));
    FUZZ_MUST(lain.plan->life != LIFE_NONE && lain.plan->life != LIFE_ALONE);
    FUZZ_MUST(isti_size(handle) == lain.length - ISTI_HEADER_SIZE);
    FUZZ_MUST(isti_size(handle) >= request->size || request->kind == IST_KIND_SEMAPHORE ||
              request->kind == IST_KIND_MUTEX);
}

int is_said(apr_status_t rv)
{
    const apr_status_t said[] = {
        APR_SUCCESS,  APR_ENOENT,   APR_EEXIST,   APR_EACCES, APR_ENOMEM,     APR_ENOSPC, APR_EBUSY,
        IST_EFOREIGN, IST_ECORRUPT, IST_EVERSION, IST_EABI,   IST_ENAMESPACE, IST_ESIZE};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        if (rv == said[i])
            return 1;
    return 0;
}

static void run(const uint8_t *data, size_t size, ist_kind_e kind)
{
    plan_t plan;
    isti_request_t request;
    isti_handle_t *handle = NULL;
    apr_pool_t *pool;
    plan_read(&plan, data, size);
    FUZZ_MUST(apr_pool_create(&pool, NULL) == APR_SUCCESS);
    lay(&lain, &plan, kind, PLAN_NAME);
    fuzz_paused = paused;
    ask(&request, &plan, kind);
    request.pool = pool;
    apr_status_t rv = isti_open(&handle, &request);
    if (!is_said(rv))
        fprintf(stderr, "status %d\n", rv);
    FUZZ_MUST(is_said(rv) && (rv == APR_SUCCESS) == (handle != NULL));
    FUZZ_MUST(rv != IST_ESIZE ||
              (lay_is_good(&lain) && lain.length - ISTI_HEADER_SIZE < request.size));
    if (rv == APR_SUCCESS) {
        if (isti_created(handle))
            check_new(handle, &request);
        else
            check_old(handle, &request);
        use(handle, &lain);
        FUZZ_MUST((plan.mode & 32) != 0 || isti_close(handle) == APR_SUCCESS);
    }
    apr_pool_destroy(pool);
    lay_check(&lain);
    lay_away(&lain);
}

#define TARGET(variable, name, kind)                                                               \
    static void run_##variable(const uint8_t *data, size_t size)                                   \
    {                                                                                              \
        run(data, size, kind);                                                                     \
    }                                                                                              \
    static size_t mutate_##variable(uint8_t *data, size_t size, size_t most, unsigned seed)        \
    {                                                                                              \
        return plan_mutate(data, size, most, seed, kind);                                          \
    }                                                                                              \
    const fuzz_target_t variable = {name, 1, run_##variable, mutate_##variable}

TARGET(fuzz_mutex, "mutex", IST_KIND_MUTEX);
TARGET(fuzz_semaphore, "semaphore", IST_KIND_SEMAPHORE);
TARGET(fuzz_segment, "segment", IST_KIND_SHM);
TARGET(fuzz_region, "region", IST_KIND_REGION);
