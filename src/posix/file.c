/* SPDX-License-Identifier: Apache-2.0 */
/* The files that objects lie in. */
#include "posix.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* How much memory is asked for in one step: a signal undoes the step. */
#define STEP (UINT64_C(4) << 20)

/* What shm_open says of a name that can't be a shared memory object's: a
 * symbolic link (ELOOP), a folder (glibc: EINVAL), a socket (ENXIO), a device. */
static apr_status_t open_error(int error)
{
    switch (error) {
    case ENOENT:
        return APR_ENOENT;
    case EACCES:
    case EPERM:
        return APR_EACCES;
    case ELOOP:
    case EMLINK:
    case EISDIR:
    case EINVAL:
    case ENXIO:
    case ENODEV:
        return IST_EFOREIGN;
    default:
        return APR_FROM_OS_ERROR(error);
    }
}

/* O_NONBLOCK: a FIFO in this place would be waited on. */
static int open_named(const char *key, int flags)
{
    char path[PATH_MAX_LEN];
    isti_name_path(path, key);
    return shm_open(path + sizeof FOLDER - 1, flags | O_NONBLOCK, 0);
}

/* A segment that its owner may read only can't be opened to be buried. When it is
 * dead, who owns it may let itself write. 0 when it can't be. */
static int unlock_own_dead(const char *key)
{
    struct stat file;
    isti_header_t copy;
    int fd = open_named(key, O_RDONLY);
    if (fd < 0)
        return 0;
    int done = isti_file_check(fd, &file, 1) == APR_SUCCESS && file.st_uid == geteuid() &&
               isti_life_look(fd) == LIFE_DEAD &&
               isti_file_header(fd, &copy) == APR_SUCCESS &&
               fchmod(fd, (file.st_mode & 0777) | S_IWUSR) == 0;
    (void)close(fd);
    return done;
}

apr_status_t isti_file_open(int *fd, const char *key, int read_only)
{
    const int flags = read_only ? O_RDONLY : O_RDWR;
    *fd = open_named(key, flags);
    if (*fd < 0 && errno == EACCES && !read_only) {
        if (!unlock_own_dead(key))
            return APR_EACCES;
        *fd = open_named(key, flags);
    }
    return *fd < 0 ? open_error(errno) : APR_SUCCESS;
}

apr_status_t isti_file_check(int fd, struct stat *file, int global)
{
    if (fstat(fd, file) != 0)
        return APR_FROM_OS_ERROR(errno);
    if (!S_ISREG(file->st_mode))
        return IST_EFOREIGN;
    if (!global && file->st_uid != geteuid())
        return APR_EACCES;
    if (file->st_nlink == 0)
        return APR_EAGAIN;
    /* Objects have one name. A second one, which others may give to a file that
     * they may write, would pass a public object off as a private one. */
    if (file->st_nlink > 1)
        return global ? IST_EFOREIGN : APR_EACCES;
    return APR_SUCCESS;
}

mode_t isti_file_mode(apr_fileperms_t access)
{
    return (mode_t)((access >> 8 & 6) << 6 | (access >> 4 & 6) << 3 | (access & 6));
}

apr_fileperms_t isti_file_access(mode_t mode)
{
    return (apr_fileperms_t)((mode >> 6 & 6) << 8 | (mode >> 3 & 6) << 4 | (mode & 6));
}

/* Nearly all of a machine's memory must not be taken to find out that it is
 * not enough. A file system without a limit has 0 blocks. */
static int there_is_room(int fd, uint64_t length)
{
    struct statvfs system;
    if (length <= STEP || fstatvfs(fd, &system) != 0 || system.f_blocks == 0)
        return 1;
    return length / system.f_frsize <= system.f_bavail;
}

apr_status_t isti_file_fill(int fd, uint64_t length)
{
    struct rlimit most;
    if (length > (uint64_t)INT64_MAX || !there_is_room(fd, length))
        return APR_ENOSPC;
    /* Past this limit the system would end the process (SIGXFSZ). */
    if (getrlimit(RLIMIT_FSIZE, &most) == 0 && most.rlim_cur != RLIM_INFINITY &&
        length > most.rlim_cur)
        return APR_ENOSPC;
    for (uint64_t at = 0; at < length;) {
        uint64_t step = length - at < STEP ? length - at : STEP;
        int error = posix_fallocate(fd, (off_t)at, (off_t)step);
        if (error == EINTR)
            continue;
        if (error == EFBIG || error == EINVAL)
            return APR_ENOMEM;
        if (error != 0)
            return APR_FROM_OS_ERROR(error);
        at += step;
    }
    return APR_SUCCESS;
}

/* Nameless until it is ready: nobody sees it half-made, and nothing is left of
 * it when its maker is killed. */
apr_status_t isti_file_make(int *fd, uint64_t length)
{
    *fd = open(FOLDER, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (*fd < 0)
        return errno == EACCES ? APR_EACCES : APR_FROM_OS_ERROR(errno);
    apr_status_t rv = isti_file_fill(*fd, length);
    if (rv != APR_SUCCESS)
        (void)close(*fd);
    return rv;
}

/* linkat(2): by the descriptor where the caller may (root, or Linux 6.10 and
 * later), else, which takes twice as long, through /proc. */
int isti_file_link(int fd, const char *path)
{
    char self[32];
    if (linkat(fd, "", AT_FDCWD, path, AT_EMPTY_PATH) == 0)
        return 0;
    if (errno == EEXIST)
        return EEXIST;
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    return linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
}

apr_status_t isti_file_header(int fd, isti_header_t *copy)
{
    ssize_t got = pread(fd, copy, sizeof *copy, 0);
    if (got < 0)
        return APR_FROM_OS_ERROR(errno);
    return got == (ssize_t)sizeof *copy && copy->magic == ISTI_MAGIC ? APR_SUCCESS : IST_EFOREIGN;
}

int isti_file_write(int fd, const void *data, size_t length, off_t at)
{
    ssize_t written = pwrite(fd, data, length, at);
    if (written < 0)
        return errno;
    return (size_t)written == length ? 0 : EIO;
}
