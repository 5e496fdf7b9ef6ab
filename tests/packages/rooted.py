# SPDX-License-Identifier: ISC
"""A Debian root of its own, in which packages are installed.

It is made by debootstrap once and kept as an archive; each run unpacks a new
one.  Mounts are made in a mount namespace, and so end with the process.
"""
import os
import pathlib
import shutil
import subprocess

CACHE = pathlib.Path("/var/cache/portbook-packages")
INCLUDE = "bash-completion,fish,man-db,systemd,zsh"
LIMIT = 900


def run(*words, **more):
    """A command of the host, whose failure is ours."""
    return subprocess.run([str(word) for word in words], check=True,
                          timeout=LIMIT, **more)


def codename():
    for line in pathlib.Path("/etc/os-release").read_text().splitlines():
        if line.startswith("VERSION_CODENAME="):
            return line.split("=")[1].strip('"')
    raise SystemExit("this is no Debian: /etc/os-release has no codename")


def sources(suite):
    """The mirrors of this host, as lines of sources.list."""
    text = run("apt-get", "indextargets", "--format",
               "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages",
               capture_output=True, text=True).stdout
    wanted = [line.split() for line in sorted(set(text.splitlines()))]
    return [f"deb {uri} {release} main\n" for uri, release, part in wanted
            if part == "main" and release.startswith(suite)]


def own_mounts():
    """Goes on in a mount namespace of its own."""
    libc = __import__("ctypes").CDLL(None, use_errno=True)
    if libc.unshare(0x20000) != 0:  # CLONE_NEWNS
        raise OSError("cannot have mounts of its own")
    run("mount", "--make-rprivate", "/")


def archive():
    """The archive of the root, made if it is not there."""
    suite = codename()
    path = CACHE / f"{suite}.tar"
    if path.exists():
        return path
    CACHE.mkdir(parents=True, exist_ok=True)
    folder = CACHE / "new"
    shutil.rmtree(folder, ignore_errors=True)
    lines = sources(suite)
    mirror = next(line.split()[1] for line in lines
                  if line.split()[2] == suite)
    print(f"making a root of {suite} with debootstrap, once", flush=True)
    with open(CACHE / "debootstrap.log", "wb") as log:
        run("debootstrap", "--variant=minbase", f"--include={INCLUDE}",
            suite, folder, mirror, stdout=log, stderr=log)
    (folder / "etc/apt/sources.list").write_text("".join(lines))
    run("tar", "-C", folder, "-cf", f"{path}.new", ".")
    os.rename(f"{path}.new", path)
    shutil.rmtree(folder)
    return path


class Root:
    """An unpacked root; commands run in it as root, without the network's
    services being started."""

    def __init__(self, folder):
        self.path = folder
        run("tar", "-C", folder, "-xf", archive())
        run("mount", "-t", "proc", "proc", folder / "proc")
        run("mount", "--rbind", "/dev", folder / "dev")
        shutil.copy("/etc/resolv.conf", folder / "etc/resolv.conf")

    def command(self, *words):
        return ["chroot", str(self.path), "env", "-i", "HOME=/root",
                "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8",
                "DEBIAN_FRONTEND=noninteractive", *map(str, words)]

    def run(self, *words, **more):
        return subprocess.run(self.command(*words), capture_output=True,
                              text=True, timeout=LIMIT, **more)

    def apt(self, *words):
        return self.run("apt-get", "-q", "-y", *words)

    def publish(self, debs):
        """Makes packages those of the root's own repository."""
        repo = self.path / "srv/repo"
        repo.mkdir(exist_ok=True)
        for deb in debs:
            shutil.copy(deb, repo)
        with open(repo / "Packages", "wb") as out:
            run("dpkg-scanpackages", "--multiversion", ".", cwd=repo,
                stdout=out, stderr=subprocess.DEVNULL)
        (self.path / "etc/apt/sources.list.d/own.list").write_text(
            "deb [trusted=yes] file:/srv/repo ./\n")
        done = self.apt("update")
        if done.returncode != 0:
            raise SystemExit(done.stdout + done.stderr)


def rebuilt(deb, version, folder, change=lambda tree: None):
    """A package as it is, with another version and what change() changes."""
    tree = folder / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    run("dpkg-deb", "-R", deb, tree)
    control = tree / "DEBIAN/control"
    text = control.read_text()
    old = next(line.split()[1] for line in text.splitlines()
               if line.startswith("Version:"))
    control.write_text(text.replace(f"Version: {old}\n",
                                    f"Version: {version}\n")
                       .replace(f"(= {old})", f"(= {version})"))
    change(tree)
    name = deb.name.replace(f"_{old}_", f"_{version}_")
    run("dpkg-deb", "--root-owner-group", "-b", tree, folder / name,
        stdout=subprocess.DEVNULL)
    return folder / name
