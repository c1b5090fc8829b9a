#!/bin/sh
# sh tools/setup.sh         make .venv from requirements.lock; nothing to do when it is there and whole
# sh tools/setup.sh lock    write requirements.lock anew from pyproject.toml (further arguments go to uv)
#
# Called by the Makefile from the root of the clone. The stamp .venv/ready is a copy of the lock and is
# written last: a set-up broken off, a changed lock or a missing interpreter make the next call start again.

set -u
lock=requirements.lock
stamp=.venv/ready
log=.venv/setup.log
oldest=12 # the Python 3 minor versions for which every locked package has a wheel
newest=14
wanted="Python 3.$oldest to 3.$newest"
candidates="python3.14 python3.13 python3.12 python3 python"

fail() {
    echo "set-up: $1" >&2
    exit 1
}

whole() {
    [ -f "$stamp" ] && cmp -s "$lock" "$stamp" && .venv/bin/python -I -c '
from importlib.util import find_spec
raise SystemExit(not all(map(find_spec, ("mesa", "numba", "hydra", "pyarrow", "pytest"))))
' >/dev/null 2>&1
}

# Candidates are run, not looked up: a version manager may put a name on PATH that refuses to run.
fits() {
    "$1" -I -c '
import sys, sysconfig
fits = (3, int(sys.argv[1])) <= sys.version_info[:2] <= (3, int(sys.argv[2]))
plain = sys.implementation.name == "cpython" and not sysconfig.get_config_var("Py_GIL_DISABLED")
sys.exit(not (fits and plain))
' "$oldest" "$newest" >/dev/null 2>&1
}

choose_python() {
    bare=
    for python in $candidates; do
        if fits "$python"; then
            "$python" -I -c 'import ensurepip, venv' >/dev/null 2>&1 && return
            bare="${bare:-$python}"
        fi
    done
    [ -z "$bare" ] || fail "$bare has no venv module; install it (Debian, Ubuntu: the package python3-venv) and try again"
    for python in $candidates; do
        found=$("$python" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) || continue
        fail "needs $wanted, but $python is $found; install one so that it is on PATH and try again"
    done
    fail "needs $wanted and found none on PATH; install one and try again"
}

pip() {
    PIP_USER=0 .venv/bin/python -I -m pip --disable-pip-version-check --no-input install --quiet --retries 2 \
        --require-hashes --only-binary=:all: "$@" >>"$log" 2>&1 || explain
}

# One line for what went wrong; the whole story stays in the log.
explain() {
    if grep -q 'DO NOT MATCH THE HASHES' "$log"; then
        why="a downloaded package is not the one in $lock (hash differs); check your package index or mirror"
    elif grep -q 'No space left' "$log"; then
        why="the disk is full; .venv needs about 1 GB"
    elif grep -Eqi 'connection|timed out|timeout|resolve|proxy|certificate|SSLError' "$log"; then
        why="could not download the packages; check the network (or pip's index and proxy settings)"
    elif grep -q 'No matching distribution' "$log"; then
        why="a locked package has no wheel for this machine, or your package index lacks it"
    else
        why="installing the packages failed"
    fi
    fail "$why and try again; details: $log"
}

make_venv() {
    choose_python
    [ -f "$lock" ] || fail "$lock is missing; get it back with: git checkout $lock"
    echo "set-up: making .venv with $python (once; about a minute, 1 GB) ..." >&2
    rm -rf .venv || fail "could not remove the old .venv; remove it by hand and try again"
    said=$("$python" -I -m venv .venv 2>&1) || {
        rm -rf .venv
        fail "could not make .venv: $(printf '%s\n' "$said" | tail -n 1)"
    }
    # antlr4-python3-runtime (of Hydra) has no wheel. It is built with the setuptools of the lock, so that
    # nothing comes in without a hash.
    awk '/^[^ #]/ { on = /^setuptools==/ } on' "$lock" >.venv/build.lock
    pip -r .venv/build.lock
    pip --no-binary=antlr4-python3-runtime --no-build-isolation --use-pep517 -r "$lock"
    cp "$lock" "$stamp" || fail "could not write $stamp"
}

make_lock() {
    choose_python
    tool=$(mktemp -d) || fail "could not make a temporary folder"
    trap 'rm -rf "$tool"' EXIT
    "$python" -I -m venv "$tool" && "$tool/bin/python" -I -m pip --disable-pip-version-check install --quiet uv ||
        fail "could not install uv, which writes the lock; check the network and try again"
    "$tool/bin/uv" pip compile pyproject.toml --group dev --extra cluster --universal --generate-hashes \
        --python-version "3.$oldest" --python "$tool/bin/python" --no-python-downloads --no-header --no-annotate \
        --quiet -o "$lock" "$@" ||
        fail "uv could not make $lock"
    if grep -n '://' "$lock"; then
        fail "$lock names an address; it must hold names, versions and hashes only"
    fi
}

case "${1-}" in
lock)
    shift
    make_lock "$@"
    ;;
'') whole || make_venv ;;
*) fail "unknown argument: $1" ;;
esac
