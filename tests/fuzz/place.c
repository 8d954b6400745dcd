/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A /dev/shm that nobody else sees, in a mount namespace of this process: runs can
 * sweep it, and see that nothing is left in it. With root there are users too.
 */
#include "fuzz.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FOLDER "/dev/shm"
#define USER   65534 /* whom the library runs as, where that can be chosen */
#define MAPS   16384 /* runs between two looks at the mappings */

static int as_root;
static unsigned user;       /* whom this thread is now */
static int next_descriptor; /* the lowest that is free */
static off_t empty_size;    /* of the folder: tmpfs counts its names there */
static unsigned runs;

static int tell(const char *path, const char *line)
{
    const size_t length = strlen(line);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    int good = fd >= 0 && write(fd, line, length) == (ssize_t)length;
    if (fd >= 0)
        close(fd);
    return good;
}

static int unshare_all(void)
{
    char users[32], groups[32];
    snprintf(users, sizeof users, "%u %u 1", (unsigned)geteuid(), (unsigned)geteuid());
    snprintf(groups, sizeof groups, "%u %u 1", (unsigned)getegid(), (unsigned)getegid());
    if (unshare(CLONE_NEWNS) == 0)
        return 1;
    return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && tell("/proc/self/uid_map", users) &&
           tell("/proc/self/setgroups", "deny") && tell("/proc/self/gid_map", groups);
}

static off_t folder_size(void)
{
    struct stat folder;
    FUZZ_MUST(stat(FOLDER, &folder) == 0);
    return folder.st_size;
}

static int free_descriptor(void)
{
    int fd = dup(STDERR_FILENO);
    close(fd);
    return fd;
}

static long count_maps(void)
{
    char room[65536];
    long lines = 0;
    ssize_t got;
    int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    /* Only those of objects: the rest of the process maps what it likes. */
    size_t kept = 0;
    while (fd >= 0 && (got = read(fd, room + kept, sizeof room - 1 - kept)) > 0) {
        room[kept + (size_t)got] = '\0';
        char *at = room;
        for (char *end; (end = strchr(at, '\n')) != NULL; at = end + 1) {
            *end = '\0';
            lines += strstr(at, FOLDER "/") != NULL;
        }
        kept = strlen(at);
        memmove(room, at, kept);
    }
    if (fd >= 0)
        close(fd);
    return lines;
}

int fuzz_place_make(void)
{
    as_root = geteuid() == 0;
    umask(022);
    if (!unshare_all() || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("fuzz", FOLDER, "tmpfs", 0, "size=64m,mode=1777") != 0) {
        fprintf(stderr, "skipped: no /dev/shm of its own can be had here\n");
        return 0;
    }
    empty_size = folder_size();
    return 1;
}

int fuzz_place_has_users(void)
{
    return as_root;
}

/* By the system call, for this thread alone: libc would signal to all others. */
static void become(unsigned wanted)
{
    if (as_root && wanted != user)
        FUZZ_MUST(syscall(SYS_setresuid, -1, wanted, -1) == 0);
    user = wanted;
}

void fuzz_place_other(void)
{
    become(0);
}

void fuzz_place_self(void)
{
    become(USER);
}

void fuzz_place_enter(void)
{
    if (runs == 0 || fcntl(next_descriptor, F_GETFD) >= 0) /* libFuzzer has its own */
        next_descriptor = free_descriptor();
    fuzz_clock_start();
    become(USER);
}

void fuzz_place_leave(void)
{
    become(0);
    FUZZ_MUST(folder_size() == empty_size);
    /* What is left open is the lowest that was free. */
    FUZZ_MUST(fcntl(next_descriptor, F_GETFD) < 0);
    if (++runs % MAPS == 0)
        FUZZ_MUST(count_maps() == 0);
}
