/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The header's check alone, which both backends share: any bytes, any length, any
 * grain. It is fast, and so sees far more than the targets with files.
 */
#include "fuzz.h"

#include "internal.h"

#include <string.h>

#define ABI   0x01082820u
#define SPACE UINT64_C(4026531836)

typedef struct input_t {
    uint8_t kind;
    uint8_t want; /* bit 0: with an ABI tag, bit 1: and a PID namespace, bit 2: in pages */
    uint8_t rest[6];
    uint64_t length;
    unsigned char header[56];
} input_t;

static const uint32_t kinds[] = {IST_KIND_MUTEX,    IST_KIND_SEMAPHORE, IST_KIND_SHM,
                                 IST_KIND_REGION,   IST_KIND_QUEUE,     IST_KIND_SENDERS,
                                 IST_KIND_RECEIVERS};
#define KINDS (sizeof kinds / sizeof *kinds)

/* What docs/layout.md says of it, in its order. */
static apr_status_t expected(const isti_header_t *header, uint32_t kind, uint32_t abi,
                             uint64_t space, uint64_t length, uint64_t grain)
{
    uint64_t born = atomic_load(&header->born);
    if (memcmp(header, "isthmus", 8) != 0)
        return IST_EFOREIGN;
    if (header->check != isti_header_sum(header))
        return IST_ECORRUPT;
    if (header->layout < 1 || header->reader > 1)
        return IST_EVERSION;
    if (header->kind != kind)
        return IST_ECORRUPT;
    if (header->abi != abi)
        return IST_EABI;
    if (header->space != space)
        return IST_ENAMESPACE;
    if (born == 0)
        return APR_EAGAIN;
    /* In 128 bits nothing wraps. */
    unsigned __int128 least = (unsigned __int128)born - 1 + 4096;
    return length >= least && length < least + grain ? APR_SUCCESS : IST_ECORRUPT;
}

static void run(const uint8_t *data, size_t size)
{
    input_t input = {0};
    isti_header_t header;
    memcpy(&input, data, size < sizeof input ? size : sizeof input);
    memset((void *)&header, 0, sizeof header);
    memcpy((void *)&header, input.header, sizeof input.header);
    const uint32_t kind = kinds[input.kind % KINDS];
    const uint32_t abi = input.want & 1 ? ABI : 0;
    const uint64_t space = input.want & 2 ? SPACE : 0;
    const uint64_t grain = input.want & 4 ? 4096 : 1;
    FUZZ_MUST(isti_header_check(&header, (ist_kind_e)kind, abi, space, input.length, grain) ==
              expected(&header, kind, abi, space, input.length, grain));
}

/* Damage, and then mend so much of it that the check comes to the next field. */
static size_t mutate(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    input_t input = {0};
    isti_header_t header;
    size = LLVMFuzzerMutate(data, size, most < sizeof input ? most : sizeof input);
    if (most < sizeof input)
        return size;
    memcpy(&input, data, size < sizeof input ? size : sizeof input);
    memset((void *)&header, 0, sizeof header);
    memcpy((void *)&header, input.header, sizeof input.header);
    if (fuzz_random(&seed, 16) != 0)
        header.magic = ISTI_MAGIC;
    if (fuzz_random(&seed, 4) != 0) {
        header.layout = fuzz_random(&seed, 8) == 0 ? fuzz_random(&seed, 4) : 1;
        header.reader = fuzz_random(&seed, 8) == 0 ? fuzz_random(&seed, 4) : 1;
    }
    if (fuzz_random(&seed, 8) != 0)
        header.kind = kinds[input.kind % KINDS];
    if (fuzz_random(&seed, 8) != 0)
        header.abi = input.want & 1 ? ABI : 0;
    if (fuzz_random(&seed, 8) != 0)
        header.space = input.want & 2 ? SPACE : 0;
    if (fuzz_random(&seed, 2) != 0)
        atomic_store(&header.born, input.length - 4096 + fuzz_random(&seed, 4) * 4095 / 3);
    if (fuzz_random(&seed, 8) != 0)
        header.check = isti_header_sum(&header);
    memcpy(input.header, (void *)&header, sizeof input.header);
    memcpy(data, &input, sizeof input);
    return sizeof input;
}

const fuzz_target_t fuzz_header = {"header", 0, run, mutate};
