/* SPDX-License-Identifier: Apache-2.0 */
/* All objects in the folder: list them, sweep up the dead. */
#include "posix.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

typedef apr_status_t file_fn(void *baton, const name_t *name);

static apr_status_t each_file(file_fn *see, void *baton)
{
    name_t name;
    struct dirent *entry;
    apr_status_t rv = APR_SUCCESS;
    DIR *folder = opendir(FOLDER);
    if (folder == NULL)
        return errno == ENOENT ? APR_SUCCESS : APR_FROM_OS_ERROR(errno);
    while (rv == APR_SUCCESS) {
        errno = 0;
        entry = readdir(folder);
        if (entry == NULL) {
            rv = APR_FROM_OS_ERROR(errno); /* 0 at the end */
            break;
        }
        if (isti_name_parse(&name, entry->d_name))
            rv = see(baton, &name);
    }
    (void)closedir(folder);
    return rv;
}

/* ---- list ------------------------------------------------------------------ */

typedef struct listing_t {
    ist_os_seen_fn *seen;
    void *baton;
} listing_t;

/* When the file was made; 0 where the system does not keep that. The time of its last
 * change would not do: it moves with the mode, the name and writes to pages. */
static apr_time_t born(int fd)
{
#ifdef HAVE_STATX
    struct statx file;
    if (statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &file) == 0 && (file.stx_mask & STATX_BTIME) != 0)
        return apr_time_make(file.stx_btime.tv_sec, file.stx_btime.tv_nsec / 1000);
#else
    (void)fd;
#endif
    return 0;
}

/* What its file and its words say. Read without a lock: each by itself is true. */
static void tell(ist_info_t *info, int fd, const struct stat *file, const isti_header_t *copy)
{
    isti_ring_t ring;
    info->size = (uint64_t)file->st_size - ISTI_HEADER_SIZE;
    info->access = isti_file_access(file->st_mode);
    info->user = file->st_uid;
    info->since = born(fd);
    info->units = (uint32_t)atomic_load(&copy->count[0].word);
    info->maximum = atomic_load(&copy->count[0].maximum);
    if (info->kind != IST_KIND_QUEUE)
        return;
    info->units = 0; /* that word counts sleepers alone */
    if (pread(fd, &ring, sizeof ring, ISTI_HEADER_SIZE) != (ssize_t)sizeof ring)
        return;
    info->received = atomic_load(&ring.head);
    info->sent = atomic_load(&ring.tail);
    if (info->sent < info->received) /* one that died did not move it */
        info->sent = info->received;
}

/* Tell what can be told of an object's file. IST_EFOREIGN: it is none, or not yet, or
 * no more. */
static apr_status_t inspect(ist_info_t *info, const name_t *name)
{
    int fd;
    struct stat file;
    isti_header_t copy;
    apr_status_t rv = isti_file_open(&fd, name->key, 1);
    info->state = IST_STATE_UNKNOWN;
    if (rv == APR_EACCES)
        return APR_SUCCESS;
    if (rv != APR_SUCCESS)
        return rv == APR_ENOENT ? IST_EFOREIGN : rv;
    life_e life = isti_life_look(fd);
    rv = isti_file_check(fd, &file, 1);
    if (rv == APR_SUCCESS)
        rv = isti_file_header(fd, &copy);
    if (rv == APR_SUCCESS &&
        (life == LIFE_BUSY || copy.kind != (uint32_t)name->kind || file.st_size < ISTI_HEADER_SIZE))
        rv = IST_EFOREIGN;
    if (rv == APR_SUCCESS) {
        info->state = life == LIFE_LIVE ? IST_STATE_LIVE : IST_STATE_DEAD;
        tell(info, fd, &file, &copy);
    }
    (void)close(fd);
    return rv == APR_EAGAIN ? IST_EFOREIGN : rv;
}

static apr_status_t list_file(void *baton, const name_t *name)
{
    listing_t *listing = baton;
    ist_info_t info = {.name = name->name, .kind = name->kind, .global = name->global, .user = -1};
    if (name->bell >= 0 || (!name->global && name->user != geteuid()))
        return APR_SUCCESS;
    apr_status_t rv = inspect(&info, name);
    if (rv != APR_SUCCESS)
        return rv == IST_EFOREIGN ? APR_SUCCESS : rv;
    return listing->seen(listing->baton, &info);
}

apr_status_t ist_os_list(ist_os_seen_fn *seen, void *baton)
{
    listing_t listing = {seen, baton};
    return each_file(list_file, &listing);
}

/* ---- sweep ------------------------------------------------------------------ */

/* Looks first: a live object's openers are not to find it claimed. */
static int sweep_object(const name_t *name)
{
    int fd;
    struct stat file;
    isti_header_t copy;
    if (isti_file_open(&fd, name->key, 0) != APR_SUCCESS)
        return 0;
    int dead = isti_life_look(fd) == LIFE_DEAD && isti_file_header(fd, &copy) == APR_SUCCESS &&
               isti_life_claim(fd) && isti_file_check(fd, &file, 1) == APR_SUCCESS;
    uint32_t semaphores = isti_kind(name->kind)->semaphores;
    int removed = dead && isti_life_bury(fd, name->key, semaphores, copy.nonce) == 0;
    (void)close(fd);
    return removed;
}

/* A doorbell is made after its object has its name, and goes before: one
 * whose object is not there, or is another, is nobody's. */
static void sweep_bell(const name_t *name)
{
    int fd;
    isti_header_t copy;
    char path[PATH_MAX_LEN];
    int orphan;
    apr_status_t rv = isti_file_open(&fd, name->key, 1);
    if (rv == APR_SUCCESS) {
        orphan = isti_file_header(fd, &copy) == APR_SUCCESS && copy.nonce != name->nonce;
        (void)close(fd);
    } else {
        orphan = rv == APR_ENOENT;
    }
    if (!orphan)
        return;
    isti_name_path(path, name->file);
    (void)unlink(path);
}

static apr_status_t sweep_file(void *baton, const name_t *name)
{
    uint32_t *removed = baton;
    if (name->bell >= 0)
        sweep_bell(name);
    else
        *removed += (uint32_t)sweep_object(name);
    return APR_SUCCESS;
}

apr_status_t ist_os_sweep(uint32_t *removed)
{
    *removed = 0;
    return each_file(sweep_file, removed);
}
