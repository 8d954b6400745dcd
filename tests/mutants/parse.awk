# SPDX-License-Identifier: Apache-2.0
# List the mutants of .mut files: a line of seven fields, parted by tabs, for each:
# name, backend, promises, what it needs, reason to survive, cases, defect.
# Cases are parted by "|": a program, and after a space part of a case's name.
function tell()
{
    if (name != "")
        print name, backend, breaks, needs == "" ? "-" : needs, why == "" ? "-" : why, cases, defect
    name = backend = breaks = needs = why = cases = defect = ""
}
function rest()
{
    sub(/^[^ ]+ /, "")
    return $0
}
BEGIN { OFS = "\t" }
/^<<<<$/ { text = 1 }
/^>>>>$/ { text = 0; next }
text || /^#/ || /^$/ { next }
$1 == "mutant" { tell(); name = $2; next }
$1 == "backend" { backend = $2; next }
$1 == "breaks" { breaks = rest(); next }
$1 == "needs" { needs = $2; next }
$1 == "survives" { why = rest(); next }
$1 == "defect" { defect = rest(); next }
$1 == "caught-by" { cases = cases (cases == "" ? "" : "|") rest(); next }
$1 == "file" { next }
{ print FILENAME ":" FNR ": not understood: " $0 > "/dev/stderr"; exit 1 }
END { tell() }
