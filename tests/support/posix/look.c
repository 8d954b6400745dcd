/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Linux: looking at processes and names through /proc and /dev/shm.
 */
#include "posix.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

const char *tst_control_path(ist_kind_e kind, const char *name, int global)
{
    static char path[512];
    if (global)
        snprintf(path, sizeof path, TST_SHM "/ist.%c.g.%s", (char)kind, name);
    else
        snprintf(path, sizeof path, TST_SHM "/ist.%c.%lu.%s", (char)kind,
                 (unsigned long)geteuid(), name);
    return path;
}

/* What a thread does: its system call's number, -1 running, -2 gone, -3 secret. */
static long call_of(long pid, const char *thread)
{
    char path[128], text[64] = "";
    long number;
    snprintf(path, sizeof path, "/proc/%ld/task/%s/syscall", pid, thread);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return errno == ENOENT ? -2 : -3;
    errno = 0;
    char *got = fgets(text, sizeof text, file);
    int secret = got == NULL && errno != ESRCH && errno != 0;
    fclose(file);
    if (got == NULL)
        return secret ? -3 : -2;
    return sscanf(text, "%ld", &number) == 1 ? number : -1;
}

static int is_wait(long number)
{
#ifdef SYS_futex_time64
    if (number == SYS_futex_time64)
        return 1;
#endif
#ifdef SYS_futex
    if (number == SYS_futex)
        return 1;
#endif
    return 0;
}

/* No thread of it is at work. */
static int all_rest(long pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/task", pid);
    DIR *folder = opendir(path);
    int rest = folder != NULL;
    struct dirent *entry;
    while (rest && (entry = readdir(folder)) != NULL)
        if (entry->d_name[0] != '.' && call_of(pid, entry->d_name) == -1)
            rest = 0;
    if (folder != NULL)
        closedir(folder);
    return rest;
}

/* Of a whole process: its main thread waits, and the others don't work: the
 * main thread may be waiting for one of them. */
int tst_sys_waits(long pid, long thread)
{
    char id[32];
    snprintf(id, sizeof id, "%ld", thread == 0 ? pid : thread);
    long number = call_of(pid, id);
    if (number == -3)
        return -1;
    return is_wait(number) && (thread != 0 || all_rest(pid));
}

static char state_of(long pid)
{
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return 'X';
    char *got = fgets(text, sizeof text, file);
    fclose(file);
    const char *paren = got == NULL ? NULL : strrchr(text, ')');
    if (paren == NULL)
        return 'X';
    return paren[2];
}

/* The main thread may be a zombie while others still let go of their memory. */
static int has_threads(long pid)
{
    char path[64];
    int count = 0;
    snprintf(path, sizeof path, "/proc/%ld/task", pid);
    DIR *folder = opendir(path);
    struct dirent *entry;
    while (folder != NULL && (entry = readdir(folder)) != NULL)
        count += entry->d_name[0] != '.';
    if (folder != NULL)
        closedir(folder);
    return count > 1;
}

int tst_sys_lives(long pid)
{
    char state = state_of(pid);
    return (state != 'X' && state != 'Z') || has_threads(pid);
}

int tst_sys_stands(long pid)
{
    char state = state_of(pid);
    return state == 'T' || state == 'X' || state == 'Z';
}

long tst_descriptors(void)
{
    long count = 0;
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL)
        return -1;
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

long tst_mappings(const char *text)
{
    char line[1024];
    long count = 0;
    FILE *file = fopen("/proc/self/maps", "r");
    if (file == NULL)
        return -1;
    while (fgets(line, sizeof line, file) != NULL)
        if (strstr(line, text) != NULL)
            count++;
    fclose(file);
    return count;
}

long tst_native_names(const char *text, char *what, apr_size_t size)
{
    long count = 0;
    DIR *folder = opendir(TST_SHM);
    struct dirent *entry;
    if (folder == NULL)
        return -1;
    while ((entry = readdir(folder)) != NULL) {
        if (strstr(entry->d_name, text) == NULL)
            continue;
        snprintf(what, size, "%s", entry->d_name);
        count++;
    }
    closedir(folder);
    return count;
}

int tst_remove(ist_kind_e kind, const char *name, int global)
{
    return unlink(tst_control_path(kind, name, global)) == 0;
}

static apr_fileperms_t to_access(mode_t mode)
{
    return (apr_fileperms_t)((mode & 0700) << 2 | (mode & 0070) << 1 | (mode & 0007));
}

/* A doorbell: [sem.]ist.KN.OWNER.NAME.NONCE */
static int is_bell(const char *file, ist_kind_e kind, const char *name, int global)
{
    char owner[32], wanted[400];
    snprintf(owner, sizeof owner, global ? "g" : "%lu", (unsigned long)geteuid());
    snprintf(wanted, sizeof wanted, ".%s.%s.", owner, name);
    if (strncmp(file, "sem.", 4) == 0)
        file += 4;
    return strncmp(file, "ist.", 4) == 0 && file[4] == (char)kind && file[5] >= '0' &&
           file[5] <= '9' && strncmp(file + 6, wanted, strlen(wanted)) == 0;
}

/* The control file's mode; its doorbells' must be the same. */
int tst_access_of(ist_kind_e kind, const char *name, int global, apr_fileperms_t *access)
{
    struct stat control, bell;
    struct dirent *entry;
    if (stat(tst_control_path(kind, name, global), &control) != 0)
        return 0;
    *access = to_access(control.st_mode & 07777);
    DIR *folder = opendir(TST_SHM);
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (!is_bell(entry->d_name, kind, name, global) ||
            fstatat(dirfd(folder), entry->d_name, &bell, 0) != 0)
            continue;
        TST_SAY(bell.st_mode == control.st_mode && bell.st_uid == control.st_uid &&
                    bell.st_gid == control.st_gid,
                "%s has mode %o, not %o, or another owner", entry->d_name,
                (unsigned)bell.st_mode, (unsigned)control.st_mode);
    }
    if (folder != NULL)
        closedir(folder);
    return 1;
}
