/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The main function of every program of the conformance suite.
 */
#include "tst.h"

int main(int argc, char **argv)
{
    return tst_main(argc, (const char *const *)argv);
}
