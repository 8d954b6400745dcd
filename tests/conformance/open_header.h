/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening what has a damaged header. A peer keeps the object alive; its header
 * is changed under it; this process opens.
 */
#ifndef OPEN_HEADER_H
#define OPEN_HEADER_H

#include "open_cases.h"

#include "layout.h"

typedef void open_damage_t(isti_header_t *header);

/* Make the sum right again. */
void open_seal(isti_header_t *header);
/* Open it with these flags: this is the answer. */
void open_expect(ist_kind_e kind, apr_uint32_t flags, apr_status_t want);
/* Do it to an object of this kind, by the peer; all opens give this answer,
 * and none of it once the damage is undone. 0: this kind has no header here. */
int open_damaged(tst_peer_t *peer, ist_kind_e kind, open_damage_t *damage, apr_status_t want);
/* To each kind that has a header. */
void open_damage_all(open_damage_t *damage, apr_status_t want);

#endif
