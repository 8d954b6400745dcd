/* SPDX-License-Identifier: Apache-2.0 */
/* The objects of the fake system, for its own files. */
#ifndef FAKE_THINGS_H
#define FAKE_THINGS_H

#include "fake.h"

extern fake_thing_t *things;

/* The key of a name: two letters and a dot go before it. */
void things_spell(char key[IST_OS_KEY_MAX], ist_kind_e kind, int global, const char *name);

/* The one that a key means; NULL: none. */
fake_thing_t *things_find(const char *key);

/* One more, with nobody in it; NULL: there is no memory. */
fake_thing_t *things_make(const ist_os_spec_t *spec);

/* It is gone. */
void things_drop(fake_thing_t *thing);

/* What the headers of such objects say of who may use their locks. */
uint32_t things_abi(const ist_os_spec_t *spec);
uint64_t things_space(const ist_os_spec_t *spec);

#endif
