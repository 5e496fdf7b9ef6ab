#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Completes the description of the API, and makes its page.

    openapi.py SOURCE RECORD VERSION TEMPLATE OUT.json OUT.html

SOURCE is an OpenAPI document without what all operations share: the parameter
as-of, the answers to what is wrong, the fields of a good answer.  RECORD, the
JSON Schema of a record, becomes the schema Record.  "x-examples" of an
operation are addresses behind the server's; "x-constant" says that it answers
the same whatever the registry is.

OUT.html is TEMPLATE with the page of the document in place of its comment
"BODY"; tools/template.py compiles it.
"""
import html
import json
import pathlib
import re
import sys

SHARED = {"304": "NotModified", "400": "Wrong", "404": "NoVersion",
          "412": "Changed", "429": "Busy", "503": "Failed"}
HEADERS = ("ETag", "Cache-Control", "Access-Control-Allow-Origin", "Link")
MARK = "{# BODY #}"


def once(pairs):
    """An object, in which no name may come twice."""
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            sys.exit("openapi.py: %s comes twice" % name)
    return dict(pairs)


def complete(document, record, version):
    """The document as it is served."""
    record = {key: value for key, value in record.items()
              if not key.startswith("$") and key != "title"}
    document["info"]["version"] = version
    document["components"]["schemas"]["Record"] = record
    for path in document["paths"].values():
        operation = path["get"]
        answers = operation["responses"]
        if not operation.get("x-constant"):
            operation["parameters"].append(
                {"$ref": "#/components/parameters/AsOf"})
        for status, name in SHARED.items():
            if status != "404" or not operation.get("x-constant"):
                answers.setdefault(
                    status, {"$ref": "#/components/responses/" + name})
        answers["200"]["headers"] = {
            name: {"$ref": "#/components/headers/" + name}
            for name in HEADERS}
        operation["responses"] = dict(sorted(answers.items()))
    return document


def resolve(document, node):
    """What a reference leads to, and its last name."""
    name = None
    while "$ref" in node:
        parts = node["$ref"].split("/")[1:]
        node, name = document, parts[-1]
        for part in parts:
            node = node[part]
    return node, name


def text(source):
    """Plain text with `code` as HTML."""
    parts = re.split(r"`([^`]+)`", source)
    return "".join("<code>%s</code>" % html.escape(part, False) if i % 2
                   else html.escape(part, False)
                   for i, part in enumerate(parts))


def paragraphs(source):
    return ["<p>%s</p>" % text(part) for part in source.split("\n\n")]


def kind(document, schema):
    """A schema in a few words."""
    named = resolve(document, schema)[1]
    if named:
        return '<a href="#%s">%s</a>' % (named, named)
    if "const" in schema:
        return "<code>%s</code>" % html.escape(json.dumps(schema["const"]))
    if "enum" in schema:
        words = [json.dumps(word) if word is None else word
                 for word in schema["enum"]]
        return "one of " + ", ".join("<code>%s</code>" % w for w in words)
    if "oneOf" in schema:
        return " or ".join(kind(document, one) for one in schema["oneOf"])
    types = schema.get("type", "anything")
    types = [types] if isinstance(types, str) else types
    words = ["array of " + kind(document, schema["items"])
             if one == "array" and "items" in schema else one
             for one in types]
    return " or ".join(words)


def rows(document, schema, prefix=""):
    """A line for each member, those of objects within it too."""
    for name, member in schema.get("properties", {}).items():
        always = name in schema.get("required", [])
        said = text(member.get("description", ""))
        if not always and not said.startswith("Only"):
            said = ("Not always there. " + said).strip()
        yield ("<tr><th scope=\"row\"><code>%s</code></th><td>%s</td>"
               "<td>%s</td></tr>" %
               (prefix + name, kind(document, member), said))
        inner = member.get("items", member)
        mark = "[]." if "items" in member else "."
        if "$ref" not in inner:
            yield from rows(document, inner, prefix + name + mark)


def table(caption, heads, lines):
    return (["<table class=\"members\">",
             "<caption>%s</caption>" % caption, "<thead>",
             "<tr>%s</tr>" % "".join("<th scope=\"col\">%s</th>" % head
                                     for head in heads),
             "</thead>", "<tbody>"] + lines +
            ["</tbody>", "</table>"])


def parameters(document, operation):
    lines = []
    for one in operation["parameters"]:
        p = resolve(document, one)[0]
        where = ("path" if p["in"] == "path" else
                 "required" if p.get("required") else "optional")
        lines.append("<tr><th scope=\"row\"><code>%s</code></th><td>%s</td>"
                     "<td>%s</td></tr>" %
                     (p["name"], where, text(p["description"])))
    return lines


def answers(document, operation):
    lines = []
    for status, one in operation["responses"].items():
        answer = resolve(document, one)[0]
        content = answer.get("content", {})
        shown = [kind(document, value["schema"])
                 for value in content.values()]
        lines.append("<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td>"
                     "</tr>" % (status, " or ".join(shown) or "nothing",
                                text(answer["description"])))
    return lines


def shown_answer(answer):
    """What an answer looks like, to be opened."""
    out = []
    for content in answer.get("content", {}).values():
        if "example" in content:
            shown = json.dumps(content["example"], indent=2,
                               ensure_ascii=False)
            out += ["<details>", "<summary>An answer</summary>",
                    "<pre tabindex=\"0\"><code>%s</code></pre>" % html.escape(shown, False),
                    "</details>"]
    return out


def index(document):
    """All addresses, each with a link to what is said of it."""
    out = ["<nav aria-label=\"Addresses\">", "<ul class=\"index\">"]
    for path, item in document["paths"].items():
        operation = item["get"]
        out.append("<li><a href=\"#%s\"><code>%s</code></a> %s</li>" %
                   (operation["operationId"], html.escape(path),
                    text(operation["summary"])))
    return out + ["</ul>", "</nav>"]


def operation_html(document, path, operation):
    server = document["servers"][0]["url"]
    name = operation["operationId"]
    out = ["<section aria-labelledby=\"%s\">" % name,
           "<h3 id=\"%s\">%s</h3>" % (name, text(operation["summary"])),
           "<p><code>GET %s</code></p>" % html.escape(server + path)]
    if "description" in operation:
        out += paragraphs(operation["description"])
    out += ["<p>Try it:</p>", "<ul>"]
    for example in operation["x-examples"]:
        address = html.escape(server + example)
        out.append("<li><a href=\"%s\"><code>%s</code></a></li>" %
                   (address, address))
    out.append("</ul>")
    out += shown_answer(operation["responses"]["200"])
    out.append("<details>")
    out.append("<summary>Parameters and answers of %s</summary>" %
               html.escape(path))
    if operation["parameters"]:
        out += table("Parameters", ("Name", "Where", "Meaning"),
                     parameters(document, operation))
    out += table("Answers", ("Status", "Body", "Meaning"),
                 answers(document, operation))
    return out + ["</details>", "</section>"]


def page(document):
    """The body of the page, from the heading on."""
    out = ["<h1>The API</h1>"]
    out += ["<p>%s</p>" % text(document["info"]["summary"])]
    out += paragraphs(document["info"]["description"])
    address = document["servers"][0]["url"] + "/openapi.json"
    out += ["<p>This page is made of the description for programs: "
            "<a href=\"%s\"><code>%s</code></a> (OpenAPI %s, version %s of "
            "portbook).</p>" % (address, address, document["openapi"],
                                document["info"]["version"])]
    out += index(document)
    for tag in document["tags"]:
        out += ["<h2>%s</h2>" % text(tag["name"]),
                "<p>%s</p>" % text(tag["description"])]
        for path, item in document["paths"].items():
            if tag["name"] in item["get"]["tags"]:
                out += operation_html(document, path, item["get"])
    out.append("<h2>What answers are made of</h2>")
    for name, schema in sorted(document["components"]["schemas"].items()):
        out += ["<section aria-labelledby=\"%s\">" % name,
                "<h3 id=\"%s\">%s</h3>" % (name, name)]
        if "description" in schema:
            out += paragraphs(schema["description"])
        if "properties" in schema:
            out += table("Members", ("Name", "Value", "Meaning"),
                         list(rows(document, schema)))
        else:
            shown = kind(document, schema)
            out.append("<p>%s.</p>" % (shown[:1].upper() + shown[1:]))
        for content in document["components"]["responses"].values():
            answer = content.get("content", {}).get(
                "application/problem+json", {})
            if "example" in answer and name == "Problem":
                out += shown_answer(content)
        out.append("</section>")
    return "\n".join(out) + "\n"


def main():
    if len(sys.argv) != 7:
        sys.exit("usage: openapi.py SOURCE RECORD VERSION TEMPLATE OUT.json "
                 "OUT.html")
    source, record, template = (
        pathlib.Path(sys.argv[i]).read_text("utf-8") for i in (1, 2, 4))
    document = complete(json.loads(source, object_pairs_hook=once),
                        json.loads(record), sys.argv[3])
    body = page(document)
    if re.search(r"\{\{|\{%|\{#|\\\n", body) or MARK not in template:
        sys.exit("openapi.py: the page would be taken for a template")
    pathlib.Path(sys.argv[5]).write_text(
        json.dumps(document, ensure_ascii=False) + "\n", "utf-8")
    pathlib.Path(sys.argv[6]).write_text(
        template.replace(MARK, body), "utf-8")


main()
