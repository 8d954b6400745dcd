/* SPDX-License-Identifier: Apache-2.0 */
/* What objects of each kind are made of: the one table of it. */
#include "internal.h"

static const isti_kind_t kinds[] = {
    {IST_KIND_MUTEX, 1, 0, 0, 0},
    {IST_KIND_SEMAPHORE, 0, 1, 0, 0},
    {IST_KIND_SHM, 0, 0, 1, IST_READ_ONLY | IST_POPULATE},
    {IST_KIND_REGION, 1, 1, 1, IST_POPULATE},
    {IST_KIND_QUEUE, 2, 2, 1, IST_SEND | IST_RECEIVE | IST_SOLE | IST_POPULATE},
    {IST_KIND_SENDERS, 0, 0, 1, 0},
    {IST_KIND_RECEIVERS, 0, 0, 1, 0},
};

const isti_kind_t *isti_kind(int letter)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].kind == (ist_kind_e)letter)
            return &kinds[i];
    }
    return NULL;
}
