#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What can be told of the Debian packages without building them.

Every file that meson installs belongs to exactly one package, and every line
of packaging/debian/*.install finds something; the files of packaging/ agree
with meson.build and tools/setup.sh.  `make packages` does the rest.
"""
import collections
import fnmatch
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from common.outcome import claim, finish, skip
from common.program import BUILD, SOURCE

DEBIAN = SOURCE / "packaging/debian"
DATA = SOURCE / "packaging/debian-data"


def introspect(what):
    text = subprocess.run(["meson", "introspect", what, str(BUILD)],
                          check=True, capture_output=True, text=True).stdout
    return json.loads(text)


def installed():
    """Where meson puts each file, as dh_install would find it."""
    prefix = next(option["value"] for option in introspect("--buildoptions")
                  if option["name"] == "prefix")
    plan = introspect("--install-plan")
    for kind in plan.values():
        for target in kind.values():
            name = target["destination"]
            for key, value in (("{prefix}", "usr"), ("{bindir}", "usr/bin"),
                               ("{datadir}", "usr/share"),
                               ("{mandir}", "usr/share/man"),
                               ("{includedir}", "usr/include"),
                               ("{libdir_shared}", "usr/lib/ARCH"),
                               ("{libdir}", "usr/lib/ARCH"),
                               ("{moduledir_shared}", "usr/lib/ARCH"),
                               ("{libexecdir}", "usr/libexec")):
                name = name.replace(key, value)
            yield name.replace(prefix, "usr", 1).lstrip("/")


def patterns():
    """(package, pattern) of each line of the .install files."""
    for path in sorted(DEBIAN.glob("*.install")):
        for line in path.read_text().splitlines():
            yield path.stem, line.split()[0]


def matches(name, pattern):
    return fnmatch.fnmatch(name, pattern) or name.startswith(pattern + "/")


def test_owners():
    files = sorted(set(installed()))
    claim("meson installs much", len(files) > 30, files)
    claim("all of it below usr", all(f.startswith("usr/") for f in files),
          files)
    used = collections.Counter()
    for name in files:
        owners = set()
        for package, pattern in patterns():
            if matches(name, pattern):
                owners.add(package)
                used[package, pattern] += 1
        claim(f"{name} has one package", len(owners) == 1, owners)
    for line in patterns():
        # The names behind a library's are links, which meson does not list.
        link = line[1].endswith("/libportbook.so")
        claim(f"{line} finds a file", used[line] or link)


def stanzas(path):
    for part in path.read_text().split("\n\n"):
        fields = dict(re.findall(r"^([A-Za-z-]+):((?:.*\n?)(?:^ .*\n?)*)",
                                 part, re.M))
        yield {key: value.strip() for key, value in fields.items()}


def test_control():
    source, *packages = stanzas(DEBIAN / "control")
    names = {stanza["Package"] for stanza in packages}
    claim("six packages, one of them of its own source", names | {
        "portbook-data"} == {"portbook", "portbook-server", "portbook-data",
                             "libportbook0", "libportbook-dev",
                             "libnss-portbook"}, names)
    claim("each has files", names == {package for package, _ in patterns()})
    for path in DEBIAN.glob("*.*"):
        if path.suffix not in (".swp",):
            claim(f"{path.name} belongs to a package", path.name.split(".")[0]
                  in names, names)
    needed = {word for line in source["Build-Depends"].splitlines()
              for word in re.findall(r"^\s*([a-z0-9.+-]+)", line)}
    said = subprocess.run(
        ["sed", "-n", "/^\tbuild)/,/;;/p", SOURCE / "tools/setup.sh"],
        check=True, capture_output=True, text=True).stdout
    offered = set(" ".join(re.findall(r"echo (.*)", said)).split())
    usual = {"debhelper-compat", "python3", "libc6-dev", "gcc", "ninja-build"}
    claim("the same to build a package as to build",
          needed - usual == offered - usual, needed ^ offered)


def test_documents():
    """What packages ship of docs/ is there, with what it speaks of."""
    shipped = {line for path in DEBIAN.glob("*.docs")
               for line in path.read_text().split()}
    claim("each document is there", shipped and all(
        (SOURCE / name).is_file() for name in shipped), shipped)
    spoken = set(re.findall(r"docs/[a-z.]*\.json\b",
                            (SOURCE / "docs/json.md").read_text()))
    claim("the JSON comes with its schemas", spoken and
          spoken | {"docs/json.md"} <= shipped, spoken)


def test_help():
    """make help tells of every target, and of none that is not there."""
    said = subprocess.run(["make", "-s", "-C", SOURCE, "help"],
                          capture_output=True, text=True).stdout
    told = set(re.findall(r"^make (\w+)  ", said, re.M))
    text = (SOURCE / "Makefile").read_text().replace("\\\n", " ")
    targets = set(re.search(r"^\.PHONY: (.*)$", text, re.M)[1].split())
    claim("make help has the targets", told == targets - {"all"} and
          "\nmake  " in "\n" + said, told ^ targets)
    claim("and fits a terminal", max(map(len, said.splitlines())) < 80, said)


def test_versions():
    version = re.search(r"^  version: '(.*)',$",
                        (SOURCE / "meson.build").read_text(), re.M)[1]
    first = (DEBIAN / "changelog").read_text().splitlines()[0]
    claim("the changelog's version is meson's",
          first.startswith(f"portbook ({version}) "), first)
    symbols = (DEBIAN / "libportbook0.symbols").read_text()
    library = (SOURCE / "src/lib/libportbook.map").read_text()
    nodes = set(re.findall(r"^(PORTBOOK_\w+) \{", library, re.M))
    claim("each node of the library has its version",
          set(re.findall(r"\(symver\)(\w+) \d", symbols)) == nodes and nodes,
          symbols)


def test_scripts():
    scripts = [path for folder in (DEBIAN, DATA) for path in folder.iterdir()
               if re.search(r"(postinst|postrm|prerm|preinst)$", path.name)]
    claim("there are scripts", len(scripts) >= 4, scripts)
    for path in [*scripts, SOURCE / "tools/deb.sh"]:
        done = subprocess.run(["sh", "-n", path], capture_output=True)
        claim(f"{path.name} is a shell script", done.returncode == 0, done)
        text = path.read_text()
        claim(f"{path.name} edits no nsswitch.conf", not re.search(
            r"(sed|>|tee|mv|cp)\b[^\n|]*nsswitch", text), text)
    for path in scripts:
        text = path.read_text()
        claim(f"{path.name} stops where something fails",
              "\nset -e\n" in text)
        claim(f"{path.name} lets debhelper in", "\n#DEBHELPER#\n" in text)


def test_sysusers():
    """The user of the units is the one that sysusers.d makes."""
    if subprocess.run(["sh", "-c", "command -v systemd-sysusers"],
                      capture_output=True).returncode != 0:
        skip("no systemd-sysusers here")
        return
    with tempfile.TemporaryDirectory() as root:
        os.mkdir(f"{root}/etc")
        done = subprocess.run(
            ["systemd-sysusers", f"--root={root}",
             SOURCE / "packaging/systemd/portbook.sysusers"],
            capture_output=True, text=True)
        made = pathlib.Path(f"{root}/etc/passwd")
        text = made.read_text() if made.exists() else str(done)
    claim("sysusers makes it", re.match(
        r"portbook:[!x*]+:\d+:\d+:.*:/var/lib/portbook:/usr/sbin/nologin$",
        text, re.M), text)
    for unit in (SOURCE / "packaging/systemd").glob("*.service"):
        claim(f"{unit.name} runs as that user",
              "\nUser=portbook\nGroup=portbook\n" in unit.read_text())


def main():
    test_owners()
    test_control()
    test_documents()
    test_help()
    test_versions()
    test_scripts()
    test_sysusers()
    return finish()


if __name__ == "__main__":
    sys.exit(main())
