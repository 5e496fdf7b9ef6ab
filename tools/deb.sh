#!/bin/sh
# SPDX-License-Identifier: ISC
# make deb [DATA=FILE]: Debian packages, into build-deb/, and what lintian says.
#
#   DATA     an official XML, plain or compressed: portbook-data is made of it
#   DEB_DIR  another folder than build-deb/
#
# The sources are those of the work tree that git knows.  Nothing is installed
# or fetched: dpkg-buildpackage says what is missing.
set -eu
cd "$(dirname "$0")/.."
source=$PWD
data=${DATA:-}
out=${DEB_DIR:-build-deb}
[ -z "$data" ] || data=$(realpath "$data")
for tool in dpkg-buildpackage dh lintian git; do
	if ! command -v $tool >/dev/null; then
		echo "$tool is missing: tools/setup.sh build deb installs" \
		    "what is needed" >&2
		exit 1
	fi
done

mkdir -p "$out"
out=$(realpath "$out")
# Always the same place, so that a compiler cache knows what it sees.
stage=$out/.stage
rm -rf "$stage"
mkdir "$stage"
trap 'rm -rf "$stage"' EXIT
trap 'exit 1' HUP INT TERM

# quietly COMMAND... - shows what it said only if it fails
quietly() {
	if ! "$@" >"$stage/log" 2>&1; then
		cat "$stage/log" >&2
		exit 1
	fi
}

# build FOLDER - the packages of a source folder, beside it
build() {
	(cd "$1" && quietly dpkg-buildpackage --build=binary --no-sign \
	    -j"${JOBS:-$(nproc)}")
}

# One source has one version: a second one of it would not be taken in.
version=$(sed -n "s/^  version: '\(.*\)',$/\1/p" meson.build)
if [ "$(dpkg-parsechangelog -l packaging/debian/changelog -S Version)" != \
    "$version" ]; then
	echo "packaging/debian/changelog does not begin with version" \
	    "$version, which meson.build has" >&2
	exit 1
fi

echo "Building portbook $version" >&2
tree=$stage/portbook-$version
mkdir "$tree"
git ls-files -z --cached --others --exclude-standard |
    xargs -0 sh -c 'for f; do [ ! -e "$f" ] || printf "%s\0" "$f"; done' sh |
    tar -c --null --no-recursion -T - | tar -x -C "$tree"
cp -R packaging/debian "$tree/debian"
build "$tree"

# The date is the package's version; a second edition of a day has DATE.N as
# its name.
data_package() {
	portbook=$(echo "$tree"/obj-*/portbook)
	name=$(basename "$data")
	updated=$("$portbook" -q --registry "$data" status --json |
	    sed -n 's/.*"updated": "\([0-9-]*\)".*/\1/p')
	if [ -z "$updated" ]; then
		echo "$data: portbook-data is made of an official XML, which" \
		    "has a date" >&2
		exit 1
	fi
	records=$("$portbook" -q --registry "$data" status |
	    sed -n 's/^ *records *//p')
	version=$(echo "$updated" | tr - .)
	case $name in
	"$updated".[1-9]*.xml*)
		edition=${name#"$updated".}
		version=$version.${edition%%.*}
		;;
	esac

	echo "Building portbook-data $version" >&2
	tree=$stage/portbook-data-$version
	mkdir "$tree"
	"$portbook" -q --registry "$data" convert --to xml |
	    gzip -9n >"$tree/service-names-port-numbers.xml.gz"
	cp -R "$source/packaging/debian-data" "$tree/debian"
	sed -i "s/@UPDATED@/$updated/; s/@RECORDS@/$records/" \
	    "$tree/debian/control"
	cat >"$tree/debian/changelog" <<-END
	portbook-data ($version) unstable; urgency=medium

	  * The registry as of $updated.

	 -- $(sed -n 's/^Maintainer: //p' "$tree/debian/control")  $(
	    LC_ALL=C date -u -R -d "$updated")
	END
	build "$tree"
}
[ -z "$data" ] || data_package

rm -f "$out"/*.deb "$out"/*.changes "$out"/*.buildinfo
mv "$stage"/*.deb "$stage"/*.changes "$stage"/*.buildinfo "$out"
for changes in "$out"/*.changes; do
	lintian --allow-root --display-info --fail-on error,warning,info \
	    "$changes" >&2
done
ls "$out"/*.deb
