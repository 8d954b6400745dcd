/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OPEN-4: how the cases about damaged headers do it.
 */
#include "open_header.h"

#include <string.h>

#define SIZE 16384

void open_seal(isti_header_t *header)
{
    header->check = isti_header_sum(header);
}

void open_expect(ist_kind_e kind, apr_uint32_t flags, apr_status_t want)
{
    tst_handle_t handle;
    apr_status_t got = tst_open_as(&handle, kind, tst_name(NULL), flags,
                                   (flags & IST_CREATE) != 0 && kind != IST_KIND_SEMAPHORE ? 1 : 0,
                                   3, 0, tst_pool());
    TST_SAY(got == want, "%s with flags %#x is %s, not %s", tst_kind_name(kind), (unsigned)flags,
            tst_status_name(got), tst_status_name(want));
    if (got == APR_SUCCESS)
        tst_close(&handle);
}

/* 0 when this kind has no header here. */
int open_damaged(tst_peer_t *peer, ist_kind_e kind, open_damage_t *damage, apr_status_t want)
{
    tst_raw_t raw;
    isti_header_t saved;
    TST_MUST(tst_peer_open(peer, 0, kind, tst_name(NULL), IST_CREATE_ONLY,
                           kind == IST_KIND_SEMAPHORE ? 1 : SIZE, 3, 0));
    int has_header = tst_raw_open(&raw, kind, tst_name(NULL), 0);
    if (has_header) {
        isti_header_t *header = (isti_header_t *)(void *)raw.base;
        memcpy(&saved, header, sizeof saved);
        damage(header);
        open_expect(kind, 0, want);
        open_expect(kind, IST_CREATE, want);
        if (kind == IST_KIND_SHM)
            open_expect(kind, IST_READ_ONLY, want);
        memcpy(header, &saved, sizeof saved);
        open_expect(kind, 0, APR_SUCCESS); /* that alone was the matter */
        tst_raw_close(&raw);
    }
    TST_OK(tst_peer_do(peer, "close 0"));
    return has_header;
}

void open_damage_all(open_damage_t *damage, apr_status_t want)
{
    tst_peer_t *peer = tst_peer_start();
    for (int i = 0; i < TST_KINDS; i++)
        open_damaged(peer, tst_kinds[i], damage, want);
}
