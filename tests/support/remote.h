/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commands of the role "remote", in two tables.
 */
#ifndef TST_REMOTE_H
#define TST_REMOTE_H

#include "private.h"

#include <apr_strings.h>

#define TST_WORDS 16
#define TST_SLOTS 64

typedef struct tst_words_t {
    int count;
    char *word[TST_WORDS];
    const char *line; /* all of it */
} tst_words_t;

typedef struct tst_command_t {
    const char *word;
    int least; /* how many arguments it needs */
    apr_status_t (*run)(tst_words_t *words, apr_int64_t *value);
} tst_command_t;

extern const tst_command_t tst_object_commands[];
extern const tst_command_t tst_process_commands[];
extern const tst_command_t tst_queue_commands[];

/* The handle in the slot that a command names. */
tst_handle_t *tst_slot_handle(const tst_words_t *words);

/* Do one line. */
apr_status_t tst_command(const char *line, apr_int64_t *value);

static inline apr_int64_t tst_word_number(const tst_words_t *words, int i)
{
    return apr_strtoi64(words->word[i], NULL, 0);
}

#endif
