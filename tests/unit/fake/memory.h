/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comes before every source of the unit tests: what shared code allocates is
 * counted, and can fail.
 */
#ifndef FAKE_MEMORY_H
#define FAKE_MEMORY_H

#include <stdlib.h>

void *fake_calloc(size_t count, size_t size);
void fake_free(void *memory);

#define calloc(count, size) fake_calloc(count, size)
#define free(memory) fake_free(memory)

#endif
