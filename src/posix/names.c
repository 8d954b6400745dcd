/* SPDX-License-Identifier: Apache-2.0 */
/* Names of files: docs/layout.md has the page on them. */
#include "posix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NONCE_DIGITS 16

static void make_key(char key[IST_OS_KEY_MAX], ist_kind_e kind, int global, uid_t user,
                     const char *name)
{
    if (global)
        snprintf(key, IST_OS_KEY_MAX, "ist.%c.g.%s", (char)kind, name);
    else
        snprintf(key, IST_OS_KEY_MAX, "ist.%c.%u.%s", (char)kind, (unsigned)user, name);
}

apr_status_t ist_os_encode(char key[IST_OS_KEY_MAX], ist_kind_e kind, int global, const char *name)
{
    make_key(key, kind, global, geteuid(), name);
    return APR_SUCCESS;
}

void isti_name_path(char path[PATH_MAX_LEN], const char *key)
{
    static const char folder[] = FOLDER "/";
    memcpy(path, folder, sizeof folder - 1);
    memcpy(path + sizeof folder - 1, key, strlen(key) + 1);
}

static void bell_name(char name[PATH_MAX_LEN], const char *before, const char *key, uint32_t i,
                      uint64_t nonce)
{
    /* "ist.k.user.name" gives "ist.k0.user.name.nonce" */
    snprintf(name, PATH_MAX_LEN, "%s%.5s%u%s.%016llx", before, key, (unsigned)i, key + 5,
             (unsigned long long)nonce);
}

void isti_name_bell(char name[PATH_MAX_LEN], const char *key, uint32_t i, uint64_t nonce)
{
    bell_name(name, "/", key, i, nonce);
}

void isti_name_bell_path(char path[PATH_MAX_LEN], const char *key, uint32_t i, uint64_t nonce)
{
    bell_name(path, FOLDER "/" BELL_PREFIX, key, i, nonce);
}

/* The user or 'g', up to its dot; NULL when malformed. */
static const char *parse_user(name_t *name, const char *text)
{
    if (text[0] == 'g' && text[1] == '.') {
        name->global = 1;
        return text + 2;
    }
    if (text[0] < '0' || text[0] > '9')
        return NULL;
    char *end;
    unsigned long long user = strtoull(text, &end, 10);
    if (*end != '.' || user > UINT32_MAX)
        return NULL;
    name->global = 0;
    name->user = (uid_t)user;
    return end + 1;
}

/* The nonce at the end of a doorbell's name; 0 when there is none. */
static int parse_nonce(name_t *name, const char *text, size_t *length)
{
    char *end;
    if (*length <= NONCE_DIGITS + 1 || text[*length - NONCE_DIGITS - 1] != '.')
        return 0;
    name->nonce = strtoull(text + *length - NONCE_DIGITS, &end, 16);
    *length -= NONCE_DIGITS + 1;
    return *end == '\0';
}

/* Whether it is just what a call would make: a number that is written in another way
 * would be another file than the one seen, and nobody's. */
static int is_own(const name_t *name, const char *file)
{
    char bell[PATH_MAX_LEN];
    if (name->bell < 0)
        return strcmp(file, name->key) == 0;
    bell_name(bell, "", name->key, (uint32_t)name->bell, name->nonce);
    return strcmp(strncmp(file, "sem.", 4) == 0 ? file + 4 : file, bell) == 0;
}

int isti_name_parse(name_t *name, const char *file)
{
    const char *at = strncmp(file, "sem.", 4) == 0 ? file + 4 : file;
    name->file = file;
    if (strncmp(at, "ist.", 4) != 0 || isti_kind(at[4]) == NULL)
        return 0;
    name->kind = (ist_kind_e)at[4];
    name->bell = at[5] >= '0' && at[5] < '0' + (int)ISTI_PARTS_MAX ? at[5] - '0' : -1;
    at += name->bell < 0 ? 5 : 6;
    if (*at != '.' || (name->bell < 0 && at != file + 5))
        return 0;
    at = parse_user(name, at + 1);
    if (at == NULL)
        return 0;
    size_t length = strlen(at);
    if (name->bell >= 0 && !parse_nonce(name, at, &length))
        return 0;
    if (length > IST_NAME_MAX)
        return 0;
    memcpy(name->name, at, length);
    name->name[length] = '\0';
    /* What no call makes is nobody's, whatever it looks like. */
    if (isti_name_check(name->name) != APR_SUCCESS)
        return 0;
    make_key(name->key, name->kind, name->global, name->user, name->name);
    return is_own(name, file);
}
