/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Semaphores: SEM-1 to SEM-6. The tables, and what they share.
 */
#include "semaphore_cases.h"

#include <apr_strings.h>

const tst_case_t *const tst_tables[] = {
    semaphore_count_cases, semaphore_post_cases, semaphore_handler_cases, semaphore_race_cases,
    semaphore_wait_cases,  semaphore_wake_cases, semaphore_death_cases,   NULL,
};

const tst_role_t tst_roles[] = {
    {"poster", semaphore_race_poster},
    {"taker", semaphore_race_taker},
    {"writer", semaphore_wake_writer},
    {"doomed-poster", semaphore_death_poster},
    {"doomed-taker", semaphore_death_taker},
    {NULL, NULL},
};

ist_semaphore_t *semaphore_fresh(apr_uint32_t initial, apr_uint32_t maximum)
{
    ist_semaphore_t *sem = NULL;
    TST_MUST(ist_semaphore_open(&sem, tst_name(NULL), initial, maximum, IST_CREATE_ONLY, 0,
                                tst_pool()));
    return sem;
}

ist_semaphore_t *semaphore_again(void)
{
    ist_semaphore_t *sem = NULL;
    TST_MUST(ist_semaphore_open(&sem, tst_name(NULL), 0, 0, 0, 0, tst_pool()));
    return sem;
}

tst_peer_t *semaphore_peer(void)
{
    tst_peer_t *peer = tst_peer_start();
    TST_MUST(tst_peer_open(peer, 0, IST_KIND_SEMAPHORE, tst_name(NULL), 0, 0, 0, 0));
    return peer;
}

apr_int64_t semaphore_value(const ist_semaphore_t *sem)
{
    apr_uint32_t value = 0;
    return ist_semaphore_value(sem, &value) == APR_SUCCESS ? (apr_int64_t)value : -1;
}

apr_int64_t semaphore_drain(ist_semaphore_t *sem)
{
    apr_int64_t units = 0;
    apr_status_t status;
    while ((status = ist_semaphore_trywait(sem)) == APR_SUCCESS)
        units++;
    TST_STATUS(status, APR_EBUSY);
    return units;
}

apr_int64_t semaphore_hear(tst_peer_t *peer)
{
    const char *line = tst_peer_hear(peer);
    return line == NULL ? -1 : apr_strtoi64(line, NULL, 10);
}
