/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a sweep would remove, without doing it: it looks at the files of all users, where
 * a list leaves other users' local objects out, and removes what the caller may. The steps
 * are those of the sweeper in docs/layout.md.
 */
#include "posix.h"

#include <apr_strings.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC UINT64_C(0x0073756d68747369)

static int is_name(const char *name)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789._-";
    size_t length = strspn(name, allowed);
    return length > 0 && length <= IST_NAME_MAX && name[length] == '\0' && strcmp(name, ".") != 0 &&
           strcmp(name, "..") != 0;
}

/* The parts of a name "ist.k.g.NAME" or "ist.k.USER.NAME"; 0 when it is none. */
static int parse(ist_info_t *info, const char *file, apr_pool_t *pool)
{
    char *end;
    if (strncmp(file, "ist.", 4) != 0 || file[4] == '\0' || file[5] != '.')
        return 0;
    *info = (ist_info_t){.kind = (ist_kind_e)file[4], .state = IST_STATE_DEAD};
    info->global = strncmp(file + 6, "g.", 2) == 0;
    unsigned long long user = strtoull(file + 6, &end, 10);
    if (!info->global && (*end != '.' || user > UINT32_MAX))
        return 0;
    info->name = apr_pstrdup(pool, info->global ? file + 8 : end + 1);
    /* Another spelling of the number is nobody's. */
    const char *own = info->global
                          ? file
                          : apr_psprintf(pool, "ist.%c.%u.%s", file[4], (unsigned)user, info->name);
    return strcmp(file, own) == 0 && is_name(info->name) &&
           strcmp(tool_kind_name(info->kind), "unknown") != 0;
}

/* As the sweep opens it: what the owner may not write it lets itself write. */
static int open_to_bury(const char *path)
{
    struct stat file;
    const int flags = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    int fd = open(path, O_RDWR | flags);
    if (fd >= 0 || errno != EACCES)
        return fd;
    fd = open(path, O_RDONLY | flags);
    if (fd >= 0 && fstat(fd, &file) == 0 && file.st_uid == geteuid())
        return fd;
    if (fd >= 0)
        (void)close(fd);
    return -1;
}

static int is_dead(int fd, struct stat *file)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    uint64_t magic;
    return fstat(fd, file) == 0 && S_ISREG(file->st_mode) && file->st_nlink == 1 &&
           fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type == F_UNLCK &&
           pread(fd, &magic, sizeof magic, 0) == (ssize_t)sizeof magic && magic == MAGIC;
}

/* In a folder such as /tmp, only who owns a file or the folder, or root, removes it. */
static int may_remove(const struct stat *file)
{
    struct stat folder;
    const uid_t user = geteuid();
    if (stat(FOLDER, &folder) != 0 || faccessat(AT_FDCWD, FOLDER, W_OK, AT_EACCESS) != 0)
        return 0;
    return (folder.st_mode & S_ISVTX) == 0 || user == 0 || user == file->st_uid ||
           user == folder.st_uid;
}

apr_status_t tool_leftovers(ist_list_fn_t *visit, void *baton, apr_pool_t *pool)
{
    ist_info_t info;
    struct stat file;
    struct dirent *entry;
    apr_status_t rv = APR_SUCCESS;
    DIR *folder = opendir(FOLDER);
    if (folder == NULL)
        return errno == ENOENT ? APR_SUCCESS : APR_FROM_OS_ERROR(errno);
    while (rv == APR_SUCCESS && (entry = readdir(folder)) != NULL) {
        if (!parse(&info, entry->d_name, pool))
            continue;
        int fd = open_to_bury(apr_pstrcat(pool, FOLDER "/", entry->d_name, NULL));
        if (fd >= 0 && is_dead(fd, &file) && may_remove(&file)) {
            info.user = file.st_uid;
            rv = visit(baton, &info);
        }
        if (fd >= 0)
            (void)close(fd);
    }
    (void)closedir(folder);
    return rv;
}
