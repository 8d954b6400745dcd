/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this folder offer one another. */
#ifndef TOOL_POSIX_H
#define TOOL_POSIX_H

#include "tool.h"

#define FOLDER "/dev/shm"

/* The path of an object's file: docs/layout.md. */
const char *tool_path(const ist_info_t *info, apr_pool_t *pool);

#endif
