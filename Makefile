# Everything Thecal needs is installed into this checkout; nothing is asked of the machine but python3.11, pip and make.
PY ?= python3.11
UVV := 0.13.9
UV := PYTHONPATH=.tools $(PY) -m uv
THECAL := .venv/bin/thecal
# uv keeps its cache in the home folder; a user who has none keeps it in the checkout.
ifndef UV_CACHE_DIR
ifneq ($(shell test -w "$${HOME:-/nowhere}" && echo home),home)
export UV_CACHE_DIR := $(CURDIR)/.uv-cache
endif
endif

.PHONY: up test lint lock clean bench screenshots verify-therapy verify-pump
up: .venv/.ok                ## seed the demonstration clinic and start everything
	@exec $(THECAL) up

test: .venv-dev/.ok          ## every check: style, types, layers, units, processes, browser
	@.venv-dev/bin/python -m tests.run_all

lint: .venv-dev/.ok
	@.venv-dev/bin/python -m tests.run_all style types layers

bench: .venv-dev/.ok         ## print the figures of benchmarks/
	.venv-dev/bin/python -m benchmarks

verify-therapy: .venv-verify/.ok ## branch coverage and mutants of the dosing rooms; resumable; appends to docs/verification.md
	.venv-verify/bin/python -m verification therapy

verify-pump: .venv-verify/.ok ## every layer of the pump's verification (LAYERS="states oracle": some); resumable; appends as above
	.venv-verify/bin/python -m verification pump $(LAYERS)

screenshots: .venv-dev/.ok   ## play the story in a browser and keep a picture of each screen in docs/screenshots
	.venv-dev/bin/python -m tests.browser.screenshots

lock: .tools/uv-$(UVV)       ## resolve requirements/*.in into hash-pinned *.txt that name no host
	$(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-header -p 3.11 requirements/run.in -o requirements/run.txt
	$(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-header -p 3.11 requirements/dev.in -o requirements/dev.txt
	$(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-header -p 3.11 requirements/verify.in -o requirements/verify.txt
	$(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-header -p 3.11 requirements/bench.in -o requirements/bench.txt
	$(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-header -p 3.11 requirements/build.in -o requirements/build.txt

.tools/uv-$(UVV):            # --target works on an externally managed Python and needs neither ensurepip nor python3-venv
	@rm -rf .tools && $(PY) -m pip install -q --disable-pip-version-check --root-user-action=ignore --target .tools uv==$(UVV) && touch $@

.venv/.ok: requirements/run.txt pyproject.toml .tools/uv-$(UVV)
	@$(UV) venv -q --allow-existing -p $(PY) .venv && $(UV) pip sync -q --require-hashes -p .venv requirements/run.txt requirements/build.txt && $(UV) pip install -q --no-deps --no-build-isolation -p .venv -e . && touch $@

.venv-dev/.ok: requirements/dev.txt pyproject.toml .tools/uv-$(UVV)
	@$(UV) venv -q --allow-existing -p $(PY) .venv-dev && $(UV) pip sync -q --require-hashes -p .venv-dev requirements/dev.txt requirements/build.txt && $(UV) pip install -q --no-deps --no-build-isolation -p .venv-dev -e . && touch $@

.venv-verify/.ok: requirements/verify.txt pyproject.toml .tools/uv-$(UVV)
	@$(UV) venv -q --allow-existing -p $(PY) .venv-verify && $(UV) pip sync -q --require-hashes -p .venv-verify requirements/verify.txt requirements/build.txt && $(UV) pip install -q --no-deps --no-build-isolation -p .venv-verify -e . && touch $@

clean:
	rm -rf .tools .venv .venv-dev .venv-verify .uv-cache .verify
