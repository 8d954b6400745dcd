/* SPDX-License-Identifier: Apache-2.0 */
/* Making an object: under a claimed lock, from nameless file to live object. */
#include "posix.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

static apr_status_t status_of(int error)
{
    return error == 0 ? APR_SUCCESS : APR_FROM_OS_ERROR(error);
}

apr_status_t isti_make_map(ist_os_object_t *object, int fd, const struct stat *file, int read_only)
{
    uint64_t length = (uint64_t)file->st_size;
    if (length > SIZE_MAX)
        return APR_ENOMEM;
    void *at = mmap(NULL, (size_t)length, read_only ? PROT_READ : PROT_READ | PROT_WRITE,
                    MAP_SHARED, fd, 0);
    if (at == MAP_FAILED)
        return errno == ENOMEM || errno == EAGAIN ? APR_ENOMEM : APR_FROM_OS_ERROR(errno);
    object->header = at;
    object->size = length - ISTI_HEADER_SIZE;
    object->parts.length = (size_t)length;
    object->parts.device = file->st_dev;
    object->parts.inode = file->st_ino;
    return APR_SUCCESS;
}

/* Robust: the system tells of a dead owner. Recursion is counted above. */
static int make_lock(isti_lock_slot_t *slot)
{
    pthread_mutexattr_t attributes;
    _Static_assert(sizeof(pthread_mutex_t) <= sizeof slot->body, "a mutex fits its slot");
    int error = pthread_mutexattr_init(&attributes);
    if (error != 0)
        return error;
    error = pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    if (error == 0)
        error = pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    if (error == 0)
        error = pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    if (error == 0)
        error = pthread_mutex_init((pthread_mutex_t *)(void *)slot->body, &attributes);
    (void)pthread_mutexattr_destroy(&attributes);
    return error;
}

/* Nobody can guess the doorbells' names and be there before them. (What is made
 * again keeps its nonce: its doorbells can't be removed either.) */
static int make_nonce(const ist_os_spec_t *spec, uint64_t *nonce)
{
    if (spec->semaphores == 0 || *nonce != 0)
        return 0;
    return getrandom(nonce, sizeof *nonce, 0) == (ssize_t)sizeof *nonce ? 0 : errno;
}

/* Write the header, and map and complete what can't be written as bytes. */
static apr_status_t furnish(ist_os_object_t *object, const ist_os_spec_t *spec, int fd,
                            uint64_t born)
{
    const mode_t mode = isti_file_mode(spec->access);
    isti_header_t header = {0};
    struct stat file;
    int error = make_nonce(spec, &object->parts.nonce);
    isti_header_fill(&header, spec->kind, isti_process_abi(spec), isti_process_space_of(spec),
                     object->parts.nonce);
    header.access = (uint32_t)spec->access;
    atomic_init(&header.born, born);
    for (uint32_t i = 0; i < spec->semaphores; i++) {
        atomic_init(&header.count[i].maximum, spec->maximum);
        atomic_init(&header.count[i].word, spec->initial);
    }
    /* Not through the mapping: its first touch would cost more than the rest. */
    if (error == 0)
        error = isti_file_write(fd, &header, sizeof header, 0);
    if (error == 0 && fstat(fd, &file) != 0)
        error = errno;
    if (error == 0 && (file.st_mode & 0777) != mode && fchmod(fd, mode) != 0)
        error = errno;
    if (error != 0)
        return status_of(error);
    apr_status_t rv = isti_make_map(object, fd, &file, 0);
    if (rv != APR_SUCCESS)
        return rv;
    for (uint32_t i = 0; error == 0 && i < spec->mutexes; i++)
        error = make_lock(&object->header->lock[i]);
    return status_of(error);
}

static apr_status_t open_bells(ist_os_object_t *object, const ist_os_spec_t *spec)
{
    apr_status_t rv = APR_SUCCESS;
    for (uint32_t i = 0; rv == APR_SUCCESS && i < spec->semaphores; i++) {
        rv = isti_bell_make(spec->key, i, object->parts.nonce, isti_file_mode(spec->access));
        if (rv == APR_SUCCESS)
            rv = isti_bell_open(&object->parts.bell[i], spec->key, i, object->parts.nonce);
    }
    return rv;
}

void isti_make_undo(ist_os_object_t *object)
{
    isti_bell_close_all(object);
    if (object->header != NULL)
        (void)munmap(object->header, object->parts.length);
    object->header = NULL;
}

/* It is visible from its link on. Without doorbells it is ready then, and live
 * at once; with them it stays claimed until they are there. */
static apr_status_t publish(ist_os_object_t *object, const ist_os_spec_t *spec, int fd)
{
    char path[PATH_MAX_LEN];
    const int ready = spec->semaphores == 0;
    if (!(ready ? isti_life_share(fd) : isti_life_claim(fd)))
        return APR_FROM_OS_ERROR(errno);
    isti_name_path(path, spec->key);
    int error = isti_file_link(fd, path);
    if (error != 0)
        return error == EEXIST ? APR_EAGAIN : status_of(error);
    if (ready)
        return APR_SUCCESS;
    apr_status_t rv = open_bells(object, spec);
    if (rv == APR_SUCCESS && !isti_life_share(fd))
        rv = APR_FROM_OS_ERROR(errno);
    if (rv != APR_SUCCESS)
        (void)isti_life_bury(fd, spec->key, spec->semaphores, object->parts.nonce);
    return rv;
}

apr_status_t isti_make_new(ist_os_object_t *object, const ist_os_spec_t *spec)
{
    int fd;
    if (spec->size > UINT64_MAX - ISTI_HEADER_SIZE)
        return APR_ENOMEM;
    apr_status_t rv = isti_file_make(&fd, ISTI_HEADER_SIZE + spec->size);
    if (rv != APR_SUCCESS)
        return rv;
    rv = furnish(object, spec, fd, spec->size + 1);
    if (rv == APR_SUCCESS)
        rv = publish(object, spec, fd);
    if (rv != APR_SUCCESS)
        isti_make_undo(object);
    object->created = rv == APR_SUCCESS;
    (void)close(fd);
    return rv;
}

/* Under the claim, `born` is 0, and the magic stays where it is: killed in
 * here, what is left is a dead object of ours, to be made once more. */
apr_status_t isti_make_again(ist_os_object_t *object, const ist_os_spec_t *spec, int fd,
                             uint64_t nonce)
{
    static const unsigned char zeros[ISTI_HEADER_SIZE];
    const off_t at = offsetof(isti_header_t, born);
    const uint64_t born = spec->size + 1;
    if (spec->size > UINT64_MAX - ISTI_HEADER_SIZE)
        return APR_ENOMEM;
    object->parts.nonce = nonce;
    apr_status_t rv = status_of(isti_file_write(fd, zeros, sizeof zeros - (size_t)at, at));
    if (rv == APR_SUCCESS && ftruncate(fd, ISTI_HEADER_SIZE) != 0)
        rv = APR_FROM_OS_ERROR(errno);
    if (rv == APR_SUCCESS)
        rv = isti_file_fill(fd, ISTI_HEADER_SIZE + spec->size);
    if (rv == APR_SUCCESS)
        rv = furnish(object, spec, fd, 0);
    if (rv == APR_SUCCESS)
        rv = open_bells(object, spec);
    if (rv == APR_SUCCESS)
        rv = status_of(isti_file_write(fd, &born, sizeof born, at));
    if (rv == APR_SUCCESS && !isti_life_share(fd))
        rv = APR_FROM_OS_ERROR(errno);
    if (rv != APR_SUCCESS) {
        isti_make_undo(object);
        (void)isti_life_bury(fd, spec->key, spec->semaphores, object->parts.nonce);
        int ignored = ftruncate(fd, ISTI_HEADER_SIZE); /* memory that nobody can use now */
        (void)ignored;
    }
    object->created = rv == APR_SUCCESS;
    return rv;
}
