/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Linux: instants inside a call, where the process can be held. Files get their
 * names and lose them through here, in the program and in every library in it.
 */
#include "posix.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct instant_t {
    _Atomic(tst_instant_fn_t *) run;
    void *baton;
} instant_t;

static instant_t removal, naming, sharing;

static void await(instant_t *instant, tst_instant_fn_t *run, void *baton)
{
    instant->baton = baton;
    atomic_store(&instant->run, run);
}

static void comes(instant_t *instant)
{
    tst_instant_fn_t *run = atomic_exchange(&instant->run, NULL);
    if (run != NULL)
        run(instant->baton);
}

void tst_before_removal(tst_instant_fn_t *run, void *baton)
{
    await(&removal, run, baton);
}

void tst_after_naming(tst_instant_fn_t *run, void *baton)
{
    await(&naming, run, baton);
}

void tst_before_sharing(tst_instant_fn_t *run, void *baton)
{
    await(&sharing, run, baton);
}

/* All in place of libc's. */

int unlink(const char *path)
{
    comes(&removal);
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int linkat(int from, const char *old, int to, const char *name, int flags)
{
    int result = (int)syscall(SYS_linkat, from, old, to, name, flags);
    if (result == 0)
        comes(&naming);
    return result;
}

/* With an argument or without, as libc's own does it: what was not given is not looked at. */
int fcntl(int fd, int command, ...)
{
#ifdef SYS_fcntl64
    const long number = SYS_fcntl64;
#else
    const long number = SYS_fcntl;
#endif
    va_list more;
    va_start(more, command);
    void *argument = va_arg(more, void *);
    va_end(more);
    if (command == F_OFD_SETLK && ((const struct flock *)argument)->l_type == F_RDLCK)
        comes(&sharing);
    return (int)syscall(number, fd, command, argument);
}
