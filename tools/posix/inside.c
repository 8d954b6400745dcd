/* SPDX-License-Identifier: Apache-2.0 */
/* What the bytes of an object's file tell, of which docs/layout.md has the offsets. */
#include "posix.h"

#include <apr_strings.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER     4096u       /* the data follows */
#define FIRST_LOCK 256         /* bytes into the file */
#define THREAD     0x3fffffffu /* in a lock's word: FUTEX_TID_MASK, linux/futex.h */

#define RING_HEADER 512u
#define RING_MIN    4096u
#define HEAD        (HEADER + 128)
#define RING        (HEADER + RING_HEADER)
#define SENT        (UINT64_C(1) << 63)
#define SKIP        (UINT64_C(1) << 62)

typedef struct fixed_t {
    uint64_t magic;
    uint32_t layout, reader, kind, abi;
    uint64_t space, nonce, check;
} fixed_t;

static int take(int fd, void *data, size_t size, uint64_t at)
{
    return pread(fd, data, size, (off_t)at) == (ssize_t)size;
}

static int open_it(const ist_info_t *info, apr_pool_t *pool)
{
    return open(tool_path(info, pool), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

static uint64_t own_space(void)
{
    struct stat file;
    return stat("/proc/self/ns/pid", &file) == 0 ? file.st_ino : 0;
}

/* ---- the header ---------------------------------------------------------------- */

static const char *libc_of(uint32_t abi)
{
    return abi >> 24 == 1 ? "glibc" : "another C library than glibc";
}

/* FNV-1a, of what stands before `check`. */
static int is_whole(const fixed_t *fixed)
{
    const unsigned char *byte = (const unsigned char *)fixed;
    uint64_t sum = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < offsetof(fixed_t, check); i++)
        sum = (sum ^ byte[i]) * UINT64_C(0x100000001b3);
    return sum == fixed->check;
}

int tool_header(const ist_info_t *info, tool_header_t *header, apr_pool_t *pool)
{
    fixed_t fixed;
    const uint64_t own = own_space();
    int fd = open_it(info, pool);
    int got = fd >= 0 && take(fd, &fixed, sizeof fixed, 0);
    if (fd >= 0)
        (void)close(fd);
    if (!got)
        return 0;
    header->layout = apr_psprintf(pool, "%u, for readers of %u on%s", fixed.layout, fixed.reader,
                                  is_whole(&fixed) ? "" : "; the header is damaged");
    header->locks = fixed.abi == 0
                        ? "none"
                        : apr_psprintf(pool, "of %s, %u bits (0x%08x)", libc_of(fixed.abi),
                                       (fixed.abi >> 16 & 255) * 8, fixed.abi);
    if (fixed.space != 0)
        header->space = apr_psprintf(pool, "%" APR_UINT64_T_FMT "%s", fixed.space,
                                     fixed.space == own ? " (this one)"
                                     : own == 0         ? ""
                                                        : " (another than this one)");
    return 1;
}

/* ---- its mutex -------------------------------------------------------------------- */

/* The word of a pthread_mutex_t that has its owner; -1 where that isn't known. What is not
 * glibc is musl if its first word is as musl leaves it: robust and shared between processes. */
static int owner_word(const fixed_t *fixed, const uint32_t body[2])
{
    if (fixed->abi >> 24 == 1)
        return 0;
    return fixed->abi >> 24 == 2 && (body[0] & ~3u) == 0x84 ? 1 : -1;
}

long tool_owner(const ist_info_t *info, apr_pool_t *pool)
{
    fixed_t fixed;
    uint32_t body[2];
    const uint64_t own = own_space();
    int fd = open_it(info, pool);
    int got =
        fd >= 0 && take(fd, &fixed, sizeof fixed, 0) && take(fd, body, sizeof body, FIRST_LOCK);
    if (fd >= 0)
        (void)close(fd);
    /* In another namespace the number means another thread. */
    if (!got || (own != fixed.space && own != 0 && fixed.space != 0))
        return -1;
    int word = owner_word(&fixed, body);
    return word < 0 ? -1 : (long)(body[word] & THREAD);
}

/* ---- its messages -------------------------------------------------------------------- */

/* How many messages stand from a position on; -1 when it is no queue of ours. */
static apr_int64_t count_from(int fd, uint64_t head, uint64_t length)
{
    apr_int64_t count = 0;
    uint64_t word, at = head;
    while (at - head < length && take(fd, &word, sizeof word, RING + (at & (length - 1)))) {
        if (word == 0)
            return count;
        if ((word & SENT) == 0)
            return -1;
        uint64_t left = length - (at & (length - 1));
        at += (word & SKIP) != 0 ? left : 8 + ((word + 7) & UINT64_C(0xfffffff8));
        count += (word & SKIP) == 0;
    }
    return -1;
}

/* Nobody writes over what is not received: while the head has not moved, what was counted
 * stood there. */
apr_int64_t tool_depth(const ist_info_t *info, apr_pool_t *pool)
{
    uint64_t head, after, length = info->size - RING_HEADER;
    apr_int64_t count = -1;
    if (info->size < RING_HEADER + RING_MIN || (length & (length - 1)) != 0)
        return -1;
    int fd = open_it(info, pool);
    for (int n = 0; fd >= 0 && count < 0 && n < 10 && take(fd, &head, sizeof head, HEAD); n++) {
        if ((head & 7) == 0)
            count = count_from(fd, head, length);
        if (!take(fd, &after, sizeof after, HEAD) || after != head)
            count = -1;
    }
    if (fd >= 0)
        (void)close(fd);
    return count;
}
