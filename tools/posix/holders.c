/* SPDX-License-Identifier: Apache-2.0 */
/* Who has an object open, as /proc tells: docs/layout.md has the names of files. */
#include "posix.h"

#include <apr_strings.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *tool_path(const ist_info_t *info, apr_pool_t *pool)
{
    if (info->global)
        return apr_psprintf(pool, FOLDER "/ist.%c.g.%s", (char)info->kind, info->name);
    return apr_psprintf(pool, FOLDER "/ist.%c.%lu.%s", (char)info->kind, (unsigned long)geteuid(),
                        info->name);
}

/* Whether a process has the file mapped: a line of its maps has device and inode. */
static int maps(const char *pid, const struct stat *file)
{
    char path[300], line[1024];
    int found = 0;
    snprintf(path, sizeof path, "/proc/%s/maps", pid);
    FILE *text = fopen(path, "re");
    if (text == NULL)
        return 0;
    while (!found && fgets(line, sizeof line, text) != NULL) {
        unsigned long inode = 0;
        if (strstr(line, FOLDER "/") != NULL && sscanf(line, "%*s %*s %*s %*s %lu", &inode) == 1)
            found = inode == (unsigned long)file->st_ino;
    }
    fclose(text);
    return found;
}

int tool_holders(const ist_info_t *info, const char **pids, apr_pool_t *pool)
{
    struct stat file;
    struct dirent *entry;
    const char *all = "";
    int count = 0;
    if (info->state == IST_STATE_UNKNOWN || stat(tool_path(info, pool), &file) != 0)
        return -1;
    DIR *folder = opendir("/proc");
    if (folder == NULL)
        return -1;
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] < '0' || entry->d_name[0] > '9' || !maps(entry->d_name, &file))
            continue;
        count++;
        if (pids != NULL)
            all = apr_pstrcat(pool, all, count == 1 ? "" : " ", entry->d_name, NULL);
    }
    closedir(folder);
    /* A live one, whose holders are hidden from us. */
    if (count == 0 && info->state == IST_STATE_LIVE)
        return -1;
    if (pids != NULL)
        *pids = count == 0 ? "nobody" : all;
    return count;
}
