/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of an object: an open file description lock on its file (fcntl(2),
 * "Open file description locks"). Who has the object open holds it shared;
 * the mapping keeps it, with no descriptor left open, and the system drops it
 * when the last process that has the mapping ends, however it ends. Who makes
 * or buries an object holds it alone. So:
 *
 *   an object is live while somebody holds it shared;
 *   it becomes visible with its maker holding it alone, and live when its
 *   maker changes that to shared, in one step;
 *   who wants in must see somebody else holding it shared, then share it,
 *   then see that the file still has its name;
 *   who finds that nobody holds it may claim it, and bury it.
 *
 * flock(2) would let any reader block everybody; with these locks a
 * descriptor opened for reading can't claim.
 */
#include "posix.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int operate(int fd, int command, struct flock *lock, short type)
{
    *lock = (struct flock){.l_type = type, .l_whence = SEEK_SET};
    return fcntl(fd, command, lock);
}

life_e isti_life_look(int fd)
{
    struct flock lock;
    /* Where it can't be told, nobody must be buried. */
    if (operate(fd, F_OFD_GETLK, &lock, F_WRLCK) != 0)
        return LIFE_BUSY;
    if (lock.l_type == F_UNLCK)
        return LIFE_DEAD;
    return lock.l_type == F_RDLCK ? LIFE_LIVE : LIFE_BUSY;
}

int isti_life_share(int fd)
{
    struct flock lock;
    return operate(fd, F_OFD_SETLK, &lock, F_RDLCK) == 0;
}

int isti_life_claim(int fd)
{
    struct flock lock;
    return operate(fd, F_OFD_SETLK, &lock, F_WRLCK) == 0;
}

static void bury_bells(const char *key, uint32_t semaphores, uint64_t nonce)
{
    char path[PATH_MAX_LEN];
    for (uint32_t i = 0; i < semaphores; i++) {
        isti_name_bell_path(path, key, i, nonce);
        (void)unlink(path);
    }
}

/* The doorbells go first: killed in between, the object's file still leads the
 * next opener to them. Before them goes `born`: who looked while it was live, and
 * comes in after such a death, must not take the missing doorbell for damage. */
int isti_life_bury(int fd, const char *key, uint32_t semaphores, uint64_t nonce)
{
    static const uint64_t unborn = 0;
    char path[PATH_MAX_LEN];
    if (semaphores > 0)
        (void)isti_file_write(fd, &unborn, sizeof unborn, offsetof(isti_header_t, born));
    bury_bells(key, semaphores, nonce);
    isti_name_path(path, key);
    return unlink(path) == 0 || errno == ENOENT ? 0 : errno;
}

/* A new look at the name, with a lock of its own: a lock that this process had
 * may live on in a child that it forked. Where the name has gone, or means
 * another object, nobody can come to these doorbells any more; and the other
 * object is not claimed, for its own closer would find it so, and leave it. */
void isti_life_depart(const char *key, uint32_t semaphores, const struct stat *file, uint64_t nonce)
{
    struct stat now;
    int fd;
    apr_status_t rv = isti_file_open(&fd, key, 0);
    if (rv == APR_ENOENT && nonce != 0)
        bury_bells(key, semaphores, nonce);
    if (rv != APR_SUCCESS)
        return;
    if (fstat(fd, &now) == 0) {
        int same = now.st_ino == file->st_ino && now.st_dev == file->st_dev;
        if (same && isti_life_claim(fd) && fstat(fd, &now) == 0 && now.st_nlink > 0)
            (void)isti_life_bury(fd, key, semaphores, nonce);
        if (!same && nonce != 0)
            bury_bells(key, semaphores, nonce);
    }
    (void)close(fd);
}
