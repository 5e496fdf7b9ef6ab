"""The API's own description: whether it is sound, and what it says an answer
must look like."""

import json
import re
import urllib.parse

import jsonschema

PARAMETER = re.compile(r"\{([^}]+)\}")
STATUS = re.compile(r"[2-5][0-9][0-9]")


def close(schema):
    """The schema, with members that it does not name refused."""
    if isinstance(schema, list):
        return [close(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: close(value) for key, value in schema.items()}
    if "properties" in schema and isinstance(schema["properties"], dict):
        out.setdefault("additionalProperties", False)
    return out


def references(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


class Contract:
    def __init__(self, document):
        self.document = document
        self.components = {"components": {
            "schemas": close(document["components"]["schemas"])}}
        self.prefix = document["servers"][0]["url"]
        self.validators = {}
        self.seen = set()   # (path, status) that an answer was held against
        self.used = set()   # (path, parameter) that a request had

    def resolve(self, node):
        while "$ref" in node:
            target = self.document
            for part in node["$ref"].split("/")[1:]:
                target = target[part]
            node = target
        return node

    def operations(self):
        for path, item in self.document["paths"].items():
            yield path, item["get"]

    def parameters(self, path):
        return [self.resolve(p)
                for p in self.document["paths"][path]["get"]["parameters"]]

    def faults(self):
        """Whatever OpenAPI 3.1 or JSON Schema would not have."""
        d = self.document
        if not re.fullmatch(r"3\.1\.\d+", d["openapi"]):
            yield "openapi: " + d["openapi"]
        if not (d["info"]["title"] and d["info"]["version"]):
            yield "info"
        if set(d["info"]["license"]) - {"name"} not in ({"identifier"},
                                                        {"url"}):
            yield "license has an identifier or an address, not both"
        known = {"openapi", "info", "servers", "tags", "paths", "components"}
        if set(d) - known:
            yield "members %s" % (set(d) - known)
        for reference in references(d):
            try:
                self.resolve({"$ref": reference})
            except KeyError:
                yield "dangling " + reference
        for name, schema in d["components"]["schemas"].items():
            try:
                jsonschema.Draft202012Validator.check_schema(schema)
            except jsonschema.SchemaError as error:
                yield "schema %s: %s" % (name, error.message)
        yield from self.operation_faults()

    def operation_faults(self):
        ids = []
        tags = {tag["name"] for tag in self.document["tags"]}
        for path, operation in self.operations():
            ids.append(operation["operationId"])
            in_path = [p["name"] for p in self.parameters(path)
                       if p["in"] == "path"]
            if sorted(in_path) != sorted(PARAMETER.findall(path)):
                yield "%s: path parameters %s" % (path, in_path)
            names = [(p["in"], p["name"]) for p in self.parameters(path)]
            if len(set(names)) != len(names):
                yield path + ": a parameter twice"
            for p in self.parameters(path):
                if p["in"] == "path" and p.get("required") is not True:
                    yield "%s: %s is not required" % (path, p["name"])
                if not p.get("description") or "schema" not in p:
                    yield "%s: %s says nothing" % (path, p["name"])
                elif "example" in p:
                    yield from ("%s: %s: %s" % (path, p["name"], e.message)
                                for e in self.validator(p["schema"])
                                .iter_errors(p["example"]))
            if not set(operation["tags"]) <= tags:
                yield path + ": tags"
            for status, answer in operation["responses"].items():
                if not STATUS.fullmatch(status):
                    yield "%s: status %s" % (path, status)
                if not self.resolve(answer).get("description"):
                    yield "%s: %s says nothing" % (path, status)
        if len(set(ids)) != len(ids):
            yield "an operationId twice"

    def validator(self, schema):
        key = json.dumps(schema, sort_keys=True)
        if key not in self.validators:
            self.validators[key] = jsonschema.Draft202012Validator(
                {**close(schema), **self.components})
        return self.validators[key]

    def path_of(self, target):
        """The path of the document that an address is of, or None."""
        path = target.partition("?")[0]
        if not path.startswith(self.prefix + "/"):
            return None
        segments = path[len(self.prefix):].split("/")
        found = None
        for template in self.document["paths"]:
            want = template.split("/")
            if len(want) == len(segments) and all(
                    (w.startswith("{") and s) or w == s
                    for w, s in zip(want, segments)):
                if found is None or "{" not in template:
                    found = template
        return found

    def violations(self, target, answer, body=True):
        """In what an answer is not as the document says."""
        path = self.path_of(target)
        if path is None:
            yield "no path for it"
            return
        self.seen.add((path, str(answer.status)))
        query = urllib.parse.parse_qs(target.partition("?")[2],
                                      keep_blank_values=True)
        self.used |= {(path, name) for name in query}
        said = self.document["paths"][path]["get"]["responses"].get(
            str(answer.status))
        if said is None:
            yield "status %d is not in the document" % answer.status
            return
        said = self.resolve(said)
        for name, header in said.get("headers", {}).items():
            header = self.resolve(header)
            value = answer.getheader(name)
            if value is None:
                if header.get("required"):
                    yield "no " + name
            else:
                for error in self.validator(header["schema"]).iter_errors(
                        value):
                    yield "%s: %s" % (name, error.message)
        if "content" not in said:
            if answer.bytes:
                yield "a body"
            return
        kind = answer.getheader("Content-Type")
        if kind not in said["content"]:
            yield "type %s" % kind
        elif body:
            data = json.loads(answer.bytes)
            for error in self.validator(
                    said["content"][kind]["schema"]).iter_errors(data):
                yield "%s: %s" % ("/".join(map(str, error.absolute_path)),
                                  error.message[:300])
            if kind == "application/problem+json" and (
                    data["status"] != answer.status or
                    data["instance"] != target):
                yield "status or instance: %s" % data
