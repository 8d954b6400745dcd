/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ring of src/queue_put.h and src/queue_get.h, cells for bytes: a message takes
 * one cell for its word and its content. One sender after another sends 1, 2, 3, ...;
 * one receiver after another receives. Who has a side may die between any two steps;
 * the next one takes the side over (a robust mutex, or a sole endpoint's claim).
 * With FENCELESS a sender looks for sleepers before its store is seen.
 */
#ifndef CELLS
#define CELLS 3
#endif
#ifndef MESSAGES
#define MESSAGES 4
#endif
#ifndef DEATHS
#define DEATHS 2
#endif
#define NEXT(x) ((x + 1) % CELLS)

byte word[CELLS];    /* 0, or the message's number: sent */
byte content[CELLS];
byte tail, head;     /* places */
byte used;           /* what is between them, as positions would tell */
byte committed;      /* how many were sent, by their word's store */
byte received;       /* how many were received, by the head's store */
byte delivered;       /* the newest that was read whole */
byte deaths;
byte sleepers, bell;
bit lock_sender, lock_receiver;
bool damaged;

#define MAY_DIE if :: (deaths < DEATHS) -> deaths++; goto dead :: true -> skip fi

proctype sender()
{
    byte at;
    bit looked;
life:
    atomic { (lock_sender == 0) -> lock_sender = 1 };
    do
    :: (committed < MESSAGES) ->
#ifndef MUTANT_TRUST /* the tail is believed, whatever stands there */
        do /* go past what a dead sender sent */
        :: (word[tail] != 0 && tail != head) -> tail = NEXT(tail)
        :: (word[tail] != 0 && tail == head && used > 0 && word[tail] > received) ->
            tail = NEXT(tail)
        :: else -> break
        od;
#endif
        at = tail;
        MAY_DIE;
        (committed - received < CELLS - 1); /* room, the word behind counted */
        content[at] = committed + 1;
        MAY_DIE;
#ifndef MUTANT_STALE /* the word behind is left as it was */
        word[NEXT(at)] = 0;
#endif
        MAY_DIE;
#ifdef MUTANT_EARLY /* the word first, the message later */
        content[at] = 0;
        atomic { word[at] = committed + 1; committed++; used++ };
        MAY_DIE;
        content[at] = committed;
#else
#ifdef FENCELESS
        looked = (sleepers > 0);
#endif
        atomic { word[at] = committed + 1; committed++; used++ };
#endif
        MAY_DIE;
        tail = NEXT(at);
#ifndef FENCELESS
        looked = (sleepers > 0);
#endif
        if
        :: looked -> atomic { if :: (sleepers > 0) -> sleepers--; bell++ :: else fi }
        :: else
        fi
    :: else -> break
    od;
    lock_sender = 0;
    goto done;
dead:
    lock_sender = 0; /* the system tells the next owner */
    goto life;
done:
    skip
}

proctype receiver()
{
    byte at, number;
life:
    atomic { (lock_receiver == 0) -> lock_receiver = 1 };
    do
    :: (received < MESSAGES) ->
        if
        :: (word[head] == 0) ->
            sleepers++;
            if
            :: (word[head] != 0) -> atomic { if :: (sleepers > 0) -> sleepers-- :: (sleepers == 0 && bell > 0) -> bell-- fi }
            :: else ->
                if
                :: atomic { (bell > 0) -> bell-- }
#ifdef SLICES
                :: atomic { (word[head] != 0) -> if :: (sleepers > 0) -> sleepers-- :: else fi }
#endif
                :: (deaths < DEATHS) -> deaths++; goto dead
                fi
            fi
        :: else ->
            at = head;
            number = word[at];
            MAY_DIE;
            /* The message is the next one, and whole. */
            if
            :: (number != received + 1 || content[at] != number || number > delivered + 1) ->
                damaged = true
            :: else
            fi;
#ifdef MUTANT_HEAD /* received before it was read */
            atomic { head = NEXT(at); received++; used-- };
            MAY_DIE;
            delivered = number
#else
            delivered = number;
            MAY_DIE;
            atomic { head = NEXT(at); received++; used-- }
#endif
        fi
    :: else -> break
    od;
    lock_receiver = 0;
    goto done;
dead:
    lock_receiver = 0;
    goto life;
done:
    skip
}

init { atomic { run sender(); run receiver() } }

ltl good { [] (!damaged && received <= committed && committed - received < CELLS) }
ltl all { <> (received == MESSAGES) }
