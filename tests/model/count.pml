/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The semaphore of src/count.c: a word of units and sleepers, changed by one
 * compare-and-swap at a time, and a doorbell. POSTERS post N units each once;
 * WAITERS take one each. With DEATHS anybody may die between any two steps.
 *
 * SLICES: who sleeps wakes by itself now and then. Without deaths it is not needed:
 * that is checked without it. With deaths it is.
 */
#ifndef POSTERS
#define POSTERS 2
#endif
#ifndef WAITERS
#define WAITERS 2
#endif
#ifndef N
#define N 1
#endif
#ifndef MAXIMUM
#define MAXIMUM 2
#endif

byte units, sleepers; /* the word */
byte bell;            /* rings in it */
byte asleep;          /* threads inside the system's wait */
byte posted, taken;
byte deaths;
byte busy = POSTERS;  /* posters that may still post */

#ifdef DEATHS
#define MAY_DIE :: (deaths < DEATHS) -> deaths++; goto dead
#else
#define MAY_DIE :: false -> skip
#endif

proctype poster()
{
    byte wake;
    if
    MAY_DIE
    :: true -> skip
    fi;
    atomic {
        if
#ifdef MUTANT_OVER /* full is full, whatever is to be added */
        :: (units >= MAXIMUM) -> goto done
#else
        :: (units + N > MAXIMUM) -> goto done /* IST_EOVERFLOW: nothing changed */
#endif
        :: else ->
#ifdef MUTANT_HALF /* n units in n steps */
            units++; posted++
#else
            units = units + N; posted = posted + N
#endif
            wake = (sleepers < N -> sleepers : N);
            sleepers = sleepers - wake
        fi
    };
#ifdef MUTANT_HALF
    if
    MAY_DIE
    :: true -> skip
    fi;
    atomic { if :: (N > 1) -> units = units + N - 1; posted = posted + N - 1 :: else fi };
#endif
    do
    :: (wake > 0) ->
        if
        MAY_DIE
        :: true -> skip
        fi;
#ifndef MUTANT_SILENT /* nobody rings */
        bell++;
#endif
        wake--
    :: else -> break
    od;
done:
dead:
    busy--
}

proctype waiter()
{
    bit rung;
again:
    if
    MAY_DIE
    :: true -> skip
    fi;
    atomic { /* take_or_enlist() */
        if
        :: (units > 0) -> units--; taken++; goto done
#ifdef MUTANT_LATE /* looks first, and enlists later */
        :: else -> skip
        fi
    };
    atomic { sleepers++ };
#else
        :: else -> sleepers++
        fi
    };
#endif
    asleep++;
    if
    :: atomic { (bell > 0) -> bell--; asleep--; rung = 1 }
#ifdef SLICES
    :: atomic { asleep--; rung = 0 }
#endif
#ifdef DEATHS
    :: atomic { (deaths < DEATHS) -> deaths++; asleep--; goto dead }
    :: atomic { (bell > 0 && deaths < DEATHS) -> bell--; deaths++; asleep--; goto dead }
#endif
    fi;
    if
    :: rung -> goto again /* take(), or sleep again */
    :: else ->
        atomic { /* delist(), or the ring of who took this one off is nobody's */
            if
            :: (sleepers > 0) -> sleepers--
            :: else -> if :: (bell > 0) -> bell-- :: else fi
            fi
        };
        goto again
    fi;
done:
    skip;
dead:
    skip
}

init {
    byte i;
    atomic {
        for (i : 1 .. POSTERS) { run poster() }
        for (i : 1 .. WAITERS) { run waiter() }
    }
}

/* Units are conserved, and their maximum is kept. */
ltl conserved { [] (units + taken == posted && units <= MAXIMUM) }
#ifdef HALVES
ltl whole { [] (posted % N == 0) }
#endif
/* When all posters are done, nobody sleeps beside units for ever. */
ltl awake { [] ((busy == 0 && units > 0 && asleep > 0) -> <> (units == 0 || asleep == 0)) }
