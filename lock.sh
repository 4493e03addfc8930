#!/bin/sh
# Write requirements.lock and requirements-dev.lock: the exact versions that pip installs today, in
# an environment of their own, for what pyproject.toml names.
set -eu
cd "$(dirname "$0")"
environment=$(mktemp -d)
trap 'rm -rf "$environment"' EXIT
"${PYTHON:-python3}" -m venv "$environment"
pip="$environment/bin/pip --disable-pip-version-check"

# The CPU and the CUDA build of torch are the same version; the libraries of the latter are its own.
pins() {
    $pip freeze --exclude insurance-policy-assistant |
        sed 's/+cpu$//' | grep -vE '^(nvidia|cuda|triton)'
}

$pip install --quiet .
{
    echo "# Made by 'make lock'. Everything that 'make run' needs."
    pins
} > requirements.lock

$pip install --quiet '.[dev]'
{
    echo "# Made by 'make lock'. What 'make test' needs beside it."
    echo "-r requirements.lock"
    pins | grep -vxFf requirements.lock
} > requirements-dev.lock
