/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OPEN-4: headers that are damaged altogether.
 */
#include "open_header.h"

#include <string.h>

static void new_reader(isti_header_t *header)
{
    header->reader = ISTI_LAYOUT + 1;
    open_seal(header);
}

static void all_ones(isti_header_t *header)
{
    memset(header, 0xff, sizeof *header);
}

static void all_of_ones(void)
{
    open_damage_all(all_ones, IST_EFOREIGN);
}

/* To some systems that is one that was never made: absent to who opens, and to
 * be made by who creates. But nothing to be found. */
static void all_of_zeros(void)
{
    tst_peer_t *peer = tst_peer_start();
    for (int i = 0; i < TST_KINDS; i++) {
        tst_raw_t raw;
        tst_handle_t handle;
        isti_header_t saved;
        TST_MUST(tst_peer_open(peer, 0, tst_kinds[i], tst_name(NULL), IST_CREATE_ONLY, 1, 3, 0));
        if (tst_raw_open(&raw, tst_kinds[i], tst_name(NULL), 0)) {
            memcpy(&saved, raw.base, sizeof saved);
            memset(raw.base, 0, sizeof saved);
            apr_status_t got =
                tst_open_as(&handle, tst_kinds[i], tst_name(NULL), 0, 0, 0, 0, tst_pool());
            TST_SAY(got == IST_EFOREIGN || got == APR_ENOENT, "found: %s", tst_status_name(got));
            got = tst_open(&handle, tst_kinds[i], tst_name(NULL), IST_CREATE, tst_pool());
            TST_SAY(got == IST_EFOREIGN || got == APR_EBUSY ||
                        (got == APR_SUCCESS && tst_created(&handle)),
                    "made: %s", tst_status_name(got));
            if (got == APR_SUCCESS)
                TST_OK(tst_close(&handle));
            memcpy(raw.base, &saved, sizeof saved);
            tst_raw_close(&raw);
        }
        open_expect(tst_kinds[i], 0, APR_SUCCESS);
        TST_OK(tst_peer_do(peer, "close 0"));
    }
}

/* Noise of all sorts in all of the header: any answer, but no crash. */
static void noise(void)
{
    tst_peer_t *peer = tst_peer_start();
    for (int n = tst_rounds(200); n > 0; n--) {
        tst_raw_t raw;
        tst_handle_t handle;
        isti_header_t saved;
        ist_kind_e one = tst_kinds[tst_random(TST_KINDS)];
        TST_MUST(tst_peer_open(peer, 0, one, tst_name(NULL), IST_CREATE_ONLY, 1, 3, 0));
        if (tst_raw_open(&raw, one, tst_name(NULL), 0)) {
            memcpy(&saved, raw.base, sizeof saved);
            for (int i = 0; i < 3; i++)
                raw.base[tst_random(offsetof(isti_header_t, born) + 8)] =
                    (unsigned char)tst_random(256);
            if (((isti_header_t *)(void *)raw.base)->born != 0 &&
                tst_open_as(&handle, one, tst_name(NULL), 0, 0, 0, 0, tst_pool()) == APR_SUCCESS)
                TST_OK(tst_close(&handle));
            memcpy(raw.base, &saved, sizeof saved);
            tst_raw_close(&raw);
        }
        open_expect(one, 0, APR_SUCCESS);
        TST_OK(tst_peer_do(peer, "close 0"));
    }
}

/* A refused opener is no holder: the name is free after the real one. */
static void refused_is_no_holder(void)
{
    const ist_kind_e kinds[] = {IST_KIND_SHM, IST_KIND_REGION};
    tst_peer_t *peer = tst_peer_start();
    for (int i = 0; i < 2; i++) {
        open_damaged(peer, kinds[i], new_reader, IST_EVERSION);
        open_expect(kinds[i], 0, APR_ENOENT);
    }
}

const tst_case_t open_noise_cases[] = {
    {"OPEN-4 a header of ones is foreign", all_of_ones},
    {"OPEN-4 a header of zeros is not opened", all_of_zeros},
    {"OPEN-4 noise in the header crashes nobody", noise},
    {"OPEN-4 who was refused holds nothing", refused_is_no_holder},
    {NULL, NULL},
};
