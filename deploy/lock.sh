#!/bin/sh
# Write requirements.txt and requirements-dev.txt from the direct dependencies in pyproject.toml.
# Takes uv's own options, such as --upgrade or --upgrade-package NAME.
set -eu
cd "$(dirname "$0")/.."
compile() {
    UV_CUSTOM_COMPILE_COMMAND="make lock" .venv/bin/python -m uv pip compile --quiet --no-config \
        --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
        "$@" pyproject.toml
}
compile --output-file requirements.txt "$@"
compile --group dev --constraints requirements.txt --output-file requirements-dev.txt "$@"
