/* SPDX-License-Identifier: Apache-2.0 */
/* Unit tests of the shared code: all of it, over a backend that fails on demand. */
#include "unit.h"

const tst_case_t *const tst_tables[] = {
    unit_arguments, unit_handles, unit_opening,  unit_sharing,  unit_headers,
    unit_owners,    unit_ends,    unit_counts,   unit_sleepers, unit_times,
    unit_polling,   unit_listing, unit_words,    unit_failures, NULL,
};

const tst_role_t tst_roles[] = {{NULL, NULL}};

int main(int argc, char **argv)
{
    return tst_main(argc, (const char *const *)argv);
}
