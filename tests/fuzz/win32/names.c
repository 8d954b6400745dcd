/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Native names of Windows taken apart (src/win32/names.c), as list does with whatever
 * has a name in the session. A program of its own, for both backends' functions have
 * the same names.
 */
#include "names_mutate.h"

#include "win32/win32.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

void fuzz_fail(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: not true: %s\n", file, line, what);
    abort();
}

apr_status_t isti_user_now(isti_user_t *user)
{
    (void)user;
    return APR_EACCES;
}

apr_status_t isti_status(DWORD error)
{
    (void)error;
    return APR_EACCES;
}

/* Bytes above 127 become characters that no byte can be. */
static size_t widen(wchar_t *native, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        native[i] = data[i] < 128 ? data[i] : (wchar_t)(data[i] * 257);
    return size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wchar_t native[512], again[ISTI_NATIVE_MAX];
    char key[IST_OS_KEY_MAX];
    isti_name_t name;
    if (size > sizeof native / sizeof *native)
        size = sizeof native / sizeof *native;
    const size_t length = widen(native, data, size);
    if (!isti_name_parse(&name, native, length))
        return 0;
    FUZZ_MUST(isti_name_check(name.name) == APR_SUCCESS);
    const int global = name.hash[0] == '\0';
    snprintf(key, sizeof key, "%c%c-%s-%s", global ? 'G' : 'L', (char)name.kind, name.hash,
             name.name);
    isti_name_part(again, key, name.role, 0);
    const wchar_t *start = again + (global ? sizeof "Global\\" : sizeof "Local\\") - 1;
    FUZZ_MUST(wcslen(start) == length && wmemcmp(start, native, length) == 0);
    return 0;
}

static const char *const pieces[] = {"ist1-mm0-",
                                     "ist1-ss0-",
                                     "ist-dd-",
                                     "ist-rd-",
                                     "ist-rm0-",
                                     "ist-qd-",
                                     "ist-qm1-",
                                     "ist-od-",
                                     "ist-id-",
                                     "ist-",
                                     "-",
                                     "--",
                                     ".",
                                     "..",
                                     "name",
                                     "0123456789abcdef",
                                     "ABCDEF0123456789",
                                     "\200"};

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    return names_mutate(data, size, most, seed, pieces, sizeof pieces / sizeof *pieces);
}
