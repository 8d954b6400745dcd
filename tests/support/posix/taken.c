/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POSIX: what is taken of the file system that segments lie in.
 */
#include "taken.h"

#include <sys/statvfs.h>

apr_int64_t tst_taken(void)
{
    struct statvfs shm;
    if (statvfs("/dev/shm", &shm) != 0 || shm.f_blocks == 0)
        return -1;
    return (apr_int64_t)(shm.f_blocks - shm.f_bfree) * (apr_int64_t)shm.f_frsize;
}
