/* SPDX-License-Identifier: Apache-2.0 */
/* The fake backend's objects: opened, closed, listed and swept. */
#include "things.h"

#include <stdio.h>
#include <string.h>

static const char *name_in(const fake_thing_t *thing)
{
    return thing->key + 3;
}

apr_status_t ist_os_encode(char key[IST_OS_KEY_MAX], ist_kind_e kind, int global, const char *name)
{
    if (fake_fails(FAKE_ENCODE))
        return fake.fail_with;
    fake_expect(strlen(name) >= 1 && strlen(name) <= IST_NAME_MAX, "names are short enough");
    things_spell(key, kind, global, name);
    return APR_SUCCESS;
}

static void expect_spec(const ist_os_object_t *object, const ist_os_spec_t *spec,
                        ist_os_mode_e mode)
{
    static const ist_os_object_t zeroed;
    int locks = spec->mutexes + spec->semaphores > 0;
    fake_expect(fake_inside(), "open runs in the guard");
    fake_expect(object->header == zeroed.header && object->size == 0 && !object->created &&
                    object->parts.thing == NULL,
                "an object is zeroed before it is opened");
    fake_expect(!spec->read_only || (mode == IST_OS_OPEN && !locks),
                "read-only is for opening what has no locks");
    fake_expect(spec->mutexes <= ISTI_PARTS_MAX && spec->semaphores <= ISTI_PARTS_MAX,
                "counts of parts are in range");
    if (mode == IST_OS_OPEN)
        return;
    fake_expect((spec->access & IST_ACCESS_OWNER) == IST_ACCESS_OWNER || spec->kind == IST_KIND_SHM,
                "access is never the default");
    fake_expect(spec->access != 0 && spec->access != APR_FPROT_OS_DEFAULT,
                "access is never the default");
    fake_expect(spec->semaphores == 0 || (spec->maximum >= 1 && spec->maximum <= IST_COUNT_MAX &&
                                          spec->initial <= spec->maximum),
                "counts are in range");
}

static apr_status_t look(const fake_thing_t *thing, const ist_os_spec_t *spec)
{
    if (thing->header == NULL)
        return APR_SUCCESS;
    isti_header_t copy;
    memcpy(&copy, thing->header, sizeof copy);
    return isti_header_check(&copy, spec->kind, things_abi(spec), things_space(spec),
                             ISTI_HEADER_SIZE + thing->spec.size, 1);
}

static apr_status_t find_or_make(fake_thing_t **found, const ist_os_spec_t *spec,
                                 ist_os_mode_e mode, int *created)
{
    fake_thing_t *thing = things_find(spec->key);
    if (thing != NULL && thing->holders + thing->others == 0) {
        things_drop(thing);
        thing = NULL;
    }
    if (thing != NULL) {
        *found = thing;
        return mode == IST_OS_CREATE_ONLY ? APR_EEXIST : look(thing, spec);
    }
    if (mode == IST_OS_OPEN)
        return APR_ENOENT;
    *created = 1;
    *found = things_make(spec);
    return *found == NULL ? APR_ENOMEM : APR_SUCCESS;
}

apr_status_t ist_os_open(ist_os_object_t *object, const ist_os_spec_t *spec, ist_os_mode_e mode)
{
    fake_thing_t *thing;
    int created = 0;
    expect_spec(object, spec, mode);
    if (fake_fails(FAKE_OPEN))
        return fake.fail_with;
    if (fake.again > 0) {
        fake.again -= fake.again != UINT32_MAX;
        return APR_EAGAIN;
    }
    apr_status_t rv = find_or_make(&thing, spec, mode, &created);
    if (rv != APR_SUCCESS)
        return rv;
    thing->holders++;
    object->header = thing->header;
    object->size = thing->spec.size;
    object->created = created;
    object->parts.thing = thing;
    return APR_SUCCESS;
}

void ist_os_close(ist_os_object_t *object, const ist_os_spec_t *spec)
{
    fake_thing_t *thing = object->parts.thing;
    (void)fake_called(FAKE_CLOSE);
    fake_expect(fake_inside(), "close runs in the guard");
    fake_expect(strcmp(spec->key, thing->key) == 0, "what is closed was opened under its key");
    for (uint32_t i = 0; i < thing->spec.mutexes; i++) {
        const void *owner = thing->lock[i].owner;
        fake_expect(owner == NULL || owner == fake_other,
                    "no mutex is closed that a thread of this process owns");
    }
    fake_expect(thing->holders > 0, "an object is closed once");
    if (--thing->holders + thing->others == 0)
        things_drop(thing);
}

int ist_os_current(const ist_os_object_t *object, const ist_os_spec_t *spec)
{
    (void)fake_called(FAKE_CURRENT);
    return things_find(spec->key) == object->parts.thing;
}

apr_status_t ist_os_list(ist_os_seen_fn *seen, void *baton)
{
    apr_status_t rv = APR_SUCCESS;
    fake_expect(fake_inside(), "list runs in the guard");
    if (fake_fails(FAKE_LIST))
        return fake.fail_with;
    for (fake_thing_t *thing = things; rv == APR_SUCCESS && thing != NULL; thing = thing->next) {
        char name[IST_OS_KEY_MAX]; /* gone after the return, as os.h says */
        snprintf(name, sizeof name, "%s", name_in(thing));
        ist_info_t info = {
            .name = name,
            .kind = thing->spec.kind,
            .global = thing->spec.global,
            .state = thing->holders + thing->others > 0 ? IST_STATE_LIVE : IST_STATE_DEAD,
            .size = thing->spec.size,
            .access = thing->spec.access,
            .user = -1};
        if (thing->named)
            rv = seen(baton, &info);
        memset(name, '#', sizeof name);
    }
    return rv;
}

apr_status_t ist_os_sweep(uint32_t *removed)
{
    fake_thing_t *next;
    fake_expect(fake_inside(), "sweep runs in the guard");
    if (fake_fails(FAKE_SWEEP))
        return fake.fail_with;
    *removed = 0;
    for (fake_thing_t *thing = things; thing != NULL; thing = next) {
        next = thing->next;
        if (thing->holders + thing->others > 0)
            continue;
        things_drop(thing);
        (*removed)++;
    }
    return APR_SUCCESS;
}
