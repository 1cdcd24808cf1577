# Two commands: `make run` and `make test`. They need Python 3.11+ with venv, make and a package
# index, nothing else; what is missing is named in one sentence.

PYTHON ?= python3
comma := ,
VENV := .venv
BIN := $(VENV)/bin
export SOPAN_PORT ?= 8000
# Threads of a server share two heaps: with one for each, memory that is free stays with the process.
export MALLOC_ARENA_MAX ?= 2
# Of `make forty` and `make soak`: "redis", or the URL of a RabbitMQ as "amqp://guest:guest@127.0.0.1:5672//".
BROKER ?= redis

.PHONY: run sandbox test again long forty soak fuzz faults checks pictures examples site bench load sbom audit clean help

help:
	@echo "make run    jalankan SOPan di http://localhost:$(SOPAN_PORT)/ (data di var/)"
	@echo "make sandbox contoh (demo) di samping pemasangan sendiri, http://localhost:8001/"
	@echo "make test   jalankan semua pemeriksaan dan uji sehari-hari"
	@echo "make long   jalankan uji lainnya: kantor utuh, peramban, broker, yang dimatikan di tengah kerja"
	@echo "make forty  empat puluh perangkat daerah serentak, pekerja dimatikan tiap 10 detik (BROKER=amqp://...)"
	@echo "make soak   beban campuran sementara server dimatikan acak, SOPAN_SOAK_SECONDS detik (600)"
	@echo "make fuzz   masukan acak terarah ke semua pembaca, API dan pintu mesin, FUZZ_SECONDS detik masing-masing (600)"
	@echo "make faults uji semua gangguan bernomor (docs/reliability.md)"
	@echo "make sbom   tulis daftar semua yang dijalankan (CycloneDX) ke build/sopan.cdx.json"
	@echo "make audit  cari kerentanan yang diketahui pada pustaka yang dipakai"
	@echo "make load   beban sebuah provinsi di PostgreSQL, SOPAN_LOAD_MINUTES menit (10)"
	@echo "make site   tulis dokumentasi sebagai situs ke build/site"
	@echo "make bench  ukur alur terhadap viewflow asli, mesin dan dokumen terhadap batasnya"

$(VENV)/runtime: requirements.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "SOPan memerlukan Python 3.11 atau lebih baru: pasang lalu ulangi (PYTHON=python3.11 make run)."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "Modul venv tidak ada: pasang paket python3-venv lalu ulangi."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Memasang pustaka (sekali saja) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -c constraints.txt
	@touch $@

$(VENV)/develop: requirements-dev.txt $(VENV)/runtime
	@echo "Memasang pustaka uji (sekali saja) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt -c constraints.txt
	@touch $@

run: $(VENV)/runtime
	@$(BIN)/python manage.py prepare
	@exec $(BIN)/python -m honcho --no-colour start

test: $(VENV)/develop
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n 2 --dist loadgroup -m "not long" --durations 40

# What failed in the run before, each by itself; none that failed is a failure too.
again: $(VENV)/develop
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n 0 --last-failed --last-failed-no-failures none

# The rest: whole offices under kills, with brokers and in browsers, backups under load, every address
# asked oddly, the guide followed to the letter, a short form of each long run.
long: $(VENV)/develop
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n 2 --dist loadgroup -m long

# Forty agencies at once, one of four workers killed every ten seconds; needs PostgreSQL and a broker.
AGENCIES ?= 40
forty: $(VENV)/develop
	@PATH="$(CURDIR)/$(BIN):$$PATH" SOPAN_TEST_AGENCIES=$(AGENCIES) SOPAN_TEST_BROKER="$(BROKER)" \
		SOPAN_REQUIRE=postgresql$(if $(filter redis,$(BROKER)),$(comma)redis) \
		$(BIN)/python -m pytest -n 0 -s tests/forty

# Long runs, after their short forms and all else of `make long`. A line for each kind.
SOPAN_SOAK_SECONDS ?= 600
soak: long
	@PATH="$(CURDIR)/$(BIN):$$PATH" SOPAN_SOAK_SECONDS=$(SOPAN_SOAK_SECONDS) \
		SOPAN_TEST_BROKER="$(BROKER)" SOPAN_REQUIRE=postgresql$(comma)redis \
		$(BIN)/python -m pytest -n 0 -s tests/soak
	@$(MAKE) --no-print-directory fuzz

# Each reader of bytes from outside, the API and the machines' door, so many seconds each, two at once.
FUZZ_SECONDS ?= 600
fuzz: $(VENV)/develop
	@$(BIN)/python -m tests.fuzz $(FUZZ_SECONDS)
	@PATH="$(CURDIR)/$(BIN):$$PATH" SOPAN_FUZZ_SECONDS=$(FUZZ_SECONDS) \
		$(BIN)/python -m pytest -n 2 --dist loadgroup tests/fuzz/test_api.py tests/fuzz/test_door.py

# The tests that show what people may rely on when something fails (docs/reliability.md).
faults: $(VENV)/develop
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n 2 --dist loadgroup -v -m fault

# The demo as an example beside the real installation, on the next port and with data of its own.
sandbox: $(VENV)/runtime
	@SOPAN_DATA=$(CURDIR)/../sopan-contoh SOPAN_PORT=8001 SOPAN_DEMO_PORT=43711 SOPAN_IS_SANDBOX=1 \
		SOPAN_REAL_URL=http://localhost:$(SOPAN_PORT)/ $(MAKE) --no-print-directory run

checks: $(VENV)/develop
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest tests/test_checks.py

pictures: $(VENV)/develop
	@SOPAN_PICTURES=$(CURDIR)/docs/pictures $(BIN)/python -m pytest tests/e2e
	@$(BIN)/python -m tests.e2e.pictures docs/pictures

# The documentation as a site.
site: $(VENV)/develop
	@$(BIN)/python -m mkdocs build --quiet --strict && echo build/site/index.html

# The reports in docs/examples, from a demo of its own; needs LibreOffice.
examples: $(VENV)/develop
	@folder=$$(mktemp -d) && SOPAN_DATA=$$folder $(BIN)/python manage.py prepare >/dev/null && \
		SOPAN_DATA=$$folder $(BIN)/python manage.py write_examples docs/examples && rm -rf $$folder

bench: $(VENV)/develop
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.engine
	@$(BIN)/python -m bench.inbox
	@$(BIN)/python -m bench.audit
	@$(BIN)/python -m bench.storing
	@$(BIN)/python -m bench.pulling
	@$(BIN)/python -m bench.door
	@$(BIN)/python -m bench.fleet
	@$(BIN)/python -m bench.attendance
	@$(BIN)/python -m bench.documents
	@$(BIN)/python -m bench.ledger
	@$(BIN)/python -m bench.outbox

# A province in its morning: fifty people, 150 machines, 41 punches a second; needs PostgreSQL, Redis.
SOPAN_LOAD_MINUTES ?= 10
load: $(VENV)/develop
	@$(BIN)/python -m bench.load --minutes $(SOPAN_LOAD_MINUTES)

# What runs and nothing else, from an environment made for it; the tools stand in one of their own.
sbom: $(VENV)/develop
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && mkdir -p build && \
		$(PYTHON) -m venv --without-pip $$folder/runtime && $(PYTHON) -m venv $$folder/tool && \
		$(BIN)/python -m pip --python $$folder/runtime/bin/python install --quiet --disable-pip-version-check -r requirements.txt -c constraints.txt && \
		$$folder/tool/bin/python -m pip install --quiet --disable-pip-version-check cyclonedx-bom==7.5.0 && \
		$$folder/tool/bin/cyclonedx-py environment --output-format JSON --output-file build/sopan.cdx.json $$folder/runtime/bin/python && \
		echo "build/sopan.cdx.json"

# Where the tool asked in vain nothing was looked at, and that is said: it is no clean bill.
audit:
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && $(PYTHON) -m venv $$folder/tool && \
		$$folder/tool/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1 && \
		{ $$folder/tool/bin/pip-audit --disable-pip --no-deps -r constraints.txt -f columns -o $$folder/found >$$folder/log 2>&1; found=$$?; }; \
		touch $$folder/found; unasked=$$(grep -c 'could not be audited' $$folder/found); \
		if [ $$unasked -gt 0 ]; then \
			echo "TIDAK DIPERIKSA: $$unasked pustaka. Daftar kerentanannya tidak terjangkau dari sini."; found=2; \
		fi; \
		grep -v -e 'could not be audited' -e '^Name  *Skip Reason' -e '^--' $$folder/found; \
		[ $$found -eq 2 ] || tail -1 $$folder/log; exit $$found

clean:
	rm -rf $(VENV) var
