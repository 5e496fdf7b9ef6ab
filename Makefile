# A thin face over meson and the scripts in tools/ and tests/: CONTRIBUTING.md
# says more of each target.  These lines are what `make help` prints:
#
#:  make            build, into build/
#:  make run        install what is missing, build, serve the site
#:  make test       install what is missing, build, run every test
#:  make check      every test; installs nothing, needs no network
#:  make conform    every official file, byte for byte
#:  make torture    kills, full disks, hostile clients
#:  make fuzz       fuzz all, or TARGETS="a b", FUZZ_SECONDS=600 each
#:  make bench      how fast it is; SCALE=1000000 for a larger registry
#:  make install    install below PREFIX=/usr/local, or into DESTDIR=
#:  make deb        Debian packages; DATA=FILE also of that registry
#:  make packages   install, upgrade and remove these in clean roots
#:  make clean      remove what was built
#:  make help       these lines
#:
#:  make run also takes SOURCE=FILE, STATE=DIR and LISTEN=ADDR:PORT.

PREFIX ?= /usr/local
LISTEN ?= 127.0.0.1:8080
export PREFIX DESTDIR LISTEN STATE SOURCE SCALE FUZZ_SECONDS DATA

all:
	@tools/build.sh build

run:
	@tools/setup.sh build run
	@tools/build.sh build
	@tools/run.sh

test:
	@tools/setup.sh build run test
	@tests/run.py

check:
	@tests/run.py

bench:
	@tools/setup.sh build bench
	@tools/build.sh build
	@tools/optional.sh bench/run.sh

conform torture:
	@tools/build.sh build
	@tools/optional.sh tests/$@.sh

# make fuzz TARGETS="xml csv" FUZZ_SECONDS=600
fuzz:
	@tools/fuzz.sh $(TARGETS)

install:
	@tools/install.sh

# make deb DATA=service-names-port-numbers.xml
deb:
	@tools/setup.sh build deb
	@tools/deb.sh

packages:
	@tools/setup.sh build deb packages
	@tests/packages/main.py

help:
	@sed -n 's/^#:\( \{0,2\}\)//p' Makefile

clean:
	rm -rf build build-asan build-fuzz

.PHONY: all run test check bench conform torture fuzz install deb packages \
    clean help
