#!/usr/bin/env python3
"""A validator for as much of JSON Schema as the schemas in docs/ have.

A word of JSON Schema that it does not know is a violation, so that nothing is
taken for checked that is not.  "$ref" names a file in docs/.
"""

import functools
import json
import pathlib
import re

DOCS = pathlib.Path(__file__).resolve().parent.parent.parent / "docs"
TYPES = {"object": dict, "array": list, "string": str, "null": type(None),
         "boolean": bool, "integer": int}
KNOWN = {"$schema", "title", "type", "additionalProperties", "required",
         "properties", "enum", "minLength", "pattern", "items", "minimum",
         "maximum"}


@functools.lru_cache(None)
def load(name):
    """A schema in docs/."""
    return json.loads((DOCS / name).read_text())


def is_type(value, name):
    return isinstance(value, TYPES[name]) and not (
        name == "integer" and isinstance(value, bool))


def violations(value, schema, where="record"):
    """Each thing in which value is not what schema says."""
    if set(schema) == {"$ref"}:
        schema = load(schema["$ref"])
    if set(schema) - KNOWN:
        yield "%s: schema with %s" % (where, set(schema) - KNOWN)
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(is_type(value, t) for t in types):
        yield "%s: %r is no %s" % (where, value, types)
    if "enum" in schema and value not in schema["enum"]:
        yield "%s: %r is none of the words" % (where, value)
    if isinstance(value, str):
        if len(value) < schema.get("minLength", 0):
            yield where + ": empty"
        if not re.search(schema.get("pattern", ""), value):
            yield "%s: %r" % (where, value)
    if is_type(value, "integer"):
        if not schema.get("minimum", value) <= value <= schema.get(
                "maximum", value):
            yield "%s: %d" % (where, value)
    for i, item in enumerate(value if isinstance(value, list) else []):
        yield from violations(item, schema["items"], "%s[%d]" % (where, i))
    if isinstance(value, dict):
        known = schema.get("properties", {})
        for name in schema.get("required", []):
            if name not in value:
                yield "%s: no %s" % (where, name)
        for name, item in value.items():
            if name in known:
                yield from violations(item, known[name], where + "." + name)
            elif not schema.get("additionalProperties", True):
                yield "%s: %s" % (where, name)
