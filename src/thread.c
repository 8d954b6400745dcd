/* SPDX-License-Identifier: Apache-2.0 */
/* Threads: who they are, what they own, what becomes of it when they end. */
#include "internal.h"

static const isti_thread_t new_thread = ISTI_THREAD_NEW;
_Thread_local isti_thread_t isti_thread ISTI_TLS = ISTI_THREAD_NEW;

static _Atomic(uint64_t) threads; /* ids given out so far */

void isti_thread_begin(void)
{
    if (isti_thread.id != new_thread.id)
        return;
    isti_thread.held = 0;
    isti_thread.id = atomic_fetch_add_explicit(&threads, 1, memory_order_relaxed) + 1;
    ist_os_watch_thread(isti_thread.id);
}

/* What the ending thread owns of an object goes to whoever comes next. The
 * object is closed if only that lock kept it open. */
static void abandon(isti_object_t *object, void *baton)
{
    const uint64_t *id = baton;
    for (uint32_t i = 0; i < object->spec.mutexes; i++) {
        isti_owner_t *owner = &object->owner[i];
        if (atomic_load_explicit(&owner->id, memory_order_relaxed) != *id)
            continue;
        owner->deeper = 0;
        atomic_store_explicit(&owner->id, 0, memory_order_relaxed);
        ist_os_abandon(owner->mutex);
    }
    if (object->handles == 0 && !isti_object_owned(object))
        isti_object_close(object);
}

/* New again: whatever the thread locks on its way out is watched anew. */
void isti_thread_ended(uint64_t id)
{
    ist_os_enter();
    isti_registry_each(abandon, &id);
    ist_os_leave();
    isti_thread = new_thread;
}

uint32_t isti_forks;

/* A queue's sole side is the parent's alone, and ends with it. */
static int is_parents(const isti_object_t *object)
{
    ist_kind_e kind = object->spec.kind;
    return (kind == IST_KIND_SENDERS || kind == IST_KIND_RECEIVERS) &&
           object->os.size == ISTI_CLAIM_SOLE;
}

/* The parent's threads own their locks, the child's one thread none of them, and
 * may have to do without them; what lingers in the parent for an owner lingers
 * for nobody here. */
static void disown(isti_object_t *object, void *baton)
{
    (void)baton;
    for (uint32_t i = 0; i < object->spec.mutexes; i++) {
        object->owner[i].deeper = 0;
        object->owner[i].mutex = ist_os_mutex(&object->os, i);
        atomic_store_explicit(&object->owner[i].id, 0, memory_order_relaxed);
    }
    if (object->handles == 0)
        isti_object_close(object);
    else if (is_parents(object))
        isti_object_forsake(object);
}

void isti_forked(void)
{
    isti_forks++;
    isti_registry_each(disown, NULL);
    isti_thread = new_thread;
}
