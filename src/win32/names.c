/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names: docs/layout.md has the page on them.
 *
 *   Local\ist-<k><part>-<hash>-<name>    Global\ist-<k><part>--<name>
 *
 * <k> is the kind; <part> is d for the section, m0, s0, ... for mutexes and
 * semaphores; <hash> tells users apart. A global name has none, for in session
 * 0 both scopes are one folder. Mutexes and semaphores without a section start
 * with ist1-, the layout's version, which others have in their header.
 *
 * A key is the scope's letter, the kind, and what follows <part>.
 */
#include "win32.h"

#include <sddl.h>
#include <stdio.h>
#include <string.h>

#define BARE_PREFIX "ist1-"
#define PREFIX      "ist-"

/* "Global\", a prefix, kind and part, a key's rest, and the final NUL */
_Static_assert(7 + sizeof BARE_PREFIX + 3 + IST_OS_KEY_MAX <= ISTI_NATIVE_MAX, "native names");
_Static_assert(ISTI_PARTS_MAX <= 10, "one digit");
_Static_assert(2 + 1 + ISTI_HASH_DIGITS + 1 + IST_NAME_MAX + 1 <= IST_OS_KEY_MAX, "keys");

int isti_name_has_header(ist_kind_e kind)
{
    return kind != IST_KIND_MUTEX && kind != IST_KIND_SEMAPHORE;
}

/* FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/). */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return hash;
}

apr_status_t isti_name_hash(char hash[ISTI_HASH_DIGITS + 1], isti_user_t *user)
{
    static const char digits[] = "0123456789abcdef";
    char *text;
    if (!ConvertSidToStringSidA(&user->user, &text))
        return isti_status(GetLastError());
    uint64_t value = hash_of(text);
    LocalFree(text);
    for (int i = 0; i < ISTI_HASH_DIGITS; i++)
        hash[i] = digits[value >> (60 - 4 * i) & 15];
    hash[ISTI_HASH_DIGITS] = '\0';
    return APR_SUCCESS;
}

apr_status_t ist_os_encode(char key[IST_OS_KEY_MAX], ist_kind_e kind, int global, const char *name)
{
    isti_user_t user;
    char hash[ISTI_HASH_DIGITS + 1] = "";
    apr_status_t rv = APR_SUCCESS;
    if (!global)
        rv = isti_user_now(&user);
    if (!global && rv == APR_SUCCESS)
        rv = isti_name_hash(hash, &user);
    if (rv == APR_SUCCESS)
        snprintf(key, IST_OS_KEY_MAX, "%c%c-%s-%s", global ? 'G' : 'L', (char)kind, hash, name);
    return rv;
}

void isti_name_part(wchar_t native[ISTI_NATIVE_MAX], const char *key, isti_role_e role, uint32_t i)
{
    char text[ISTI_NATIVE_MAX];
    const char *scope = key[0] == 'G' ? "Global\\" : "Local\\";
    const char *prefix = isti_name_has_header((ist_kind_e)key[1]) ? PREFIX : BARE_PREFIX;
    if (role == ISTI_ROLE_SECTION)
        snprintf(text, sizeof text, "%s%s%cd%s", scope, prefix, key[1], key + 2);
    else
        snprintf(text, sizeof text, "%s%s%c%c%u%s", scope, prefix, key[1], (char)role, (unsigned)i,
                 key + 2);
    size_t at = 0;
    do {
        native[at] = (wchar_t)text[at];
    } while (text[at++] != '\0');
}

/* ---- parsing ------------------------------------------------------------- */

/* Go past `text`; NULL when it isn't there. */
static const char *skip(const char *at, const char *text)
{
    size_t length = strlen(text);
    return strncmp(at, text, length) == 0 ? at + length : NULL;
}

/* Kind and part, up to the dash behind. An object is counted by its section, or
 * by the only part that it has. */
static const char *parse_part(isti_name_t *name, const char *at)
{
    static const char *const counted[] = {BARE_PREFIX "mm0-", BARE_PREFIX "ss0-", PREFIX "dd-",
                                          PREFIX "rd-", PREFIX "qd-",
                                          PREFIX "od-", PREFIX "id-"};
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
        const char *rest = skip(at, counted[i]);
        if (rest == NULL)
            continue;
        const char *kind = strchr(counted[i], '-') + 1;
        name->kind = (ist_kind_e)kind[0];
        name->role = (isti_role_e)kind[1];
        return rest;
    }
    return NULL;
}

static const char *parse_hash(isti_name_t *name, const char *at)
{
    size_t length = strspn(at, "0123456789abcdef");
    if (at[length] != '-' || (length != 0 && length != ISTI_HASH_DIGITS))
        return NULL;
    memcpy(name->hash, at, length);
    name->hash[length] = '\0';
    return at + length + 1;
}

int isti_name_parse(isti_name_t *name, const wchar_t *native, size_t length)
{
    char text[ISTI_NATIVE_MAX];
    if (length >= sizeof text)
        return 0;
    for (size_t i = 0; i < length; i++)
        text[i] = (char)(native[i] < 128 ? native[i] : 0);
    text[length] = '\0';
    if (strlen(text) != length)
        return 0;
    const char *at = parse_part(name, text);
    if (at != NULL)
        at = parse_hash(name, at);
    /* What no call makes is nobody's, whatever it looks like. */
    if (at == NULL || isti_name_check(at) != APR_SUCCESS)
        return 0;
    memcpy(name->name, at, strlen(at) + 1);
    return 1;
}
