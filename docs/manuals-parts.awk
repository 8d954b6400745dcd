# SPDX-License-Identifier: Apache-2.0
# What docs/manuals.awk is made of: comments taken apart, and their parts as roff.

# Text becomes roff: no character of it may be taken for a request.
function roff(text)
{
    gsub(/\\/, "\\e", text)
    gsub(/\^/, "\\(ha", text)
    gsub(/~/, "\\(ti", text)
    gsub(/`/, "", text)
    text = fonts(text, "@a [A-Za-z_]+", 3, "I")
    text = fonts(text, "#IST_[A-Z_]+", 1, "B")
    text = fonts(text, "ist_[a-z_]+\\(\\)", 0, "B")
    if (text ~ /^[.']/)
        text = "\\&" text
    return text
}

# Every match of pattern in a font, without its first characters; a call gets its section.
function fonts(text, pattern, skip, font,    done, word)
{
    done = ""
    while (match(text, pattern)) {
        word = substr(text, RSTART + skip, RLENGTH - skip)
        done = done substr(text, 1, RSTART - 1) "\\f" font
        if (sub(/\(\)$/, "", word))
            done = done word "\\fR(3)"
        else
            done = done word "\\fR"
        text = substr(text, RSTART + RLENGTH)
    }
    return done text
}

function trim(text)
{
    sub(/^[ \t]+/, "", text)
    sub(/[ \t]+$/, "", text)
    return text
}

# A comment's lines, sorted: paragraphs, parameters, results, notes.
function parse(    i, n, lines, line, into)
{
    split("", para); split("", param); split("", result); split("", note)
    paras = params = results = notes = 0
    into = ""
    n = split(comment, lines, "\n")
    for (i = 1; i <= n; i++) {
        line = lines[i]
        if (line ~ /^@(file|name|mainpage|\{|\})/) {
            into = line ~ /^@name/ ? "" : into
            continue
        }
        if (sub(/^@brief /, "", line)) {
            para[++paras] = line; into = "para"
        } else if (sub(/^@par /, "", line)) {
            para[++paras] = "@par " line; into = ""
        } else if (sub(/^@param +/, "", line)) {
            param[++params] = line; into = "param"
        } else if (sub(/^@return +/, "", line)) {
            result[++results] = line; into = "result"
        } else if (sub(/^@note +/, "", line)) {
            note[++notes] = line; into = "note"
        } else if (line == "") {
            into = ""
        } else if (into == "") {
            para[++paras] = line; into = "para"
        } else if (into == "para") {
            para[paras] = para[paras] "\n" line
        } else if (into == "param") {
            param[params] = param[params] "\n" trim(line)
        } else if (into == "result") {
            result[results] = result[results] "\n" trim(line)
        } else {
            note[notes] = note[notes] "\n" line
        }
    }
    # The first sentence of the first paragraph is what the page's name line says.
    brief = para[1]
    gsub(/\n/, " ", brief)
    if (match(brief, /[.:] /))
        brief = substr(brief, 1, RSTART)
    sub(/[.:]$/, "", brief)
}

function lines_of(text, file,    i, n, part)
{
    n = split(text, part, "\n")
    for (i = 1; i <= n; i++)
        print roff(trim(part[i])) > file
}

function heading(file, title)
{
    print ".SH " title > file
}

function title(file, name, section)
{
    print ".\\\" Made from the headers by docs/manuals.awk: change those." > file
    print ".TH " name " " section " \"" date "\" \"isthmus " version "\" \"isthmus\"" > file
}

# A prototype of one line, broken behind commas.
function prototype(file, text,    i, n, part, line)
{
    n = split(text, part, /, */)
    line = part[1]
    for (i = 2; i <= n; i++) {
        if (length(line ", " part[i]) > 72) {
            print "\\fB" line ",\\fR" > file
            line = "    " part[i]
        } else
            line = line ", " part[i]
    }
    print "\\fB" line ";\\fR" > file
}

# "name  text" of a parameter.
function parameters(file,    i, name, text)
{
    heading(file, "PARAMETERS")
    if (params == 0)
        print "None." > file
    for (i = 1; i <= params; i++) {
        name = param[i]; sub(/[ \n].*/, "", name)
        text = substr(param[i], length(name) + 1)
        print ".TP\n.I " name > file
        lines_of(trim(text), file)
    }
}

# "CODE, CODE  text", or text alone.
function returns(file,    i, text, codes)
{
    heading(file, "RETURN VALUE")
    for (i = 1; i <= results; i++) {
        text = result[i]
        if (match(text, /^((APR|IST)_[A-Z_]+(, )?)+( |\n)/) || match(text, /^other +/)) {
            codes = trim(substr(text, 1, RLENGTH))
            sub(/\n$/, "", codes)
            text = substr(text, RLENGTH + 1)
            print ".TP\n" (codes == "other" ? "other" : ".B " codes) > file
        } else if (i > 1)
            print ".PP" > file
        lines_of(trim(text), file)
    }
}
