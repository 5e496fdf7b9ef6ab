"""Reads the text exposition format of Prometheus, version 0.0.4, strictly."""

import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(r"(%s)(?:\{(%s(?:,%s)*)\})? (\S+)" % (NAME, LABEL, LABEL))
TYPES = ("counter", "gauge", "histogram", "summary", "untyped")


def family_of(name, types):
    if name in types:
        return name
    for suffix in ("_bucket", "_sum", "_count"):
        if name.endswith(suffix) and types.get(
                name[:-len(suffix)]) == "histogram":
            return name[:-len(suffix)]
    raise ValueError("sample without a type: " + name)


def parse(text):
    """{(name, labels): value}; ValueError for what is not the format."""
    if not text.endswith("\n"):
        raise ValueError("no line end at the end")
    types, helps, samples, seen = {}, set(), {}, []
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            name = line.split(" ", 3)[2]
            if name in helps:
                raise ValueError("told twice: " + line)
            helps.add(name)
            continue
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            if kind not in TYPES or name in types or name in seen:
                raise ValueError(line)
            types[name] = kind
            continue
        match = SAMPLE.fullmatch(line)
        if not match:
            raise ValueError(line)
        family = family_of(match[1], types)
        if family in seen and seen[-1] != family:
            raise ValueError("not together: " + line)
        seen.append(family)
        if (match[1], match[2]) in samples:
            raise ValueError("twice: " + line)
        samples[match[1], match[2]] = float(match[3])
    if helps != set(types):
        raise ValueError("help and type: %s" % (helps ^ set(types)))
    for name, kind in types.items():
        if kind == "histogram":
            check_histogram(name, samples)
        if kind == "counter" and not name.endswith("_total"):
            raise ValueError("a counter's name: " + name)
    return samples


def check_histogram(name, samples):
    buckets = [(float(labels.split('"')[1].replace("+Inf", "inf")), value)
               for (key, labels), value in samples.items()
               if key == name + "_bucket"]
    if buckets != sorted(buckets) or buckets[-1][0] != float("inf") or \
            [v for _, v in buckets] != sorted(v for _, v in buckets) or \
            buckets[-1][1] != samples[name + "_count", None]:
        raise ValueError("histogram %s: %s" % (name, buckets))
