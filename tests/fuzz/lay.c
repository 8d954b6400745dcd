/* SPDX-License-Identifier: Apache-2.0 */
/* What lies in an object's place: made, held, looked after and taken away. */
#include "plan.h"

#include "posix/posix.h"

#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SECOND FOLDER "/second"

static const mode_t modes[] = {0600, 0666, 0660, 0644, 0400, 0444, 0, 0777};

static void lock(int fd, short type)
{
    struct flock all = {.l_type = type, .l_whence = SEEK_SET};
    FUZZ_MUST(fcntl(fd, F_OFD_SETLK, &all) == 0);
}

static int make_file(const char *path, mode_t mode, const void *bytes, size_t count,
                     uint64_t length)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    FUZZ_MUST(fd >= 0);
    if ((mode & 022) != 0) /* the umask took them */
        FUZZ_MUST(fchmod(fd, mode) == 0);
    if (count > length)
        count = (size_t)length;
    FUZZ_MUST(pwrite(fd, bytes, count, 0) == (ssize_t)count);
    /* Sparse: what is there and never touched takes no memory. */
    if (length > count)
        FUZZ_MUST(ftruncate(fd, (off_t)length) == 0);
    return fd;
}

static void make_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    FUZZ_MUST(bind(fd, (void *)&address, sizeof address) == 0);
    close(fd);
}

static void make_thing(lain_t *lain)
{
    switch (lain->plan->thing) {
    case THING_FIFO:
        FUZZ_MUST(mkfifo(lain->path, 0666) == 0);
        break;
    case THING_FOLDER:
        FUZZ_MUST(mkdir(lain->path, 0777) == 0);
        break;
    case THING_LINK:
        FUZZ_MUST(symlink("/dev/null", lain->path) == 0);
        break;
    case THING_SOCKET:
        make_socket(lain->path);
        break;
    default:
        lain->fd = make_file(lain->path, modes[(lain->plan->owner >> 1) % 8], (void *)&lain->page,
                             sizeof lain->page, lain->length);
        if (lain->plan->thing == THING_TWICE)
            FUZZ_MUST(link(lain->path, SECOND) == 0);
    }
}

static void make_bell(const lain_t *lain, const char *path)
{
    sem_t bell;
    unsigned char bytes[sizeof bell + 1];
    memset(bytes, lain->plan->bell == BELL_WRONG ? 0xa5 : 0, sizeof bytes);
    if (lain->plan->bell == BELL_GOOD) {
        memset(&bell, 0, sizeof bell);
        FUZZ_MUST(sem_init(&bell, 1, lain->plan->rings & 0x7fffffff) == 0);
        memcpy(bytes, &bell, sizeof bell);
    }
    size_t length = sizeof bell;
    if (lain->plan->bell == BELL_SHORT || lain->plan->bell == BELL_LONG)
        length = lain->plan->bell == BELL_SHORT ? lain->plan->rings % sizeof bell : sizeof bytes;
    if (lain->plan->bell == BELL_FOLDER)
        FUZZ_MUST(mkdir(path, 0777) == 0);
    else if (lain->plan->bell == BELL_LINK)
        FUZZ_MUST(symlink("/dev/zero", path) == 0);
    else if (lain->plan->bell != BELL_NONE)
        close(make_file(path, 0600, bytes, length, length));
}

/* How many doorbells are there, of what sort they may be. */
static uint32_t bells(const lain_t *lain)
{
    const uint32_t all = isti_kind((int)lain->kind)->semaphores;
    return all > 1 && lain->plan->rings >> 31 != 0 ? all - 1 : all;
}

static void make_bells(lain_t *lain, const char *key)
{
    for (uint32_t i = 0; i < bells(lain); i++) {
        isti_name_bell_path(lain->bell[i], key, i, lain->page.nonce);
        make_bell(lain, lain->bell[i]);
    }
    lain->bell_rings = lain->plan->bell == BELL_GOOD;
}

void lay(lain_t *lain, const plan_t *plan, ist_kind_e kind, const char *name)
{
    char key[IST_OS_KEY_MAX];
    memset(lain, 0, sizeof *lain);
    lain->plan = plan;
    lain->kind = kind;
    lain->fd = -1;
    lain->length = plan_length(plan);
    plan_page(plan, kind, &lain->page);
    FUZZ_MUST(ist_os_encode(key, kind, (plan->mode & 4) != 0, name) == APR_SUCCESS);
    isti_name_path(lain->path, key);
    if (plan->thing == THING_NONE)
        return;
    if ((plan->owner & 1) != 0)
        fuzz_place_other();
    make_thing(lain);
    make_bells(lain, key);
    fuzz_place_self();
    FUZZ_MUST(lstat(lain->path, &lain->state) == 0);
    if (lain->fd >= 0 && plan->life != LIFE_NONE)
        lock(lain->fd, plan->life == LIFE_HELD ? F_RDLCK : F_WRLCK);
}

void lay_paused(lain_t *lain, unsigned pauses)
{
    if (lain->fd < 0 || pauses != 2)
        return;
    if (lain->plan->life == LIFE_THEN_HELD)
        lock(lain->fd, F_RDLCK);
    if (lain->plan->life == LIFE_THEN_NONE)
        lock(lain->fd, F_UNLCK);
    if (lain->plan->life == LIFE_THEN_AWAY) {
        fuzz_place_other();
        FUZZ_MUST(unlink(lain->path) == 0);
        fuzz_place_self();
    }
}

int lay_is_good(const lain_t *lain)
{
    const plan_t *plan = lain->plan;
    const isti_header_t *page = &lain->page;
    isti_header_t own = {.abi = PLAN_OWN_ABI, .space = PLAN_OWN_SPACE};
    plan_t model = {0};
    memcpy(model.header, (void *)&own, sizeof model.header);
    plan_page(&model, lain->kind, &own);
    const int local = (plan->mode & 4) == 0;
    const uint32_t sleeps = isti_kind((int)lain->kind)->semaphores;
    if (plan->thing != THING_FILE || lain->length < ISTI_HEADER_SIZE ||
        (local && lain->state.st_uid != geteuid()))
        return 0;
    if (page->magic != ISTI_MAGIC || page->check != isti_header_sum(page) || page->layout < 1 ||
        page->reader > 1 || page->kind != (uint32_t)lain->kind || page->abi != own.abi ||
        page->space != own.space)
        return 0;
    if (sleeps > 0 && (bells(lain) < sleeps || page->count[0].maximum < 1 ||
                       page->count[0].maximum > IST_COUNT_MAX ||
                       (plan->bell != BELL_GOOD && plan->bell != BELL_WRONG)))
        return 0;
    return atomic_load(&page->born) - 1 == lain->length - ISTI_HEADER_SIZE &&
           atomic_load(&page->born) != 0;
}

/* Nobody removes, or changes, what is held, or is none of ours. */
void lay_check(const lain_t *lain)
{
    struct stat now;
    unsigned char bytes[64];
    const plan_t *plan = lain->plan;
    if (plan->thing == THING_NONE || plan->life == LIFE_THEN_AWAY)
        return;
    const int held = lain->fd >= 0 && (plan->life == LIFE_HELD || plan->life == LIFE_ALONE ||
                                       plan->life == LIFE_THEN_HELD);
    const int ours = lain->fd >= 0 && plan->thing == THING_FILE &&
                     lain->length >= sizeof lain->page && lain->page.magic == ISTI_MAGIC;
    if (ours && !held)
        return;
    FUZZ_MUST(lstat(lain->path, &now) == 0 && now.st_ino == lain->state.st_ino);
    FUZZ_MUST(now.st_size == lain->state.st_size && now.st_mode == lain->state.st_mode);
    if (lain->fd < 0 || ours)
        return;
    ssize_t got = pread(lain->fd, bytes, sizeof bytes, 0);
    FUZZ_MUST(got >= 0 && memcmp(bytes, (const void *)&lain->page, (size_t)got) == 0);
}

void lay_away(lain_t *lain)
{
    fuzz_place_other();
    if (lain->fd >= 0)
        close(lain->fd);
    (void)remove(lain->path);
    for (uint32_t i = 0; i < bells(lain); i++) {
        if (lain->bell[i][0] != '\0')
            (void)remove(lain->bell[i]);
    }
    if (lain->plan->thing == THING_TWICE)
        (void)unlink(SECOND);
}
