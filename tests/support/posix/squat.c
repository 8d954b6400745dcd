/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Linux: things that stand where an object would be, and an object's bytes.
 */
#include "posix.h"

#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_BYTES   8192
#define HEADER_BYTES 4096

static tst_fork_t holder; /* of a lock on the squatter's file */
static char squat_path[512], target_path[512];
static struct stat squat_state, target_state;

static int make_file(const char *path, size_t bytes, mode_t mode)
{
    static const char text[] = "Not an object of isthmus. ";
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return 0;
    for (size_t done = 0; done < bytes; done += sizeof text - 1)
        if (write(file, text, bytes - done < sizeof text - 1 ? bytes - done : sizeof text - 1) < 0)
            break;
    fchmod(file, mode);
    close(file);
    return 1;
}

static int make_stranger(const char *path)
{
    return make_file(path, 0, 0644) && chown(path, TST_OTHER_USER, TST_OTHER_USER) == 0;
}

static int make_link(const char *path)
{
    snprintf(target_path, sizeof target_path, TST_SHM "/%s.target", tst_self.base);
    return make_file(target_path, FILE_BYTES, 0600) && stat(target_path, &target_state) == 0 &&
           symlink(target_path, path) == 0;
}

static int make_alias(const char *path, ist_kind_e kind, const char *name, int global)
{
    char target[IST_NAME_MAX + sizeof ".target"];
    snprintf(target, sizeof target, "%s.target", name);
    return symlink(tst_control_path(kind, target, global), path) == 0;
}

static int make_second(const char *path, ist_kind_e kind, const char *name)
{
    char target[IST_NAME_MAX + sizeof ".target"];
    snprintf(target, sizeof target, "%s.target", name);
    return link(tst_control_path(kind, target, 1), path) == 0;
}

/* The object's file as it is, without its life. */
static int copy_file(const char *path, const char *from)
{
    char page[HEADER_BYTES];
    ssize_t got = 0;
    int source = open(from, O_RDONLY | O_CLOEXEC);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    while (source >= 0 && file >= 0 && (got = read(source, page, sizeof page)) > 0)
        if (write(file, page, (size_t)got) != got)
            break;
    if (source >= 0)
        close(source);
    if (file >= 0)
        close(file);
    return source >= 0 && file >= 0 && got == 0;
}

/* The copy takes the place of the path that was given. */
static int make_impostor(char *path, size_t size, tst_squat_t what, ist_kind_e kind,
                         const char *name)
{
    char from[sizeof squat_path];
    snprintf(from, sizeof from, "%s", path);
    if (what == TST_SQUAT_BYTES)
        snprintf(path, size, "%.300s\033", from);
    else
        snprintf(path, size, TST_SHM "/ist.%c.00%lu.%s", (char)kind, (unsigned long)geteuid(),
                 name);
    return copy_file(path, from);
}

static int make_theirs(const char *path, ist_kind_e kind, const char *name, int global)
{
    char target[IST_NAME_MAX + sizeof ".target"];
    snprintf(target, sizeof target, "%s.target", name);
    return copy_file(path, tst_control_path(kind, target, global)) &&
           chown(path, TST_OTHER_USER, TST_OTHER_USER) == 0 && chmod(path, 0666) == 0;
}

static int make_nearly(char *path, size_t size, const char *name)
{
    snprintf(path, size, TST_SHM "/sem.ist.s0.%lu.%s.ABCDEF0123456789", (unsigned long)geteuid(),
             name);
    return make_file(path, sizeof(sem_t), 0600);
}

static int take_lock(int file, tst_squat_t what)
{
    struct flock all = {.l_type = what == TST_SQUAT_SHARED ? F_RDLCK : F_WRLCK,
                        .l_whence = SEEK_SET};
    if (what == TST_SQUAT_FLOCK)
        return flock(file, LOCK_EX | LOCK_NB);
    return fcntl(file, what == TST_SQUAT_FCNTL ? F_SETLK : F_OFD_SETLK, &all);
}

/* A child, for this process's own lock would end with the first close of the file. */
static int hold(tst_fork_t *parent, void *what)
{
    int file = open(squat_path, O_RDWR | O_CLOEXEC);
    tst_fork_tell(parent, file >= 0 && take_lock(file, *(tst_squat_t *)what) == 0);
    return tst_fork_hear(parent);
}

static int make_held(const char *path, tst_squat_t what)
{
    return make_file(path, FILE_BYTES, 0600) && tst_fork(&holder, hold, &what) &&
           tst_fork_hear(&holder) == 1;
}

int tst_squat(tst_squat_t what, ist_kind_e kind, const char *name, int global)
{
    int made = 0;
    tst_unsquat();
    snprintf(squat_path, sizeof squat_path, "%s", tst_control_path(kind, name, global));
    switch (what) {
    case TST_SQUAT_LINK:
        made = make_link(squat_path);
        break;
    case TST_SQUAT_ALIAS:
        made = make_alias(squat_path, kind, name, global);
        break;
    case TST_SQUAT_FIFO:
        made = mkfifo(squat_path, 0600) == 0;
        break;
    case TST_SQUAT_FOLDER:
        made = mkdir(squat_path, 0700) == 0;
        break;
    case TST_SQUAT_EMPTY:
        made = make_file(squat_path, 0, 0600);
        break;
    case TST_SQUAT_SHORT:
        made = make_file(squat_path, 7, 0600);
        break;
    case TST_SQUAT_FILE:
        made = make_file(squat_path, FILE_BYTES, 0600);
        break;
    case TST_SQUAT_HELD:
    case TST_SQUAT_SHARED:
    case TST_SQUAT_FCNTL:
    case TST_SQUAT_FLOCK:
        made = make_held(squat_path, what);
        break;
    case TST_SQUAT_STRANGER:
        made = geteuid() == 0 && make_stranger(squat_path);
        break;
    case TST_SQUAT_SECOND:
        made = make_second(squat_path, kind, name);
        break;
    case TST_SQUAT_BYTES:
    case TST_SQUAT_ZEROS:
        made = make_impostor(squat_path, sizeof squat_path, what, kind, name);
        break;
    case TST_SQUAT_NEARLY:
        made = make_nearly(squat_path, sizeof squat_path, name);
        break;
    case TST_SQUAT_THEIRS:
        made = geteuid() == 0 && make_theirs(squat_path, kind, name, global);
        break;
    case TST_SQUAT_KIND: /* names of kinds are apart here */
    case TST_SQUAT_KIND_PART:
    case TST_SQUAT_KIND_BELL:
        break;
    }
    if (!made || lstat(squat_path, &squat_state) != 0)
        squat_path[0] = '\0';
    return made;
}

static int same(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_mode == b->st_mode && a->st_size == b->st_size &&
           a->st_uid == b->st_uid && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

int tst_unsquat(void)
{
    struct stat now;
    if (holder.pid != 0)
        tst_fork_kill(&holder);
    holder.pid = 0;
    if (squat_path[0] == '\0')
        return 0;
    int good = lstat(squat_path, &now) == 0 && same(&now, &squat_state);
    if (target_path[0] != '\0')
        good = good && stat(target_path, &now) == 0 && same(&now, &target_state);
    remove(squat_path);
    if (target_path[0] != '\0')
        remove(target_path);
    squat_path[0] = target_path[0] = '\0';
    return good;
}

int tst_raw_open(tst_raw_t *raw, ist_kind_e kind, const char *name, int global)
{
    struct stat state;
    int file = open(tst_control_path(kind, name, global), O_RDWR | O_CLOEXEC);
    memset(raw, 0, sizeof *raw);
    if (file < 0 || fstat(file, &state) != 0)
        return tst_check(0, 1, __FILE__, __LINE__, "no raw bytes of %s", name);
    raw->size = (apr_size_t)state.st_size;
    raw->base = mmap(NULL, raw->size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    return tst_check(raw->base != MAP_FAILED, 1, __FILE__, __LINE__, "%s can't be mapped", name);
}

void tst_raw_close(tst_raw_t *raw)
{
    munmap(raw->base, raw->size);
}
