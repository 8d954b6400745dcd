/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OPEN-4: damaged headers, and headers of others. A peer keeps the object
 * alive; its header is changed under it; this process opens.
 */
#include "open_cases.h"

#include "layout.h"

#include <string.h>

#define SIZE 16384

typedef void damage_t(isti_header_t *header);

static void seal(isti_header_t *header)
{
    header->check = isti_header_sum(header);
}

static void expect(ist_kind_e kind, apr_uint32_t flags, apr_status_t want)
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
static int try_damage(tst_peer_t *peer, ist_kind_e kind, damage_t *damage, apr_status_t want)
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
        expect(kind, 0, want);
        expect(kind, IST_CREATE, want);
        if (kind == IST_KIND_SHM)
            expect(kind, IST_READ_ONLY, want);
        memcpy(header, &saved, sizeof saved);
        expect(kind, 0, APR_SUCCESS); /* that alone was the matter */
        tst_raw_close(&raw);
    }
    TST_OK(tst_peer_do(peer, "close 0"));
    return has_header;
}

static void damage_all(damage_t *damage, apr_status_t want)
{
    tst_peer_t *peer = tst_peer_start();
    for (int i = 0; i < 4; i++)
        try_damage(peer, tst_kinds[i], damage, want);
}

/* Mutexes and regions alone: segments have no locks. */
static void damage_locks(damage_t *damage, apr_status_t want)
{
    tst_peer_t *peer = tst_peer_start();
    try_damage(peer, IST_KIND_MUTEX, damage, want);
    try_damage(peer, IST_KIND_REGION, damage, want);
}

static void other_magic(isti_header_t *header)
{
    header->magic ^= 1;
}

static void no_magic(isti_header_t *header)
{
    header->magic = 0;
    seal(header);
}

static void magic(void)
{
    damage_all(other_magic, IST_EFOREIGN);
    damage_all(no_magic, IST_EFOREIGN);
}

static void new_reader(isti_header_t *header)
{
    header->layout = ISTI_LAYOUT + 7;
    header->reader = ISTI_LAYOUT + 1;
    seal(header);
}

static void huge_reader(isti_header_t *header)
{
    header->reader = 0xffffffffu;
    seal(header);
}

static void old_layout(isti_header_t *header)
{
    header->layout = ISTI_READER - 1;
    header->reader = 0;
    seal(header);
}

static void version(void)
{
    damage_all(new_reader, IST_EVERSION);
    damage_all(huge_reader, IST_EVERSION);
    damage_all(old_layout, IST_EVERSION);
}

/* A later layout that this version may read. */
static void new_layout(isti_header_t *header)
{
    header->layout = ISTI_LAYOUT + 1;
    seal(header);
}

static void later_layout(void)
{
    damage_all(new_layout, APR_SUCCESS);
}

static void other_abi(isti_header_t *header)
{
    header->abi ^= 0x10;
    seal(header);
}

static void abi(void)
{
    damage_locks(other_abi, IST_EABI);
}

static void other_space(isti_header_t *header)
{
    header->space++;
    seal(header);
}

static void name_space(void)
{
    damage_locks(other_space, IST_ENAMESPACE);
}

static void other_kind(isti_header_t *header)
{
    header->kind = header->kind == IST_KIND_SHM ? IST_KIND_REGION : IST_KIND_SHM;
    seal(header);
}

static void kind(void)
{
    damage_all(other_kind, IST_ECORRUPT);
}

static void other_check(isti_header_t *header)
{
    header->check ^= APR_UINT64_C(0x8000000000000000);
}

/* Each byte that the sum covers, behind the magic. */
static void sum(void)
{
    tst_peer_t *peer = tst_peer_start();
    damage_all(other_check, IST_ECORRUPT);
    for (int i = 0; i < 4; i++) {
        tst_raw_t raw;
        TST_MUST(tst_peer_open(peer, 0, tst_kinds[i], tst_name(NULL), IST_CREATE_ONLY, 1, 3, 0));
        if (tst_raw_open(&raw, tst_kinds[i], tst_name(NULL), 0)) {
            for (apr_size_t at = 8; at < offsetof(isti_header_t, check) + 8; at++) {
                raw.base[at] ^= 0x40;
                expect(tst_kinds[i], 0, IST_ECORRUPT);
                raw.base[at] ^= 0x40;
            }
            expect(tst_kinds[i], 0, APR_SUCCESS);
            tst_raw_close(&raw);
        }
        TST_OK(tst_peer_do(peer, "close 0"));
    }
}

static void larger(isti_header_t *header)
{
    header->born += 8192;
}

static void endless(isti_header_t *header)
{
    header->born = APR_UINT64_C(0xffffffffffffffff);
}

static void smaller(isti_header_t *header)
{
    header->born -= 8192;
}

/* A size beyond what there is must not become a view beyond it. */
static void size(void)
{
    const ist_kind_e kinds[] = {IST_KIND_SHM, IST_KIND_REGION};
    tst_peer_t *peer = tst_peer_start();
    for (int i = 0; i < 2; i++) {
        try_damage(peer, kinds[i], larger, IST_ECORRUPT);
        try_damage(peer, kinds[i], endless, IST_ECORRUPT);
        try_damage(peer, kinds[i], smaller, IST_ECORRUPT);
    }
}

static void no_maximum(isti_header_t *header)
{
    header->count[0].maximum = 0;
}

static void large_maximum(isti_header_t *header)
{
    header->count[0].maximum = 0x80000000u;
}

static void maximum(void)
{
    const ist_kind_e kinds[] = {IST_KIND_SEMAPHORE, IST_KIND_REGION};
    tst_peer_t *peer = tst_peer_start();
    for (int i = 0; i < 2; i++) {
        try_damage(peer, kinds[i], no_maximum, IST_ECORRUPT);
        try_damage(peer, kinds[i], large_maximum, IST_ECORRUPT);
    }
}

static void all_ones(isti_header_t *header)
{
    memset(header, 0xff, sizeof *header);
}

static void all_of_ones(void)
{
    damage_all(all_ones, IST_EFOREIGN);
}

/* To some systems that is one that was never made: absent to who opens, and to
 * be made by who creates. But nothing to be found. */
static void all_of_zeros(void)
{
    tst_peer_t *peer = tst_peer_start();
    for (int i = 0; i < 4; i++) {
        tst_raw_t raw;
        tst_handle_t handle;
        isti_header_t saved;
        TST_MUST(tst_peer_open(peer, 0, tst_kinds[i], tst_name(NULL), IST_CREATE_ONLY, 1, 3, 0));
        if (tst_raw_open(&raw, tst_kinds[i], tst_name(NULL), 0)) {
            memcpy(&saved, raw.base, sizeof saved);
            memset(raw.base, 0, sizeof saved);
            apr_status_t got = tst_open_as(&handle, tst_kinds[i], tst_name(NULL), 0, 0, 0, 0,
                                           tst_pool());
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
        expect(tst_kinds[i], 0, APR_SUCCESS);
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
        ist_kind_e one = tst_kinds[tst_random(4)];
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
        expect(one, 0, APR_SUCCESS);
        TST_OK(tst_peer_do(peer, "close 0"));
    }
}

/* A refused opener is no holder: the name is free after the real one. */
static void refused_is_no_holder(void)
{
    const ist_kind_e kinds[] = {IST_KIND_SHM, IST_KIND_REGION};
    tst_peer_t *peer = tst_peer_start();
    for (int i = 0; i < 2; i++) {
        try_damage(peer, kinds[i], new_reader, IST_EVERSION);
        expect(kinds[i], 0, APR_ENOENT);
    }
}

const tst_case_t open_damage_cases[] = {
    {"OPEN-4 another magic is foreign", magic},
    {"OPEN-4 an incompatible layout is IST_EVERSION", version},
    {"OPEN-4 a later layout that allows it is read", later_layout},
    {"OPEN-4 locks of another ABI are IST_EABI", abi},
    {"OPEN-4 locks of another PID namespace are IST_ENAMESPACE", name_space},
    {"OPEN-4 another kind in the header is IST_ECORRUPT", kind},
    {"OPEN-4 each damaged byte of the fixed fields is IST_ECORRUPT", sum},
    {"OPEN-4 a size that does not fit is IST_ECORRUPT", size},
    {"OPEN-4 a damaged maximum is IST_ECORRUPT", maximum},
    {"OPEN-4 a header of ones is foreign", all_of_ones},
    {"OPEN-4 a header of zeros is not opened", all_of_zeros},
    {"OPEN-4 noise in the header crashes nobody", noise},
    {"OPEN-4 who was refused holds nothing", refused_is_no_holder},
    {NULL, NULL},
};
