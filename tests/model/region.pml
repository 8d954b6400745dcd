/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A region on Windows: src/win32/object.c, section.c, mutex.c. Three kernel objects, each
 * with a name that goes with its last handle: a mutex, a doorbell, a section with the
 * words `born` and `held`. With DEATHS anybody may be killed before any step: its threads
 * end, and its mutex is given back; then its handles are closed, in any order.
 *
 * Each process opens, and closes, ROUNDS times; with LOCKS it locks, writes and unlocks in between.
 * SIZES: the last process asks for another size.
 * MODES: bits: 1 open, 2 create, 4 create only.
 */
#ifndef DEATHS
#define DEATHS 0
#endif
#ifndef ROUNDS
#define ROUNDS 1
#endif
#ifndef MODES
#define MODES 7
#endif
#define PROCESSES 3
#define EACH 6 /* 0: none; of each part, one for each process, and one more */
#define OPEN 1
#define CREATE 2
#define ONLY 4

/* The parts that have the names now, and the handles of each part, a bit a process. */
byte mutex_name, bell_name, section_name;
byte mutexes[EACH], doorbells[EACH], sections[EACH];
byte owner[EACH];     /* a mutex's owner, + 1 */
#ifdef MUTANT_KERNEL
bit abandoned[EACH];  /* a mutex's last owner died: WAIT_ABANDONED */
#endif
bit born[EACH];       /* of a section */
bit held[EACH];
bit filled[EACH];       /* its header is filled in */
byte extent[EACH];      /* how long it is */
bit spoilt[EACH];     /* somebody was killed between its lock and its unlock */
byte births[EACH];    /* how often it was born */

/* What each process has; 0: no handle. */
byte mutex[PROCESSES], bell[PROCESSES], section[PROCESSES];
bit in[PROCESSES], made[PROCESSES], inside[PROCESSES];

byte deaths, ended;
bit wrong, half, over;

#define BIT(p) (1 << (p))
#define DIE :: atomic { (deaths < DEATHS) -> deaths++; goto dead }
#define STEP(...) if :: atomic { __VA_ARGS__ } DIE fi
#define FIRST(parts) y = 1; do :: (y < EACH && parts[y] != 0) -> y++ :: else -> break od; \
    assert(y < EACH)
/* Create, or open what there is. */
#define GET(name, parts, mine) if \
    :: (name == 0) -> FIRST(parts); name = y; y = 0; fresh = 1 :: else -> fresh = 0 fi; \
    mine[me] = name; parts[name] = parts[name] | BIT(me)
#define PUT(name, parts, mine) y = mine[me]; mine[me] = 0; \
    parts[y] = parts[y] & (7 - BIT(me)); \
    if :: (parts[y] == 0 && name == y) -> name = 0 :: else fi
#ifdef MUTANT_KERNEL
#define PUT_MUTEX PUT(mutex_name, mutexes, mutex); \
    if :: (mutexes[y] == 0) -> abandoned[y] = 0 :: else fi; y = 0
#else
#define PUT_MUTEX PUT(mutex_name, mutexes, mutex); y = 0
#endif
#define PUT_BELL PUT(bell_name, doorbells, bell); y = 0
#define PUT_SECTION PUT(section_name, sections, section); \
    if :: (sections[y] == 0) -> born[y] = 0; held[y] = 0; filled[y] = 0; extent[y] = 0; \
        spoilt[y] = 0; births[y] = 0 :: else fi; y = 0
#define ENTER in[me] = 1; half = half || !filled[section[me]]

proctype process(byte me, size)
{
    byte mode, rounds, y;
    bit fresh, anew, again, told;
next:
    atomic {
        again = 0; anew = 0; told = 0;
        if
        :: (rounds == ROUNDS) -> goto gone
        :: else -> rounds++
        fi;
        if
        :: (MODES & OPEN) -> mode = OPEN
        :: (MODES & CREATE) -> mode = CREATE
        :: (MODES & ONLY) -> mode = ONLY
        fi
    };

open: /* open_parts() */
    STEP(if
        :: (mode == OPEN && mutex_name == 0) -> goto close
        :: else -> GET(mutex_name, mutexes, mutex); anew = fresh fi);
    STEP(if
        :: (mode == OPEN && bell_name == 0) -> goto close
        :: else -> GET(bell_name, doorbells, bell); anew = anew || fresh fi);
    STEP(if /* open_or_create() */
        :: (mode == OPEN && section_name == 0) -> goto close
        :: else -> GET(section_name, sections, section);
            if :: fresh -> extent[section[me]] = size :: else fi fi);
    /* isti_section_open() */
    STEP(if
        :: (mode == OPEN && born[section[me]]) -> ENTER; goto use
        :: (mode == OPEN && !born[section[me]]) -> goto close
        :: (mode != OPEN && born[section[me]] && anew) -> again = 1; goto close
        :: (mode == CREATE && born[section[me]] && !anew) -> ENTER; goto use
        :: (mode == ONLY && born[section[me]] && !anew) -> goto close
        :: (mode != OPEN && !born[section[me]] && extent[section[me]] != size) -> /* suits() */
            again = 1; goto close
        :: else fi);
#ifdef MUTANT_MAKER /* only the section's maker may bring it to life */
    STEP(if :: fresh -> skip :: else -> again = 1; goto close fi);
#endif
    /* give_birth() */
#ifndef MUTANT_EARLY /* fills in the header later */
    STEP(filled[section[me]] = 1);
#endif
#ifdef MUTANT_TWICE /* a store, and no compare-and-swap */
    STEP(born[section[me]] = 1; births[section[me]]++; made[me] = 1;
#else
    STEP(if
        :: !born[section[me]] -> born[section[me]] = 1; births[section[me]]++; made[me] = 1
        :: (born[section[me]] && mode == ONLY) -> goto close
        :: else fi;
#endif
        ENTER);
#ifdef MUTANT_EARLY
    STEP(filled[section[me]] = 1);
#endif

use:
#ifdef LOCKS /* ist_os_lock() */
    if
    :: atomic { (owner[mutex[me]] == 0) -> owner[mutex[me]] = me + 1 }
    DIE
    fi;
#ifdef MUTANT_KERNEL /* believes the kernel's mutex, which may be older than the section */
    STEP(told = abandoned[mutex[me]]; abandoned[mutex[me]] = 0; held[section[me]] = 1;
#else
    STEP(told = held[section[me]]; held[section[me]] = 1;
#endif
        wrong = wrong || told != spoilt[section[me]]; inside[me] = 1);
    /* ist_os_unlock() */
#ifdef MUTANT_AFTER /* gives the lock back, and clears the word after that */
    STEP(inside[me] = 0; spoilt[section[me]] = 0; owner[mutex[me]] = 0);
    STEP(held[section[me]] = 0);
#else
    STEP(inside[me] = 0; spoilt[section[me]] = 0; held[section[me]] = 0);
    STEP(owner[mutex[me]] = 0);
#endif
#else
    skip;
#endif

close: /* ist_os_close(): the section, the doorbell, the mutex */
    STEP(in[me] = 0; made[me] = 0; PUT_SECTION);
    STEP(PUT_BELL);
    STEP(PUT_MUTEX);
    atomic {
        if
        :: again -> again = 0; anew = 0; goto open
        :: else -> goto next
        fi
    };

dead: /* its threads end first */
    atomic {
        if
        :: (owner[mutex[me]] == me + 1) -> owner[mutex[me]] = 0;
#ifdef MUTANT_KERNEL
            abandoned[mutex[me]] = inside[me] || abandoned[mutex[me]];
#endif
            skip
        :: else
        fi;
        if
        :: inside[me] -> spoilt[section[me]] = 1; inside[me] = 0
        :: else
        fi;
        in[me] = 0; made[me] = 0
    };
    do
    :: atomic { (mutex[me] != 0) -> PUT_MUTEX }
    :: atomic { (bell[me] != 0) -> PUT_BELL }
    :: atomic { (section[me] != 0) -> PUT_SECTION }
    :: atomic { (mutex[me] == 0 && bell[me] == 0 && section[me] == 0) -> break }
    od;
gone:
    ended++
}

init {
    atomic {
        run process(0, 1);
        run process(1, 1);
#ifdef SIZES
        run process(2, 2)
#else
        run process(2, 1)
#endif
    };
    (ended == PROCESSES);
    over = 1
}

/* Who has it open has all parts, which are those that the names mean; and so all agree. */
#define WHOLE(p) (!in[p] || (mutex[p] != 0 && mutex[p] == mutex_name && bell[p] != 0 && \
    bell[p] == bell_name && section[p] != 0 && section[p] == section_name && \
    born[section[p]]))
#define ALL_WHOLE (WHOLE(0) && WHOLE(1) && WHOLE(2) && !half)
ltl whole { [] ALL_WHOLE }
/* A section is born once, and one has created it. */
#define ONCE (births[1] <= 1 && births[2] <= 1 && births[3] <= 1 && births[4] <= 1 && \
    births[5] <= 1 && made[0] + made[1] + made[2] <= 1)
ltl once { [] ONCE }
/* One at a time is inside; who comes after a death inside is told, and nobody else. */
#define TOLD (!wrong && inside[0] + inside[1] + inside[2] <= 1)
ltl told { [] TOLD }
/* When all have ended, the name is free. */
#define FREED (!over || (mutex_name == 0 && bell_name == 0 && section_name == 0))
ltl safe { [] (ALL_WHOLE && ONCE && TOLD && FREED) }
/* Nobody goes round for ever, whoever died half-way. */
ltl ends { <> over }
