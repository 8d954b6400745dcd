/* SPDX-License-Identifier: Apache-2.0 */
/* Another program at a queue of the command isthmus, as its tests need one:
 *
 *   plain NAME send TEXT...      messages of its own
 *   plain NAME receive COUNT     print so many
 *   plain NAME waiting 0         print how many are in it
 *   plain NAME slowly SECONDS    print "ready", and take messages of isthmus send, up to its
 *                                last, with a rest of a fifth of that between them. Exit code
 *                                77 when the machine made a rest longer than that, so that
 *                                nothing can be told
 */
#include <apr_general.h>
#include <isthmus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE apr_time_from_sec(60)

static int end(const char *what, apr_status_t rv)
{
    char text[200];
    fprintf(stderr, "plain: %s: %s\n", what, ist_strerror(rv, text, sizeof text));
    return 1;
}

static int send_texts(ist_queue_t *queue, const char *const *texts)
{
    for (; *texts != NULL; texts++) {
        apr_status_t rv = ist_queue_timedsend(queue, *texts, strlen(*texts), PATIENCE);
        if (rv != APR_SUCCESS)
            return end("send", rv);
    }
    return 0;
}

static int receive_texts(ist_queue_t *queue, int count)
{
    char text[1000];
    apr_size_t size;
    for (; count > 0; count--) {
        apr_status_t rv = ist_queue_timedreceive(queue, text, sizeof text, &size, PATIENCE);
        if (rv != APR_SUCCESS)
            return end("receive", rv);
        printf("%.*s\n", (int)size, text);
    }
    return 0;
}

static int tell_waiting(const ist_queue_t *queue)
{
    ist_queue_state_t state;
    apr_status_t rv = ist_queue_state(queue, &state);
    if (rv != APR_SUCCESS)
        return end("state", rv);
    printf("%d\n", (int)state.messages);
    return 0;
}

static int receive_slowly(ist_queue_t *queue, apr_interval_time_t limit)
{
    static char text[65536];
    apr_size_t size;
    apr_time_t before = 0;
    int late = 0;
    printf("ready\n");
    fflush(stdout);
    do {
        apr_status_t rv = ist_queue_timedreceive(queue, text, sizeof text, &size, PATIENCE);
        if (rv != APR_SUCCESS)
            return end("receive", rv);
        late |= before != 0 && apr_time_now() - before >= limit;
        before = apr_time_now();
        apr_sleep(limit / 5);
    } while (size != 1 || text[0] != 'E');
    return late ? 77 : 0;
}

int main(int argc, const char *const *argv)
{
    apr_pool_t *pool;
    ist_queue_t *queue;
    if (argc < 4 || apr_app_initialize(&argc, &argv, NULL) != APR_SUCCESS ||
        apr_pool_create(&pool, NULL) != APR_SUCCESS)
        return 2;
    atexit(apr_terminate);
    apr_status_t rv = ist_queue_open(&queue, argv[1], NULL, IST_SEND | IST_RECEIVE, 0, pool);
    if (rv != APR_SUCCESS)
        return end(argv[1], rv);
    if (strcmp(argv[2], "send") == 0)
        return send_texts(queue, argv + 3);
    if (strcmp(argv[2], "receive") == 0)
        return receive_texts(queue, atoi(argv[3]));
    if (strcmp(argv[2], "waiting") == 0)
        return tell_waiting(queue);
    return receive_slowly(queue, apr_time_from_sec(atoi(argv[3])));
}
