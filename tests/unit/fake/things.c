/* SPDX-License-Identifier: Apache-2.0 */
/* The fake system: the objects that are in it, and what tests do to them. */
#include "things.h"

#include <stdio.h>
#include <string.h>

#undef calloc
#undef free

#define MOST (UINT64_C(64) << 20) /* bytes that this system has */
#define PAGE 4096u

fake_thing_t *things;

void things_spell(char key[IST_OS_KEY_MAX], ist_kind_e kind, int global, const char *name)
{
    snprintf(key, IST_OS_KEY_MAX, "%c%c.%s", (char)kind, global ? 'g' : 'l', name);
}

fake_thing_t *things_find(const char *key)
{
    for (fake_thing_t *thing = things; thing != NULL; thing = thing->next)
        if (thing->named && strcmp(thing->key, key) == 0)
            return thing;
    return NULL;
}

fake_thing_t *fake_find(ist_kind_e kind, const char *name)
{
    char key[IST_OS_KEY_MAX];
    things_spell(key, kind, 0, name);
    return things_find(key);
}

void things_drop(fake_thing_t *thing)
{
    fake_thing_t **link = &things;
    while (*link != thing)
        link = &(*link)->next;
    *link = thing->next;
    free(thing->memory);
    free(thing);
}

static int has_header(const ist_os_spec_t *spec)
{
    return !fake.bare || spec->size > 0;
}

uint32_t things_abi(const ist_os_spec_t *spec)
{
    return spec->mutexes + spec->semaphores > 0 ? FAKE_ABI : 0;
}

uint64_t things_space(const ist_os_spec_t *spec)
{
    return spec->mutexes > 0 ? FAKE_SPACE : 0;
}

static void furnish(fake_thing_t *thing)
{
    uintptr_t at = ((uintptr_t)thing->memory + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
    isti_header_t *header = (isti_header_t *)at;
    const ist_os_spec_t *spec = &thing->spec;
    isti_header_fill(header, spec->kind, things_abi(spec), things_space(spec), FAKE_NONCE);
    for (uint32_t i = 0; i < spec->semaphores; i++) {
        header->count[i].maximum = spec->maximum;
        atomic_init(&header->count[i].word, spec->initial);
    }
    atomic_init(&header->born, spec->size + 1);
    thing->header = header;
}

fake_thing_t *things_make(const ist_os_spec_t *spec)
{
    if (spec->size > MOST)
        return NULL;
    fake_thing_t *thing = calloc(1, sizeof *thing);
    if (thing == NULL)
        return NULL;
    thing->spec = *spec;
    snprintf(thing->key, sizeof thing->key, "%s", spec->key);
    thing->spec.key = thing->key;
    thing->named = 1;
    if (has_header(spec)) {
        thing->memory = calloc(1, (size_t)spec->size + ISTI_HEADER_SIZE + PAGE);
        if (thing->memory == NULL) {
            free(thing);
            return NULL;
        }
        furnish(thing);
    } else {
        for (uint32_t i = 0; i < spec->semaphores; i++)
            thing->bell[i] = spec->initial;
    }
    thing->next = things;
    things = thing;
    return thing;
}

/* ---- for tests ------------------------------------------------------------------ */

fake_thing_t *fake_make(ist_kind_e kind, const char *name, uint64_t size, uint32_t initial,
                        uint32_t maximum)
{
    char key[IST_OS_KEY_MAX];
    ist_os_spec_t spec = {.key = key,
                          .kind = kind,
                          .mutexes = kind == IST_KIND_MUTEX || kind == IST_KIND_REGION,
                          .semaphores = kind == IST_KIND_SEMAPHORE || kind == IST_KIND_REGION,
                          .size = size,
                          .initial = initial,
                          .maximum = maximum,
                          .access = IST_ACCESS_OWNER};
    things_spell(key, kind, 0, name);
    fake_thing_t *thing = things_make(&spec);
    if (thing == NULL)
        abort();
    thing->others = 1;
    return thing;
}

void fake_others_close(fake_thing_t *thing)
{
    thing->others = 0;
    if (thing->holders == 0)
        things_drop(thing);
}

void fake_unname(fake_thing_t *thing)
{
    thing->named = 0;
}

void fake_fork(void)
{
    for (fake_thing_t *thing = things; thing != NULL; thing = thing->next) {
        thing->others++;
        for (uint32_t i = 0; i < ISTI_PARTS_MAX; i++)
            if (thing->lock[i].owner != NULL)
                thing->lock[i].owner = fake_other;
    }
}

static void count_object(isti_object_t *object, void *baton)
{
    (void)object;
    ++*(int *)baton;
}

const char *fake_left(void)
{
    static char text[160];
    int objects = 0;
    isti_registry_each(count_object, &objects);
    for (fake_thing_t *thing = things; thing != NULL; thing = thing->next) {
        if (thing->holders == 0 && thing->others > 0)
            continue;
        snprintf(text, sizeof text, "the object %.60s is left, with %u views", thing->key,
                 (unsigned)thing->holders);
        return text;
    }
    if (objects == 0 && atomic_load(&fake.allocated) == 0)
        return NULL;
    snprintf(text, sizeof text, "%d objects are registered, %d allocated", objects,
             (int)atomic_load(&fake.allocated));
    return text;
}

void fake_reset(void)
{
    while (things != NULL)
        things_drop(things);
    memset(&fake, 0, sizeof fake);
    atomic_init(&fake.now, FAKE_START);
}
