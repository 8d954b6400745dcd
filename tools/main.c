/* SPDX-License-Identifier: Apache-2.0 */
/* isthmus: named shared memory, mutexes, semaphores, regions and queues, at a terminal. */
#include "tool.h"

#include <apr_general.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const tool_command_t *const commands[] = {&tool_list, &tool_show,  &tool_sweep, &tool_lock,
                                                 &tool_hold, &tool_sem,   &tool_send,  &tool_recv,
                                                 &tool_top,  &tool_bench, NULL};

static int help(void)
{
    printf("usage: isthmus COMMAND [OPTION...] ...\n\n"
           "Objects that processes share by name: see them, use them, clean up.\n\n");
    for (size_t i = 0; commands[i] != NULL; i++)
        printf("  %-6s %s\n", commands[i]->name, commands[i]->summary);
    printf("\n  isthmus COMMAND --help   tells all of a command\n"
           "  isthmus --version        tells the version\n\n"
           "Exit codes: 0 done; 1 what was asked is not so, or not in that time; 2 the words\n"
           "are off; 3 the system says no. lock and hold pass on their command's own.\n");
    return TOOL_OK;
}

static int help_for(const tool_command_t *command)
{
    printf("usage: isthmus %s %s\n\n%s.\n\n%s", command->name, command->arguments, command->summary,
           command->help);
    return TOOL_OK;
}

/* Before "--" only: what follows is another program's. */
static int asks_for_help(int argc, const char *const *argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return 1;
    }
    return 0;
}

static int run(int argc, const char *const *argv, apr_pool_t *pool)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0)
        return argc < 2 ? (help(), TOOL_USAGE) : help();
    if (strcmp(argv[1], "--version") == 0) {
        printf("isthmus %s\n", ist_version());
        return TOOL_OK;
    }
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (strcmp(argv[1], commands[i]->name) != 0)
            continue;
        if (asks_for_help(argc - 1, argv + 1))
            return help_for(commands[i]);
        return commands[i]->run(argc - 1, argv + 1, pool);
    }
    fprintf(stderr, "isthmus: there is no command %s; see isthmus --help\n", argv[1]);
    return TOOL_USAGE;
}

int main(int argc, const char *const *argv)
{
    apr_pool_t *pool;
    if (apr_app_initialize(&argc, &argv, NULL) != APR_SUCCESS)
        return TOOL_ERROR;
    atexit(apr_terminate);
    if (apr_pool_create(&pool, NULL) != APR_SUCCESS)
        return TOOL_ERROR;
    int code = run(argc, argv, pool);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "isthmus: the output could not be written\n");
        return TOOL_ERROR;
    }
    return code;
}
