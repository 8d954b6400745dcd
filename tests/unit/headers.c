/* SPDX-License-Identifier: Apache-2.0 */
/* OPEN-4: headers in shared memory, believed or not. */
#include "unit.h"

#include <stddef.h>
#include <string.h>

#define LENGTH (ISTI_HEADER_SIZE + 100u)

static void fill(isti_header_t *header)
{
    memset(header, 0, sizeof *header);
    isti_header_fill(header, IST_KIND_REGION, FAKE_ABI, FAKE_SPACE, FAKE_NONCE);
    atomic_init(&header->born, 101);
}

static apr_status_t check(const isti_header_t *header)
{
    return isti_header_check(header, IST_KIND_REGION, FAKE_ABI, FAKE_SPACE, LENGTH, 1);
}

/* A header that a program meant so, not one that was damaged. */
static apr_status_t check_summed(isti_header_t *header)
{
    header->check = isti_header_sum(header);
    return check(header);
}

static void whole(void)
{
    isti_header_t header;
    fill(&header);
    TST_OK(check(&header));
    TST_NUMBER(header.layout, ISTI_LAYOUT);
    TST_NUMBER(header.reader, ISTI_READER);
    TST_NUMBER(header.kind, 'r');
    TST_TRUE(memcmp(&header.magic, "isthmus", 8) == 0);
}

/* The sum of a header as another program would write it: computed elsewhere,
 * so that the two can't change together unnoticed. */
static void sum_is_fixed(void)
{
    isti_header_t header;
    memset(&header, 0, sizeof header);
    isti_header_fill(&header, IST_KIND_SHM, 0, 0, 0);
    TST_TRUE(header.check == UINT64_C(0x2c9058f06619bc64));
    TST_NUMBER(offsetof(isti_header_t, nonce), 32);
    TST_NUMBER(offsetof(isti_header_t, count), 512);
    TST_NUMBER(offsetof(isti_count_slot_t, maximum), 8);
}

static void each_byte(void)
{
    isti_header_t header;
    for (size_t at = 0; at < offsetof(isti_header_t, born); at++) {
        for (int bit = 0; bit < 8; bit++) {
            fill(&header);
            ((unsigned char *)&header)[at] ^= (unsigned char)(1 << bit);
            TST_SAY(check(&header) == (at < 8 ? IST_EFOREIGN : IST_ECORRUPT),
                    "bit %d of byte %d is seen", bit, (int)at);
        }
    }
}

static void no_header(void)
{
    isti_header_t header;
    memset(&header, 0, sizeof header);
    TST_STATUS(check(&header), IST_EFOREIGN);
    memset(&header, 0xff, sizeof header);
    TST_STATUS(check(&header), IST_EFOREIGN);
    memset(&header, ' ', sizeof header);
    TST_STATUS(check(&header), IST_EFOREIGN);
}

static void versions(void)
{
    isti_header_t header;
    fill(&header);
    header.layout = ISTI_LAYOUT + 1; /* newer, and says that we can read it */
    TST_OK(check_summed(&header));
    header.reader = ISTI_LAYOUT + 1;
    TST_STATUS(check_summed(&header), IST_EVERSION);
    header.layout = header.reader = UINT32_MAX;
    TST_STATUS(check_summed(&header), IST_EVERSION);
    header.layout = header.reader = ISTI_READER - 1;
    TST_STATUS(check_summed(&header), IST_EVERSION);
}

/* The order: a version tells how to read the rest. */
static void others(void)
{
    isti_header_t header;
    fill(&header);
    header.space++;
    TST_STATUS(check_summed(&header), IST_ENAMESPACE);
    header.abi ^= 1;
    TST_STATUS(check_summed(&header), IST_EABI);
    header.kind = IST_KIND_SHM;
    TST_STATUS(check_summed(&header), IST_ECORRUPT);
    header.reader = ISTI_LAYOUT + 1;
    TST_STATUS(check_summed(&header), IST_EVERSION);
    fill(&header);
    header.nonce++;
    TST_OK(check_summed(&header));
}

static apr_status_t sized(uint64_t born, uint64_t length, uint64_t grain)
{
    isti_header_t header;
    fill(&header);
    atomic_init(&header.born, born);
    return isti_header_check(&header, IST_KIND_REGION, FAKE_ABI, FAKE_SPACE, length, grain);
}

static void sizes(void)
{
    const uint64_t head = ISTI_HEADER_SIZE;
    TST_STATUS(sized(0, LENGTH, 1), APR_EAGAIN);
    TST_OK(sized(1, head, 1));
    TST_OK(sized(101, head + 100, 1));
    TST_STATUS(sized(102, head + 100, 1), IST_ECORRUPT);
    TST_STATUS(sized(100, head + 100, 1), IST_ECORRUPT);
    TST_STATUS(sized(1, head - 1, 1), IST_ECORRUPT);
    TST_STATUS(sized(1, 0, 1), IST_ECORRUPT);
    TST_STATUS(sized(UINT64_MAX - head + 2, 0, 1), IST_ECORRUPT); /* 0 - head, and 1 */
    TST_STATUS(sized(UINT64_MAX, head + 100, 1), IST_ECORRUPT);
    TST_STATUS(sized(UINT64_MAX, UINT64_MAX, 1), IST_ECORRUPT);
    TST_OK(sized(UINT64_MAX - head + 1, UINT64_MAX, 1));
}

/* Windows rounds up to pages. */
static void sizes_in_pages(void)
{
    const uint64_t head = ISTI_HEADER_SIZE, page = 4096;
    TST_OK(sized(1 + 1, head + page, page));
    TST_OK(sized(page + 1, head + page, page));
    TST_STATUS(sized(page + 2, head + page, page), IST_ECORRUPT);
    TST_STATUS(sized(0 + 1, head + page, page), IST_ECORRUPT);
    TST_OK(sized(0 + 1, head, page));
    TST_STATUS(sized(1 + 1, head + 2 * page, page), IST_ECORRUPT);
}

typedef struct damage_t {
    size_t at;
    apr_status_t status; /* when only this was written */
} damage_t;

/* Whatever stands in the header, an open answers and leaves nothing. */
static void damaged_objects(void)
{
    static const damage_t damages[] = {
        {offsetof(isti_header_t, magic), IST_EFOREIGN},
        {offsetof(isti_header_t, layout), IST_ECORRUPT},
        {offsetof(isti_header_t, kind), IST_ECORRUPT},
        {offsetof(isti_header_t, check), IST_ECORRUPT},
        {offsetof(isti_header_t, born) + 1, IST_ECORRUPT},
        {offsetof(isti_header_t, count) + offsetof(isti_count_slot_t, maximum) + 3, IST_ECORRUPT},
    };
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        ist_region_t *region;
        fake_thing_t *thing = fake_make(IST_KIND_REGION, "n", 100, 0, 1);
        ((unsigned char *)thing->header)[damages[i].at] ^= 0x80;
        TST_STATUS(ist_region_open(&region, "n", 0, 0, 0, tst_pool()), damages[i].status);
        TST_STATUS(ist_region_open(&region, "n", 1, IST_CREATE, 0, tst_pool()), damages[i].status);
        TST_TRUE(region == NULL);
        unit_nothing_left("opens in vain");
        fake_others_close(thing);
    }
}

static void unborn(void)
{
    fake_thing_t *thing = fake_make(IST_KIND_SHM, "n", 100, 0, 0);
    ist_shm_t *shm;
    atomic_store(&thing->header->born, 0);
    TST_STATUS(ist_shm_open(&shm, "n", 0, 0, 0, tst_pool()), APR_EBUSY);
    atomic_store(&thing->header->born, 101);
    TST_OK(ist_shm_open(&shm, "n", 0, 0, 0, tst_pool()));
}

const tst_case_t unit_headers[] = {
    {"OPEN-4 a header as it is written is believed", whole},
    {"OPEN-4 the sum and the places are those of layout 1", sum_is_fixed},
    {"OPEN-4 each damaged bit is seen", each_byte},
    {"NAME-5 OPEN-4 bytes that are no header", no_header},
    {"OPEN-4 layouts: newer ones that can be read, and others", versions},
    {"OPEN-4 another kind, ABI or namespace", others},
    {"OPEN-4 SHM-1 the size fits the bytes that there are", sizes},
    {"OPEN-4 SHM-1 the size fits whole pages", sizes_in_pages},
    {"OPEN-4 GEN-4 a damaged object is refused by every open", damaged_objects},
    {"OPEN-3 an unborn object is being made", unborn},
    {NULL, NULL},
};
