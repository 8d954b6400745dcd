/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Doorbells: libc's named semaphores. sem_open would make them with the
 * umask's access and could leave a file behind that nobody finds again, so
 * the file is made here as libc would (sem_overview(7)), and sem_open attaches.
 */
#include "posix.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Silent, as libc would write it. 0, or errno. */
static int silence(int fd)
{
    sem_t bell;
    memset(&bell, 0, sizeof bell); /* its padding goes into the file too */
    if (sem_init(&bell, 1, 0) != 0)
        return errno;
    return isti_file_write(fd, &bell, sizeof bell, 0);
}

static int fits(const struct stat *file)
{
    return S_ISREG(file->st_mode) && file->st_size == (off_t)sizeof(sem_t);
}

/* What stands in a doorbell's place and can't be opened: a link, a folder, a socket. */
static int is_no_bell(int error)
{
    return error == ELOOP || error == EISDIR || error == ENXIO || error == ENODEV;
}

/* One of a dead object of another user's, which can't be removed. */
static apr_status_t renew(const char *path)
{
    struct stat file;
    int fd = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && is_no_bell(errno))
        return IST_ECORRUPT;
    if (fd < 0)
        return errno == EACCES ? APR_EACCES : APR_FROM_OS_ERROR(errno);
    apr_status_t rv = APR_SUCCESS;
    int error = fstat(fd, &file) == 0 ? 0 : errno;
    if (error == 0 && !fits(&file))
        rv = IST_ECORRUPT;
    else if (error == 0)
        error = silence(fd);
    (void)close(fd);
    return error == 0 ? rv : APR_FROM_OS_ERROR(error);
}

apr_status_t isti_bell_make(const char *key, uint32_t i, uint64_t nonce, mode_t mode)
{
    char path[PATH_MAX_LEN];
    int fd;
    isti_name_bell_path(path, key, i, nonce);
    apr_status_t rv = isti_file_make(&fd, sizeof(sem_t));
    if (rv != APR_SUCCESS)
        return rv;
    int error = silence(fd);
    if (error == 0 && fchmod(fd, mode) != 0)
        error = errno;
    if (error == 0)
        error = isti_file_link(fd, path);
    (void)close(fd);
    if (error == EEXIST)
        return renew(path);
    return error == 0 ? APR_SUCCESS : APR_FROM_OS_ERROR(error);
}

/* sem_open maps whatever bears the name, and a file too short would end the
 * process at the first touch: look before. */
apr_status_t isti_bell_open(sem_t **bell, const char *key, uint32_t i, uint64_t nonce)
{
    char path[PATH_MAX_LEN];
    struct stat file;
    isti_name_bell_path(path, key, i, nonce);
    if (lstat(path, &file) != 0)
        return errno == ENOENT ? IST_ECORRUPT : APR_FROM_OS_ERROR(errno);
    if (!fits(&file))
        return IST_ECORRUPT;
    isti_name_bell(path, key, i, nonce);
    /* glibc's own descriptor would pass to what is spawned just then; musl's
     * never does. */
    sem_t *opened = sem_open(path, O_CLOEXEC);
    if (opened == SEM_FAILED)
        return errno == EACCES ? APR_EACCES : APR_FROM_OS_ERROR(errno);
    *bell = opened;
    return APR_SUCCESS;
}

void isti_bell_close_all(ist_os_object_t *object)
{
    for (uint32_t i = 0; i < ISTI_PARTS_MAX; i++) {
        if (object->parts.bell[i] != NULL)
            (void)sem_close(object->parts.bell[i]);
        object->parts.bell[i] = NULL;
    }
}
