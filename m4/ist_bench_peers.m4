# SPDX-License-Identifier: Apache-2.0
# IST_BENCH_PEERS: which of the libraries that bench/queue compares with are here.
# None is needed; what is missing is left out of the benchmark, with a line.
AC_DEFUN([IST_BENCH_PEERS], [
BENCH_PEER_FLAGS=
BENCH_PEER_LIBS=
BENCH_PEER_OBJECTS=
bench_qb=no
bench_zmq=no
AS_IF([test "$backend" = posix && test "$cross_compiling" = no], [
    PKG_CHECK_EXISTS([libqb], [bench_qb=yes
        BENCH_PEER_FLAGS="$BENCH_PEER_FLAGS -DBENCH_QB `$PKG_CONFIG --cflags libqb`"
        BENCH_PEER_LIBS="$BENCH_PEER_LIBS `$PKG_CONFIG --libs libqb`"])
    PKG_CHECK_EXISTS([libzmq], [bench_zmq=yes
        BENCH_PEER_FLAGS="$BENCH_PEER_FLAGS -DBENCH_ZMQ `$PKG_CONFIG --cflags libzmq`"
        BENCH_PEER_LIBS="$BENCH_PEER_LIBS `$PKG_CONFIG --libs libzmq`"])
    # Not AC_PROG_CXX: libtool would then want a C++ compiler of everybody.
    AC_CHECK_PROGS([BENCH_CXX], [c++ g++ clang++])
    AC_MSG_CHECKING([for Boost.Interprocess])
    AS_IF([test -n "$BENCH_CXX" && AS_ECHO(["#include <boost/interprocess/ipc/message_queue.hpp>"]) |
           $BENCH_CXX -x c++ -fsyntax-only - >&AS_MESSAGE_LOG_FD 2>&1],
        [AC_MSG_RESULT([yes])
        BENCH_PEER_FLAGS="$BENCH_PEER_FLAGS -DBENCH_BOOST"
        BENCH_PEER_OBJECTS=bench/queue/boost.$OBJEXT
        BENCH_PEER_LIBS="$BENCH_PEER_LIBS -lstdc++"],
        [AC_MSG_RESULT([no])])
])
AC_SUBST([BENCH_CXX])
AC_SUBST([BENCH_PEER_FLAGS])
AC_SUBST([BENCH_PEER_LIBS])
AC_SUBST([BENCH_PEER_OBJECTS])
AM_CONDITIONAL([BENCH_QB], [test "$bench_qb" = yes])
AM_CONDITIONAL([BENCH_ZMQ], [test "$bench_zmq" = yes])
])
