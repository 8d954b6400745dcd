/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OPEN-3: creators that die.
 */
#include "open_cases.h"

#define A_PERSON_NOTICES (2 * APR_USEC_PER_SEC)

/* Kill it somewhere in the middle. The wait is part of the question, not a way
 * to be in step with anybody. */
static void kill_somewhere(tst_peer_t *peer)
{
    tst_sys_pause(tst_random(3000));
    tst_peer_kill(peer);
}

static void is_fresh(ist_kind_e kind, const char *name)
{
    tst_handle_t handle;
    apr_int64_t start = tst_now();
    apr_status_t status = tst_open(&handle, kind, name, IST_CREATE, tst_pool());
    TST_SAY(tst_now() - start < tst_scaled(A_PERSON_NOTICES), "the next open took %ld us",
            (long)(tst_now() - start));
    if (!TST_OK(status))
        return;
    TST_NUMBER(tst_created(&handle), 1);
    if (kind == IST_KIND_SHM || kind == IST_KIND_REGION) {
        TST_NUMBER(tst_size(&handle), 4096);
        TST_NUMBER(((unsigned char *)tst_base(&handle))[4095], 0);
    }
    if (kind == IST_KIND_MUTEX)
        TST_TRUE(ist_mutex_trylock(handle.mutex) == APR_SUCCESS &&
                 ist_mutex_unlock(handle.mutex) == APR_SUCCESS);
    if (kind == IST_KIND_REGION)
        TST_TRUE(ist_region_trylock(handle.region) == APR_SUCCESS &&
                 ist_region_unlock(handle.region) == APR_SUCCESS);
    if (kind == IST_KIND_SEMAPHORE)
        TST_STATUS(ist_semaphore_trywait(handle.semaphore), APR_EBUSY);
    TST_OK(tst_close(&handle));
}

static const char *life_of(ist_kind_e kind, const char *name)
{
    if (kind == IST_KIND_SHM)
        return tst_print("loop open 0 d %s 1 9000 0 0 / write 0 4095 7 / close 0", name);
    if (kind == IST_KIND_REGION)
        return tst_print(
            "loop open 0 r %s 1 9000 0 0 / lock 0 / write 0 4095 7 / unlock 0 / close 0", name);
    if (kind == IST_KIND_SEMAPHORE)
        return tst_print("loop open 0 s %s 1 5 9 0 / post 0 1 / close 0", name);
    if (kind == IST_KIND_QUEUE)
        return tst_print("loop open 0 q %s 1 9000 9 0 / close 0", name);
    return tst_print("loop open 0 m %s 1 0 0 0 / lock 0 / unlock 0 / close 0", name);
}

static void creator_dies(void)
{
    for (int i = 0; i < TST_KINDS; i++) {
        for (int n = tst_rounds(25); n > 0; n--) {
            tst_peer_t *peer = tst_peer_start();
            TST_MUST(tst_peer_do(peer, "%s", life_of(tst_kinds[i], tst_name(NULL))));
            kill_somewhere(peer);
            is_fresh(tst_kinds[i], tst_name(NULL));
        }
    }
}

/* Two at it, one dies: the other never meets anything but its due. */
static void creator_dies_beside_another(void)
{
    for (int i = 0; i < TST_KINDS; i++) {
        tst_peer_t *other = tst_peer_start();
        const ist_kind_e kind = tst_kinds[i];
        for (int n = tst_rounds(8); n > 0; n--) {
            tst_peer_t *victim = tst_peer_start();
            apr_int64_t good = 0;
            TST_MUST(tst_peer_do(victim, "%s", life_of(kind, tst_name(NULL))));
            tst_peer_begin(other, "loop 200 open 0 %c %s 1 %d 9 0 / close 0", (char)kind,
                           tst_name(NULL), kind == IST_KIND_SEMAPHORE ? 5 : 9000);
            kill_somewhere(victim);
            TST_OK(tst_peer_end(other, &good));
            TST_NUMBER(good, 400);
        }
        is_fresh(kind, tst_name(NULL));
    }
}

/* Whoever opens without creating finds it absent after a death. */
static void absent_after_death(void)
{
    for (int i = 0; i < TST_KINDS; i++) {
        for (int n = tst_rounds(10); n > 0; n--) {
            tst_handle_t handle;
            tst_peer_t *peer = tst_peer_start();
            TST_MUST(tst_peer_do(peer, "%s", life_of(tst_kinds[i], tst_name(NULL))));
            kill_somewhere(peer);
            TST_STATUS(tst_open(&handle, tst_kinds[i], tst_name(NULL), 0, tst_pool()), APR_ENOENT);
        }
    }
}

const tst_case_t open_deaths_cases[] = {
    {"OPEN-3 a creator dies at any instant, the next makes it anew", creator_dies},
    {"OPEN-3 a creator dies beside another", creator_dies_beside_another},
    {"OPEN-3 after a creator's death it is absent", absent_after_death},
    {NULL, NULL},
};
