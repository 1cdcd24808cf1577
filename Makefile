# Two commands: `make run` and `make test`. They need Python 3.11+ with venv, make and a package
# index, nothing else; what is missing is named in one sentence.

PYTHON ?= python3
comma := ,
VENV := .venv
BIN := $(VENV)/bin
export SOPAN_PORT ?= 8000
# Of `make forty`: "redis", or the URL of a RabbitMQ as "amqp://guest:guest@127.0.0.1:5672//".
BROKER ?= redis

.PHONY: run test again long forty checks pictures examples bench clean help

help:
	@echo "make run    jalankan SOPan di http://localhost:$(SOPAN_PORT)/ (data di var/)"
	@echo "make test   jalankan semua pemeriksaan dan uji"
	@echo "make long   jalankan uji yang memakan waktu beberapa menit"
	@echo "make forty  empat puluh perangkat daerah serentak, pekerja dimatikan tiap 10 detik (BROKER=amqp://...)"
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

# What takes minutes: the guide followed to the letter, every address under an acting mandate.
long: $(VENV)/develop
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n 2 --dist loadgroup -m long

# Forty agencies at once, one of four workers killed every ten seconds; needs PostgreSQL and a broker.
AGENCIES ?= 40
forty: $(VENV)/develop
	@PATH="$(CURDIR)/$(BIN):$$PATH" SOPAN_TEST_AGENCIES=$(AGENCIES) SOPAN_TEST_BROKER="$(BROKER)" \
		SOPAN_REQUIRE=postgresql$(if $(filter redis,$(BROKER)),$(comma)redis) \
		$(BIN)/python -m pytest -n 0 -s tests/forty

checks: $(VENV)/develop
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest tests/test_checks.py

pictures: $(VENV)/develop
	@SOPAN_PICTURES=$(CURDIR)/docs/pictures $(BIN)/python -m pytest tests/e2e
	@$(BIN)/python -m tests.e2e.pictures docs/pictures

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

clean:
	rm -rf $(VENV) var
