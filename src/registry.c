/* SPDX-License-Identifier: Apache-2.0 */
/*
 * This process's objects. One view of each, shared by all handles: a robust
 * mutex mapped at two addresses, or unmapped while it is held, would stick
 * for ever, and recursion counts over all handles.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

static isti_object_t *first;

void isti_registry_add(isti_object_t *object)
{
    object->next = first;
    first = object;
}

void isti_registry_remove(isti_object_t *object)
{
    isti_object_t **link = &first;
    while (*link != object)
        link = &(*link)->next;
    *link = object->next;
}

isti_object_t *isti_registry_find(const ist_os_spec_t *spec)
{
    for (isti_object_t *object = first; object != NULL; object = object->next) {
        if (object->spec.read_only == spec->read_only && strcmp(object->key, spec->key) == 0 &&
            ist_os_current(&object->os, &object->spec))
            return object;
    }
    return NULL;
}

void isti_registry_each(void (*each)(isti_object_t *object, void *baton), void *baton)
{
    isti_object_t *next;
    for (isti_object_t *object = first; object != NULL; object = next) {
        next = object->next;
        each(object, baton);
    }
}

int isti_object_owned(const isti_object_t *object)
{
    for (uint32_t i = 0; i < object->spec.mutexes; i++) {
        if (atomic_load_explicit(&object->owner[i].id, memory_order_relaxed) != 0)
            return 1;
    }
    return 0;
}

void isti_object_forsake(isti_object_t *object)
{
    isti_registry_remove(object);
    ist_os_close(&object->os, &object->spec);
    object->gone = 1;
}

void isti_object_close(isti_object_t *object)
{
    if (!object->gone)
        isti_object_forsake(object);
    free(object);
}
