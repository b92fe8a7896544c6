# Two commands do everything on a fresh machine: `make fit` runs the main job, `make test` the tests.
# Both install what is missing, build a release, and start at once when nothing has changed.
# `make` alone lists the targets.

.DEFAULT_GOAL := help

SWIFT_FLAGS := -c release
BINARY := .build/release/learners
PREFIX := /usr/local
SOURCES := Package.swift $(shell find Sources -type f)
TEST_SOURCES := $(shell find Tests -name '*.swift')

.PHONY: fit build test library python-test python-parameters wheel try-wheel bench python-calls uci categories tune-grid tune-optuna study report-test soak soak-tune ray load fuzz-server browser clients dist try-dist install notebooks containers cloud format check check-format check-containers check-playbook clean help

fit: $(BINARY)  ## cross-validate all learners on the bundled synthetic sample
	$(BINARY) fit --model all --cv 5

build: $(BINARY)  ## build the program

test: .build/tests.stamp  ## build and run all tests
	scripts/test
	scripts/c-test

library: | .build/prepared.stamp  ## the shared library of the C interface: .build/library/lib/liblearners.so
	scripts/library

python-test: $(BINARY) .build/python-venv/complete  ## test the Python package, scikit-learn's checks of estimators included
	scripts/python-test

python-parameters: .build/python-venv/complete  ## write the Python estimators anew after a change of the engine's parameters
	scripts/library
	PYTHONPATH=python/src SWIFT_LEARNERS_LIBRARY=.build/library/lib/liblearners.so .build/python-venv/bin/python python/generate.py

wheel: .build/python-venv/complete | .build/prepared.stamp  ## the Python package as a wheel with all its libraries: dist/swift_learners-….whl
	scripts/wheel

try-wheel:  ## the wheel in a fresh Debian 12 with nothing but Python (root, debootstrap)
	scripts/release/try-wheel

bench: .build/bench.stamp .build/bench-venv/complete  ## ours against the peers; WORKLOAD=svr-10k runs one
	.build/bench-venv/bin/python Benchmarks/peers/run.py $(WORKLOAD)

python-calls: .build/bench-venv/complete | .build/prepared.stamp  ## what a call through Python costs: one row beside peers, and beside the engine's own time
	scripts/library
	OMP_NUM_THREADS=1 PYTHONPATH=python/src SWIFT_LEARNERS_LIBRARY=.build/library/lib/liblearners.so .build/bench-venv/bin/python Benchmarks/Calls/calls.py

uci: .build/uci.stamp  ## repeat the comparison on the UCI tables (../shared/data/uci)
	.build/release/uci ../shared/data/uci

categories: $(BINARY) .build/categories-venv/complete  ## ridge beside scikit-learn's one-hot RidgeCV on tables with many categories
	.build/categories-venv/bin/python Benchmarks/Categories/categories.py $(BINARY) $(TABLE)

tune-grid: $(BINARY) .build/bench-venv/complete  ## a grid over one process, over two, and by fit, in turn
	.build/bench-venv/bin/python Benchmarks/Search/grid.py $(BINARY)

tune-optuna: $(BINARY) .build/bench-venv/complete  ## score over time beside Optuna and halving on four tables of ../shared/data: two hours (MINUTES=10 each)
	.build/bench-venv/bin/python Benchmarks/Search/race.py $(BINARY) ../shared/data docs/images $(MINUTES)

study: $(BINARY) .build/study-venv/complete  ## which model predicts stars best: docs/study.md anew from ../shared/data/github
	.build/study-venv/bin/python Benchmarks/Study/study.py $(BINARY) ../shared/data/github \
	  Benchmarks/Study/study.template docs/study.md docs/images/study-leaderboards.svg

report-test: $(BINARY) .build/study-venv/complete  ## figures of reports against those of fit, NumPy and SciPy
	scripts/report-test

soak: $(BINARY)  ## extract 200,000 made-up repositories; swap, kill and crowd the server; clients
	swift build $(SWIFT_FLAGS) --product github-server
	scripts/soak-extract
	scripts/load scripts/soak-server swaps kill slow chunks requests stream bodies log
	scripts/clients-test

soak-tune: $(BINARY)  ## kill searches a hundred times; what comes out must be the same bytes
	scripts/soak-tune

ray: $(BINARY) .build/ray-venv/complete  ## searches on a Ray cluster of this machine, with nodes, jobs and heads that are killed
	.build/ray-venv/bin/python scripts/ray

load: $(BINARY)  ## the server's requests a second beside those of the bare framework and of FastAPI
	swift build $(SWIFT_FLAGS) --product hello
	scripts/load Benchmarks/load/load.py

fuzz-server: $(BINARY)  ## schemathesis against the server, 20,000 cases and more
	scripts/load scripts/soak-server fuzz

browser: $(BINARY)  ## try the server's page and reports in Chromium, where it is installed
	swift build $(SWIFT_FLAGS) --product github-server
	scripts/browser-test

clients: $(BINARY)  ## KServe, Triton, MLServer, generated clients, ab, nginx, promtool and logrotate against the server
	scripts/clients-test

dist: | .build/prepared.stamp  ## the archive of a release: dist/learners-VERSION-linux-ARCH.tar.gz
	scripts/dist

try-dist:  ## the archive in a fresh Debian 12 with nothing installed (root, debootstrap)
	swift build $(SWIFT_FLAGS) --product github-server
	scripts/release/try

notebooks: $(BINARY) .build/notebooks-venv/complete  ## run the notebooks of the development application and of the Python package from top to bottom
	swift build $(SWIFT_FLAGS) --product github-server
	scripts/library
	scripts/notebooks

install: dist  ## put the release in place: PREFIX=/usr/local, and DESTDIR for those who make packages
	install -d "$(DESTDIR)$(PREFIX)"
	cp -R .build/dist/learners-*/bin .build/dist/learners-*/lib .build/dist/learners-*/share "$(DESTDIR)$(PREFIX)"

containers: .build/check-venv/complete  ## build both applications from the archive and try them: under load, with workers that are lost
	scripts/containers

cloud: $(BINARY) .build/check-venv/complete | .build/prepared.stamp  ## two machines in a cloud from nothing, models by git push, and back (needs ../shared/lab)
	@ls dist/learners-*.tar.gz >/dev/null 2>&1 || scripts/dist
	scripts/cloud/tour

format:  ## format all Swift sources
	swift format --in-place --recursive Package.swift Sources Tests Benchmarks

check: check-format check-containers check-playbook  ## everything but the build and the tests, in under a minute
	scripts/check-scripts
	scripts/check-documents

check-format:  ## fail where a source is not formatted, or a room uses one above or beside it
	swift format lint --strict --recursive Package.swift Sources Tests Benchmarks
	scripts/check-floors

check-containers: .build/check-venv/complete  # compose files against the specification's schema, Dockerfiles by hadolint
	scripts/check-containers

check-playbook: .build/check-venv/complete  # the playbook by ansible-lint's production profile
	scripts/check-playbook

clean:  ## remove what was built
	rm -rf .build

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## */\t/' | expand -t 14

.build/prepared.stamp: scripts/prepare
	scripts/prepare
	@mkdir -p .build && touch $@

$(BINARY): $(SOURCES) | .build/prepared.stamp
	swift build $(SWIFT_FLAGS) --product learners
	@touch $(BINARY)

.build/uci.stamp: $(SOURCES) $(shell find Benchmarks -name '*.swift') | .build/prepared.stamp
	swift build $(SWIFT_FLAGS) --product uci
	@touch $@

.build/bench.stamp: $(SOURCES) $(shell find Benchmarks -name '*.swift') | .build/prepared.stamp
	swift build $(SWIFT_FLAGS) --product learners
	swift build $(SWIFT_FLAGS) --product bench
	@touch $@

.build/bench-venv/complete: Benchmarks/requirements.txt
	python3 -m venv .build/bench-venv
	.build/bench-venv/bin/pip install --quiet --requirement Benchmarks/requirements.txt
	@touch $@

.build/study-venv/complete: Benchmarks/Study/requirements.txt
	python3 -m venv .build/study-venv
	.build/study-venv/bin/pip install --quiet --requirement Benchmarks/Study/requirements.txt
	@touch $@

.build/categories-venv/complete: Benchmarks/Categories/requirements.txt
	python3 -m venv .build/categories-venv
	.build/categories-venv/bin/pip install --quiet --requirement Benchmarks/Categories/requirements.txt
	@touch $@

.build/check-venv/complete: scripts/requirements.txt
	python3 -m venv .build/check-venv
	.build/check-venv/bin/pip install --quiet --requirement scripts/requirements.txt
	@touch $@

.build/ray-venv/complete: scripts/cluster/requirements.txt
	python3 -m venv .build/ray-venv
	.build/ray-venv/bin/pip install --quiet --requirement scripts/cluster/requirements.txt
	@touch $@

.build/python-venv/complete: python/requirements.txt
	python3 -m venv .build/python-venv
	.build/python-venv/bin/pip install --quiet --requirement python/requirements.txt
	@touch $@

.build/notebooks-venv/complete: deploy/development/requirements.txt python/notebooks/requirements.txt
	python3 -m venv .build/notebooks-venv
	.build/notebooks-venv/bin/pip install --quiet --requirement deploy/development/requirements.txt --requirement python/notebooks/requirements.txt
	@touch $@

.build/tests.stamp: $(SOURCES) $(TEST_SOURCES) | .build/prepared.stamp
	swift build $(SWIFT_FLAGS) --build-tests
	@touch $@
