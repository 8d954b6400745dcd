/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comes before every source of the unit tests: what shared code allocates is
 * counted, and can fail; what clean-ups it leaves with pools is counted.
 */
#ifndef FAKE_MEMORY_H
#define FAKE_MEMORY_H

#include <apr_pools.h>
#include <stdlib.h>

void *fake_calloc(size_t count, size_t size);
void fake_free(void *memory);

typedef apr_status_t fake_clean_up_t(void *data);
void fake_clean_up_register(apr_pool_t *pool, const void *data, fake_clean_up_t *run,
                            fake_clean_up_t *in_child);
void fake_clean_up_kill(apr_pool_t *pool, const void *data, fake_clean_up_t *run);

#define calloc(count, size) fake_calloc(count, size)
#define free(memory)        fake_free(memory)
#define apr_pool_cleanup_register(pool, data, run, in_child)                                       \
    fake_clean_up_register(pool, data, run, in_child)
#define apr_pool_cleanup_kill(pool, data, run) fake_clean_up_kill(pool, data, run)

#endif
