# SPDX-License-Identifier: Apache-2.0
# Makes the manual pages from the comments of the public headers: one page in section 3
# for each call, a link for each type, and isthmus(7), which has what they share.
#
#   awk -v out=FOLDER -v version=0.1.0 -v date=2026-01-31 \
#       -f docs/manuals-parts.awk -f docs/manuals.awk include/isthmus/*.h
#
# It knows the form that the headers have, no other: a comment that starts with two
# asterisks, @param, @return and @note in it, and behind it what it describes.

# A call's page; its last section is written at the end, when all its kin are known.
function call(name, proto,    file, i)
{
    parse()
    calls++
    call_name[calls] = name
    call_head[calls] = header
    call_brief[calls] = brief
    file = out "/" name ".3"
    title(file, name, 3)
    heading(file, "NAME")
    print name " \\- " roff(tolower(substr(brief, 1, 1)) substr(brief, 2)) > file
    heading(file, "SYNOPSIS")
    print ".nf\n.B #include <" header ">\n.PP" > file
    prototype(file, proto)
    print ".fi\n.PP\nLink with \\fB\\-listhmus\\fR and what it needs:" > file
    print "\\fBpkg\\-config \\-\\-cflags \\-\\-libs isthmus\\fR" > file
    heading(file, "DESCRIPTION")
    for (i = 1; i <= paras; i++) {
        if (i > 1)
            print ".PP" > file
        lines_of(para[i], file)
    }
    parameters(file)
    returns(file)
    if (notes > 0) {
        heading(file, "NOTES")
        for (i = 1; i <= notes; i++)
            lines_of((i > 1 ? ".PP\n" : "") note[i], file)
    }
}

# A text with its title for isthmus(7), kept until the end.
function keep(kind, tag, text)
{
    kept[kind] = kept[kind] tag text "\n"
}

function text_of(    i, all)
{
    all = ""
    for (i = 1; i <= paras; i++)
        all = all (i > 1 ? "\n.PP\n" : "") roff_lines(para[i])
    return all
}

function roff_lines(text,    i, n, part, all)
{
    n = split(text, part, "\n")
    all = ""
    for (i = 1; i <= n; i++)
        all = all (i > 1 ? "\n" : "") roff(trim(part[i]))
    return all
}

function macro(    name, line, value)
{
    line = $0
    sub(/^# *define +/, "", line)
    name = line; sub(/[^A-Za-z_].*/, "", name)
    if (name in seen)
        return
    if (match(line, /\/\*\*<.*\*\//)) {
        comment = trim(substr(line, RSTART + 4, RLENGTH - 6))
        line = substr(line, 1, RSTART - 1)
    }
    if (comment == "")
        return
    seen[name] = 1
    parse()
    value = name == "IST_DECLARE" ? "(type)" : trim(substr(line, length(name) + 1))
    keep("MACROS", ".TP\n.B " name (name == "IST_DECLARE" ? "(type)\n" : "\n"),
         text_of() (name == "IST_DECLARE" ? "" : "\n.br\n" roff(value)))
    comment = ""
}

# A typedef with its members, as the header has it.
function type(text,    name, shown)
{
    name = text
    if (match(text, /ist_[a-z_]+\(/))
        name = substr(text, RSTART, RLENGTH - 1)
    else {
        sub(/;[^;]*$/, "", name)
        sub(/.*[ *]/, "", name)
    }
    parse()
    shown = text
    gsub(/\/\*\*</, "/*", shown)
    gsub(/\\/, "\\e", shown)
    gsub(/\^/, "\\(ha", shown)
    gsub(/'/, "\\(aq", shown)
    keep("TYPES", ".TP\n.B " name "\n", text_of() "\n.nf\n" shown "\n.fi")
    print ".so man7/isthmus.7" > (out "/" name ".3")
    comment = ""
}

FNR == 1 {
    header = FILENAME
    sub(/.*include\//, "", header)
    heads[++head_count] = header
    comment = ""; inside = 0; declaration = ""; typing = ""
}

/^ *\/\*\*($| )/ && !/\/\*\*</ {
    comment = ""
    inside = 1
    line = $0
    sub(/^ *\/\*\* ?/, "", line)
    if (line ~ /\*\/ *$/)
        inside = 0
    sub(/ *\*\/ *$/, "", line)
    if (line ~ /^@name /)
        group = line
    comment = line == "" ? "" : line "\n"
    if (!inside && line ~ /^@\}/)
        comment = ""
    next
}

inside {
    ending = $0 ~ /\*\/ *$/
    line = $0
    sub(/^ *\*?\/? ?/, "", line)
    sub(/ *\*\/ *$/, "", line)
    comment = comment line "\n"
    if (ending) {
        inside = 0
        if (comment ~ /(^|\n)@file /) {
            parse()
            whole = para[1]
            gsub(/\n/, " ", whole)
            sub(/\.$/, "", whole)
            about_brief[header] = whole
            for (i = 2; i <= paras; i++)
                if (para[i] ~ /^@par /)
                    about[header] = about[header] ".PP\n.B " substr(para[i], 6) "\n.br\n"
                else
                    about[header] = about[header] \
                        (para[i - 1] ~ /^@par / ? "" : ".PP\n") roff_lines(para[i]) "\n"
            comment = ""
        } else if (comment ~ /(^|\n)@name /) {
            gsub(/@name/, "", comment)
            name = comment; sub(/\n.*/, "", name)
            sub(/^[^\n]*\n/, "", comment)
            parse()
            keep("MACROS", ".PP\n.B " trim(name) "\n.br\n", text_of())
            comment = ""
        }
    }
    next
}

/^# *define +IST_/ { macro(); next }

typing != "" || /^typedef / {
    typing = typing (typing == "" ? "" : "\n") $0
    if ((typing !~ /\{/ && $0 ~ /;/) || $0 ~ /^\}/) {
        type(typing)
        typing = ""
    }
    next
}

declaration != "" || /^IST_DECLARE\(/ || /^static inline / {
    declaration = trim(declaration " " trim($0))
    if ($0 ~ /[;{)]$/) {
        if ($0 !~ /\)$/ || declaration ~ /^static/) {
            sub(/^static inline /, "", declaration)
            sub(/;$/, "", declaration)
            if (match(declaration, /^IST_DECLARE\([^)]*\)/))
                declaration = substr(declaration, 13, RLENGTH - 13) \
                    substr(declaration, RLENGTH + 1)
            gsub(/\* ist/, "*ist", declaration)
            name = declaration
            sub(/\(.*/, "", name)
            sub(/.*[ *]/, "", name)
            call(name, declaration)
            declaration = ""
            comment = ""
        }
    }
    next
}

END {
    # The calls of one header are each other's kin.
    for (i = 1; i <= calls; i++) {
        file = out "/" call_name[i] ".3"
        heading(file, "SEE ALSO")
        for (j = 1; j <= calls; j++)
            if (j != i && call_head[j] == call_head[i])
                print ".BR " call_name[j] " (3)," > file
        print ".BR isthmus (7)" > file
        close(file)
    }
    file = out "/isthmus.7"
    title(file, "isthmus", 7)
    heading(file, "NAME")
    print "isthmus \\- named shared memory and locks between processes" > file
    heading(file, "SYNOPSIS")
    print ".nf\n.B #include <isthmus.h>\n.fi\n.PP" > file
    print "\\fBcc\\fR \\fIprogram.c\\fR \\fB$(pkg\\-config \\-\\-cflags \\-\\-libs isthmus)\\fR" > file
    heading(file, "DESCRIPTION")
    print "Named shared memory, mutexes, semaphores, regions and queues between processes," > file
    print "the same on Windows and POSIX, in the manner of the Apache Portable Runtime." > file
    for (i = 1; i <= head_count; i++) {
        print ".SS " heads[i] > file
        print roff(about_brief[heads[i]]) "." > file
        printf "%s", about[heads[i]] > file
    }
    heading(file, "MACROS")
    printf "%s", kept["MACROS"] > file
    heading(file, "TYPES")
    printf "%s", kept["TYPES"] > file
    heading(file, "CALLS")
    for (i = 1; i <= calls; i++)
        print ".TP\n.BR " call_name[i] " (3)\n" roff(call_brief[i]) "." > file
    heading(file, "SEE ALSO")
    print ".BR shm_open (3)," > file
    print ".BR shm_overview (7)," > file
    print ".BR sem_overview (7)" > file
}
