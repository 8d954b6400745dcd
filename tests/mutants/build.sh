# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Sourced by tests/mutants/run: building a mutant, and running the suite against it.
# The variables it uses and sets are run's: top, here, work, only, backend, name, needs,
# why, cases, verdict and the counts.
# shellcheck disable=SC2154,SC2034

windows=x86_64-w64-mingw32
chapters="general names open life shm mutex semaphore region queue"

# A mutant may do harm to every object of the machine, and leaves processes and files
# behind: on Linux each program gets a /dev/shm and process ids of its own.
find_alone()
{
    alone=
    command -v unshare > /dev/null 2>&1 || return 0
    for way in "unshare" "unshare -r"; do
        way="$way -m -p -f --mount-proc --kill-child"
        # shellcheck disable=SC2086
        if $way sh -c 'mount -t tmpfs shm /dev/shm' 2> /dev/null; then
            alone=$way
            return 0
        fi
    done
}

path_of()
{
    case $1 in
    unit) echo "tests/unit/unit$suffix" ;;
    *) echo "tests/conformance/$1$suffix" ;;
    esac
}

# launch PROGRAM [ARGUMENT...]: become it, with a time limit.
launch()
{
    cd "$build" || exit 1
    IST_TEST_TIMEOUT=$limit
    export RUN_WINDOWS DLL_PATH IST_TEST_TIMEOUT
    program=$(path_of "$1")
    shift
    if [ -n "$alone" ] && [ "$backend" = posix ]; then
        # shellcheck disable=SC2016,SC2086
        exec $alone sh -c 'mount -t tmpfs shm /dev/shm && sh "$@"; exit $?' sh \
            "$work/src/scripts/run-test" "$program" "$@"
    fi
    exec sh "$work/src/scripts/run-test" "$program" "$@"
}

# run_program PROGRAM [ARGUMENT...]: run it until its end or its first failed case. True when
# all is well, else `first` says what was not.
run_program()
{
    first=
    last=
    status=0
    rm -f "$work/output"
    mkfifo "$work/output"
    (launch "$@") > "$work/output" 2> "$work/errors" 3>&- &
    pid=$!
    while IFS= read -r line; do
        case $line in
        "failed  "*) first=${line#failed  }; break ;;
        "passed  "*) last=${line#passed  } ;;
        esac
    done < "$work/output"
    if [ -n "$first" ]; then
        # What unshare started ends with it, what timeout started gets its signal.
        case $alone:$backend in
        ?*:posix) kill -KILL $pid 2> /dev/null || : ;;
        *) kill -TERM $pid 2> /dev/null || : ;;
        esac
    fi
    wait $pid 2> /dev/null || status=$?
    if [ -n "$first" ]; then
        return 1
    elif [ $status -eq 124 ]; then
        first="no end in $limit s${last:+, after $last}"
        return 1
    elif [ $status -ne 0 ]; then
        first="ended with $status${last:+ after $last}"
        return 1
    fi
}

# The suite must pass before it can be said to notice anything, and each case that is
# to catch a mutant must be there.
prepare()
{
    build=$work/$1
    suffix=
    whole=120
    host=native
    if [ "$1" = win32 ]; then
        suffix=.exe
        whole=300
        [ -n "${MSYSTEM:-}" ] || host=$windows
    fi
    limit=$whole
    echo "building: $1" >&2
    rm -rf "$build"
    # One library is enough, and found by the programs when it is made anew.
    "$top/scripts/build" "$host" "$work/src" "$build" --disable-static CFLAGS=-O2
    # Whatever the edits leave unused is no matter.
    RUN_WINDOWS=$(sed -n 's/^RUN_WINDOWS = //p' "$build/Makefile")
    DLL_PATH=$(sed -n 's/^DLL_PATH = //p' "$build/Makefile" |
        sed "s|\$(abs_top_builddir)|$build|")
    make -C "$build" -j"$(nproc)" check TESTS= >> "$build/build.log" 2>&1
    echo "running without a mutant: $1" >&2
    cut -f6 "$work/chosen.tsv" | tr '|' '\n' | sort -u > "$work/cases"
    for program in unit $chapters; do
        (launch "$program" --list) < /dev/null > "$work/list.$program" 3>&-
        set -- "$program"
        while IFS= read -r one <&4; do
            case $one in "$program "*) ;; *) continue ;; esac
            set -- "$@" --only "${one#* }"
            grep -qF -e "${one#* }" "$work/list.$program" ||
                { echo "mutants: no case of $program is called ${one#* }" >&2; exit 1; }
        done 4< "$work/cases"
        # Natively it takes seconds, and each mutant may be shown to all cases.
        if [ "$backend" = posix ] && [ -z "$only" ]; then
            set -- "$program"
        elif [ $# -eq 1 ] && ! grep -qx "$program" "$work/cases"; then
            continue
        fi
        run_program "$@" < /dev/null ||
            { echo "mutants: without one, $program fails: $first" >&2; exit 1; }
    done
}

# Whether a case of the line "PROGRAM [WORDS]" notices. A few cases take seconds: what
# hangs is not given the time that all would need.
asked()
{
    case $1 in
    *" "*)
        limit=$((whole / 3))
        ! run_program "${1%% *}" --only "${1#* }"
        ;;
    *)
        limit=$whole
        ! run_program "$1"
        ;;
    esac
}

# First those that should notice, then all, but not for what nothing can notice.
ask_suite()
{
    rest=$cases
    while [ -n "$rest" ]; do
        one=${rest%%|*}
        case $rest in
        *"|"*) rest=${rest#*|} ;;
        *) rest= ;;
        esac
        if asked "$one"; then
            verdict="${one%% *}: $first"
            return 0
        fi
    done
    [ "$why" = - ] || return 1
    for one in unit $chapters; do
        if asked "$one"; then
            verdict="$one: $first (by chance)"
            return 0
        fi
    done
    return 1
}

rebuild()
{
    make -C "$build" libisthmus.la "tests/unit/unit$suffix" > "$work/make.log" 2>&1
}

try_mutant()
{
    if [ "$needs" = alone ] && [ -z "$alone" ]; then
        verdict="not run: it would do harm, and no /dev/shm of its own can be had"
        unasked=$((unasked + 1))
        return
    elif [ "$needs" = root ] && [ "$(id -u)" -ne 0 ]; then
        verdict="not run: another user is needed, and only root can become one"
        unasked=$((unasked + 1))
        return
    fi
    if ! awk -v mutant="$name" -v root="$work/src" -f "$here/apply.awk" "$here"/*.mut \
        > "$work/changed" 2> "$work/errors"; then
        verdict="NOT MADE: $(tail -n 1 "$work/errors")"
        wrong=$((wrong + 1))
    elif ! rebuild; then
        verdict="NOT BUILT: $(grep -m 1 'error' "$work/make.log" || echo "see $work/make.log")"
        wrong=$((wrong + 1))
    elif ask_suite; then
        caught=$((caught + 1))
    elif [ "$why" != - ]; then
        verdict="survived: $why"
        survived=$((survived + 1))
    else
        verdict=SURVIVED
        survived=$((survived + 1))
        wrong=$((wrong + 1))
    fi
    while IFS= read -r file; do
        cp "$work/original/$file" "$work/src/$file"
    done < "$work/changed"
}
