/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lifetime of a POSIX object: src/posix/make.c, object.c, life.c, bell.c, list.c.
 * One name, files, open file description locks, and a doorbell for each file. Each step
 * is a system call. With DEATHS anybody may die before any; the system drops its lock.
 *
 * Three processes open, and close, or sweep, ROUNDS times. When all have ended, somebody
 * opens once more, and root sweeps.
 *
 * BELLS: a region or queue, whose maker holds it alone until its doorbell is there.
 * STRANGERS: each process is another user, and may unlink only what it made.
 * MODES: bits: 1 open, 2 create, 4 create only, 8 open to read, 16 sweep.
 */
#ifndef DEATHS
#define DEATHS 0
#endif
#ifndef ROUNDS
#define ROUNDS 1
#endif
#ifndef MODES
#define MODES 31
#endif
#define OPEN 1
#define CREATE 2
#define ONLY 4
#define READ 8
#define SWEEP 16
#define ALL 5   /* three processes, who opens at the end, and root */
#define FILES 8 /* 0: none */

byte name;           /* the file that has the name */
byte alone[FILES];   /* the exclusive lock: who has it, + 1 */
byte sharing[FILES]; /* the shared locks, a bit each */
byte maker[FILES];   /* its owner, + 1; 0: no such file. A number that anybody knows stays. */
bit born[FILES];
bit whole[FILES];    /* the mutexes are there */
byte bell[FILES];    /* the doorbell with its nonce: 0 none, else which */
byte ringer[FILES];  /* the doorbell's owner, + 1 */

byte fd[ALL];   /* the file that it has open now */
byte mine[ALL]; /* the file that it has mapped, or had */
byte rung[ALL]; /* the doorbell that it has open */
bit in[ALL];    /* its open has succeeded, its close not begun */
bit made[ALL];  /* and has created */

byte deaths, ended;
bit twice, corrupt, readers, works, litter, over;

#define BIT(p) (1 << (p))
#ifdef STRANGERS
#define MAY(owner) (owner == me + 1 || me == 4)
#else
#define MAY(owner) true
#endif
#define DIE :: atomic { (deaths < DEATHS && me < 3) -> deaths++; goto dead }
#define STEP(...) if :: atomic { __VA_ARGS__ } DIE fi
/* fcntl(2), F_OFD_SETLK: x is whether it was granted. */
#define FREE(f) ((alone[f] == 0 || alone[f] == me + 1) && (sharing[f] & (31 - BIT(me))) == 0)
#define CLAIM(f) if :: FREE(f) -> sharing[f] = 0; alone[f] = me + 1; x = 1 :: else -> x = 0 fi
#define SHARE(f) if \
    :: (alone[f] == 0 || alone[f] == me + 1) -> \
        alone[f] = 0; sharing[f] = sharing[f] | BIT(me); x = 1 \
    :: else -> x = 0 fi
#define DROP(f) if :: (alone[f] == me + 1) -> alone[f] = 0 :: else fi; \
    sharing[f] = sharing[f] & (31 - BIT(me))
#define UNLINK_BELL(f) if \
    :: (bell[f] != 0 && MAY(ringer[f])) -> bell[f] = 0; ringer[f] = 0 :: else fi
#define KNOWN(p, f) (fd[p] == f || mine[p] == f)
/* What nobody can come to is no more. */
#define FORGET(f) if \
    :: (f != 0 && name != f && bell[f] == 0 && !KNOWN(0, f) && !KNOWN(1, f) && !KNOWN(2, f) && \
        !KNOWN(3, f) && !KNOWN(4, f)) -> maker[f] = 0; born[f] = 0; whole[f] = 0 \
    :: else fi
/* close(2), and with it the lock, unless a mapping keeps it. */
#define CLOSE y = fd[me]; fd[me] = 0; DROP(y); FORGET(y); y = 0
/* Unmap what was mapped, or forget what was remembered of it. */
#define LEAVE y = mine[me]; mine[me] = 0; rung[me] = 0; DROP(y); FORGET(y); y = 0
/* Who creates must be the only one who has the name's object. */
#define BIRTH if :: (in[0] || in[1] || in[2] || in[3]) -> twice = 1 :: else fi; made[me] = 1
#define ENTER in[me] = 1; mine[me] = fd[me]; fd[me] = 0
#ifdef BELLS
#define SEE_BELL(f) rung[me] = bell[f]; x = (bell[f] != 0)
#else
#define SEE_BELL(f) x = 1
#endif

/* A new doorbell, which is none that anybody has open. */
inline make_bell(f)
{
    y = 1;
    do
    :: (rung[0] == y || rung[1] == y || rung[2] == y || rung[3] == y) -> y++
    :: else -> break
    od;
    if
    :: bell[f] == 0 -> bell[f] = y; ringer[f] = me + 1
    :: else /* renew() */
    fi;
    y = 0
}

/* Nameless, written, mapped and locked: nobody can see any of these steps. */
inline make_file()
{
    y = 1;
    do
    :: maker[y] != 0 -> y++
    :: else -> break
    od;
    assert(y < FILES);
    fd[me] = y;
    maker[y] = me + 1;
    born[y] = 1;
    whole[y] = 1;
#ifndef MUTANT_LATE /* locks when it has the name */
#ifdef BELLS
    alone[y] = me + 1;
#else
    sharing[y] = BIT(me);
#endif
#endif
    y = 0
}

/* isti_life_bury(); x: whether the name is free now. */
#if defined(BELLS) && !defined(MUTANT_PLAIN) /* who comes in between takes it for damage */
#define UNBEAR(f) STEP(born[f] = 0)
#else
#define UNBEAR(f)
#endif
#define BURY(f) \
    UNBEAR(f); \
    STEP(UNLINK_BELL(f)); \
    STEP(if \
        :: (name == 0 || MAY(maker[name])) -> y = name; name = 0; FORGET(y); y = 0; x = 1 \
        :: else -> x = 0 fi)

proctype process(byte me, modes)
{
    byte mode, rounds, y;
    bit x, refused, bad;
next:
    atomic {
        if
        :: (rounds == ROUNDS) -> goto dead
        :: else -> rounds++
        fi;
        if
        :: (modes & OPEN) -> mode = OPEN
        :: (modes & CREATE) -> mode = CREATE
        :: (modes & ONLY) -> mode = ONLY; goto make
        :: (modes & READ) -> mode = READ
        :: (modes & SWEEP) -> mode = SWEEP
        fi
    };

again: /* open_existing() */
    STEP(if
        :: (name == 0) ->
            if :: (mode & (CREATE | ONLY)) -> goto make
            :: (mode == SWEEP) -> goto sweep_bells
            :: else -> goto done fi
        :: else -> fd[me] = name fi);
    STEP(if /* isti_life_look() */
        :: (alone[fd[me]] == 0 && sharing[fd[me]] == 0) -> skip /* dead */
        :: (alone[fd[me]] != 0 && mode == SWEEP) -> CLOSE; goto sweep_bells
        :: (alone[fd[me]] != 0 && mode != SWEEP) -> CLOSE; goto again
        :: else ->
            if
            :: (mode == SWEEP) -> CLOSE; goto sweep_bells
            :: (mode == ONLY) -> goto only
            :: else -> goto join fi
        fi);
    if
    :: mode == READ -> STEP(x = (name == fd[me]); CLOSE; if :: x -> goto done :: else -> goto again fi)
    :: else
    fi;
    /* open_dead(), sweep_object() */
#ifndef MUTANT_TRUST /* the look, without a lock, is enough */
    STEP(CLAIM(fd[me]);
        if :: x -> skip
        :: (!x && mode == SWEEP) -> CLOSE; goto sweep_bells
        :: else -> CLOSE; goto again fi);
#endif
#ifndef MUTANT_STALE /* the file has its name still, of course */
    STEP(if :: (name == fd[me]) -> skip
        :: (name != fd[me] && mode == SWEEP) -> CLOSE; goto sweep_bells
        :: else -> CLOSE; goto again fi);
#endif
    BURY(fd[me]);
    if
    :: !x && (mode & (CREATE | ONLY)) -> goto make_again
    :: else
    fi;
    STEP(CLOSE;
        if :: (mode == OPEN) -> goto done
        :: (mode == SWEEP) -> goto sweep_bells
        :: else -> goto make fi);

only: /* open_other() */
    STEP(x = (name == fd[me]); CLOSE; if :: x -> goto done :: else -> goto again fi);

join: /* open_live() */
    STEP(SHARE(fd[me]); if :: x -> skip :: else -> CLOSE; goto again fi);
#ifndef MUTANT_UNNAMED
    STEP(if :: (name == fd[me]) -> skip :: else -> CLOSE; refused = 1; goto depart fi);
#endif
#ifndef MUTANT_UNBORN
    STEP(if :: born[fd[me]] -> skip :: else -> goto refuse fi);
#endif
    STEP(SEE_BELL(fd[me]);
        if :: x -> ENTER; goto use
        :: else -> bad = 1 fi);
refuse:
    STEP(mine[me] = fd[me]; refused = 1; CLOSE);
    goto depart;

make: /* isti_make_new() */
    STEP(make_file();
        if
        :: (name == 0) -> name = fd[me] /* linkat(2) */
        :: else -> CLOSE; goto again
        fi;
#ifndef BELLS
#ifndef MUTANT_LATE
        BIRTH; ENTER; goto use
#endif
#endif
        );
#ifdef BELLS
#ifdef MUTANT_SHY /* shares before the doorbell is there */
    STEP(SHARE(fd[me]));
#endif
    STEP(make_bell(fd[me]));
    STEP(SEE_BELL(fd[me]));
#endif
    STEP(SHARE(fd[me]);
        if :: x -> BIRTH; ENTER; goto use
        :: else -> CLOSE; goto again fi); /* MUTANT_LATE alone comes here */

make_again:
#ifndef MUTANT_BORN /* stays born while it is made again */
    STEP(born[fd[me]] = 0);
#endif
    STEP(whole[fd[me]] = 0);
    STEP(whole[fd[me]] = 1);
#ifdef BELLS
    STEP(make_bell(fd[me]));
    STEP(SEE_BELL(fd[me]));
#endif
    STEP(born[fd[me]] = 1);
    STEP(SHARE(fd[me]); BIRTH; ENTER);

use:
    STEP(in[me] = 0; made[me] = 0; readers = readers || mode == READ; works = works || me == 3;
        y = mine[me]; rung[me] = 0; DROP(y); y = 0);

depart: /* isti_life_depart() */
    if
    :: mode == READ -> goto left /* may not write, and so not bury */
    :: else
    fi;
    STEP(if
        :: (name == 0) -> UNLINK_BELL(mine[me]); goto left
        :: else -> fd[me] = name fi);
#ifdef MUTANT_GREEDY /* claims whatever has the name now */
    STEP(CLAIM(fd[me]));
    STEP(if
        :: (fd[me] != mine[me]) -> UNLINK_BELL(mine[me]); goto leave
        :: (fd[me] == mine[me] && (!x || name != fd[me])) -> goto leave
        :: else fi);
#else
    STEP(if
        :: (fd[me] != mine[me]) -> UNLINK_BELL(mine[me]); goto leave
        :: else fi);
#ifndef MUTANT_RUDE /* whoever else has it */
    STEP(CLAIM(fd[me]); if :: x -> skip :: else -> goto leave fi);
#endif
    STEP(if :: (name == fd[me]) -> skip :: else -> goto leave fi);
#endif
    BURY(mine[me]);
leave:
    STEP(CLOSE);
left:
    atomic {
        LEAVE;
        if
        :: refused && bad -> corrupt = 1; goto done /* IST_ECORRUPT */
        :: refused && !bad -> refused = 0; goto again
        :: else -> goto done
        fi
    };

sweep_bells: /* sweep_bell(), of one of them */
#ifdef BELLS
    STEP(y = 1;
        do
        :: (y < FILES && bell[y] == 0) -> y++
        :: (y < FILES && bell[y] != 0) -> mine[me] = y; break
        :: (y < FILES && bell[y] != 0) -> y++
        :: (y == FILES) -> break
        od;
        y = 0;
        if :: mine[me] != 0 -> skip :: else -> goto done fi);
    STEP(x = (name != mine[me]));
    STEP(if :: x -> UNLINK_BELL(mine[me]) :: else fi; LEAVE);
    if
    :: me == 4 -> goto sweep_bells
    :: else
    fi;
#endif
done:
    atomic { x = 0; bad = 0; refused = 0; goto next };
dead:
    atomic {
        in[me] = 0; made[me] = 0;
        CLOSE;
        LEAVE;
        ended++
    }
}

#define BELL(f) (bell[f] != 0)
#define NOTHING (name == 0 && !BELL(1) && !BELL(2) && !BELL(3) && !BELL(4) && !BELL(5) && \
    !BELL(6) && !BELL(7))

init {
    atomic { run process(0, MODES); run process(1, MODES); run process(2, MODES) };
    atomic { (ended == 3) -> litter = deaths == 0 && !readers && !NOTHING; run process(3, CREATE) };
    atomic { (ended == 4) -> run process(4, SWEEP) };
    atomic { (ended == 5) -> over = 1 }
}

/* Who has it open has what the name means, whole, held by nobody alone, and its doorbell. */
#ifdef BELLS
#define RINGS(p) (bell[mine[p]] != 0 && bell[mine[p]] == rung[p])
#else
#define RINGS(p) true
#endif
#define SOUND(p) (!in[p] || (mine[p] == name && born[name] && whole[name] && alone[name] == 0 && \
    (sharing[name] & BIT(p)) && RINGS(p)))
#define ALL_SOUND (SOUND(0) && SOUND(1) && SOUND(2) && SOUND(3))
ltl sound { [] ALL_SOUND }
/* A create is of what nobody has; and of those who have it, one at most has created it. */
#define AT_MOST_ONE (!twice && made[0] + made[1] + made[2] + made[3] <= 1)
ltl once { [] AT_MOST_ONE }
/* All have ended: a fresh open works, and after a sweep nothing is left. */
#define AFRESH (!over || (works && NOTHING))
ltl fresh { [] AFRESH }
ltl safe { [] (ALL_SOUND && AT_MOST_ONE && AFRESH) }
/* Nobody is told of damage: there was none. */
ltl plain { [] !corrupt }
/* Without deaths and readers nothing is left even before the sweep. */
ltl tidy { [] !litter }
/* Nobody goes round for ever. */
ltl ends { <> over }
