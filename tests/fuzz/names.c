/* SPDX-License-Identifier: Apache-2.0 */
/*
 * File names taken apart (src/posix/names.c), as list and sweep do with whatever
 * lies in /dev/shm: what passes for a name of ours must be just what we would call
 * that object or doorbell.
 */
#include "fuzz.h"

#include "names_mutate.h"
#include "posix/posix.h"

#include <string.h>

#define NAME_MOST 255 /* the file system's */

static void run(const uint8_t *data, size_t size)
{
    char file[NAME_MOST + 1];
    char path[PATH_MAX_LEN];
    name_t name;
    if (size > NAME_MOST)
        size = NAME_MOST;
    memcpy(file, data, size);
    file[size] = '\0';
    if (!isti_name_parse(&name, file))
        return;
    FUZZ_MUST(isti_name_check(name.name) == APR_SUCCESS);
    if (name.bell < 0) {
        FUZZ_MUST(strcmp(name.key, file) == 0);
        return;
    }
    /* Another libc's doorbells have another prefix. */
    isti_name_bell(path, name.key, (uint32_t)name.bell, name.nonce);
    FUZZ_MUST(strcmp(path + 1, file + (strncmp(file, "sem.", 4) == 0 ? 4 : 0)) == 0);
}

static const char *const pieces[] = {"ist.",
                                     "sem.",
                                     "ist.m.",
                                     "ist.s.",
                                     "ist.d.",
                                     "ist.r.",
                                     "sem.ist.s0.",
                                     "g.",
                                     "0.",
                                     "00.",
                                     "4294967295.",
                                     "4294967296.",
                                     "name",
                                     ".",
                                     "-",
                                     "0x",
                                     " ",
                                     "0123456789abcdef",
                                     "ABCDEF0123456789",
                                     "+1",
                                     "..",
                                     "\033",
                                     "ist.r0.g.a.0123456789abcdef",
                                     "ist.q.",
                                     "ist.o.",
                                     "ist.i.",
                                     "sem.ist.q1."};

static size_t mutate(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    return names_mutate(data, size, most, seed, pieces, sizeof pieces / sizeof *pieces);
}

const fuzz_target_t fuzz_names = {"names", 0, run, mutate};
