/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of the program "region", and what its cases share.
 */
#ifndef TST_REGION_CASES_H
#define TST_REGION_CASES_H

#include "pace.h"
#include "peer.h"
#include "system.h"

extern const tst_case_t region_whole_cases[];
extern const tst_case_t region_lock_cases[];
extern const tst_case_t region_notify_cases[];
extern const tst_case_t region_death_cases[];

tst_role_fn_t region_whole_racer, region_notify_echo, region_death_visitor;

/* A fresh region, or one that exists; both live as long as the case. */
ist_region_t *region_fresh(const char *name, apr_size_t size);
ist_region_t *region_again(const char *name);
/* A child that has the case's region open in slot 0. */
tst_peer_t *region_peer(void);
/* Check that it is as new: this size, zeroed, free, nothing announced. */
void region_is_new(ist_region_t *region, apr_size_t size);
/* For threads (baton: the region): a try, unlocked again; a lock left behind. */
apr_status_t region_try(void *region);
apr_status_t region_desert(void *region);

#endif
