/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Native names in this system: docs/layout.md.
 */
#ifndef TST_WIN32_H
#define TST_WIN32_H

/* Before APR's headers, which would leave out much of it. */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include "../private.h"

/* The name of the object that carries a kind's state: the section of a
 * segment or region, the mutex, the semaphore. */
const wchar_t *tst_native_name(ist_kind_e kind, const char *name, int global);

/* The same for one part of a region: "rm0" its mutex, "rs0" its doorbell. */
const wchar_t *tst_native_part(const char *part, const char *name, int global);

/* ---- access.c ---- */

/* What docs/layout.md promises of a part, by what it is: 'm', 's' or 'd'. */
#define TST_SEMAPHORE_QUERY 0x0001u /* SEMAPHORE_QUERY_STATE, which no header defines */
typedef struct tst_part_rights_t {
    DWORD full, use, look; /* look: 0 when there is no such right */
} tst_part_rights_t;
const tst_part_rights_t *tst_part_rights(char role);

typedef struct tst_part_t {
    char role;
    char name[4]; /* as tst_native_part() knows it; "": by tst_native_name() */
} tst_part_t;

/* All parts of an object of this kind; how many they are. */
#define TST_PARTS_MAX 5
int tst_parts_of(tst_part_t parts[TST_PARTS_MAX], ist_kind_e kind);

/* NULL when it isn't there, or these rights are denied. */
HANDLE tst_part_open(const tst_part_t *part, ist_kind_e kind, const char *name, int global,
                     DWORD rights);

/* ---- rights.c ---- */

/* Whether this user can give away what it made, and is then denied it. */
int tst_gives_away(void);

/* ---- objects.c ---- */

/* The calling user's SID; NULL upon failure. */
PSID tst_user_sid(void);
PSID tst_group_sid(void);

#endif
