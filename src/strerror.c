/* SPDX-License-Identifier: Apache-2.0 */
/* The words of every status. */
#include "internal.h"

#include <apr_strings.h>

static const char *words(apr_status_t status)
{
    switch (status) {
    case IST_ABANDONED:
        return "The mutex's last owner died while it held it";
    case IST_ENOTOWNER:
        return "The calling thread does not own the mutex";
    case IST_EOVERFLOW:
        return "The count would pass the semaphore's maximum";
    case IST_ESIZE:
        return "The object is smaller than the size asked for";
    case IST_EFOREIGN:
        return "What bears this name was not made by isthmus";
    case IST_ECORRUPT:
        return "The object in shared memory is damaged";
    case IST_EVERSION:
        return "The object was made by a version of isthmus with another layout";
    case IST_EABI:
        return "The object's locks were made for another C library or word size";
    case IST_ENAMESPACE:
        return "The object's locks belong to another PID namespace";
    case IST_ELIMIT:
        return "The calling thread holds as many mutexes as a thread may";
    case IST_EMSGSIZE:
        return "The message is larger than the queue takes, or than the buffer";
    default:
        return NULL;
    }
}

const char *ist_strerror(apr_status_t status, char *buf, apr_size_t size)
{
    if (buf == NULL || size == 0)
        return "";
    const char *text = words(status);
    if (text == NULL)
        return apr_strerror(status, buf, size);
    apr_cpystrn(buf, text, size);
    return buf;
}
