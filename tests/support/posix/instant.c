/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Linux: an instant inside a call, where the process can be held. Files are
 * removed through here, by the program and by every library in it.
 */
#include "posix.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Atomic(tst_instant_fn_t *) hook;
static void *hook_baton;

void tst_before_removal(tst_instant_fn_t *run, void *baton)
{
    hook_baton = baton;
    atomic_store(&hook, run);
}

/* In place of libc's. */
int unlink(const char *path)
{
    tst_instant_fn_t *run = atomic_exchange(&hook, NULL);
    if (run != NULL)
        run(hook_baton);
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}
