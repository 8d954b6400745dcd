/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OPEN-4: damaged headers, and headers of others. A peer keeps the object
 * alive; its header is changed under it; this process opens.
 */
#include "open_header.h"

static void other_magic(isti_header_t *header)
{
    header->magic ^= 1;
}

static void no_magic(isti_header_t *header)
{
    header->magic = 0;
    open_seal(header);
}

static void magic(void)
{
    open_damage_all(other_magic, IST_EFOREIGN);
    open_damage_all(no_magic, IST_EFOREIGN);
}

static void new_reader(isti_header_t *header)
{
    header->layout = ISTI_LAYOUT + 7;
    header->reader = ISTI_LAYOUT + 1;
    open_seal(header);
}

static void huge_reader(isti_header_t *header)
{
    header->reader = 0xffffffffu;
    open_seal(header);
}

static void old_layout(isti_header_t *header)
{
    header->layout = ISTI_READER - 1;
    header->reader = 0;
    open_seal(header);
}

static void version(void)
{
    open_damage_all(new_reader, IST_EVERSION);
    open_damage_all(huge_reader, IST_EVERSION);
    open_damage_all(old_layout, IST_EVERSION);
}

/* A later layout that this version may read. */
static void new_layout(isti_header_t *header)
{
    header->layout = ISTI_LAYOUT + 1;
    open_seal(header);
}

static void later_layout(void)
{
    open_damage_all(new_layout, APR_SUCCESS);
}

/* Segments have no locks. The PID namespace matters to mutexes alone. */
static void damage_locks(int with_semaphore, open_damage_t *damage, apr_status_t want)
{
    tst_peer_t *peer = tst_peer_start();
    open_damaged(peer, IST_KIND_MUTEX, damage, want);
    open_damaged(peer, IST_KIND_REGION, damage, want);
    open_damaged(peer, IST_KIND_QUEUE, damage, want);
    if (with_semaphore)
        open_damaged(peer, IST_KIND_SEMAPHORE, damage, want);
}

static void other_abi(isti_header_t *header)
{
    header->abi ^= 0x10;
    open_seal(header);
}

static void abi(void)
{
    damage_locks(1, other_abi, IST_EABI);
}

static void other_space(isti_header_t *header)
{
    header->space++;
    open_seal(header);
}

static void name_space(void)
{
    damage_locks(0, other_space, IST_ENAMESPACE);
}

static void other_kind(isti_header_t *header)
{
    header->kind = header->kind == IST_KIND_SHM ? IST_KIND_REGION : IST_KIND_SHM;
    open_seal(header);
}

static void kind(void)
{
    open_damage_all(other_kind, IST_ECORRUPT);
}

static void other_check(isti_header_t *header)
{
    header->check ^= APR_UINT64_C(0x8000000000000000);
}

/* Each byte that the sum covers, behind the magic. */
static void sum(void)
{
    tst_peer_t *peer = tst_peer_start();
    open_damage_all(other_check, IST_ECORRUPT);
    for (int i = 0; i < TST_KINDS; i++) {
        tst_raw_t raw;
        TST_MUST(tst_peer_open(peer, 0, tst_kinds[i], tst_name(NULL), IST_CREATE_ONLY, 1, 3, 0));
        if (tst_raw_open(&raw, tst_kinds[i], tst_name(NULL), 0)) {
            for (apr_size_t at = 8; at < offsetof(isti_header_t, check) + 8; at++) {
                raw.base[at] ^= 0x40;
                open_expect(tst_kinds[i], 0, IST_ECORRUPT);
                raw.base[at] ^= 0x40;
            }
            open_expect(tst_kinds[i], 0, APR_SUCCESS);
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
        open_damaged(peer, kinds[i], larger, IST_ECORRUPT);
        open_damaged(peer, kinds[i], endless, IST_ECORRUPT);
        open_damaged(peer, kinds[i], smaller, IST_ECORRUPT);
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
        open_damaged(peer, kinds[i], no_maximum, IST_ECORRUPT);
        open_damaged(peer, kinds[i], large_maximum, IST_ECORRUPT);
    }
}

/* However many sleepers it tells of: a post that rings for each would take long. */
static void sleepers(void)
{
    tst_raw_t raw;
    ist_semaphore_t *semaphore;
    apr_uint32_t value = 0;
    TST_MUST(ist_semaphore_open(&semaphore, tst_name(NULL), 0, IST_COUNT_MAX, IST_CREATE, 0,
                                tst_pool()));
    if (!tst_raw_open(&raw, IST_KIND_SEMAPHORE, tst_name(NULL), 0)) {
        tst_skip("the system itself keeps a semaphore's sleepers here");
        return;
    }
    isti_header_t *header = (void *)raw.base;
    atomic_store(&header->count[0].word, APR_UINT64_C(0xffffffff00000000));
    apr_int64_t start = tst_now();
    TST_OK(ist_semaphore_post_n(semaphore, IST_COUNT_MAX, NULL));
    TST_TRUE(tst_now() - start < tst_scaled(5 * APR_USEC_PER_SEC));
    TST_OK(ist_semaphore_value(semaphore, &value));
    TST_NUMBER(value, IST_COUNT_MAX);
    tst_raw_close(&raw);
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
    {"OPEN-4 a damaged number of sleepers holds up no post", sleepers},
    {NULL, NULL},
};
