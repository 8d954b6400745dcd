/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of the program "shm", and what its cases begin with.
 */
#ifndef TST_SHM_CASES_H
#define TST_SHM_CASES_H

#include "pace.h"
#include "peer.h"
#include "system.h"

extern const tst_case_t shm_size_cases[];
extern const tst_case_t shm_contents_cases[];
extern const tst_case_t shm_read_only_cases[];
extern const tst_case_t shm_large_cases[];
extern const tst_case_t shm_limit_cases[];

/* A fresh segment, which lives as long as the case. */
static inline ist_shm_t *shm_fresh(const char *name, apr_size_t size)
{
    ist_shm_t *shm = NULL;
    TST_MUST(ist_shm_open(&shm, name, size, IST_CREATE_ONLY, 0, tst_pool()));
    TST_MUST_TRUE(ist_shm_base(shm) != NULL);
    return shm;
}

/* How many of the bytes are not this one. */
static inline apr_size_t shm_strangers(const ist_shm_t *shm, unsigned char wanted)
{
    const unsigned char *byte = ist_shm_base(shm);
    apr_size_t size = ist_shm_size(shm), count = 0;
    for (apr_size_t i = 0; i < size; i++)
        count += byte[i] != wanted;
    return count;
}

#endif
