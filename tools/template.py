#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Compiles a page template to C, or puts a file into C as it is.

    template.py NAME.html OUT.c    void page_NAME(struct buf *, const struct page_NAME *)
    template.py NAME.css OUT.c     const struct span asset_NAME and its version
    template.py NAME.js OUT.c      the same, without indentation and comments

Text is emitted as it stands, but a line that holds nothing but a {% %} is
dropped with its line end, and a "\\" at the end of a line drops that line end
and the blanks in front of the next line.

    {{text EXPR}}   a struct span as text between tags
    {{attr EXPR}}   a struct span within a quoted attribute
    {{url EXPR}}    a struct span as a value in a URL's query
    {{rich EXPR}}   a struct span of rich text: links, breaks, paragraphs
    {{uris EXPR}}   a struct span of addresses parted by breaks, as links
    {{link EXPR}}   a struct link as a quoted attribute
    {{int EXPR}}    a whole number, not negative: a port, a page, a year
    {{count EXPR}}  how many of something: 14,533
    {% C %}         a line of C: a loop, a condition, a declaration
    {# #}           a comment

p is the page and out the buffer.  There is no way to emit data as it is.
"""
import hashlib
import pathlib
import re
import sys

EMITTERS = {
    "text": "html_text(out, {});",
    "attr": "html_attr(out, {});",
    "url": "url_arg(out, {});",
    "rich": "html_rich(out, {});",
    "uris": "html_uris(out, {});",
    "link": "html_link(out, {});",
    "int": "buf_u64(out, (uint64_t)({}));",
    "count": "buf_count(out, (uint64_t)({}));",
}
TOKEN = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}|\{#.*?#\}", re.S)


class Failure(Exception):
    pass


def literal(data):
    """Bytes as a C string; no escape runs into the character behind it."""
    out = []
    for byte in data:
        char = chr(byte)
        if char == "\n":
            out.append("\\n")
        elif char in '"\\?' or not 32 <= byte < 127:
            out.append("\\%03o" % byte)
        else:
            out.append(char)
    return '"' + "".join(out) + '"'


def chunks(data, size):
    for at in range(0, len(data), size):
        yield data[at:at + size]


def emit_text(text, out):
    if text:
        lines = "\n\t    ".join(literal(c) for c in chunks(text.encode(), 60))
        out.append("\tbuf_add(out, SPAN(%s));" % lines)


def emit_expression(source, line, out):
    kind, _, expression = source.strip().partition(" ")
    if kind not in EMITTERS or not expression.strip():
        raise Failure("%d: {{%s}} is none of %s" %
                      (line, source, ", ".join(EMITTERS)))
    out.append("\t" + EMITTERS[kind].format(expression.strip()))


def compile_template(text, name):
    # A statement or a comment alone on its line takes the line away.
    text = re.sub(r"(?m)^[ \t]*(\{%(?:(?!%\})[^\n])*%\}|\{#(?:(?!#\})[^\n])*#\})"
                  r"[ \t]*\n", r"\1", text)
    text = re.sub(r"\\\n[ \t]*", "", text)
    out = [
        '/* Made by tools/template.py from %s.html. */' % name,
        '#include "web/emit.h"',
        '#include "web/pages.h"',
        '#include "base/banned.h"',
        "",
        "void page_%s(struct buf *out, const struct page_%s *p)" % (name, name),
        "{",
        "\t(void)p;",
    ]
    at = 0
    for token in TOKEN.finditer(text):
        emit_text(text[at:token.start()], out)
        at = token.end()
        line = text.count("\n", 0, token.start()) + 1
        if token.group(1) is not None:
            emit_expression(token.group(1), line, out)
        elif token.group(2) is not None:
            out.append("\t" + token.group(2).strip())
    rest = text[at:]
    if "{{" in rest or "{%" in rest:
        raise Failure("a {{ or {% is not closed")
    emit_text(rest, out)
    out.append("}")
    return "\n".join(out) + "\n"


def lean(data):
    """A script without indentation and lines of nothing but a comment."""
    head, *lines = data.decode().split("\n")
    lines = (line.strip("\t") for line in lines)
    return "\n".join([head, *(line for line in lines
                              if line and not line.startswith("//")),
                      ""]).encode()


def embed(data, name):
    version = hashlib.sha256(data).hexdigest()[:16]
    lines = "\n".join("\t" + literal(c) for c in chunks(data, 60))
    return ("/* Made by tools/template.py from %s. */\n"
            '#include "web/pages.h"\n\n'
            "const struct span asset_%s = SPAN_INIT(\n%s);\n"
            'const struct span asset_%s_version = SPAN_INIT("%s");\n' %
            (name, name, lines, name, version))


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: template.py SOURCE OUT")
    source = pathlib.Path(sys.argv[1])
    try:
        if source.suffix == ".html":
            text = compile_template(source.read_text("utf-8"), source.stem)
        else:
            data = source.read_bytes()
            if source.suffix == ".js":
                data = lean(data)
            text = embed(data, source.stem)
    except Failure as failure:
        sys.exit("%s: %s" % (source, failure))
    pathlib.Path(sys.argv[2]).write_text(text, "utf-8")


main()
