/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Remote's commands on queues, and the messages of tests.
 */
#include "remote.h"

#define MANY 64 /* messages in one crossing */

static unsigned char bytes[TST_MESSAGE_MAX];
static unsigned char parts[MANY][1024];

void tst_message_fill(void *data, apr_size_t size, apr_uint32_t seed)
{
    unsigned char *byte = data;
    for (apr_size_t i = 0; i < size; i++)
        byte[i] = (unsigned char)(seed + i);
}

apr_int64_t tst_message_value(const void *data, apr_size_t size)
{
    const unsigned char *byte = data;
    for (apr_size_t i = 1; i < size; i++) {
        if (byte[i] != (unsigned char)(byte[0] + i))
            return -1;
    }
    return TST_MESSAGE(size, size > 0 ? byte[0] : 0);
}

static ist_queue_t *queue_of(const tst_words_t *words)
{
    return tst_slot_handle(words)->queue;
}

/* The i-th word as a number, or what it is without one. */
static apr_int64_t number_or(const tst_words_t *words, int i, apr_int64_t otherwise)
{
    return words->count > i ? tst_word_number(words, i) : otherwise;
}

static apr_size_t prepare(const tst_words_t *words)
{
    apr_size_t size = (apr_size_t)tst_word_number(words, 2);
    tst_message_fill(bytes, size < sizeof bytes ? size : sizeof bytes,
                     (apr_uint32_t)tst_word_number(words, 3));
    return size;
}

static apr_status_t do_send(tst_words_t *words, apr_int64_t *value)
{
    apr_size_t size = prepare(words);
    (void)value;
    if (words->count > 4)
        return ist_queue_timedsend(queue_of(words), bytes, size, tst_word_number(words, 4));
    return ist_queue_send(queue_of(words), bytes, size);
}

static apr_status_t do_trysend(tst_words_t *words, apr_int64_t *value)
{
    (void)value;
    return ist_queue_trysend(queue_of(words), bytes, prepare(words));
}

static apr_status_t do_receive(tst_words_t *words, apr_int64_t *value)
{
    apr_size_t size = 0;
    apr_status_t status =
        words->count > 2 ? ist_queue_timedreceive(queue_of(words), bytes, sizeof bytes, &size,
                                                  tst_word_number(words, 2))
                         : ist_queue_receive(queue_of(words), bytes, sizeof bytes, &size);
    *value = tst_message_value(bytes, size);
    return status;
}

static apr_status_t do_tryreceive(tst_words_t *words, apr_int64_t *value)
{
    apr_size_t size = 0;
    apr_status_t status = ist_queue_tryreceive(queue_of(words), bytes, sizeof bytes, &size);
    *value = tst_message_value(bytes, size);
    return status;
}

static apr_status_t do_burst(tst_words_t *words, apr_int64_t *value)
{
    ist_message_t messages[MANY];
    apr_size_t n = (apr_size_t)tst_word_number(words, 2);
    apr_size_t sent;
    for (apr_size_t i = 0; i < n && i < MANY; i++) {
        messages[i].data = parts[i];
        messages[i].size = (apr_size_t)tst_word_number(words, 3);
        tst_message_fill(parts[i], messages[i].size,
                         (apr_uint32_t)tst_word_number(words, 4) + (apr_uint32_t)i);
    }
    apr_status_t status = ist_queue_send_n(queue_of(words), messages, n, &sent,
                                           number_or(words, 5, IST_FOREVER));
    *value = (apr_int64_t)sent;
    return status;
}

static apr_status_t do_gather(tst_words_t *words, apr_int64_t *value)
{
    ist_message_t messages[MANY];
    apr_size_t n = (apr_size_t)tst_word_number(words, 2);
    apr_size_t received;
    for (apr_size_t i = 0; i < n && i < MANY; i++)
        messages[i] = (ist_message_t){parts[i], sizeof parts[i]};
    apr_status_t status = ist_queue_receive_n(queue_of(words), messages, n, &received,
                                              number_or(words, 3, IST_FOREVER));
    *value = (apr_int64_t)received;
    for (apr_size_t i = 0; i < received; i++) {
        if (tst_message_value(messages[i].data, messages[i].size) < 0)
            *value = -1;
    }
    return status;
}

static apr_status_t do_reserve(tst_words_t *words, apr_int64_t *value)
{
    void *data;
    apr_size_t size = (apr_size_t)tst_word_number(words, 2);
    apr_status_t status =
        ist_queue_reserve(queue_of(words), size, &data, tst_word_number(words, 3));
    *value = (apr_int64_t)((apr_uintptr_t)data & 7);
    tst_slot_handle(words)->place = data;
    if (status == APR_SUCCESS)
        tst_message_fill(data, size / 2, 77); /* half a message, to be killed in */
    return status;
}

static apr_status_t do_commit(tst_words_t *words, apr_int64_t *value)
{
    apr_size_t size = (apr_size_t)tst_word_number(words, 2);
    (void)value;
    if (tst_slot_handle(words)->place != NULL)
        tst_message_fill(tst_slot_handle(words)->place, size,
                         (apr_uint32_t)tst_word_number(words, 3));
    return ist_queue_commit(queue_of(words), size);
}

static apr_status_t do_cancel(tst_words_t *words, apr_int64_t *value)
{
    (void)value;
    return ist_queue_cancel(queue_of(words));
}

static apr_status_t do_peek(tst_words_t *words, apr_int64_t *value)
{
    const void *data;
    apr_size_t size;
    apr_status_t status =
        ist_queue_peek(queue_of(words), &data, &size, tst_word_number(words, 2));
    *value = status == APR_SUCCESS ? tst_message_value(data, size) : 0;
    return status;
}

static apr_status_t do_release(tst_words_t *words, apr_int64_t *value)
{
    (void)value;
    return ist_queue_release(queue_of(words));
}

static apr_status_t do_putback(tst_words_t *words, apr_int64_t *value)
{
    (void)value;
    return ist_queue_putback(queue_of(words));
}

const tst_command_t tst_queue_commands[] = {
    {"send", 3, do_send},       {"trysend", 3, do_trysend},
    {"receive", 1, do_receive}, {"tryreceive", 1, do_tryreceive},
    {"burst", 4, do_burst},     {"gather", 2, do_gather},
    {"reserve", 3, do_reserve}, {"commit", 3, do_commit},
    {"cancel", 1, do_cancel},   {"peek", 2, do_peek},
    {"release", 1, do_release}, {"putback", 1, do_putback},
    {NULL, 0, NULL},
};
