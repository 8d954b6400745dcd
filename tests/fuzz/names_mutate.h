/* SPDX-License-Identifier: Apache-2.0 */
/* A mutator of names: pieces that matter, put in, left out and changed. */
#ifndef NAMES_MUTATE_H
#define NAMES_MUTATE_H

#include "fuzz.h"

#include <string.h>

static inline size_t names_mutate(uint8_t *data, size_t size, size_t most, unsigned seed,
                                  const char *const *pieces, unsigned count)
{
    if (size > most)
        size = most;
    if (fuzz_random(&seed, 3) == 0)
        return LLVMFuzzerMutate(data, size, most);
    const char *piece = pieces[fuzz_random(&seed, count)];
    size_t length = strlen(piece);
    size_t at = fuzz_random(&seed, (unsigned)size + 1);
    if (fuzz_random(&seed, 4) == 0)
        at = fuzz_random(&seed, 2) == 0 ? 0 : size;
    if (fuzz_random(&seed, 3) == 0 && at + length <= size) { /* in place of what is there */
        memcpy(data + at, piece, length);
    } else if (size + length <= most) {
        memmove(data + at + length, data + at, size - at);
        memcpy(data + at, piece, length);
        size += length;
    }
    return size;
}

#endif
