/* SPDX-License-Identifier: Apache-2.0 */
/* The version at run time. */
#include "internal.h"

const char *ist_version(void)
{
    return IST_VERSION_STRING;
}
