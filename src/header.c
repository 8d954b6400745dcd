/* SPDX-License-Identifier: Apache-2.0 */
/* The header of an object in shared memory: written, and believed or not. */
#include "internal.h"

void isti_header_fill(isti_header_t *header, ist_kind_e kind, uint32_t abi, uint64_t space,
                      uint64_t nonce)
{
    header->magic = ISTI_MAGIC;
    header->layout = ISTI_LAYOUT;
    header->reader = ISTI_READER;
    header->kind = kind;
    header->abi = abi;
    header->space = space;
    header->nonce = nonce;
    header->check = isti_header_sum(header);
}

/* Whether `born` fits the bytes that there are. */
static int fits(uint64_t born, uint64_t length, uint64_t grain)
{
    uint64_t size = born - 1;
    if (length < ISTI_HEADER_SIZE || size > length - ISTI_HEADER_SIZE)
        return 0;
    return length - ISTI_HEADER_SIZE - size < grain;
}

apr_status_t isti_header_check(const isti_header_t *copy, ist_kind_e kind, uint32_t abi,
                               uint64_t space, uint64_t length, uint64_t grain)
{
    uint64_t born = atomic_load_explicit(&copy->born, memory_order_relaxed);
    if (copy->magic != ISTI_MAGIC)
        return IST_EFOREIGN;
    if (copy->check != isti_header_sum(copy))
        return IST_ECORRUPT;
    if (copy->reader > ISTI_LAYOUT || copy->layout < ISTI_READER)
        return IST_EVERSION;
    if (copy->kind != (uint32_t)kind)
        return IST_ECORRUPT;
    if (copy->abi != abi)
        return IST_EABI;
    if (copy->space != space)
        return IST_ENAMESPACE;
    if (born == 0)
        return APR_EAGAIN;
    return fits(born, length, grain) ? APR_SUCCESS : IST_ECORRUPT;
}
