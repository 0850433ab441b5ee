# A thin wrapper for development; `./crm` needs no make.
.DEFAULT_GOAL := help
# %.txt is compiled whenever it is asked for: an index changes without a file changing.
.PHONY: always help setup run test sim check protos docs lock system bench
COMPILE := uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links $(LOCK)

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## prepare the virtual environment with everything development needs
	./crm check --help > /dev/null

run: ## start the whole platform on this machine
	./crm run

test: ## every test, with real servers
	./crm test

sim: ## the simulation over more seeds: make sim SEEDS=2000
	SEEDS=$(or $(SEEDS),2000) ./crm test tests/simulation

check: ## format, lint, types, architecture, protos
	./crm check

protos: ## generate the Python code of protos/
	.venv/bin/python -m protos.generate

docs: ## write the generated pages of docs/
	.venv/bin/python -m services.gateway.documentation docs/openapi.json
	.venv/bin/python -m cli.event_catalogue docs/asyncapi.yaml
	.venv/bin/python -m cli.permission_list docs/permissions.md
	.venv/bin/python -m tests.architecture.coverage

system: ## only the tests that need real servers
	./crm test -m real_servers

bench: ## measure and compare with bare baselines
	./crm bench

lock: requirements/uv.txt ## renew the lock files (LOCK=--upgrade: newest)
	$(COMPILE) pyproject.toml --group build -o requirements/runtime.txt
	$(COMPILE) pyproject.toml --group build --group dev -c requirements/runtime.txt -o requirements/dev.txt

requirements/%.txt: requirements/%.in always
	$(COMPILE) $< -o $@
