/* SPDX-License-Identifier: Apache-2.0 */
/* See windows.h beside it. */
#ifndef FUZZ_SDDL_H
#define FUZZ_SDDL_H

static inline BOOL ConvertSidToStringSidA(void *sid, char **text)
{
    (void)sid, (void)text;
    return 0;
}

#endif
