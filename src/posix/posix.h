/* SPDX-License-Identifier: Apache-2.0 */
/* What the POSIX backend's files offer one another. */
#ifndef IST_POSIX_H
#define IST_POSIX_H

#include "../os.h"

#include <sys/stat.h>
#include <time.h>

/* Where shm_open and sem_open of glibc and musl keep their files; the nameless
 * files that become objects are made there. See shm_overview(7). */
#define FOLDER       "/dev/shm"
#define PATH_MAX_LEN 288

/* What sem_open puts before a name: sem_overview(7); musl puts nothing. */
#ifdef __GLIBC__
#    define BELL_PREFIX "sem."
#else
#    define BELL_PREFIX ""
#endif

/* ---- names.c ---------------------------------------------------------- */

/* The parts of a file's name; 0 when it is no object's or doorbell's. */
typedef struct name_t {
    const char *file; /* the whole; a doorbell's may be another libc's */
    ist_kind_e kind;
    int bell; /* which doorbell it is, -1: the object's own file */
    int global;
    uid_t user;     /* of a local one */
    uint64_t nonce; /* of a doorbell */
    char name[IST_NAME_MAX + 1];
    char key[IST_OS_KEY_MAX];
} name_t;

int isti_name_parse(name_t *name, const char *file);

/* The path of an object's file, for open and link. */
void isti_name_path(char path[PATH_MAX_LEN], const char *key);

/* The name of its i-th doorbell, as sem_open takes it, and its file's path. */
void isti_name_bell(char name[PATH_MAX_LEN], const char *key, uint32_t i, uint64_t nonce);
void isti_name_bell_path(char path[PATH_MAX_LEN], const char *key, uint32_t i, uint64_t nonce);

/* ---- life.c ------------------------------------------------------------- */

typedef enum life_e {
    LIFE_DEAD, /* nobody has it open */
    LIFE_LIVE, /* somebody has */
    LIFE_BUSY  /* somebody makes or buries it right now */
} life_e;

/* Look at the lifetime lock, without taking it. */
life_e isti_life_look(int fd);

/* Take it as a holder, or as the only one; 0 when that can't be had now. */
int isti_life_share(int fd);
int isti_life_claim(int fd);

/* Remove a dead object's names; its lock is claimed on fd. 0, or errno. */
int isti_life_bury(int fd, const char *key, uint32_t semaphores, uint64_t nonce);

/* A holder has let go: bury the object if it was the last. */
void isti_life_depart(const char *key, uint32_t semaphores, const struct stat *file,
                      uint64_t nonce);

/* ---- bell.c --------------------------------------------------------------- */

/* Make a doorbell, or one that is there as new. */
apr_status_t isti_bell_make(const char *key, uint32_t i, uint64_t nonce, mode_t mode);
apr_status_t isti_bell_open(sem_t **bell, const char *key, uint32_t i, uint64_t nonce);
void isti_bell_close_all(ist_os_object_t *object);

/* ---- file.c ----------------------------------------------------------------- */

/* Open an object's file without following, waiting for or believing anything.
 * APR_SUCCESS, APR_ENOENT, APR_EACCES, IST_EFOREIGN, or the system's code. */
apr_status_t isti_file_open(int *fd, const char *key, int read_only);

/* Look at what was opened: APR_SUCCESS; IST_EFOREIGN: no file of bytes;
 * APR_EACCES: a local object's name with another user's file; APR_EAGAIN: the name
 * has gone meanwhile. */
apr_status_t isti_file_check(int fd, struct stat *file, int global);

/* A nameless file of a length, all its memory there. Its access is the umask's. */
apr_status_t isti_file_make(int *fd, uint64_t length);

/* Give a nameless file a name. 0, or errno. */
int isti_file_link(int fd, const char *path);

/* See that all the memory of a file is there. */
apr_status_t isti_file_fill(int fd, uint64_t length);

/* Read a header. IST_EFOREIGN: the file has none of ours. */
apr_status_t isti_file_header(int fd, isti_header_t *copy);

/* Write all of it. 0, or errno. */
int isti_file_write(int fd, const void *data, size_t length, off_t at);

mode_t isti_file_mode(apr_fileperms_t access);
apr_fileperms_t isti_file_access(mode_t mode);

/* ---- make.c ------------------------------------------------------------------- */

/* Make an object that is not there. APR_EAGAIN: somebody was quicker. */
apr_status_t isti_make_new(ist_os_object_t *object, const ist_os_spec_t *spec);

/* Make it in the file of a dead one, claimed on fd, that can't be removed; with
 * its nonce, or 0. */
apr_status_t isti_make_again(ist_os_object_t *object, const ist_os_spec_t *spec, int fd,
                             uint64_t nonce);

/* Map it and note which file it is. */
apr_status_t isti_make_map(ist_os_object_t *object, int fd, const struct stat *file, int read_only);

/* Undo the mapping and what hangs on it. */
void isti_make_undo(ist_os_object_t *object);

/* ---- process.c ------------------------------------------------------------------ */

/* This process's PID namespace; 0 where the system does not tell. */
uint64_t isti_process_space(void);

/* What the header of an object says of who may use its locks. */
uint32_t isti_process_abi(const ist_os_spec_t *spec);
uint64_t isti_process_space_of(const ist_os_spec_t *spec);

/* A deadline for calls that know the wall clock only: at most 50 ms away, for
 * somebody may set that. */
struct timespec isti_process_wall_time(const ist_os_deadline_t *deadline);

#endif
