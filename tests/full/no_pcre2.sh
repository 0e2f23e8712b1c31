#!/bin/sh
# A build with -Dpcre2=disabled: judges by automata, refuses a pack that needs PCRE2, and links none of it. TAP.
# usage: no_pcre2.sh BUILD
build=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
rule() {
    printf 'title: T\nlogsource: {product: windows}\ndetection:\n  s: {A|re: "%s"}\n  condition: s\n' "$1" >"$folder/$2.yml"
}
point() { # NUMBER NAME CODE
    [ "$3" -eq 0 ] && echo "ok $1 - $2" || echo "not ok $1 - $2"
}
rule '^a+b$' small
rule 'a([ab]|cd){20}e' large
echo '{"A":"aab"}' >"$folder/events"
"$build/compiler/tool/sigmaton" run -r "$folder/small.yml" "$folder/events" 2>/dev/null | grep -q '"title":"T"'
point 1 "an automaton is judged" $?
"$build/compiler/tool/sigmaton" run -r "$folder/large.yml" "$folder/events" 2>&1 | grep -q "needs PCRE2"
point 2 "a pack that needs PCRE2 is refused, and says why" $?
! readelf -d "$build"/runtime/libsigmaton.so | grep -q pcre
point 3 "libsigmaton does not link PCRE2" $?
! nm -D --undefined-only "$build"/runtime/libsigmaton.so | grep -qi pcre
point 4 "no symbol of PCRE2 is wanted" $?
echo 1..4
