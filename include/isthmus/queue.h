/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file isthmus/queue.h
 * @brief Queues of messages through shared memory.
 *
 * A queue is bounded and first in, first out. Any number of threads of any
 * number of processes may send and receive; each message goes to exactly one
 * receiver. A message has 0 bytes or more, up to a maximum that is fixed when
 * the queue is created, and is copied in and out once, or used where it lies.
 *
 * @par Death
 * A message is sent at one instant, inside the call that sends or commits it.
 * A sender that is killed before it has sent nothing, and one killed after it
 * has sent all of it. A message is received at one instant too, inside the
 * call that receives or releases it: a receiver killed before leaves it to the
 * next. Nobody stays stuck.
 *
 * @par Sides
 * A handle is opened to send (#IST_SEND), to receive (#IST_RECEIVE), for both,
 * or for neither, which keeps the queue alive and looks at it. Opened with
 * #IST_SOLE too, its sides are its own: while it lives, nobody else in any
 * process has an endpoint there. A sole endpoint belongs to the process that
 * opened it, is used by one thread at a time, and is the fast one: while the
 * other side keeps up, a call makes no system call and takes no lock. A
 * shared endpoint may be used by any number of threads at once.
 *
 * @par Waiting
 * Who waits polls for a little while, if that has paid before, and then
 * sleeps. The environment variable ISTHMUS_SPIN, when it is 0, forbids the
 * polling. Timeouts are microseconds, 0 tries once, negative waits for ever.
 * Who is first to wait is not promised to be served first.
 *
 * @par Order of memory
 * What was written before a message was sent is seen after it was received.
 */
#ifndef ISTHMUS_QUEUE_H
#define ISTHMUS_QUEUE_H

#include <isthmus/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A queue, as one open call gave it. */
typedef struct ist_queue_t ist_queue_t;

/** The measures of a queue. */
typedef struct ist_queue_geometry_t {
    apr_uint32_t message_size; /**< The largest message, in bytes, 1 to 2^30. */
    apr_uint32_t capacity;     /**< Messages of that size that it holds at least, 1 or more. */
} ist_queue_geometry_t;

/** One of several messages that cross together. */
typedef struct ist_message_t {
    void *data;      /**< Where its bytes are, or go. */
    apr_size_t size; /**< How many; to receive: the room, then the message's size. */
} ist_message_t;

/** How a queue fares, as a hint: others go on meanwhile. */
typedef struct ist_queue_state_t {
    apr_uint64_t messages; /**< Messages that wait in it. */
    apr_uint64_t bytes;    /**< Bytes that they take, with all that goes with them. */
    apr_uint64_t room;     /**< Bytes that there are in all. */
    apr_uint64_t sent;     /**< Bytes that passed the sending side since it was created. */
    apr_uint64_t received; /**< Bytes that passed the receiving side. */
} ist_queue_state_t;

/**
 * Open or create a queue.
 *
 * Waits only for instants (see base.h). Memory for its whole capacity, rounded
 * up to a power of two, is there when it is created.
 *
 * @param queue     Receives the handle; NULL on failure.
 * @param name      1 to #IST_NAME_MAX bytes: see base.h.
 * @param geometry  Its measures; needed only to create it. May be NULL without
 *                  #IST_CREATE and #IST_CREATE_ONLY, and is not looked at then. A
 *                  queue that exists keeps its own, which may be larger.
 * @param flags     #IST_CREATE, #IST_CREATE_ONLY, #IST_GLOBAL, #IST_POPULATE,
 *                  #IST_SEND, #IST_RECEIVE, and #IST_SOLE with one of these two.
 * @param access    Who may open it, both or neither of read and write for each class.
 * @param pool      Holds the handle; its destruction closes it.
 *
 * @return APR_SUCCESS       It is open.
 * @return APR_EINVAL        An argument is NULL, malformed or has no meaning.
 * @return APR_ENAMETOOLONG  The name is too long.
 * @return APR_ENOENT        There is none.
 * @return APR_EEXIST        There is one (#IST_CREATE_ONLY).
 * @return APR_EBUSY         A side asked for is somebody's sole one; or was asked for
 *                           as the sole one, and somebody has it; or a process was
 *                           stopped in the middle of opening or closing the queue.
 * @return APR_EACCES        The caller lacks the right.
 * @return APR_ENOMEM, APR_ENOSPC  There is too little memory.
 * @return IST_ESIZE         It exists, with a smaller maximum or capacity.
 * @return IST_EFOREIGN, IST_ECORRUPT, IST_EVERSION, IST_EABI, IST_ENAMESPACE
 *                           What bears the name can't be used: see errno.h.
 * @return other             The system's code.
 *
 * @note Safe from any thread; @a pool is used by one thread at a time.
 */
IST_DECLARE(apr_status_t) ist_queue_open(ist_queue_t **queue, const char *name,
                                         const ist_queue_geometry_t *geometry,
                                         apr_uint32_t flags, apr_fileperms_t access,
                                         apr_pool_t *pool);

/**
 * Close a queue.
 *
 * Never blocks. When the last process has closed it, its messages are gone.
 *
 * @param queue  A queue that no other thread uses.
 *
 * @return APR_SUCCESS  It is closed, and answers APR_EINVAL from now on.
 * @return APR_EBUSY    A message is reserved or peeked at through it, or this is the
 *                      process's last handle and a thread is inside a call.
 * @return APR_EINVAL   @a queue is NULL or closed.
 *
 * @note Safe from any thread; no other may use the handle then.
 */
IST_DECLARE(apr_status_t) ist_queue_close(ist_queue_t *queue);

/**
 * Tell whether this handle's open call created the queue.
 *
 * @param queue  A queue.
 *
 * @return 1 if so, else 0; 0 for NULL or a closed one.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(int) ist_queue_created(const ist_queue_t *queue);

/**
 * Tell the measures of a queue.
 *
 * @param queue     An open queue.
 * @param geometry  Receives the maximum that it was created with, and how many
 *                  messages of that size it has room for, at least.
 *
 * @return APR_SUCCESS  They are told.
 * @return APR_EINVAL   An argument is NULL, or the queue is closed.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(apr_status_t) ist_queue_geometry(const ist_queue_t *queue,
                                             ist_queue_geometry_t *geometry);

/**
 * Tell how a queue fares, without disturbing anybody.
 *
 * Takes time in proportion to the messages that wait. Orders nothing.
 *
 * @param queue  An open queue, of any side.
 * @param state  Receives it.
 *
 * @return APR_SUCCESS   It is told, as a hint.
 * @return IST_ECORRUPT  The queue is damaged.
 * @return APR_EINVAL    An argument is NULL, or the queue is closed.
 *
 * @note Safe from any thread.
 */
IST_DECLARE(apr_status_t) ist_queue_state(const ist_queue_t *queue, ist_queue_state_t *state);

/**
 * Send a message, waiting for room for as long as it takes.
 *
 * Releases memory. The bytes are copied; @a data is the caller's again.
 *
 * @param queue  A queue that was opened to send.
 * @param data   The bytes; may be NULL when @a size is 0.
 * @param size   How many, 0 or more.
 *
 * @return APR_SUCCESS    It is sent.
 * @return IST_EMSGSIZE   It is larger than the queue takes; nothing was sent.
 * @return IST_ENOTOWNER  The endpoint is the sole one of the process that forked this one.
 * @return IST_ELIMIT     This thread holds #IST_HELD_MAX mutexes.
 * @return IST_ECORRUPT   The queue is damaged.
 * @return APR_EINVAL     A bad argument, a closed queue, one not opened to send, or the
 *                        thread has a reservation in it.
 * @return other          The system's code.
 *
 * @note Safe from any thread; a sole endpoint from one at a time.
 */
IST_DECLARE(apr_status_t) ist_queue_send(ist_queue_t *queue, const void *data, apr_size_t size);

/**
 * Send a message if there is room at once.
 *
 * As ist_queue_send(), without waiting.
 *
 * @param queue  A queue that was opened to send.
 * @param data   The bytes; may be NULL when @a size is 0.
 * @param size   How many, 0 or more.
 *
 * @return APR_EBUSY  There is no room, or another sender has a reservation.
 * @return other      As ist_queue_send().
 *
 * @note Safe from any thread; a sole endpoint from one at a time.
 */
IST_DECLARE(apr_status_t) ist_queue_trysend(ist_queue_t *queue, const void *data, apr_size_t size);

/**
 * Send a message, waiting for room up to a timeout.
 *
 * As ist_queue_send(), with a timeout.
 *
 * @param queue    A queue that was opened to send.
 * @param data     The bytes; may be NULL when @a size is 0.
 * @param size     How many, 0 or more.
 * @param timeout  Microseconds; 0 tries once, negative waits for ever.
 *
 * @return APR_TIMEUP  There was no room in that time, and nothing was sent.
 * @return other       As ist_queue_send().
 *
 * @note Safe from any thread; a sole endpoint from one at a time.
 */
IST_DECLARE(apr_status_t) ist_queue_timedsend(ist_queue_t *queue, const void *data,
                                              apr_size_t size, apr_interval_time_t timeout);

/**
 * Send several messages in one crossing.
 *
 * Waits until the first has room, then sends that and all that follow, in order,
 * for as long as there is room: all at one instant. Releases memory.
 *
 * @param queue     A queue that was opened to send.
 * @param messages  The messages.
 * @param n         How many, 1 or more.
 * @param sent      Receives how many were sent, 1 or more; 0 on failure.
 * @param timeout   Microseconds; 0 tries once, negative waits for ever.
 *
 * @return APR_SUCCESS   @a sent messages are sent.
 * @return APR_TIMEUP    There was no room for the first in that time.
 * @return IST_EMSGSIZE  The first is larger than the queue takes. (One behind it ends
 *                       the crossing before it.)
 * @return other         As ist_queue_send().
 *
 * @note Safe from any thread; a sole endpoint from one at a time.
 */
IST_DECLARE(apr_status_t) ist_queue_send_n(ist_queue_t *queue, const ist_message_t *messages,
                                           apr_size_t n, apr_size_t *sent,
                                           apr_interval_time_t timeout);

/**
 * Receive a message, waiting for one as long as it takes.
 *
 * Acquires memory.
 *
 * @param queue  A queue that was opened to receive.
 * @param data   Receives the bytes; may be NULL when @a room is 0.
 * @param room   How many bytes fit there.
 * @param size   Receives the message's size; may be NULL.
 *
 * @return APR_SUCCESS    It is received.
 * @return IST_EMSGSIZE   It does not fit: it stays, and @a size tells the room it needs.
 * @return IST_ENOTOWNER  The endpoint is the sole one of the process that forked this one.
 * @return IST_ELIMIT     This thread holds #IST_HELD_MAX mutexes.
 * @return IST_ECORRUPT   The queue is damaged.
 * @return APR_EINVAL     A bad argument, a closed queue, one not opened to receive, or
 *                        the thread is peeking at a message of it.
 * @return other          The system's code.
 *
 * @note Safe from any thread; a sole endpoint from one at a time.
 */
IST_DECLARE(apr_status_t) ist_queue_receive(ist_queue_t *queue, void *data, apr_size_t room,
                                            apr_size_t *size);

/**
 * Receive a message if there is one.
 *
 * As ist_queue_receive(), without waiting.
 *
 * @param queue  A queue that was opened to receive.
 * @param data   Receives the bytes; may be NULL when @a room is 0.
 * @param room   How many bytes fit there.
 * @param size   Receives the message's size; may be NULL.
 *
 * @return APR_EBUSY  There is none, or another receiver is peeking at it.
 * @return other      As ist_queue_receive().
 *
 * @note Safe from any thread; a sole endpoint from one at a time.
 */
IST_DECLARE(apr_status_t) ist_queue_tryreceive(ist_queue_t *queue, void *data, apr_size_t room,
                                               apr_size_t *size);

/**
 * Receive a message, waiting for one up to a timeout.
 *
 * As ist_queue_receive(), with a timeout.
 *
 * @param queue    A queue that was opened to receive.
 * @param data     Receives the bytes; may be NULL when @a room is 0.
 * @param room     How many bytes fit there.
 * @param size     Receives the message's size; may be NULL.
 * @param timeout  Microseconds; 0 tries once, negative waits for ever.
 *
 * @return APR_TIMEUP  None came in that time.
 * @return other       As ist_queue_receive().
 *
 * @note Safe from any thread; a sole endpoint from one at a time.
 */
IST_DECLARE(apr_status_t) ist_queue_timedreceive(ist_queue_t *queue, void *data, apr_size_t room,
                                                 apr_size_t *size, apr_interval_time_t timeout);

/**
 * Receive several messages in one crossing.
 *
 * Waits until there is one, then receives that and all that follow at once, in
 * order, for as long as there are and they fit. Acquires memory. When the receiver
 * is killed in here, all of them come again to the next.
 *
 * @param queue     A queue that was opened to receive.
 * @param messages  Where they go; each one's size is the room, and then its own.
 * @param n         How many, 1 or more.
 * @param received  Receives how many came, 1 or more; 0 on failure.
 * @param timeout   Microseconds; 0 tries once, negative waits for ever.
 *
 * @return APR_SUCCESS   @a received messages are received.
 * @return APR_TIMEUP    None came in that time.
 * @return IST_EMSGSIZE  The first does not fit: it stays, and its size tells the room it
 *                       needs. (One behind it ends the crossing before it.)
 * @return other         As ist_queue_receive().
 *
 * @note Safe from any thread; a sole endpoint from one at a time.
 */
IST_DECLARE(apr_status_t) ist_queue_receive_n(ist_queue_t *queue, ist_message_t *messages,
                                              apr_size_t n, apr_size_t *received,
                                              apr_interval_time_t timeout);

/**
 * Reserve room for a message, to write it where it will lie.
 *
 * The thread has the sending side then, until it commits or cancels: other senders
 * wait. A thread or process that ends before has sent nothing.
 *
 * @param queue    A queue that was opened to send.
 * @param size     Bytes, 0 or more.
 * @param data     Receives where they go: contiguous, aligned to 8, of any content.
 * @param timeout  Microseconds; 0 tries once, negative waits for ever.
 *
 * @return APR_SUCCESS  The room is the thread's.
 * @return APR_TIMEUP   There was no room in that time.
 * @return other        As ist_queue_send().
 *
 * @note Safe from any thread; a sole endpoint from one at a time.
 */
IST_DECLARE(apr_status_t) ist_queue_reserve(ist_queue_t *queue, apr_size_t size, void **data,
                                            apr_interval_time_t timeout);

/**
 * Send the message that was reserved.
 *
 * Never waits. Releases memory.
 *
 * @param queue  The queue, and the handle, of the reservation.
 * @param size   Its bytes, at most as many as were reserved.
 *
 * @return APR_SUCCESS    It is sent.
 * @return IST_ENOTOWNER  This thread has no reservation in it.
 * @return IST_EMSGSIZE   That is more than was reserved, and the reservation stays.
 * @return APR_EINVAL     A queue that is NULL, closed, or not opened to send.
 *
 * @note Only from the thread that made the reservation.
 */
IST_DECLARE(apr_status_t) ist_queue_commit(ist_queue_t *queue, apr_size_t size);

/**
 * Give a reservation up: nothing is sent.
 *
 * @param queue  The queue, and the handle, of the reservation.
 *
 * @return APR_SUCCESS    It is given up.
 * @return IST_ENOTOWNER  This thread has no reservation in it.
 * @return APR_EINVAL     A queue that is NULL, closed, or not opened to send.
 *
 * @note Only from the thread that made the reservation.
 */
IST_DECLARE(apr_status_t) ist_queue_cancel(ist_queue_t *queue);

/**
 * Look at the next message where it lies.
 *
 * The thread has the receiving side then, until it releases the message or puts it
 * back: other receivers wait. Acquires memory. The message is not received yet:
 * when the thread or process ends, it comes again to the next.
 *
 * @param queue    A queue that was opened to receive.
 * @param data     Receives where its bytes are: contiguous, aligned to 8, not to be
 *                 written.
 * @param size     Receives how many they are.
 * @param timeout  Microseconds; 0 tries once, negative waits for ever.
 *
 * @return APR_SUCCESS  The message is the thread's.
 * @return APR_TIMEUP   None came in that time.
 * @return other        As ist_queue_receive().
 *
 * @note Safe from any thread; a sole endpoint from one at a time.
 */
IST_DECLARE(apr_status_t) ist_queue_peek(ist_queue_t *queue, const void **data, apr_size_t *size,
                                         apr_interval_time_t timeout);

/**
 * Be done with the message that was peeked at: it is received.
 *
 * @param queue  The queue, and the handle, of the peek. Its bytes are not the caller's
 *               any more.
 *
 * @return APR_SUCCESS    It is received.
 * @return IST_ENOTOWNER  This thread is not peeking at a message of it.
 * @return APR_EINVAL     A queue that is NULL, closed, or not opened to receive.
 *
 * @note Only from the thread that peeks.
 */
IST_DECLARE(apr_status_t) ist_queue_release(ist_queue_t *queue);

/**
 * Leave the message that was peeked at where it is: it is the next one again.
 *
 * @param queue  The queue, and the handle, of the peek.
 *
 * @return APR_SUCCESS    It stays.
 * @return IST_ENOTOWNER  This thread is not peeking at a message of it.
 * @return APR_EINVAL     A queue that is NULL, closed, or not opened to receive.
 *
 * @note Only from the thread that peeks.
 */
IST_DECLARE(apr_status_t) ist_queue_putback(ist_queue_t *queue);

#ifdef __cplusplus
}
#endif

#endif
