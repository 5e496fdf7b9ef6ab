# A thin face over meson and the scripts in tools/ and tests/: CONTRIBUTING.md
# says what each target is for.

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

clean:
	rm -rf build build-asan build-fuzz

.PHONY: all run test check bench conform torture fuzz install deb packages \
    clean
