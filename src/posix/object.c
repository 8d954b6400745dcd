/* SPDX-License-Identifier: Apache-2.0 */
/* Opening and closing objects: docs/layout.md says what lies where. */
#include "posix.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

/* Up to this size an object to be created only is made before anybody looks
 * whether its name is free: mostly it is, and the memory to be had in vain is
 * little. */
#define SMALL (UINT64_C(1) << 20)

/* What a name turned out to mean. */
typedef struct found_t {
    int fd;
    struct stat file;
    uint64_t nonce;
} found_t;

/* Share what others have open. */
static apr_status_t join(ist_os_object_t *object, const ist_os_spec_t *spec, found_t *found)
{
    isti_header_t copy;
    apr_status_t rv = isti_file_check(found->fd, &found->file, spec->global);
    if (rv != APR_SUCCESS)
        return rv;
    rv = isti_file_header(found->fd, &copy);
    if (rv != APR_SUCCESS)
        return rv;
    found->nonce = copy.nonce; /* also who is refused may be the one to bury it */
    rv = isti_header_check(&copy, spec->kind, isti_process_abi(spec), isti_process_space_of(spec),
                           (uint64_t)found->file.st_size, 1);
    if (rv != APR_SUCCESS)
        return rv;
    object->parts.nonce = copy.nonce;
    rv = isti_make_map(object, found->fd, &found->file, spec->read_only);
    for (uint32_t i = 0; rv == APR_SUCCESS && i < spec->semaphores; i++)
        rv = isti_bell_open(&object->parts.bell[i], spec->key, i, copy.nonce);
    if (rv != APR_SUCCESS)
        isti_make_undo(object);
    return rv;
}

/* Others have it open. Who shared and then fails leaves as a holder does. */
static apr_status_t open_live(ist_os_object_t *object, const ist_os_spec_t *spec, found_t *found)
{
    if (!isti_life_share(found->fd))
        return APR_EAGAIN;
    apr_status_t rv = join(object, spec, found);
    if (rv == APR_SUCCESS || rv == IST_EFOREIGN || rv == APR_EACCES)
        return rv;
    (void)close(found->fd); /* and with it the lock */
    found->fd = -1;
    isti_life_depart(spec->key, spec->semaphores, &found->file, found->nonce);
    return rv;
}

/* Whether a file of another user lets in just those whom this call would. */
static int lets_in_as_asked(const struct stat *file, const ist_os_spec_t *spec)
{
    mode_t mode = isti_file_mode(spec->access);
    int group_matters = (mode >> 3 & 7) != (mode & 7);
    return (file->st_mode & 0777) == mode && (!group_matters || file->st_gid == getegid());
}

/* Nobody has it open: bury it, or else make it again where it lies. In /dev/shm
 * only its owner and root may remove a file. */
static apr_status_t open_dead(ist_os_object_t *object, const ist_os_spec_t *spec,
                              ist_os_mode_e mode, found_t *found)
{
    isti_header_t copy;
    if (!spec->read_only && !isti_life_claim(found->fd))
        return APR_EAGAIN;
    apr_status_t rv = isti_file_check(found->fd, &found->file, spec->global);
    if (rv != APR_SUCCESS)
        return rv;
    rv = isti_file_header(found->fd, &copy);
    if (rv != APR_SUCCESS)
        return rv;
    if (spec->read_only)
        return APR_ENOENT;
    int error = isti_life_bury(found->fd, spec->key, spec->semaphores, copy.nonce);
    if (error == 0 || mode == IST_OS_OPEN)
        return APR_ENOENT;
    if (!lets_in_as_asked(&found->file, spec))
        return APR_EACCES;
    uint64_t nonce = copy.check == isti_header_sum(&copy) ? copy.nonce : 0;
    return isti_make_again(object, spec, found->fd, nonce);
}

/* To be told what is there, or that another process is just making or burying
 * it; something foreign that is locked is foreign none the less. */
static apr_status_t open_other(const ist_os_spec_t *spec, found_t *found, apr_status_t ours)
{
    isti_header_t copy;
    apr_status_t rv = isti_file_check(found->fd, &found->file, spec->global);
    if (rv == APR_SUCCESS)
        rv = isti_file_header(found->fd, &copy);
    return rv == APR_SUCCESS ? ours : rv;
}

static apr_status_t open_existing(ist_os_object_t *object, const ist_os_spec_t *spec,
                                  ist_os_mode_e mode)
{
    found_t found = {.fd = -1};
    apr_status_t rv = isti_file_open(&found.fd, spec->key, spec->read_only);
    if (rv != APR_SUCCESS)
        return rv;
    life_e life = isti_life_look(found.fd);
    if (life == LIFE_DEAD)
        rv = open_dead(object, spec, mode, &found);
    else if (life == LIFE_BUSY)
        rv = open_other(spec, &found, APR_EAGAIN);
    else if (mode == IST_OS_CREATE_ONLY)
        rv = open_other(spec, &found, APR_EEXIST);
    else
        rv = open_live(object, spec, &found);
    if (found.fd >= 0)
        (void)close(found.fd);
    return rv;
}

apr_status_t ist_os_open(ist_os_object_t *object, const ist_os_spec_t *spec, ist_os_mode_e mode)
{
    object->parts.space = isti_process_space_of(spec);
    /* Whatever fails in this, a look at what is there tells more. */
    if (mode == IST_OS_CREATE_ONLY && spec->size <= SMALL &&
        isti_make_new(object, spec) == APR_SUCCESS)
        return APR_SUCCESS;
    apr_status_t rv = open_existing(object, spec, mode);
    if (rv != APR_ENOENT || mode == IST_OS_OPEN)
        return rv;
    return isti_make_new(object, spec);
}

void ist_os_close(ist_os_object_t *object, const ist_os_spec_t *spec)
{
    struct stat file = {.st_dev = object->parts.device, .st_ino = object->parts.inode};
    isti_bell_close_all(object);
    (void)munmap(object->header, object->parts.length);
    isti_life_depart(spec->key, spec->semaphores, &file, object->parts.nonce);
}

int ist_os_current(const ist_os_object_t *object, const ist_os_spec_t *spec)
{
    char path[PATH_MAX_LEN];
    struct stat file;
    isti_name_path(path, spec->key);
    return lstat(path, &file) == 0 && file.st_dev == object->parts.device &&
           file.st_ino == object->parts.inode;
}
