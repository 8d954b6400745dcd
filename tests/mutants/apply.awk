# SPDX-License-Identifier: Apache-2.0
# Make one mutant's edits in a tree, and print the files changed.
#
#   awk -v mutant=NAME -v root=TREE -f apply.awk FILE.mut...
#
# The old text must be there exactly once: else an edit has drifted away from
# the sources, and nothing is to be believed. Blanks and line ends don't
# count, so a new way of laying out the sources is no drift.
function whole(path, text, line)
{
    text = ""
    while ((getline line < path) > 0)
        text = text line "\n"
    close(path)
    return text
}
# The text without blanks; place[] tells where each character was.
function squeezed(text, n, i, one, out)
{
    out = ""
    n = length(text)
    count = 0
    for (i = 1; i <= n; i++) {
        one = substr(text, i, 1)
        if (one == " " || one == "\n" || one == "\t")
            continue
        out = out one
        place[++count] = i
    }
    return out
}
function fail(why)
{
    print "mutant " mutant ": " file ": " why > "/dev/stderr"
    bad = 1
}
function edit(path, text, sought, found, at)
{
    path = root "/" file
    text = whole(path)
    sought = squeezed(old)
    found = squeezed(text)
    at = index(found, sought)
    if (at == 0)
        return fail("the old text is not there:\n" old)
    if (index(substr(found, at + 1), sought) != 0)
        return fail("the old text is there more than once:\n" old)
    ORS = ""
    print substr(text, 1, place[at] - 1) new substr(text, place[at + length(sought) - 1] + 1) > path
    close(path)
    ORS = "\n"
    print file
    edits++
}
$1 == "mutant" && !part { ours = $2 == mutant; next }
!ours { next }
/^<<<<$/ { part = "old"; old = new = ""; next }
/^====$/ && part == "old" { part = "new"; next }
/^>>>>$/ && part == "new" { part = ""; edit(); next }
part == "old" { old = old $0 "\n"; next }
part == "new" { new = new $0 "\n"; next }
$1 == "file" { file = $2 }
END {
    if (!bad && edits == 0) {
        print "mutant " mutant ": no edits" > "/dev/stderr"
        bad = 1
    }
    exit bad
}
