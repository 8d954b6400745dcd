/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LIFE-1, OPEN-2: one name is one object. Many processes open, lock, unlock
 * and close all the time, so that it dies and is born all the time; were there
 * ever two of it at once, two would be inside their locks at once. What they
 * mark that in is held open by this process all the while.
 */
#include "life_cases.h"

#include <apr_strings.h>
#include <stdatomic.h>

#define TWINS 3

static apr_status_t lock_it(tst_handle_t *handle)
{
    return handle->kind == IST_KIND_REGION ? ist_region_lock(handle->region)
                                           : ist_mutex_lock(handle->mutex);
}

static apr_status_t unlock_it(tst_handle_t *handle)
{
    return handle->kind == IST_KIND_REGION ? ist_region_unlock(handle->region)
                                           : ist_mutex_unlock(handle->mutex);
}

/* The fresh object's bytes are zero, or what others left under the lock: 1. */
static int is_one_of_ours(const tst_handle_t *handle)
{
    if (handle->kind != IST_KIND_REGION)
        return 1;
    unsigned char *byte = tst_base(handle);
    int good = *byte == (byte[4095] & 1) && byte[4095] <= 1;
    *byte = byte[4095] = 1;
    return good;
}

/* twin TRUTH NAME KIND ROUNDS: its exit code says what went wrong */
int life_twin(int argc, const char *const *argv)
{
    ist_shm_t *truth;
    if (argc != 4 || ist_shm_open(&truth, argv[0], 0, 0, 0, tst_pool()) != APR_SUCCESS)
        return 2;
    _Atomic(unsigned) *inside = ist_shm_base(truth);
    apr_pool_t *pool = tst_subpool();
    tst_tell("here");
    (void)tst_listen();
    for (apr_int64_t round = apr_strtoi64(argv[3], NULL, 10); round > 0; round--) {
        tst_handle_t handle;
        if (tst_open(&handle, (ist_kind_e)argv[2][0], argv[1], IST_CREATE, pool) != APR_SUCCESS)
            return 10;
        if (lock_it(&handle) != APR_SUCCESS)
            return 11;
        if (atomic_exchange(inside, 1) != 0 || !is_one_of_ours(&handle))
            return 12;
        atomic_store(inside, 0);
        if (unlock_it(&handle) != APR_SUCCESS || tst_close(&handle) != APR_SUCCESS)
            return 13;
        apr_pool_clear(pool);
    }
    return 0;
}

static void never_two(ist_kind_e kind)
{
    ist_shm_t *truth;
    tst_peer_t *twins[TWINS];
    const char *name = tst_name("twin");
    TST_MUST(ist_shm_open(&truth, tst_name("truth"), 64, IST_CREATE, 0, tst_pool()));
    for (int i = 0; i < TWINS; i++)
        twins[i] = tst_role_start("twin", tst_name("truth"), name, tst_print("%c", (char)kind),
                                  tst_digits(tst_rounds(5000)), NULL);
    for (int i = 0; i < TWINS; i++)
        TST_MUST_TRUE(tst_peer_expect(twins[i], "here"));
    for (int i = 0; i < TWINS; i++)
        tst_peer_say(twins[i], "go");
    for (int i = 0; i < TWINS; i++)
        TST_NUMBER(tst_peer_wait(twins[i]), 0);
    TST_TRUE(!tst_exists(kind, name, 0));
}

static void regions(void)
{
    never_two(IST_KIND_REGION);
}

static void mutexes(void)
{
    never_two(IST_KIND_MUTEX);
}

const tst_case_t life_twins_cases[] = {
    {"LIFE-1 never two regions of one name", regions},
    {"LIFE-1 never two mutexes of one name", mutexes},
    {NULL, NULL},
};
