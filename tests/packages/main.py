#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""make packages: installs, upgrades and removes the Debian packages.

All of it happens in a new root, with apt, from a repository in that root and
the mirrors of this host; nothing of the host is changed but a cache in
/var/cache.  Needs root.  The registry is the newest official XML of
$PORTBOOK_REGISTRY_DIR, else a small one of its own.

usage: main.py [FOLDER]    with packages that `make deb DATA=` made
"""
import gzip
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import rooted  # noqa: E402
from common import official  # noqa: E402
from common.outcome import cannot, claim, finish  # noqa: E402
from common.program import SOURCE  # noqa: E402

XML = "usr/share/portbook/service-names-port-numbers.xml.gz"
STATE = "/var/lib/portbook"
IMAGE = f"{STATE}/public/1/current/registry.image"
SMALL = b"""<?xml version='1.0' encoding='UTF-8'?>
<registry xmlns="http://www.iana.org/assignments" id="t">
  <title>T</title>
  <updated>2026-01-02</updated>
  <record>
    <name>https</name>
    <protocol>tcp</protocol>
    <description>http protocol over TLS/SSL</description>
    <number>443</number>
  </record>
  <record>
    <name>ollama</name>
    <protocol>tcp</protocol>
    <description>Ollama</description>
    <number>11434</number>
  </record>
  <people/>
</registry>
"""
began = time.monotonic()


def stage(what):
    print(f"{(time.monotonic() - began) / 60:5.1f} min  {what}", flush=True)


def fine(what, done):
    """Whether a command succeeded; its output."""
    claim(what, done.returncode == 0, done)
    return done.stdout


def make(folder):
    """The packages, of the newest official file where there is one."""
    data = official.newest()
    if data is None:
        data = folder / "small.xml"
        data.write_bytes(SMALL)
    env = {**os.environ, "DATA": str(data), "DEB_DIR": str(folder),
           "DEB_BUILD_OPTIONS": "noautodbgsym"}
    rooted.run(SOURCE / "tools/deb.sh", env=env, stdout=subprocess.DEVNULL)


def dated(deb, date, folder):
    """portbook-data with the registry of another date."""
    def change(tree):
        text = gzip.decompress((tree / XML).read_bytes())
        text = re.sub(rb"<updated>[-0-9]+</updated>",
                      b"<updated>%s</updated>" % date.encode(), text, count=1)
        (tree / XML).write_bytes(gzip.compress(text, 1, mtime=0))
    return rooted.rebuilt(deb, date.replace("-", "."), folder, change)


def updated(root):
    """The date of the registry that answers in the root."""
    done = root.run("portbook", "--json", "status")
    found = re.search(r'"updated": "([-0-9]+)"', done.stdout)
    return found[1] if found else done


def owner_and_mode(root, path):
    return root.run("stat", "-L", "-c", "%U:%G %a", path).stdout.strip()


def test_install(root):
    before = root.run("find", "/usr", "/etc", "/lib", "/var/lib").stdout
    claim("nothing of portbook is there yet", "portbook" not in
          before.replace("own.list", ""), before)
    said = fine("apt install portbook", root.apt("install", "portbook"))
    claim("its registry comes along", "portbook-data" in said, said)
    done = root.run("portbook", "443/tcp")
    claim("it answers at once", done.returncode == 0 and done.stdout ==
          "443/tcp  https  assigned  http protocol over TLS/SSL\n" and
          done.stderr.startswith("registry of "), done)
    claim("a user without a home", root.run("getent", "passwd", "portbook")
          .stdout.split(":")[5:] == [STATE, "/usr/sbin/nologin\n"])
    for path, wanted in ((STATE, "portbook:portbook 755"),
                         (f"{STATE}/private", "portbook:portbook 700"),
                         (f"{STATE}/public/1", "portbook:portbook 755"),
                         (IMAGE, "portbook:portbook 444")):
        found = owner_and_mode(root, path)
        claim(f"{path} is {wanted}", found == wanted, found)
    done = root.run("setpriv", "--reuid=65534", "--clear-groups",
                    "env", "HOME=/nonexistent", "portbook", "-q", "ollama")
    claim("anybody may ask", done.returncode == 0 and
          done.stdout.startswith("11434/tcp  ollama  assigned"), done)
    done = root.run("portbook", "serve", "--listen", "127.0.0.1:0")
    claim("serve without its package says so", done.returncode == 4 and
          "portbook-server is not installed" in done.stderr, done)
    fine("whole", root.run("portbook", "verify"))


def test_rest(root):
    said = fine("apt install of the others", root.apt(
        "install", "libnss-portbook", "libportbook-dev", "portbook-server"))
    claim("the module says how it is used", "services: files portbook" in
          said, said)
    claim("the timer is off", not (root.path / "etc/systemd/system/timers."
          "target.wants/portbook-update.timer").is_symlink())
    claim("the socket is on", (root.path / "etc/systemd/system/sockets.target"
          ".wants/portbook-server.socket").is_symlink())
    for unit in ("portbook-update.timer", "portbook-update.service",
                 "portbook-server.socket", "portbook-server.service"):
        done = root.run("systemd-analyze", "verify", unit)
        claim(f"verify {unit}", done.returncode == 0 and
              unit.split(".")[0] not in done.stdout + done.stderr, done)
    claim("linked to nothing missing", "not found" not in root.run(
        "sh", "-c", "ldd /usr/bin/portbook /usr/libexec/portbook/* "
        "/usr/lib/*/lib*portbook.so*").stdout)


def test_manual(root):
    for deb in ("portbook", "portbook-server", "libportbook-dev",
                "libnss-portbook"):
        for line in root.run("dpkg", "-L", deb).stdout.splitlines():
            if not line.startswith("/usr/share/man/man") or \
                    not line.endswith(".gz"):
                continue
            name, section = line.rsplit("/", 1)[1][:-3].rsplit(".", 1)
            done = root.run("man", section, name)
            claim(f"man {section} {name}", done.returncode == 0 and
                  "NAME" in done.stdout and not done.stderr, done)
    done = root.run("apropos", "--exact", "portbook")
    claim("apropos knows it", done.stdout.startswith("portbook (1)"), done)


def test_completion(root):
    script = ("source /usr/share/bash-completion/bash_completion\n"
              "_completion_loader portbook\n"
              "COMP_WORDS=(portbook sta) COMP_CWORD=1\n"
              "_portbook; echo \"${COMPREPLY[@]}\"\n")
    done = root.run("bash", "-c", script)
    claim("bash completes", done.stdout.split()[:1] == ["status"], done)
    done = root.run("zsh", "-fc", "autoload -U compinit; compinit -D -u; "
                    "echo $_comps[portbook]")
    claim("zsh knows how", done.stdout == "_portbook\n", done)
    done = root.run("fish", "-c", "complete -C 'portbook sta'")
    claim("fish completes", any(line.startswith("status\t") for line in
                                done.stdout.splitlines()), done)


def test_services(root):
    """getent as it was, then by the module, then as it was again."""
    path = root.path / "etc/nsswitch.conf"
    stock = path.read_text()
    services = root.path / "etc/services"
    claim("no services file here, which would answer", not services.exists())
    done = root.run("getent", "services", "11434/tcp")
    claim("not asked before it is named", done.returncode == 2, done)
    path.write_text(re.sub(r"^services:.*$", "services: files portbook",
                           stock, flags=re.M))
    done = root.run("getent", "services", "11434/tcp")
    claim("getent by port", done.stdout.split() == ["ollama", "11434/tcp"],
          done)
    done = root.run("getent", "services", "https")
    claim("getent by name", done.stdout.split()[:2] == ["https", "443/tcp"],
          done)
    said = fine("removed while it is named",
                root.apt("remove", "libnss-portbook"))
    claim("it says that its name may stay", "does no harm" in said, said)
    done = root.run("getent", "services", "https")
    claim("a module that is not there is passed over",
          done.returncode == 2 and not done.stderr, done)
    fine("installed again", root.apt("install", "libnss-portbook"))
    path.write_text(stock)


def test_library(root):
    """The library is found and answers; no compiler is needed for that."""
    pc = next(root.path.glob("usr/lib/*/pkgconfig/portbook.pc")).read_text()
    claim("pkg-config has its name and version",
          "-lportbook" in pc and re.search(r"^Version: \d", pc, re.M), pc)
    lib = next(root.path.glob("usr/lib/*/libportbook.so"))
    claim("a linker finds it", os.readlink(lib) == "libportbook.so.0", lib)


def test_server(root):
    process = subprocess.Popen(
        root.command("setpriv", "--reuid=portbook", "--regid=portbook",
                     "--clear-groups", "/usr/libexec/portbook/portbook-server",
                     "--state", STATE, "--listen", "127.0.0.1:0"),
        stderr=subprocess.PIPE, text=True)
    try:
        line = process.stderr.readline()
        url = line.removeprefix("listening on ").strip()
        with urllib.request.urlopen(
                f"{url.rstrip('/')}/api/v1/ports/443/tcp",
                timeout=10) as answer:
            text = answer.read().decode()
        claim("the server answers", '"https"' in text, text)
    except (OSError, ValueError) as error:
        claim("the server answers", False, f"{line}{error}")
    finally:
        process.terminate()
        claim("it ends when it is told to", process.wait(60) == 0)


def test_configuration(root):
    """The system's files: below the user's, above the package's."""
    for place, text in (("usr/lib/portbook/portbook.conf", "format = csv\n"),
                        ("etc/portbook/portbook.conf", "format = tsv\n"),
                        ("etc/portbook/portbook.conf.d/a.conf",
                         "format = jsonl\n")):
        path = root.path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        done = root.run("portbook", "-q", "443/tcp")
        wanted = {"csv": ",443,", "tsv": "\t443\t", "jsonl": '{"id": '}[
            text.split()[2]]
        claim(f"/{place} is read", wanted in done.stdout, done)
    path.write_text("formt = csv\n")
    done = root.run("portbook", "443/tcp")
    claim("a slip in a drop-in is told", done.returncode == 2 and
          done.stderr.startswith("portbook: /etc/portbook/portbook.conf.d/"
                                 "a.conf:1: no key is called formt"), done)
    for place in ("usr/lib/portbook", "etc/portbook"):
        rooted.run("rm", "-r", root.path / place)


def test_data(root, debs, folder):
    """A newer package is taken, an older one is not; a newer state stays."""
    data = next(deb for deb in debs if deb.name.startswith("portbook-data"))
    date = updated(root)
    newer = dated(data, "2096-02-03", folder)
    older = dated(data, "2015-02-03", folder)
    root.publish([newer, older])
    said = fine("upgrade of the registry", root.apt("install",
                                                    "portbook-data"))
    claim("the newer registry answers", updated(root) == "2096-02-03", said)
    claim("the one before is history", date in root.run(
        "portbook", "-q", "versions").stdout)
    done = root.apt("install", "--allow-downgrades",
                    "portbook-data=2015.02.03")
    said = fine("an older package goes in", done)
    claim("and says that the registry stays", "stays" in said, said)
    claim("and changes nothing", updated(root) == "2096-02-03")
    # What root puts there by hand stays that user's.
    own = root.path / "srv/own.xml.gz"
    text = gzip.decompress((root.path / XML).read_bytes())
    own.write_bytes(gzip.compress(text.replace(b"2015-02-03", b"2097-02-03",
                                               1)))
    done = root.run("portbook", "update", "--from", "/srv/own.xml.gz")
    claim("root's update", done.returncode == 0 and
          updated(root) == "2097-02-03", done)
    done = root.run("find", STATE, "!", "-user", "portbook")
    claim("all of it is portbook's", done.stdout == "", done)
    fine("the newer package again", root.apt("install",
                                             "portbook-data=2096.02.03"))
    claim("a newer state stays", updated(root) == "2097-02-03")


def test_upgrade(root, debs, folder):
    ours = [deb for deb in debs if not deb.name.startswith("portbook-data")]
    version = re.search(r"^portbook_(.*)_", "\n".join(
        deb.name for deb in ours), re.M)[1]
    later = f"{version}+1"
    root.publish([rooted.rebuilt(deb, later, folder) for deb in ours])
    said = fine("apt upgrade", root.apt(
        "install", "--only-upgrade", "*portbook*"))
    done = root.run("dpkg-query", "-W", "-f", "${Version} ${Package} "
                    "${db:Status-Status}\\n", "*portbook*")
    lines = [line.split() for line in done.stdout.splitlines()]
    for v, name, status in (line for line in lines if len(line) == 3):
        claim(f"{name} is upgraded", status == "installed" and
              (v == later or name == "portbook-data"), done)
    claim("all six are there", len(lines) >= 6, done)
    claim("the state stayed", updated(root) == "2097-02-03", said)
    claim("no advice is given twice", "nsswitch" not in said, said)
    claim("still its user's", owner_and_mode(root, STATE) ==
          "portbook:portbook 755")


def test_adopted(root):
    """What root had there before the package came becomes its user's."""
    fine("portbook away", root.apt("purge", "portbook", "portbook-data"))
    claim("purged with its state", not (root.path / STATE[1:]).exists())
    (root.path / STATE[1:] / "private").mkdir(parents=True)
    # An image of a system is often made without /proc.
    rooted.run("umount", root.path / "proc")
    fine("portbook again, without /proc", root.apt("install", "portbook"))
    rooted.run("mount", "-t", "proc", "proc", root.path / "proc")
    done = root.run("find", STATE, "!", "-user", "portbook")
    claim("all of it is portbook's now", done.stdout == "", done)


def test_remove(root, installed):
    said = fine("remove", root.apt("remove", "*portbook*"))
    claim("the state outlives that", (root.path / IMAGE[1:]).exists(), said)
    done = root.run("portbook", "443")
    claim("no program is left", done.returncode == 127, done)
    fine("purge", root.apt("purge", "*portbook*"))
    left = [path for path in installed
            if os.path.lexists(root.path / path[1:])]
    claim("no file of a package is left", not left, left)
    found = root.run("find", "/", "-xdev", "-iname", "*portbook*", "-not",
                     "-path", "/srv/*", "-not", "-path", "/var/lib/apt/*",
                     "-not", "-path", "/var/cache/apt/*",
                     "-not", "-path", "/var/cache/man/*")
    claim("nothing of its name is left", found.stdout == "", found.stdout)
    claim("its user stays, so that no other gets the number",
          root.run("getent", "passwd", "portbook").returncode == 0)


def files_of(root):
    """What the packages brought; a folder may be others' too."""
    text = root.run("sh", "-c", "dpkg -L $(dpkg-query -W -f '${Package}\\n' "
                    "'*portbook*')").stdout
    return [line for line in text.splitlines()
            if os.path.lexists(root.path / line[1:]) and
            not (root.path / line[1:]).is_dir()]


def all_of(debs, folder):
    work = folder / "rebuilt"
    work.mkdir()
    stage("a new root")
    root = rooted.Root(folder / "root")
    switch = (root.path / "etc/nsswitch.conf").read_bytes()
    root.publish(debs)
    stage("install")
    test_install(root)
    test_rest(root)
    stage("manual, completion, services, library, server")
    test_manual(root)
    test_completion(root)
    test_services(root)
    test_library(root)
    test_server(root)
    test_configuration(root)
    stage("other registries")
    test_data(root, debs, work)
    stage("upgrade")
    test_upgrade(root, debs, work)
    installed = files_of(root)
    claim("there is much to remove", len(installed) > 50, installed)
    stage("remove and purge")
    test_adopted(root)
    test_remove(root, installed)
    claim("/etc/nsswitch.conf is as it was",
          (root.path / "etc/nsswitch.conf").read_bytes() == switch)


def main():
    if os.geteuid() != 0:
        cannot("only root can make a root to install packages in")
    rooted.own_mounts()
    with tempfile.TemporaryDirectory(prefix="portbook-packages-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        (folder / "root").mkdir()
        made = folder
        if len(sys.argv) > 1:
            made = pathlib.Path(sys.argv[1])
        else:
            stage("building the packages")
            make(folder)
        debs = [deb for deb in sorted(made.glob("*.deb"))
                if "-dbgsym_" not in deb.name]
        try:
            all_of(debs, folder)
        finally:
            for mount in ("proc", "dev"):
                subprocess.run(["umount", "-R", "-l",
                                str(folder / "root" / mount)],
                               capture_output=True)
    stage("done")
    return finish()


if __name__ == "__main__":
    sys.exit(main())
