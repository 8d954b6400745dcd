/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Remote's commands on objects.
 */
#include "remote.h"

#include <string.h>

typedef struct slot_t {
    tst_handle_t handle;
    apr_pool_t *pool;
} slot_t;

static slot_t slots[TST_SLOTS];

static slot_t *slot_of(const tst_words_t *words)
{
    return &slots[tst_word_number(words, 1) & (TST_SLOTS - 1)];
}

tst_handle_t *tst_slot_handle(const tst_words_t *words)
{
    return &slot_of(words)->handle;
}

static apr_status_t do_open(tst_words_t *words, apr_int64_t *value)
{
    slot_t *slot = slot_of(words);
    apr_status_t status = apr_pool_create(&slot->pool, tst_self.pool);
    if (status != APR_SUCCESS)
        return status;
    status = tst_open_as(&slot->handle, (ist_kind_e)words->word[2][0], words->word[3],
                         (apr_uint32_t)tst_word_number(words, 4),
                         (apr_uint64_t)tst_word_number(words, 5),
                         (apr_uint32_t)tst_word_number(words, 6),
                         (apr_fileperms_t)tst_word_number(words, 7), slot->pool);
    *value = status == APR_SUCCESS ? tst_created(&slot->handle) : 0;
    if (status != APR_SUCCESS)
        apr_pool_destroy(slot->pool);
    return status;
}

static apr_status_t do_close(tst_words_t *words, apr_int64_t *value)
{
    (void)value;
    return tst_close(&slot_of(words)->handle);
}

static apr_status_t do_pool(tst_words_t *words, apr_int64_t *value)
{
    (void)value;
    apr_pool_destroy(slot_of(words)->pool);
    return APR_SUCCESS;
}

static apr_status_t do_created(tst_words_t *words, apr_int64_t *value)
{
    *value = tst_created(&slot_of(words)->handle);
    return APR_SUCCESS;
}

static apr_status_t do_size(tst_words_t *words, apr_int64_t *value)
{
    *value = (apr_int64_t)tst_size(&slot_of(words)->handle);
    return APR_SUCCESS;
}

static apr_status_t do_base(tst_words_t *words, apr_int64_t *value)
{
    *value = (apr_int64_t)((apr_uintptr_t)tst_base(&slot_of(words)->handle) & 0x7fffffff);
    return APR_SUCCESS;
}

/* One word for a mutex and a region's mutex. */
#define LOCK_COMMAND(name, mutex_call, region_call)                           \
    static apr_status_t name(tst_words_t *words, apr_int64_t *value)          \
    {                                                                         \
        tst_handle_t *handle = &slot_of(words)->handle;                       \
        (void)value;                                                          \
        return handle->kind == IST_KIND_REGION ? (region_call) : (mutex_call); \
    }

LOCK_COMMAND(do_lock, ist_mutex_lock(handle->mutex), ist_region_lock(handle->region))
LOCK_COMMAND(do_trylock, ist_mutex_trylock(handle->mutex), ist_region_trylock(handle->region))
LOCK_COMMAND(do_unlock, ist_mutex_unlock(handle->mutex), ist_region_unlock(handle->region))
LOCK_COMMAND(do_timedlock, ist_mutex_timedlock(handle->mutex, tst_word_number(words, 2)),
             ist_region_timedlock(handle->region, tst_word_number(words, 2)))
LOCK_COMMAND(do_wait, ist_semaphore_wait(handle->semaphore), ist_region_wait(handle->region))
LOCK_COMMAND(do_trywait, ist_semaphore_trywait(handle->semaphore),
             ist_region_trywait(handle->region))
LOCK_COMMAND(do_timedwait, ist_semaphore_timedwait(handle->semaphore, tst_word_number(words, 2)),
             ist_region_timedwait(handle->region, tst_word_number(words, 2)))

static apr_status_t do_post(tst_words_t *words, apr_int64_t *value)
{
    apr_uint32_t before = 0;
    apr_status_t status = ist_semaphore_post_n(slot_of(words)->handle.semaphore,
                                               (apr_uint32_t)tst_word_number(words, 2), &before);
    *value = before;
    return status;
}

static apr_status_t do_notify(tst_words_t *words, apr_int64_t *value)
{
    (void)value;
    return ist_region_notify(slot_of(words)->handle.region);
}

static apr_status_t do_value(tst_words_t *words, apr_int64_t *value)
{
    apr_uint32_t count = 0;
    apr_status_t status = ist_semaphore_value(slot_of(words)->handle.semaphore, &count);
    *value = count;
    return status;
}

static apr_status_t do_maximum(tst_words_t *words, apr_int64_t *value)
{
    *value = ist_semaphore_maximum(slot_of(words)->handle.semaphore);
    return APR_SUCCESS;
}

/* NULL when the slot has nothing open. */
static unsigned char *bytes_of(const tst_words_t *words)
{
    unsigned char *base = tst_base(&slot_of(words)->handle);
    return base == NULL ? NULL : base + tst_word_number(words, 2);
}

static apr_status_t do_write(tst_words_t *words, apr_int64_t *value)
{
    volatile unsigned char *byte = bytes_of(words);
    (void)value;
    if (byte == NULL)
        return APR_EINVAL;
    *byte = (unsigned char)tst_word_number(words, 3);
    return APR_SUCCESS;
}

static apr_status_t do_read(tst_words_t *words, apr_int64_t *value)
{
    const volatile unsigned char *byte = bytes_of(words);
    if (byte == NULL)
        return APR_EINVAL;
    *value = *byte;
    return APR_SUCCESS;
}

static apr_status_t do_fill(tst_words_t *words, apr_int64_t *value)
{
    unsigned char *byte = bytes_of(words);
    (void)value;
    if (byte == NULL)
        return APR_EINVAL;
    memset(byte, (int)tst_word_number(words, 4),
           (apr_size_t)tst_word_number(words, 3));
    return APR_SUCCESS;
}

static apr_status_t do_same(tst_words_t *words, apr_int64_t *value)
{
    const unsigned char *byte = bytes_of(words);
    const unsigned char wanted = (unsigned char)tst_word_number(words, 4);
    apr_int64_t length = tst_word_number(words, 3);
    if (byte == NULL)
        return APR_EINVAL;
    *value = 1;
    for (apr_int64_t i = 0; i < length; i++)
        if (byte[i] != wanted)
            *value = 0;
    return APR_SUCCESS;
}

static apr_status_t do_held(tst_words_t *words, apr_int64_t *value)
{
    apr_int64_t many = tst_word_number(words, 1);
    for (; *value < many; ++*value) {
        ist_mutex_t *mutex;
        const char *name = tst_print("%s.%d", words->word[2], (int)*value);
        apr_status_t status = ist_mutex_open(&mutex, name, IST_CREATE, 0, tst_self.pool);
        if (status == APR_SUCCESS)
            status = ist_mutex_lock(mutex);
        if (status != APR_SUCCESS)
            return status;
    }
    return APR_SUCCESS;
}

const tst_command_t tst_object_commands[] = {
    {"open", 7, do_open},         {"close", 1, do_close},
    {"pool", 1, do_pool},         {"created", 1, do_created},
    {"size", 1, do_size},         {"base", 1, do_base},
    {"lock", 1, do_lock},         {"trylock", 1, do_trylock},
    {"unlock", 1, do_unlock},     {"timedlock", 2, do_timedlock},
    {"wait", 1, do_wait},         {"trywait", 1, do_trywait},
    {"timedwait", 2, do_timedwait}, {"post", 2, do_post},
    {"notify", 1, do_notify},     {"value", 1, do_value},
    {"maximum", 1, do_maximum},   {"write", 3, do_write},
    {"read", 2, do_read},         {"fill", 4, do_fill},
    {"same", 4, do_same},         {"held", 2, do_held},
    {NULL, 0, NULL},
};
