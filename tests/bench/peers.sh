#!/bin/sh
# Sigmaton beside other engines on the same rules and events: installs them, compares the alerts, then the time.
#
#     tests/bench/peers.sh BUILD DATA [WORK]
#
# BUILD: a release build. DATA: a folder with sigmahq/ (rules) and events/ (process-creation.ndjson.zst, otrf/*.ndjson.zst).
# WORK: what is installed and made; a temporary folder that is removed unless given. A peer whose registry cannot be reached, or
# whose toolchain is missing, is left out and said so. Not part of CI. PEERS_CORE: the core to run on; PEERS_ROUNDS: 5.
set -eu
[ $# -ge 2 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$(cd "$1" && pwd)
data=$(cd "$2" && pwd)
if [ $# -ge 3 ]; then
    mkdir -p "$3"
    work=$(cd "$3" && pwd)
else
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
fi

say() { echo "peers: $*" >&2; }

cargo_install_rsigma() {
    nice cargo install rsigma "$@" --locked -j1 --root "$work/cargo" --target-dir "$work/target" >"$work/rsigma.log" 2>&1
}

install_rsigma() {
    [ -x "$work/cargo/bin/rsigma" ] && return 0
    command -v cargo >/dev/null || return 1
    cargo_install_rsigma && return 0
    # the newest wants a newer compiler than this one: cargo says which it supports
    version=$(sed -n 's/^`rsigma \([0-9.]*\)` supports rustc.*/\1/p' "$work/rsigma.log")
    [ -n "$version" ] && cargo_install_rsigma --version "$version"
}

install_sigma_rust() {
    [ -x "$work/judge/release/judge" ] && return 0
    command -v cargo >/dev/null || return 1
    rm -rf "$work/sigma_rust"
    cp -r "$here/peers/sigma_rust" "$work/sigma_rust"
    (cd "$work/sigma_rust" && CARGO_TARGET_DIR="$work/judge" nice cargo build --release -j1) >"$work/sigma_rust.log" 2>&1
}

install_pysigma() {
    [ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv" >/dev/null || return 1
    "$work/venv/bin/pip" install -q pyyaml >"$work/pysigma.log" 2>&1 || return 1
    "$work/venv/bin/pip" install -q pysigma pysigma-backend-sqlite >>"$work/pysigma.log" 2>&1 || return 2
}

unpacked() {
    mkdir -p "$work/events"
    for f in "$data"/events/process-creation.ndjson* "$data"/events/otrf/*.ndjson*; do
        name=$(basename "${f%.zst}")
        [ -s "$work/events/$name" ] && continue
        case $f in
        *.zst) zstd -dqf "$f" -o "$work/events/$name" ;;
        *) cp "$f" "$work/events/$name" ;;
        esac
    done
}

set --
install_rsigma && set -- "$@" --rsigma "$work/cargo/bin/rsigma" || say "rsigma left out (see $work/rsigma.log)"
install_sigma_rust && set -- "$@" --sigma-rust "$work/judge/release/judge" || say "sigma-rust left out (see $work/sigma_rust.log)"
code=0
install_pysigma || code=$?
[ $code -ne 1 ] || { say "no PyYAML: nothing can be compared (see $work/pysigma.log)"; exit 1; }
[ $code -ne 0 ] && say "pySigma left out (see $work/pysigma.log)" || set -- "$@" --sqlite
unpacked

# Sysmon process creation and the mix; the first by itself, from all files.
pc="$work/sysmon-1.ndjson"
[ -s "$pc" ] || grep -ah '"Channel":"Microsoft-Windows-Sysmon/Operational"' "$work"/events/*.ndjson | grep -aE '"EventID":1[,}]' >"$pc" || true
mix=$(ls "$work"/events/*.ndjson | grep -v process-creation | paste -sd, -)
exec_python="$work/venv/bin/python"
"$exec_python" "$here/peers/peers.py" "$root" "$work" --sigmaton "$build/compiler/tool/sigmaton" \
    --rules "$data/sigmahq/rules" "$data/sigmahq/rules-emerging-threats" "$data/sigmahq/rules-threat-hunting" \
    --lane "process-creation=$pc" --lane "mix=$mix" --rounds "${PEERS_ROUNDS:-5}" ${PEERS_CORE:+--core "$PEERS_CORE"} "$@"
