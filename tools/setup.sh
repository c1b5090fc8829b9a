#!/bin/sh
# sh tools/setup.sh         make .venv from requirements.lock, all that a run needs; nothing to do when it is whole
# sh tools/setup.sh dev     the same, and add what tests and a cluster need, from requirements-dev.lock
# sh tools/setup.sh lock    write both locks anew from pyproject.toml (further arguments go to uv)
#
# Called by the Makefile from the root of the clone. A stamp in .venv (ready, ready-dev) is a copy of its lock and is
# written last: a set-up broken off, a changed lock or a missing interpreter make the next call start again.

set -u
lock=requirements.lock
stamp=.venv/ready
log=.venv/setup.log
oldest=12 # the Python 3 minor versions for which every locked package has a wheel
newest=14
wanted="Python 3.$oldest to 3.$newest"
candidates="python3.14 python3.13 python3.12 python3 python"
# What sim/compilation.py imports; and setuptools, which builds antlr4-python3-runtime (of Hydra), as that has no wheel:
# nothing comes in without a hash.
first="numba llvmlite numpy platformdirs pydantic pydantic-core annotated-types typing-extensions typing-inspection setuptools"

ticker=

fail() {
    [ -z "$ticker" ] || kill "$ticker" 2>/dev/null
    echo "set-up: $1" >&2
    exit 1
}

# whole LOCK STAMP MODULES...
whole() {
    [ -f "$2" ] && cmp -s "$1" "$2" && shift 2 && .venv/bin/python -I -c '
import sys
from importlib.util import find_spec
raise SystemExit(not all(map(find_spec, sys.argv[1:])))
' "$@" >/dev/null 2>&1
}

is_ready() {
    whole requirements.lock .venv/ready mesa numba hydra pyarrow sim
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

# A line every four seconds on how far it is, until done_ticking.
tick() {
    (while sleep 4 3>&- && kill -0 $$; do progress; done) >/dev/null 2>&1 &
    ticker=$!
}

done_ticking() {
    kill "$ticker" 2>/dev/null
    ticker=
}

# install LOCK [OPTIONS OF PIP...]
install() {
    from=$1
    shift
    PIP_USER=0 .venv/bin/python -I -m pip --disable-pip-version-check --no-input install --retries 2 --no-compile \
        --progress-bar off --require-hashes --only-binary=:all: "$@" -r "$from" >>"$log" 2>&1
    failed=$?
    [ $failed = 0 ] || explain
}

progress() {
    if [ ! -f "$log" ]; then
        echo "set-up: $(($(date +%s) - began)) s, an empty environment is made" >&3
        return
    fi
    found=$(grep -cE '^(Collecting|Processing) ' "$log")
    did="$found packages downloaded, $(($(packages) - before)) installed" # in two parts: both only grow
    echo "set-up: $(($(date +%s) - began)) s, $did$(kill -0 "$(cat .venv/compiler)" && echo '; the model is compiled meanwhile')" >&3
}

packages() {
    find .venv/lib/python3*/site-packages -maxdepth 1 -name '*.dist-info' | wc -l
}

# One line for what went wrong; the whole story stays in the log.
explain() {
    if grep -q 'DO NOT MATCH THE HASHES' "$log"; then
        why="a downloaded package is not the one in $lock (hash differs); check your package index or mirror"
    elif grep -q 'No space left' "$log"; then
        why="the disk is full; .venv needs about 1 GB"
    elif grep -Ev '^ *(Looking|Collecting|Downloading|Using|Requirement)' "$log" |
        grep -Eqi 'connection|timed out|timeout|resolve|proxy|certificate|SSLError'; then
        why="could not download the packages; check the network (or pip's index and proxy settings)"
    elif grep -q 'No matching distribution' "$log"; then
        why="a locked package has no wheel for this machine, or your package index lacks it"
    else
        why="installing the packages failed"
    fi
    fail "$why and try again; details: $log"
}

check_lock() {
    [ -f "$lock" ] || fail "$lock is missing; get it back with: git checkout $lock"
    began=$(date +%s)
    exec 3>&2
}

make_venv() {
    choose_python
    check_lock
    echo "set-up: making .venv with $python (once; about a minute, 1 GB) ..." >&2
    rm -rf .venv || fail "could not remove the old .venv; remove it by hand and try again"
    before=1 # pip
    tick
    said=$("$python" -I -m venv .venv 2>&1) || {
        rm -rf .venv
        fail "could not make .venv: $(printf '%s\n' "$said" | tail -n 1)"
    }
    awk -v first=" $first " '/^[^ #]/ { split($1, name, "=="); on = index(first, " " name[1] " ") } on' "$lock" >.venv/first.lock
    install .venv/first.lock
    # The rules are compiled while the other packages are installed. What fails here, the first run does itself.
    .venv/bin/python -c "from sim.compilation import compile_all; compile_all()" </dev/null >.venv/compile.log 2>&1 3>&- &
    compiler=$!
    echo "$compiler" >.venv/compiler
    trap 'kill "$compiler" 2>/dev/null; wait "$compiler" 2>/dev/null' EXIT
    trap 'exit 130' INT TERM
    install "$lock" --no-binary=antlr4-python3-runtime --no-build-isolation --use-pep517
    done_ticking
    # sim and experiments in any folder, and the installed commands in .venv/bin.
    .venv/bin/python -I -m pip --disable-pip-version-check --no-input install --no-deps --no-index --no-build-isolation \
        --editable . >>"$log" 2>&1 || explain
    rm -f .venv/compiler
    cp "$lock" "$stamp" && cp requirements.lock .venv/ready || fail "could not write $stamp"
    trap - EXIT INT TERM
    echo "set-up: done in $(($(date +%s) - began)) s; the first start takes longer, as Python reads all of it once" >&2
}

add_dev() {
    check_lock
    echo "set-up: adding what tests need (once) ..." >&2
    before=$(packages)
    rm -f "$log"
    tick
    install "$lock"
    done_ticking
    cp "$lock" "$stamp" || fail "could not write $stamp"
}

write_locks() {
    choose_python
    tool=$(mktemp -d) || fail "could not make a temporary folder"
    trap 'rm -rf "$tool"' EXIT
    "$python" -I -m venv "$tool" && "$tool/bin/python" -I -m pip --disable-pip-version-check install --quiet uv ||
        fail "could not install uv, which writes the locks; check the network and try again"
    write requirements.lock "$@"
    write requirements-dev.lock --group dev --group docs --extra cluster --extra live --extra office --constraint requirements.lock "$@"
}

write() {
    lock=$1
    shift
    "$tool/bin/uv" pip compile pyproject.toml --group build --universal --generate-hashes \
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
    write_locks "$@"
    ;;
dev)
    lock=requirements-dev.lock
    stamp=.venv/ready-dev
    if is_ready && [ ! -f "$stamp" ]; then
        add_dev
    elif ! is_ready || ! whole "$lock" "$stamp" pytest; then
        make_venv
    fi
    ;;
'') is_ready || make_venv ;;
*) fail "unknown argument: $1" ;;
esac
