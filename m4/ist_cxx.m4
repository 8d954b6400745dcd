# SPDX-License-Identifier: Apache-2.0
# IST_CXX: the C++ headers need no compiler here; their tests and example need one
# for C++17 and for the host. Sets CXX17 (empty without one) and CXX_WARN_FLAGS, the
# conditional HAVE_CXX17, and adds to DLL_PATH where Wine finds the C++ library.
AC_DEFUN([IST_CXX], [
AC_LANG_PUSH([C++])
ist_save_CXXFLAGS=$CXXFLAGS
CXXFLAGS="$CXXFLAGS -std=c++17"
AS_IF([test "$backend" = win32], [CXXFLAGS="$CXXFLAGS -DIST_FOR_WINDOWS"])
# Without a compiler for the host, configure falls back to one for this machine.
AC_CACHE_CHECK([for a C++17 compiler for $host], [ist_cv_cxx17],
    [AC_LINK_IFELSE([AC_LANG_PROGRAM([[
#include <cstddef>
#include <optional>
#if defined(IST_FOR_WINDOWS) != defined(_WIN32)
#error not for this host
#endif
]], [[std::optional<std::byte> byte; return byte ? 1 : 0;]])],
        [ist_cv_cxx17=yes], [ist_cv_cxx17=no])])
CXXFLAGS=$ist_save_CXXFLAGS
AC_LANG_POP([C++])

CXX17=
AS_IF([test "$ist_cv_cxx17" = yes], [CXX17="$CXX -std=c++17"])
CXX_WARN_FLAGS='-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor'
AS_IF([test "$enable_werror" = yes], [AS_VAR_APPEND([CXX_WARN_FLAGS], [" -Werror"])])
AS_IF([test "$ist_cv_cxx17" = yes && test "$RUN_WINDOWS" = wine], [
    for ist_dll in libstdc++-6.dll libwinpthread-1.dll; do
        ist_dll=`$CXX -print-file-name=$ist_dll`
        AS_VAR_APPEND([DLL_PATH], [";Z:"`AS_DIRNAME(["$ist_dll"])`])
    done
])
AM_CONDITIONAL([HAVE_CXX17], [test "$ist_cv_cxx17" = yes])
AC_SUBST([CXX17])
AC_SUBST([CXX_WARN_FLAGS])
])
