/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The role "remote": does what its parent tells it, line by line. peer.h
 * lists the commands.
 */
#include "remote.h"

#include <apr_file_io.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static apr_file_t *in, *out;

void tst_tell(const char *format, ...)
{
    char line[TST_LINE];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    if (length < 0 || length >= (int)sizeof line - 1)
        abort();
    line[length++] = '\n';
    if (out == NULL)
        apr_file_open_stdout(&out, tst_self.pool);
    if (apr_file_write_full(out, line, (apr_size_t)length, NULL) != APR_SUCCESS)
        tst_sys_exit_now(97); /* the parent is gone */
}

/* Byte by byte: a forked child reads on where its parent stood. */
const char *tst_listen(void)
{
    static char line[TST_LINE];
    apr_size_t length = 0, got = 1;
    char byte;
    if (in == NULL)
        apr_file_open_stdin(&in, tst_self.pool);
    while (apr_file_read(in, &byte, &got) == APR_SUCCESS && got == 1) {
        if (byte == '\n') {
            line[length] = '\0';
            return line;
        }
        if (byte != '\r' && length + 1 < sizeof line)
            line[length++] = byte;
    }
    return NULL;
}

static const tst_command_t *find(const char *word)
{
    static const tst_command_t *const tables[] = {tst_process_commands, tst_object_commands,
                                                  tst_queue_commands};
    for (int i = 0; i < 3; i++)
        for (const tst_command_t *one = tables[i]; one->word != NULL; one++)
            if (strcmp(one->word, word) == 0)
                return one;
    return NULL;
}

apr_status_t tst_command(const char *line, apr_int64_t *value)
{
    tst_words_t words = {0, {NULL}, line};
    char copy[TST_LINE];
    snprintf(copy, sizeof copy, "%s", line);
    char *state = NULL;
    for (char *word = apr_strtok(copy, " ", &state); word != NULL && words.count < TST_WORDS;
         word = apr_strtok(NULL, " ", &state))
        words.word[words.count++] = word;
    const tst_command_t *command = words.count == 0 ? NULL : find(words.word[0]);
    *value = 0;
    if (command == NULL || words.count <= command->least) {
        fprintf(stderr, "remote: what is \"%s\"?\n", line);
        return TST_STATUS_WHAT;
    }
    return command->run(&words, value);
}

int tst_remote(int argc, const char *const *argv)
{
    (void)argc, (void)argv;
    const char *line;
    char command[TST_LINE];
    tst_tell("= 0 0");
    while ((line = tst_listen()) != NULL) {
        apr_int64_t value = 0;
        memcpy(command, line, sizeof command);
        apr_status_t status = tst_command(command, &value);
        tst_tell("= %d %s", (int)status, tst_digits(value));
    }
    return 96; /* the parent is gone */
}
