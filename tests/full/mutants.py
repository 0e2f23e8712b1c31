#!/usr/bin/env python3
"""Plants one fault after another and wants the differential test or the vectors to find it. TAP.

usage: mutants.py SOURCE_ROOT [--pairs N] [--only TEXT]... [--keep DIR]

The tree is copied, built once at -O1 with what judges (tests/agree, tests/spec, the command), and for each row of the table one
file is changed, built and judged: `agree` over --pairs (200000) random pairs for each of the fixed seeds, `regexes` over 60000, the vectors, then some unit
tests. A mutant is found when one of them fails. A row whose old text is not there exactly once is an error: the table follows the code.
Faults that change no verdict (cost, order, what is kept for the event) are not planted."""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time

SEEDS = [str(n) for n in range(1, 9)]
TIMEOUT = 600

# (file, old text, new text, what it breaks)
MUTANTS = [
    # ---- kernels
    ("runtime/match/text.c", "        return n == m && srt_bytes_equal(t, p, n, flags);", "        return n >= m && srt_bytes_equal(t, p, m, flags);",
     "equality of bytes takes a prefix"),
    ("runtime/match/text.c", "    return srt_skip_units(&t, end, &p, p + m, flags) && t == end;", "    return srt_skip_units(&t, end, &p, p + m, flags);",
     "equality of folded texts takes a prefix"),
    ("runtime/match/text.c", "srt_bytes_equal(t + (n - m), p, m, flags)", "srt_bytes_equal(t, p, m, flags)", "suffixes are compared at the start"),
    ("runtime/match/text.c", "srt_fold_prev(t, &at) != srt_fold_prev(p, &want)", "srt_utf8_prev(t, &at) != srt_utf8_prev(p, &want)",
     "suffixes beyond ASCII do not fold"),
    ("runtime/match/text_units.h", "(uint64_t)p[n / 2] << 8", "(uint64_t)p[0] << 8", "the middle of a short text is not compared"),
    ("runtime/match/text_units.h", "memcpy(&last, p + n - 4, 4);", "memcpy(&last, p, 4);", "the end of a short text is not compared"),
    ("runtime/match/text_units.h", "    return srt_word_equal(t + n - 8, p + n - 8);", "    return n != 0;", "the end of a long text is not compared"),
    ("runtime/match/text.c", "((a | b) & UINT64_C(0x8080808080808080)) == 0 &&", "", "texts that end beyond ASCII part where their bytes do"),
    ("runtime/match/utf8.h", "each * (0x7f - 'Z')", "each * (0x80 - 'Z')", "Z folds to nothing"),
    ("runtime/match/text_find.c", "    const uint8_t *stop = s->end - last;", "    const uint8_t *stop = s->end - last - 1;",
     "the search misses the end of the text"),
    ("runtime/match/seek.h", "c >= 'a' && c <= 'z' ? 0x20 : 0", "c >= 'a' && c < 'z' ? 0x20 : 0",
     "the search misses Z"),
    ("runtime/match/seek.c", "*at += WIDTH) {", "*at += WIDTH + 1) {", "the search steps over a place"),
    ("runtime/match/seek_avx2.c", ">> (WIDTH - (stop - at));", ">> (WIDTH - 1 - (stop - at));", "AVX2 finds the last pairs elsewhere"),
    ("runtime/match/firsts.c", "            from = place - i;", "            from = place;", "a text stands where its last bytes stand"),
    ("runtime/match/firsts.c", "    if (firsts->event != event) {", "    if (firsts->event == 0) {", "the tables of an event serve the next one"),
    ("runtime/match/firsts.c", "        if (at + SRT_FIRSTS_GRAM <= of->len)", "        if (at + SRT_FIRSTS_GRAM < of->len)", "the last four bytes of a long value stand nowhere"),
    ("runtime/match/firsts.c", "    for (uint32_t at = last; at-- > 0;) {", "    for (uint32_t at = last - 1; at-- > 0;) {", "the last two bytes of a long value stand nowhere"),
    ("runtime/match/firsts.c", "of->wide - before : 0;", "of->wide : 0;", "nothing stands before the first character beyond ASCII"),
    ("runtime/match/wildcard.c", "            most += 4;", "            most += 1;", "what ? and a dash stand for has one byte"),
    ("runtime/match/set.c", "(from < n && set_holds(v, of, t + from, n - from))", "false", "a set is looked for at one place of a long value"),
    ("runtime/match/dfa.c", "as_said &= has_half(d->leaves, c) == leaves;", "", "an automaton may rest where it does not"),
    ("runtime/match/seek_avx512.c", "<< (n - 1))) | wide) & places;", "<< (n - 1)))) & places;", "characters beyond ASCII do not end a rest"),
    ("runtime/match/seek_avx512.c", "(uint32_t)(stop - at) : 64);", "(uint32_t)(stop - at) - 1 : 64);", "AVX-512 misses a text that ends the value"),
    ("runtime/match/seek_avx512.c", "all_like(at + b_at + 64, b)", "all_like(at + b_at, b)", "of 128 places the last 64 are those before"),
    ("runtime/match/seek_avx512.c", "stop - at >= 128; at += 128", "stop - at >= 128; at += 192", "places of long values are stepped over"),
    ("runtime/match/seek_avx512.c", "_mm512_set1_epi8('z' - 'a')", "_mm512_set1_epi8('y' - 'a')", "AVX-512 finds z as written alone"),
    ("runtime/match/seek_avx512.c", "if (_mm512_cmpneq_epi8_mask(have, want) == 0)", "if (_mm512_cmpneq_epi8_mask(have, want) << 1 == 0)", "the last byte of 64 is not compared"),
    ("runtime/match/seek_avx512.c", "(uint32_t)(stop - at) : 64;", "(uint32_t)(stop - at) - 1 : 64;", "AVX-512 misses the last pair"),
    ("runtime/match/text_find.c", "have = (have + HASH_PRIME - gone) % HASH_PRIME;", "have = (have + gone) % HASH_PRIME;", "the rolling hash does not roll"),
    ("runtime/match/text_find.c", "if (i + 8 <= m || !srt_text_prefix(at + m - 8, 8, s->p + m - 8, 8, SIGMATON_ASCII)) {", "if (i + 8 <= m) {", "the end of a text is not compared where it is found"),
    ("runtime/match/text_find.c", "((differ - EACH) & ~differ) | word)", "((differ - EACH) & ~differ))", "characters beyond ASCII fold to nothing within ASCII"),
    ("runtime/match/text_find.c", "return find_hashed(s, t, ret_end);", "return false;", "a search beyond its budget gives up"),
    ("runtime/match/wildcard.c", "        srt_utf8_next(t, end);\n        return true;", "        (*t)++;\n        return true;", "? takes a byte"),
    ("runtime/match/wildcard.c", "c <= 0x2015", "c <= 0x2014", "windash lacks the horizontal bar"),
    ("runtime/match/wildcard.c", "    *end = at;\n    return true;", "    return true;", "what is before the last star may overlap what is behind it"),
    ("runtime/match/wildcard.c", "    if (star == p_end)\n        return t == end;", "    if (star == p_end)\n        return true;",
     "a pattern without star takes a prefix"),
    ("runtime/match/cidr.c", ">> (8 - rest)) == 0", ">> rest) == 0", "a prefix inside a byte compares the wrong bits"),
    ("runtime/match/cidr.c", " || (*first == '0' && p - first > 1)", "", "leading zeros are an address"),
    ("runtime/match/cidr.c", "if (n > 12 || !read_v4(", "if (n > 10 || !read_v4(", "a quad behind six groups is no address"),
    ("runtime/match/cidr.c", "    if (gap == UINT32_MAX ? n != 16 : n == 16)", "    if (gap == UINT32_MAX && n != 16)", ":: may stand for nothing"),
    ("runtime/match/number.c", "        return a_negative ? -1 : 1;", "        return a_negative ? 1 : -1;", "negative numbers are large"),
    ("runtime/match/number.c", "order == 0 && d > (double)whole ? -1 : order", "order", "5 is 5.5"),
    ("runtime/match/number.c", "k.value > most ? SIGMATON_UINT : SIGMATON_INT", "SIGMATON_INT", "numbers from 2^63 on are negative"),
    ("runtime/match/number.c", "    if (x->point > -6 && x->point <= 0) {", "    if (x->point > -5 && x->point <= 0) {", "the text of 0.000001 has an exponent"),
    ("runtime/match/number.c", "    if (x->point >= x->n && x->point <= 21) {", "    if (x->point >= x->n && x->point <= 20) {", "the text of 1e20 has an exponent"),
    ("runtime/match/set.c", "    if (key > p->n - at)\n", "    if (key >= p->n - at)\n", "the scan of a set misses the end of the text"),
    ("runtime/match/set.c", "(eq ? m == n : m <= n)", "m <= n", "a set of whole texts holds what begins with one"),
    ("runtime/match/set.c", "suffix ? t + (n - m) : t, p, m, flags", "t, p, m, flags", "ends of a set are compared at the start"),
    ("runtime/match/set.c", "m <= p->n - (at - before) &&", "m <= p->n - at &&", "what stands before a key counts as behind it"),
    ("runtime/match/gram_seek.h", "    if (at < n)\n        memcpy(rest, t + at, n - at);", "    if (at + 1 < n)\n        memcpy(rest, t + at, n - at - 1);", "the last byte is not looked for"),
    ("compiler/plan/sets.c", "        mask[16 + ((c - 32) >> 4)] |= bit;", "        mask[16 + (c >> 4)] |= bit;", "sets of texts anywhere want small letters"),
    ("runtime/match/set.c", "    for (uint32_t i = first_single; i < v->set->n; i++)", "    for (uint32_t i = first_single + 1; i < v->set->n; i++)",
     "the first text of a set that is not in a bucket is lost"),
    ("runtime/match/set.c", "hash_of(t + (n - key), key)", "hash_of(t, key)", "suffix sets hash the start"),
    ("runtime/match/fieldref.c", "affix == SIGMATON_WHOLE && !both_texts &&", "affix == SIGMATON_WHOLE &&", "two texts of digits compare as numbers"),
    ("runtime/match/fieldref.c", "(mine->kind != SIGMATON_TEXT && key_holds(x, h ^ TEXT_NUMBER_KEY, mine))", "false", "in long lists numbers are not found among texts"),
    ("runtime/match/time.c", "(!take(&p, end, 'T') && !take(&p, end, ' '))", "!take(&p, end, 'T')", "a time with a blank is none"),
    ("runtime/match/time.c", "*ret = i > MS_ABOVE ? i / 1000 : i;", "*ret = i;", "milliseconds are seconds"),
    ("runtime/match/time.c", "    const int64_t thursday = days - weekday + 3;", "    const int64_t thursday = days - weekday + 2;", "weeks belong to the year of their Wednesday"),
    ("runtime/match/probe.c", "((load8(p + n - 8) | words[3]) ^ words[2])", "0", "the last word of a probe is not compared"),
    ("runtime/match/probe.c", "(uint64_t)load4(p + n - 4) << 32", "(uint64_t)load4(p) << 32", "the last half word of a probe is the first"),
    ("runtime/match/probe.c", "(uint64_t)p[n / 2] << 8", "(uint64_t)p[0] << 8", "the middle byte of a probe is the first"),
    ("runtime/match/probe.c", "n <= FULL_MAX || ", "n > 0 || ", "the middle of a probe's text is not compared"),
    ("runtime/match/probe.c", "return s->len == n && ", "return s->len >= n && ", "a probe for equality takes a prefix"),
    ("runtime/match/probe.c", "s->at.text + (s->len - n)", "s->at.text", "a probe for a suffix looks at the start"),
    ("runtime/match/probe.c", "        *value |= bit;", "        *value |= 0;", "a probe's kept answer is no the second time"),
    ("runtime/match/gram_scan.c", "for (uint32_t i = 0; i < last; i++)", "for (uint32_t i = 0; i + 1 < last; i++)", "two letters at the end of a value are not found"),
    ("runtime/match/gram_masks.h", "    srt_gram_ask_all(s, at, in_groups(h, n_masks, s->p + last) >> (at - last));", "",
     "the last places behind masks are passed over"),
    ("runtime/match/gram_verify.h", "    for (; at + 4 <= s->n; at++)", "    for (; at + 5 <= s->n; at++)", "the last place of a value is not asked"),
    ("runtime/match/index_body.h", "        frame->candidates[always[i].word] |= always[i].rules;\n", "", "rules without witnesses are never candidates"),
    ("runtime/match/index_body.h", "    for (uint32_t i = 0; i < layer->n_fields; i++)", "    for (uint32_t i = 1; i < layer->n_fields; i++)", "the first field of a layer is not looked at"),
    ("runtime/match/probe.c", "        is ^= (q->flags & SIGMATON_PROBE_NOT) != 0;\n", "", "a probe is never negated"),
    ("runtime/match/probe.c", "(q->op == SIGMATON_PROBE_FIELDREF && !is_decoded(frame, &slots[q->a]))", "false", "the other field of a comparison stays as written"),
    ("runtime/match/probe.c", "s->len < least_len(q)", "s->len <= least_len(q)", "a value that is just long enough is too short"),
    ("runtime/match/probe.c", "s->len >= q->b) &&", "s->len > q->b) &&", "a text of a regex's least length is not asked"),
    ("compiler/ir/regex_size.c", "child * re->min : child;", "child * re->max : child;", "a regex needs as many repetitions as it takes"),
    ("compiler/ir/regex_size.c", "least = i == 0 || child < least ? child : least;", "least = child > least ? child : least;", "a regex needs its longest branch"),
    ("runtime/match/probe.c", "runtime != NULL && s->at.text != runtime->line;", "runtime != NULL;", "keywords that are not read are a string"),
    ("runtime/match/probe.c", "          (q->op == SIGMATON_PROBE_SET && set->kind == SIGMATON_SET_CONTAINS)))", "          q->op == SIGMATON_PROBE_SUFFIX))", "a suffix is sought in the head of a value"),
    ("runtime/match/probe.c", "if (s->len < HEADED_FROM || ", "if (", "values that are not long have a head"),
    ("runtime/event/event.c", "        if (p[at] == '\\\\')\n            end = at;", "        if (p[at] == '\\\\')\n            end -= 0;", "a head ends within an escape"),
    ("runtime/event/event.c", "(p[end] & 0xc0) == 0x80)", "(p[end] & 0xc0) == 0xc0)", "a head ends within a character"),
    ("runtime/match/probe.c", "(s->kind & (SIGMATON_SCALAR | SIGMATON_LIST)) != 0", "(s->kind & (SIGMATON_TEXT | SIGMATON_LIST)) != 0", "a probe sees no numbers"),
    ("compiler/plan/probes.c", "if (!cased && c >= 'a' && c <= 'z')", "if (!cased && c >= 'a' && c < 'z')", "a probe compares z as written"),
    ("compiler/plan/probes.c", "    bool any = ir_get(w->p->ir, node)->op == IR_OP_OR;\n    if", "    bool any = ir_get(w->p->ir, node)->op == IR_OP_AND;\n    if", "a list of an or wants all"),
    ("compiler/plan/probes.c", "x->op == IR_OP_OR, negative);", "x->op == IR_OP_AND, negative);", "an or within a list wants all"),
    # ---- code
    ("compiler/codegen/cg_match.c", "if (!x->cased && c >= 'a' && c <= 'z')", "if (!x->cased && c >= 'a' && c < 'z')", "z is compared as written"),
    ("compiler/codegen/cg_match.c", "    if_word(cg, l->x, base, len - size, l->yes, l->no);", "    if_word(cg, l->x, base, 0, l->yes, l->no);",
     "the last word of a text is not compared"),
    ("compiler/codegen/cg_match.c", "if_kind(cg, l, ASKED & ~SIGMATON_TEXT, ask, l->no);", "if_kind(cg, l, SIGMATON_LIST, ask, l->no);",
     "numbers and booleans have no text"),
    ("compiler/plan/probes.c", "        if (sigmaton_fold(c) != c || sigmaton_fold_class(c, others) > 1)", "        if (sigmaton_fold(c) != c)",
     "letters beyond ASCII have one case"),
    ("compiler/codegen/cg_match.c", "build_i32(cg, SIGMATON_NULL), l->yes, other);", "build_i32(cg, SIGMATON_ABSENT), l->yes, other);", "null is not null"),
    ("compiler/codegen/cg_match.c", "[COMPARE_LTE] = LLVMIntSLE", "[COMPARE_LTE] = LLVMIntSLT", "lte is lt"),
    ("compiler/codegen/cg_match.c", "    set_bit(cg, known, bit);\n    set_bit(cg, value, bit);", "    set_bit(cg, known, bit);", "a kept answer is no the second time"),
    ("compiler/codegen/cg_rule.c", "LLVMIntUGE", "LLVMIntUGT", "at least n is more than n"),
    ("compiler/codegen/cg_rule.c", "x->op == IR_OP_AND && next ? next : yes;", "yes;",
     "the first of an and decides"),
    ("compiler/codegen/cg_rule.c", "        LLVMBuildRet(cg->builder, build_i32(cg, 0));\n        cg_close", "        LLVMBuildRet(cg->builder, build_i32(cg, 1));\n        cg_close",
     "shared predicates always hold"),
    # ---- passes
    ("compiler/opt/pass_fold.c", ".cased = !icase,", ".cased = true,", "a regex of characters loses its flag i"),
    ("compiler/opt/pass_flatten.c", "            return c->children[0];", "            return child;", "not not x is not x"),
    ("compiler/opt/pass_absorb.c", "    return i == few->n;", "    return i > 0;", "one common child absorbs"),
    ("compiler/opt/pass_values.c", "return op == IR_OP_SUFFIX ? str_ends(s, with) : str_starts(s, with);", "return str_starts(s, with);", "suffixes imply each other by their starts"),
    ("compiler/opt/pass_values.c", "            is_started(v, n, str_sub(s, i, s.len)))\n            return true;",
     "            n > 0)\n            return true;", "a common byte is a common text"),
    ("compiler/opt/pass_values.c", "node.op = (enum ir_op)(v->op - IR_OP_EQ + IR_OP_EQ_SET);", "node.op = IR_OP_EQ_SET;", "every set is one of whole texts"),
    ("compiler/opt/guard.c", "        if (to - from > best.len)", "        if (to - from >= 1)", "a guard looks for the last piece of a pattern"),
    ("compiler/opt/guard.c", "best = str_sub(pattern, from, to - from);", "best = str_sub(pattern, from, to);", "a guard takes a wildcard for text"),
    ("compiler/opt/pass_share.c", "        if (!holds_rank(s->common[node], n_common, s->rank_base[node], n.children[i]))\n            children[kept++]",
     "        if (kept == 0)\n            children[kept++]", "a shared gate loses the children that are not shared"),
    # ---- automata
    ("runtime/match/dfa.c", "(row[k[p[6]]] ^ s) | (row[k[p[7]]] ^ s)", "(row[k[p[6]]] ^ s)", "a run of eight is one of seven"),
    ("compiler/plan/dfa_build.c", "r.follows[i] |= next[to + i] != next[row + i] ||", "r.follows[i] = next[to + i] != next[row + i] ||", "what follows is known of one character that leaves the state of rest"),
    ("compiler/plan/dfa_build.c", "(ends_from > 0 && to >= ends_from);", "false;", "the end of a part is jumped over"),
    ("runtime/match/seek_avx512.c", "(uint64_t)last << (n - 1)", "0", "what leaves a state at the end of a text is jumped over"),
    ("runtime/match/seek_avx512.c", "    for (; p < end; p += 63) {", "    for (; p < end; p += 64) {", "of 64 places the last is not looked at"),
    ("runtime/match/dfa.c", "        l->line = l->until = 0;", "        l->line = 0;", "a count goes on over a character that is not in the set"),
    ("runtime/match/dfa.c", "        l->line = l->until = 0;", "        l->until = 0;", "counts below the least go on over a character that is not in the set"),
    ("runtime/match/dfa.c", ".enters = SIGMATON_LINK_LEAST_MAX - of[i].least,", ".enters = SIGMATON_LINK_LEAST_MAX + 1 - of[i].least,", "a counter lets pass one too few"),
    ("runtime/match/dfa.c", "l->until = at + l->window;", "l->until = at + l->window + 1;", "a counter lets pass one too many"),
    ("runtime/match/dfa.c", "(l->until >= at)];", "(l->until > at)];", "the most of a counter is one less"),
    ("runtime/match/dfa.c", "l->s == l->start && l->line == 0 && l->until <= at;", "l->s == l->start && l->line == 0;", "a chain rests while a count is under way"),
    ("runtime/match/dfa.c", "l->s == l->start && l->line == 0 && l->until <= at;", "l->s == l->start && l->until <= at;", "a chain rests while a count is below its least"),
    ("compiler/plan/dfa_bury.c", "        if (t->ends.v[s])\n            number[s] = next++;", "        number[s] = next++;", "states that end a part are not the last"),
    ("compiler/plan/dfa_subset.c", ".ends = ends};", ".ends = false};", "a state that ends a part is one that does not"),
    ("compiler/plan/dfa_build.c", "        same = is_counted(b, i, x) == is_counted(b, i, y);", "        same = true;", "characters that are counted and such that are not are one class"),
    ("compiler/plan/dfa_nfa.c", "    return write_out(w, &part, to == re->n_children);", "    return write_out(w, &part, true);", "a part before a counter ends with the shortest of what it finds"),
    ("runtime/match/dfa.c", "        lo = starts[lo + half] <= c ? lo + half : lo;", "        lo = starts[lo + half] < c ? lo + half : lo;",
     "the first character of a range is of the range before"),
    ("runtime/match/dfa.c", "        s = dfa->start_inside;", "        s = dfa->start;", "continuation bytes are no part of the text and yet it starts behind them"),
    ("compiler/plan/dfa_subset.c", "        if (lowest >= i) /* no way leads back before i */\n            from = i;", "        from = i;",
     "a star covers what a way back leads around"),
    ("compiler/plan/dfa_subset.c", "        if (nodes[i].op == DFA_TAKE && !within(&s->alphabet->sets[nodes[i].x], set))\n            break;", "",
     "a star covers what it does not take"),
    ("compiler/plan/dfa_nfa.c", "rising ? i : n - i", "rising ? n - i : i", "of counted copies the wrong one stays"),
    ("compiler/plan/dfa_subset.c", "        if (after == DFA_LF && !late)\n            return GUESSES;", "", "$ holds before every line feed"),
    ("compiler/plan/dfa_subset.c", "    if (ends_late(s) && !state->junk) {", "    if (ends_late(s)) {", "an empty match stands between malformed bytes"),
    ("compiler/plan/dfa_subset.c", "(before == DFA_LF && after != DFA_EDGE)", "before == DFA_LF", "a final line feed starts a line"),
    ("compiler/plan/dfa_alphabet.c", "    return p->asserts[REGEX_LINE_START] || p->asserts[REGEX_LINE_END] ||", "    return p->asserts[REGEX_LINE_START] ||",
     "$ with m does not know the line feed"),
    # ---- lowering, plan
    ("compiler/ir/lower.c", "        return behind ? IR_OP_CONTAINS : IR_OP_SUFFIX;", "        return IR_OP_CONTAINS;", "endswith is contains"),
    ("compiler/ir/lower.c", "item->all ? IR_OP_AND : IR_OP_OR, base);", "IR_OP_OR, base);", "all means any"),
    ("compiler/ir/lower.c", "        node.part = (uint8_t)v->affix;", "        node.part = (uint8_t)AFFIX_INSIDE;", "every field reference is contains"),
    ("compiler/ir/regex_normal.c", 'text_addz(out, "(?=\\\\n?\\\\z)");', 'text_addz(out, "\\\\z");', "$ does not hold before a final LF"),
    ("compiler/ir/regex_normal.c", "        print_ranges(out, &lacks, true);", "        print_ranges(out, &lacks, false);", "wide sets are printed as what they lack"),
    ("compiler/ir/regex_normal.c", "!ranges_within(a, &c, &d) || !ranges_within(a, &x, &d)", "!ranges_within(a, &c, &d)", "stars are narrowed where the language changes"),
    ("compiler/plan/sets.c", "        else if (sigmaton_fold_class(utf8_next(&p, end), class) > 1)\n            return false;", "        else\n            utf8_next(&p, end);",
     "sets compare letters beyond ASCII as bytes"),
    # ---- reader
    ("runtime/event/unescape.c", "0x10000 + ((c - 0xd800) << 10)", "((c - 0xd800) << 10)", "surrogate pairs are another character"),
    ("runtime/event/unescape.c", "    if (low < 0xdc00 || low > 0xdfff)\n        return 0xfffd;", "    if (low < 0xdc00)\n        return 0xfffd;", "a high surrogate pairs with what is none"),
    ("runtime/match/seek_avx512.c", "            next = p + 63;", "            next = p + 64;", "an escape across two blocks is two characters"),
    ("runtime/match/seek_avx512.c", "((slashes << 1) | odd) - slashes", "((slashes << 1) | odd)", "a backslash that is escaped begins an escape"),
    ("runtime/event/unescape.c", "['n'] = '\\n',", "['n'] = 'n',", "\\n is the letter n"),
    ("runtime/input/leaf_text.c", "leaf_of(SIGMATON_INT, \"0\", 1, 0)", "leaf_of(SIGMATON_INT, \"-0\", 2, 0)", "-0 has a sign"),
    ("runtime/input/fields.c", "    if (tape->seen[name - tape->names->names] == tape->object)\n        return true;\n", "",
     "of repeated keys all count"),
    ("runtime/input/fields.c", "        if (name->flat)\n            slot_hide(tape, name->slot);", "", "a flat key does not win over a path"),
    ("runtime/input/fields.c", "        if (kind == SRT_NODE_OBJECT) {\n            i = tape->nodes[i].end;", "        if (kind == SRT_NODE_OBJECT) {\n            i++;",
     "what objects within lists hold are leaves"),
    ("runtime/input/keywords.c", "        if (node->kind == SRT_NODE_KEY && (node->flags & SRT_NODE_REPEATED) != 0) {", "        if (node->kind == SRT_NODE_KEY && node->kind == 0) {",
     "keywords see repeated keys"),
    ("runtime/input/keywords.c", "    return kind >= SRT_NODE_STRING && kind != SRT_NODE_NULL;", "    return kind == SRT_NODE_STRING;", "keywords see strings only"),
    # ---- routing and shapes
    ("runtime/engine/route.c", "fits &= wanted[d] == 0 || wanted[d] == ids[d];", "fits &= wanted[d] == 0 || ids[d] == 0 || wanted[d] == ids[d];",
     "a dimension that the event lacks is carried"),
    ("runtime/engine/route.c", "    if (head == 0)\n        return r->all;", "    if (head == 0)\n        return r->free;", "events of no known source meet no rule"),
    ("runtime/engine/route.c", "    if (!id_fits || row->when_slot == SIGMATON_NO_SLOT)", "    if (!id_fits || row->when_slot != 0)", "rows' conditions are not asked"),
    # ---- candidates
    ("runtime/match/index_body.h", "suffix ? t + (n - e->len) : t;", "t;", "suffixes are verified at the start"),
    ("runtime/match/index_body.h", "== SIGMATON_TIER_SUFFIX ? srt_ends_suffix(ends, key)", "!= SIGMATON_TIER_SUFFIX ? srt_ends_suffix(ends, key)", "suffix keys hash the start"),
    ("runtime/match/index_body.h", "is_let(tier->gate, hash >> 6))", "is_let(tier->gate, hash >> 5))", "beginnings and ends stay before a gate that is not theirs"),
    ("runtime/match/keys.h", "srt_key_word(p + (len - n), n), n};", "srt_key_word(p, n), n};", "the end of a long text is its beginning"),
    ("runtime/match/keys.h", "ends->last >> 8 * (ends->n - len)", "ends->last >> 8 * (8 - len)", "short values end in nothing"),
    ("runtime/match/index_body.h", "separators != 0 ? 63 - (uint32_t)__builtin_clzll(separators)", "separators != 0 ? (uint32_t)__builtin_ctzll(separators)", "the name of a short value begins at its first separator"),
    ("runtime/match/index_body.h", "    if (written && !runtime->plain)\n        return false;\n", "", "a short value is searched as written whatever its escapes"),
    ("runtime/match/index_body.h", "slot->kind == SIGMATON_ESCAPED && glance.escapes != 0;", "slot->kind == SIGMATON_ESCAPED;", "short values without an escape are searched as JSON"),
    ("runtime/match/glance_avx512.h", "_bzhi_u64(~UINT64_C(0), n) >> 3;", "_bzhi_u64(~UINT64_C(0), n) >> 4;", "of a short value the last place is not looked at"),
    ("runtime/match/glance_avx512.h", "srt_groups_by_half(masks + 96, low, high)", "srt_groups_by_half(masks + 64, low, high)", "the fourth mask is the third"),
    ("compiler/plan/index.c", "    tier->inner |= UINT64_C(1)", "    tier->inner = UINT64_C(1)", "the inner gate lets one key pass"),
    ("runtime/match/index_body.h", "        if (place->what == SIGMATON_NO_POSTING || place->tag == p->tag)\n            return place->what;",
     "        return place->tag == p->tag ? place->what : SIGMATON_NO_POSTING;", "keys stand where their hash says or nowhere"),
    ("runtime/match/index_body.h", "    while (i > first && t[i - 1] != '\\\\' && t[i - 1] != '/')", "    while (i > first && t[i - 1] != '\\\\')", "a slash ends no path component"),
    ("runtime/match/index_body.h", "bytes_that_are(w, '\\\\') | bytes_that_are(w, '/')", "bytes_that_are(w, '\\\\')", "a slash ends no path component of eight bytes"),
    ("runtime/match/index_body.h", "    return is_let(tier->gate, n < 63 ? n : 63);", "    return n < 63 && is_let(tier->gate, n);", "long texts have no length"),
    ("runtime/match/index_body.h", "v->glance->wide != 0 : is_wide(v->t, v->n)", "v->glance->wide == 1 : false", "texts beyond ASCII show nothing"),
    ("runtime/match/index_body.h", "        mark(s, s->index->any_number);\n        return;", "        return;", "numbers that are no int64 show nothing"),
    ("runtime/match/index_body.h", "    for (uint32_t i = 1; i <= list[0]; i++)", "    for (uint32_t i = 1; i < list[0]; i++)", "the last rule of a posting is lost"),
    ("compiler/plan/witness.c", "    bool all = (x->op == IR_OP_AND) == negative;", "    bool all = (x->op == IR_OP_AND) != negative;", "one way in is enough"),
    ("compiler/plan/witness.c", "    case IR_OP_NULL: /* also of a field that is not there */\n        return false;\n", "", "null shows its field"),
    ("compiler/plan/witness.c", "    for (uint32_t k = x->n - x->count + 1; x->count <= x->n && k > 0; k--) {", "    for (uint32_t k = x->n - x->count; x->count <= x->n && k > 0; k--) {", "of some that must hold one too few is looked for"),
    ("compiler/plan/witness.c", "    else if (!is_ascii(s))\n        w.kind = WITNESS_WIDE;\n", "", "texts beyond ASCII are looked for byte by byte"),
    ("compiler/plan/witness.c", "from == 0     ? WITNESS_PREFIX", "from == 0     ? WITNESS_EQ", "a pattern's first piece is the whole text"),
    ("compiler/plan/classes.c", "            if (!wanted)\n                rules[w] &= ~(left & -left);", "            if (wanted)\n                rules[w] &= ~(left & -left);", "a class leaves out the rules that want its id"),
    ("runtime/engine/class.h", "        return false; /* it may hold", "        (void)0; /* it may hold", "a list of ids is one id"),
    ("runtime/engine/class.c", "        held |= (uint32_t)when_holds(c->pack, found->whens[i], slots) << i;", "        held |= (uint32_t)!when_holds(c->pack, found->whens[i], slots) << i;", "conditions hold when they do not"),
    ("runtime/engine/route.c", "        if (id != UNKNOWN_LABEL || !is_plain(r->pack, role.slots[i]))", "        if (id != 0 || !is_plain(r->pack, role.slots[i]))",
     "any field called service is a label"),
    ("runtime/engine/route.c", "        id_fits |= source->has_id && source->id == row->ids[i];", "        id_fits |= !source->has_id || source->id == row->ids[i];", "an event without id has every id"),
    ("runtime/engine/engine.c", "(e->asks.rules[rule] & SRT_ASKS_OTHERS) != 0 && !rule_slots_decode(s, rule)", "false", "slots that few rules ask are not decoded"),
    ("runtime/engine/class.h", "c->entries[i].key != key)", "false)", "an id means the same in every channel"),
    ("runtime/engine/class.h", "    if (found == NULL)\n        found", "    if (true)\n        found", "no id has a class of its own"),
    ("runtime/event/ascii.h", "_mm_set1_epi8(0x7f - 26)", "_mm_set1_epi8(0x7f - 25)", "the case of a counts"),
    ("runtime/event/ascii.h", "_mm_set1_epi8(0x7f - 'z')", "_mm_set1_epi8(0x7f - 'y')", "the case of z counts"),
    ("runtime/event/ascii.h", "i + 16 <= len ? i : len - 16", "len - 16", "bytes in the middle of a channel are not compared"),
    ("runtime/event/origin.h", "slot->kind == SIGMATON_INT && slot->number <= UINT32_MAX", "slot->kind == SIGMATON_INT", "numbers of more than 32 bits are ids"),
    ("runtime/event/bind.c", "all.ids |= UINT64_C(1) << all.rows[all.first_any++].event_id % 64;", "all.ids = UINT64_C(1) << all.rows[all.first_any++].event_id % 64;", "bindings of the last id alone are applied"),
    ("runtime/event/bind.c", "&& all.rows[all.first_any].channel.len > 0", "", "bindings without a channel are passed over"),
    ("runtime/engine/asks.c", "        bits[most] = UINT64_C(1) << i;", "        bits[most] = UINT64_C(1) << i % 8;", "slots share bits"),
    ("runtime/event/bind.c", "        if (absent && source->kind != SIGMATON_ABSENT)", "        if (true)", "renaming overwrites"),
    ("runtime/event/bind.c", "!(name->len == 1 && name->at.text[0] == '-')", "true", "a dash is a user's name"),
    ("runtime/event/bind.c", "    text[domain->len] = '\\\\';", "    text[domain->len] = '/';", "domain and user are joined by a slash"),
    # ---- the fast path: what is looked for, how it is searched, what is read
    ("compiler/plan/witness.c", "        w.text = x->cased ? lowered(a, s) : s;", "        w.text = s;", "cased texts are looked for with capitals"),
    ("compiler/plan/witness.c", "        while (to < s.len && (unsigned char)s.p[to] < 0x80)", "        while (to < s.len)", "a pattern's stars are looked for"),
    ("compiler/plan/index.c", "        tier->gate |= UINT64_C(1) << (n < 63 ? n : 63);", "        tier->gate = UINT64_C(1) << (n < 63 ? n : 63);", "a tier has one length"),
    ("compiler/plan/index.c", "            at = (at + 1) % n_places;", "            break;", "a key's place is taken by another"),
    ("runtime/match/gram_verify.c", "at < e->before || e->len > s->n - (at - e->before)", "at < e->before || e->len >= s->n - (at - e->before)", "a text that ends the value is none"),
    ("runtime/match/gram_verify.c", "    return v | (from_a & ~beyond_z & ~v & 0x80 * EACH) >> 2;", "    return v;", "capitals of long texts are not folded"),
    ("runtime/match/gram_verify.c", "        s->done[i / 64] |= UINT64_C(1) << i % 64;", "        s->done[i / 64] = UINT64_MAX;", "a text that is found hides others"),
    ("runtime/match/gram_verify.c", "(e->len >= 4 ? other : other << (32 - 8 * e->len)) == 0", "other == 0", "texts of two and three bytes want what is behind them"),
    ("runtime/match/gram_masks.h", "in_groups(h, n_masks, s->p + last) >> (at - last));", "in_groups(h, n_masks, s->p + last));", "the last places are others"),
    ("runtime/match/gram_sse42.c", "    if (n_masks > 3)\n        v = _mm_and_si128(v, groups(&h[3], p + 3));", "    if (n_masks > 3)\n        v = _mm_and_si128(v, groups(&h[3], p + 2));", "the fourth mask stands at the third place"),
    ("runtime/match/gram_sse42.c", "    const __m128i v = load16(p), half = _mm_set1_epi8(0x0f);", "    const __m128i v = load16(p), half = _mm_set1_epi8(0x07);", "SSE4.2 takes a byte's halves apart wrongly"),
    ("runtime/match/gram_avx2.c", "_mm256_and_si256(groups(&h[0], p), groups(&h[1], p + 1));", "_mm256_and_si256(groups(&h[0], p), groups(&h[1], p + 2));", "AVX2 asks the second mask about the third byte"),
    ("runtime/match/gram_avx2.c", "        at = end + first + 8;\n", "        at = s->n;\n", "gathering leaves out the last places"),
    ("runtime/match/gram_avx2.c", "_mm256_sub_epi32(_mm256_set1_epi32(31), _mm256_srli_epi32(v, 24));", "_mm256_sub_epi32(_mm256_set1_epi32(30), _mm256_srli_epi32(v, 24));", "gathering looks at the bit beside"),
    ("runtime/match/gram_avx512.c", "hides_in(p + at, left, suspects(", "hides_in(p + at, some, suspects(", "an escape across two steps is not seen"),
    ("runtime/match/gram_avx512.c", "                inside >>= 3;", "                inside >>= 4;", "AVX-512 misses the last place"),
    ("runtime/match/gram_avx512.c", "                at += WIDTH - 3;", "                at += WIDTH;", "AVX-512 misses places behind the last block"),
    ("runtime/match/gram_avx512.c", "        if (v[i].leaf != *begun) {", "        if (false) {", "a leaf's places are asked in another"),
    ("runtime/match/gram_avx512.c", "    *c = (struct cursor){leaf, at};", "    *c = (struct cursor){n, at};", "of many places the last are not asked"),
    ("runtime/match/gram_groups.h", "_mm512_add_epi8(four, _mm512_set1_epi8(4))", "_mm512_add_epi8(four, _mm512_set1_epi8(8))", "AVX-512 takes small letters for control characters"),
    ("runtime/match/gram_verify.h", "    for (; at + 4 <= s->n; at++)", "    for (; at + 4 < s->n; at++)", "the plain search misses the last place"),
    ("runtime/match/gram_verify.h", "    if (s->g->min_len >= 4)", "    if (s->g->min_len >= 3)", "texts of three bytes do not end a value"),
    ("runtime/match/gram_scan.c", "set->at[0][p[last]] & set->single", "set->at[0][p[last]] & set->at[1][0]", "texts of two bytes are cut by a value's end"),
    ("runtime/match/gram_filter_avx512.c", "_mm512_mask_mov_epi8(single, next, texts_of(&second, w))", "texts_of(&second, w)", "AVX-512 cuts texts of two bytes by a value's end"),
    ("runtime/match/gram_filter_avx512.c", "_mm512_maskz_mov_epi8(here, texts_of(&first, v))", "texts_of(&first, v)", "AVX-512 finds zeros behind a value"),
    ("runtime/match/gram_filter_avx512.c", "if (_mm512_movepi8_mask(beyond) != 0)", "if (0)", "AVX-512 takes the bytes beyond ASCII for others"),
    ("runtime/match/gram_filter_avx512.c", "(__mmask16)(here >> 3)", "(__mmask16)(here >> 4)", "gathering sixteen places misses the last"),
    ("runtime/match/gram_filter_avx512.c", "_mm512_add_epi32(_mm512_set1_epi32((int)at), each)", "_mm512_add_epi32(_mm512_set1_epi32((int)from), each)", "places behind the sixteenth are others"),
    ("runtime/match/gram_filter_avx512.c", "from + 4 <= s->n; from += BLOCK", "from + 4 <= s->n && from == 0; from += BLOCK", "AVX-512 gathers from the first 256 places alone"),
    ("compiler/plan/gram_items.c", "    if (c >= 'a' && c <= 'z' && (item->flags", "    if (c >= 'a' && c < 'z' && (item->flags", "the capital of z alone is not looked for"),
    ("compiler/plan/grams.c", "s.len >= 4 ? 1u << (folded >> 24) : UINT32_MAX;", "1u << (folded >> 24);", "texts of three bytes are followed by nothing"),
    ("compiler/plan/grams.c", "        if (b->items[i].text.len < b->min_len)", "        if (b->items[i].text.len < b->min_len && b->items[i].text.len > 3)", "texts of three bytes are in values of four"),
    ("compiler/plan/gram_masks.c", "(is_letter ? 1u << ((c ^ 0x20) >> 4) : 0)", "0", "the masks know no capitals"),
    ("compiler/plan/gram_masks.c", "        return (struct halves){UINT16_MAX, UINT16_MAX};", "        return (struct halves){1, 1};", "short texts are followed by zeros"),
    ("runtime/match/dfa.c", "(row[k[p[7]]] ^ s);", "(row[k[p[6]]] ^ s);", "eight steps are taken for the first seven"),
    ("runtime/match/dfa.c", "    return w.next[s + dfa->end_class] == w.last_final;", "    return s == w.last_final;", "nothing is found at the end of the text"),
    ("runtime/match/dfa.c", "starts[lo + half] <= c ? lo + half : lo;", "starts[lo + half] < c ? lo + half : lo;", "the first character of a range is in the one before"),
    ("compiler/plan/dfa_subset.c", "        if (nodes[i].op == DFA_TAKE && !within(&s->alphabet->sets[nodes[i].x], set))\n            break;\n", "", "a loop covers what it does not read"),
    ("compiler/plan/dfa_alphabet.c", "starts[walk->at - 1] <= walk->v[walk->r].hi", "starts[walk->at - 1] < walk->v[walk->r].hi", "sets lack the last character of a range"),
    ("runtime/input/scan_quotes.h", "    *carry = (codes & backslash) >> (WIDTH - 1);", "    *carry = 0;", "escapes end with their block"),
    ("runtime/input/scan_quotes.h", "        l->escapes |= backslash & inside;", "        l->escapes = backslash & inside;", "escapes are those of the last block"),
    ("runtime/input/scan_quotes.h", "        if ((LETTERS_CHEAP || other != 0) && UNLIKELY((other & ~block_letters(b)) != 0))\n            return false;\n", "", "no escape wants a look"),
    ("runtime/input/scan_quotes.h", "s->end_seen ? WIDTH : 0", "WIDTH", "a block that wants a look is looked over"),
    ("runtime/input/scan_quotes.h", "                return at + WIDTH;\n", "                return at;\n", "the first block of a pair is listed twice"),
    ("runtime/input/scan_quotes.h", "                search_note(search, more, (uint32_t)at + WIDTH);\n", "", "in the second block of a pair nothing is found"),
    ("runtime/input/scan_avx512.c", "_mm512_min_epi8(a.v, b.v)", "a.v", "of two blocks the first is looked at for odd bytes"),
    ("runtime/input/scan_avx512.c", " && first >> 63 == 0;", ";", "a character that begins at a block's end is whole"),
    ("runtime/input/scan_avx512.c", "first << 1 == second && (first | second) == wide", "(first | second) == wide", "two bytes beyond ASCII are a character"),
    ("runtime/input/scan_avx512.c", "(first | second) == wide &&", "", "characters of three bytes are of two"),
    ("runtime/input/scan_avx512.c", "_bzhi_u64(~UINT64_C(0), (uint32_t)left - by)", "_bzhi_u64(~UINT64_C(0), left > by + 4 ? (uint32_t)left - by - 4 : 0)", "a text at the very end of a line is not looked for"),
    ("runtime/match/line.c", "line->seen && line->grams == g && line->n < SRT_LINE_BLOCKS", "line->seen && line->grams == g", "of a line with many places the last ones are not looked at"),
    ("runtime/match/line.c", "line->seen && line->grams == g && line->n < SRT_LINE_BLOCKS", "line->seen && line->n < SRT_LINE_BLOCKS", "the places of one table serve another"),
    ("runtime/match/gram_scan.h", "g->n_masks > 0 && g->n_shorts == 0 && g->min_len >= 4", "g->n_masks > 0", "short texts are looked for by masks"),
    ("runtime/input/scan_walk.c", "                 s->event->slots[name->slot].kind != SIGMATON_ABSENT))", "                 s->event->slots[name->slot].kind == SIGMATON_OBJECT))", "of a key that stands twice the last counts"),
    ("runtime/input/scan_walk.c", "    if (UNLIKELY(container && (name->nested || *p == '[')))", "    if (UNLIKELY(container && name->nested))", "a list is an object"),
    ("runtime/input/scan_walk.c", "v > (uint64_t)INT64_MAX + negative ||", "v > UINT64_MAX - 1 ||", "the scanner's large integers are negative"),
    ("runtime/input/scan.c", "        to.eager = eager[to.slot];", "        to.eager = false;", "routing reads escapes"),
    ("runtime/input/scan.c", "    to.nested = (entry->flags & SIGMATON_NAME_HEAD) != 0;", "    to.nested = false;", "the scanner leaves out what is nested"),
    ("runtime/input/scan.c", "        if (*p == '\\n' && s->lines)\n            return p + 1;\n", "        if (*p == '\\n' && s->lines)\n            return p;\n", "a line keeps its end"),
    ("runtime/engine/engine.c", "!escapes || candidates_decode(e, s);", "true;", "candidates read escapes"),
    ("runtime/engine/engine.c", "            s->candidates[m * 64 + lowest(left)] &= rules[m * 64 + lowest(left)];", "            s->candidates[m * 64 + lowest(left)] &= UINT64_MAX;", "rules of other sources are candidates"),
    ("runtime/engine/engine.c", "            s->candidates[m * 64 + lowest(left)] = 0;\n        s->marked[m] = 0;", "            left &= left;\n        s->marked[m] = 0;", "candidates stay candidates"),
    ("runtime/engine/engine.c", "        for (uint64_t words = s->marked[m]; words != 0; words &= words - 1) {", "        for (uint64_t words = s->marked[m]; words != 0; words = 0) {", "what the first marked word asks is decoded, no more"),
    ("runtime/engine/engine.c", "asked |= e->asks.rules[rule];", "asked = e->asks.rules[rule];", "what the last candidate asks is decoded, no more"),
    ("runtime/engine/read.c", "        if ((rules[w] & (asking != NULL ? asking[w] : UINT64_MAX)) != 0)\n            return true;", "        if ((rules[w] & (asking != NULL ? asking[w] : UINT64_MAX)) != 0)\n            return w > 0;", "keywords of the first rules are not read"),
    ("compiler/plan/index_items.c", "        if (is_separator(s.p[i]) || s.p[i] == '\"' || (unsigned char)s.p[i] < 0x20)", "        if (is_separator(s.p[i]))", "a path component may hold escapes"),
    ("compiler/plan/index_items.c", "        else if (c == '\\\\' || c == '\"')", "        else if (c == '\\\\')", "JSON writes quotes as they are"),
    ("compiler/plan/index.c", "place < 2 ? FORM_TEXT : FORM_JSON);", "FORM_TEXT);", "beginnings and ends are not looked for as JSON writes them"),
    ("compiler/plan/index.c", "items[i].kind == ITEM_GRAM && is_numeric(items[i].text)", "items[i].kind == ITEM_EQ && is_numeric(items[i].text)", "numbers of an event are texts"),
    ("runtime/match/index_body.h", "tiers_of(s) + (written ? index->first_json_tier : 0);", "tiers_of(s);", "what is written is taken for what is meant"),
    ("runtime/match/gram_verify.h", "p[3] == '0' && p[4] < '8';", "p[3] == '0' && p[4] < '6';", "small letters are never hidden"),
    ("runtime/match/gram_verify.c", "    return c < 0x20 ? letters[c] : c == '\"' || c == '\\\\' ? c : 0;", "    return c < 0x20 ? letters[c] : c == '\\\\' ? c : 0;", "quotes in texts stand as they are"),
    ("compiler/plan/gram_items.c", "    return (!is_escaped(p[0]) || p[0] == '\"' || p[0] == '\\\\') && !is_escaped(p[1]) &&", "    return !is_escaped(p[1]) &&", "a window begins with a control character"),
    ("compiler/plan/index_items.c", "        if (is_separator(s.p[i]) || s.p[i] == '\"'", "        if (s.p[i] == '\"'", "a suffix of several components is one"),
    ("runtime/input/scan_quotes.h", "        if (escaped != 0 &&\n            (escaped & inside & (~block_short_escapes(b) | block_equal(b, '/'))) != 0)\n            return false;\n", "", "escapes that hide characters are looked over"),
    ("runtime/input/scan_walk.c", "            if (keys_matter(s) && keys_are_odd(s, at, to.quote))\n                return NULL;\n", "", "a key with escapes is another"),
    ("runtime/input/scan_quotes.h", "    s->bad |= control != 0;", "    s->bad = control != 0;", "control characters are those of the last block"),
    ("runtime/input/scan_quotes.h", "        s->bad |= n == 0;", "", "every text is UTF-8"),
    ("runtime/input/scan_quotes.h", "        s->sequence_end = q + n;", "        s->sequence_end = q + 4;", "sequences are long"),
    ("runtime/input/scan_quotes.h", "    return (block_equal(b, '/') & other) | *strange;", "    return *strange;", "a slash that is escaped hides nothing"),
    ("runtime/input/scan_quotes.h", "            s->faulty |= !escapes_hold(p, strange, s->end);", "            s->faulty |= false;", "every escape holds"),
    ("runtime/input/scan_walk.c", "s->hidden || s->bad || s->scanner->odd_names", "s->hidden || s->bad", "no name has a quote in it"),
    ("runtime/input/scan_walk.c", "s->hidden || s->bad || s->scanner->odd_names", "s->bad || s->scanner->odd_names", "no key is written with numbers"),
    ("runtime/input/scan_walk.c", "s->hidden || s->bad || s->scanner->odd_names", "s->hidden || s->scanner->odd_names", "a key may hold what no string may"),
    ("runtime/input/scan_run.h", "if (UNLIKELY(has_escapes(value, n)))", "if (false)", "routing reads escapes of plain members"),
    ("runtime/input/scan_run_plain.c", "_mm_loadu_si128((const void *)(p + n - 16))", "_mm_loadu_si128((const void *)p)", "escapes at the end of a value are none"),
    ("runtime/input/scan_run_avx512.c", "    for (; n > 64; n -= 64, p += 64)\n", "    for (; n > 128; n -= 64, p += 64)\n", "of two vectors of a value one is looked at for escapes"),
    ("runtime/input/scan_run.h", 'memcmp(close + 1, ",\\"", 2) != 0', "close[2] != '\"' && close[1] != ','", "what is behind a value is a comma"),
    ("runtime/input/scan_run.h", "closed = close[1] == '}';", "closed = true;", "an object ends behind every value"),
    ("runtime/input/scan_run.h", "at[-1] + (closed ? 1 : 2)", "at[-1] + 1", "what follows quotes not listed yet is a comma"),
    ("runtime/input/scan_run.h", "                if (UNLIKELY(to->kind != SIGMATON_ABSENT))\n                    break;\n", "", "of plain members that stand twice the last counts"),
    ("runtime/input/scan.c", "        (*to)->shared = true;", "        *to = name;", "of two names in a bucket one is known"),
    ("runtime/input/scan.c", "        if (to.len < SRT_SCAN_TEXT)\n", "        if (to.len <= SRT_SCAN_TEXT)\n", "names have no end"),
    ("runtime/input/scan_walk.c", "    memmove(s->quotes, at, n * sizeof *at);", "    memmove(s->quotes, s->quotes, n * sizeof *at);", "quotes that are left are forgotten when more are listed"),
    ("runtime/input/scan_walk.c", "    to->number = negative ? 0 - v : v;", "    to->number = v;", "the scanner's integers have no sign"),
    ("runtime/input/scan_run.h", "((v | (v + EACH_BYTE(6))) & EACH_BYTE(0xf0)) == 0", "(v & EACH_BYTE(0xf0)) == 0", "a colon is a digit"),
    ("runtime/input/scan_run_avx512.c", "_mm_set1_epi8(9)) == 0", "_mm_set1_epi8(10)) == 0", "a colon is a digit of sixteen"),
    ("runtime/input/scan_run.h", "    return ok && v <= (uint64_t)INT64_MAX + negative;", "    return ok;", "integers of plain members are never too large"),
    ("runtime/input/scan_run.h", "if (n - 1 >= 19 || (*p == '0' && (n > 1 || negative)))", "if (n - 1 >= 19)", "leading zeros are an integer"),
    ("runtime/input/scan_run.h", "(*p != '0' || n == 1) &&", "", "leading zeros are a short integer"),
    ("runtime/input/scan_run.h", "size > AHEAD ? (uint32_t)(size - AHEAD) : 0;", "(uint32_t)size;", "what is behind the text is read"),
    # ---- the quick reader of rules
    ("compiler/read/quick.c", "        if (*p == '#' && p[-1] == ' ')", "        if (*p == '#')", "a comment needs no blank"),
    ("compiler/read/quick.c", "column >= least && column == widest ? column : 0;", "column >= least ? column : 0;", "blank lines may be wider than a block"),
    ("compiler/read/quick.c", "chomp == '-' ? 0 : n_breaks > 0;", "n_breaks > 0;", "blocks keep their last line break"),
    ("compiler/read/quick.c", "(size_t)(p - line) < indent))", "p == line))", "a block goes on where less is indented"),
    ("compiler/read/quick.c", "if (t.quote == '\"' || p + 1 == s->end || p[1] != '\\'')", "if (true)", "a quote twice ends a text"),
    ("compiler/read/quick.c", "s->levels[s->depth - 1].is_list != dash)", "false)", "lists and maps stand side by side"),
    ("compiler/read/quick.c", "return literal_block(s, l->column + 1);", "return literal_block(s, 1);", "a block may stand left of its key"),
]


def run(command, where, timeout=None):
    try:
        done = subprocess.run(command, cwd=where, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout)
        return done.returncode, done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired:
        return -1, "not ok - takes too long"


def copy_tree(source, to):
    shutil.copytree(source, to, ignore=shutil.ignore_patterns("build", ".git", "__pycache__"), symlinks=True)


# What a table says, not a generator: which events no reader takes, tables that are damaged, values made for one spot. Seconds each.
UNIT_TESTS = ["tests/unit/runtime/input/input_%s_test" % name for name in ("scan", "scan_mutants", "line", "ndjson")]
UNIT_TESTS += ["tests/unit/runtime/match/match_%s_test" % name for name in (
    "grams", "dfa", "text", "wildcard", "number", "cidr", "time", "host", "fieldref", "utf8", "regex", "probe", "seek", "firsts", "set")]
UNIT_TESTS += ["tests/unit/runtime/event/event_%s_test" % name for name in ("ascii", "bind", "event")]
UNIT_TESTS += ["tests/unit/runtime/engine/engine_class_test"]
UNIT_TESTS += ["tests/unit/compiler/plan/compiler_plan_chain_test", "tests/unit/compiler/read/read_quick_test",
               "tests/unit/compiler/opt/opt_pass_values_test"]
# What the random rules are not written like: nothing else would see it.
UNITS_FIRST = "compiler/read/"


class Judges:
    def __init__(self, tree, pairs):
        self.tree, self.build, self.pairs = tree, os.path.join(tree, "build-mutants"), pairs
        self.targets = ["tests/agree/agree", "tests/agree/regexes", "tests/spec/spec_spec_test", "tests/spec/spec_vectors_test", "compiler/tool/sigmaton"] + UNIT_TESTS

    def configure(self):
        options = ["--buildtype=plain", "-Doptimization=1", "-Db_ndebug=true", "-Dwerror=false"]
        code, said = run(["meson", "setup", self.build] + options, self.tree)
        if code != 0:
            sys.exit("Bail out! the copy cannot be configured: " + said[-2000:])

    def make(self):
        return run(["ninja", "-j1", "-C", self.build] + self.targets, self.tree)

    def units_verdict(self):
        for test in UNIT_TESTS:
            code, said = run([os.path.join(self.build, test)], self.tree, TIMEOUT)
            if code != 0:
                return os.path.basename(test), "ended with %d" % code
        return None

    def verdict(self, path=""):
        """Who finds a fault in `path`, and the first line that says so; None when nobody does."""
        found = self.units_verdict() if path.startswith(UNITS_FIRST) else None
        if found:
            return found
        for seed in SEEDS:
            code, said = run([os.path.join(self.build, "tests/agree/agree"), str(self.pairs), seed], self.tree, TIMEOUT)
            lines = [l for l in said.splitlines() if l.startswith("not ok")]
            if code != 0 or any(l.startswith("not ok 1") for l in lines):
                return "agree " + seed, (lines or ["ended with %d" % code])[0]
        code, said = run([os.path.join(self.build, "tests/agree/regexes"), "60000", "1"], self.tree, TIMEOUT)
        if code != 0:
            return "regexes", next((l for l in said.splitlines() if l.startswith("not ok")), "ended with %d" % code)
        for name in ("spec", "vectors"):
            code, said = run([os.path.join(self.build, "tests/spec/spec_%s_test" % name)], self.tree, TIMEOUT)
            if code != 0:
                return name, next((l for l in said.splitlines() if l.startswith("not ok")), "ended with %d" % code)
        return self.units_verdict()


def judge(judges, mutant):
    path, old, new, _ = mutant
    full = os.path.join(judges.tree, path)
    text = open(full, encoding="utf-8").read()
    if text.count(old) != 1:
        return False, "the old text stands %d times in the file" % text.count(old)
    with open(full, "w", encoding="utf-8") as out:
        out.write(text.replace(old, new))
    try:
        code, said = judges.make()
        if code != 0:
            error = next((l for l in said.splitlines() if "error" in l), said[-300:])
            return False, "does not build: " + error
        found = judges.verdict(path)
        return found is not None, "found by %s: %s" % found if found else "SURVIVES"
    finally:
        with open(full, "w", encoding="utf-8") as out:
            out.write(text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("source")
    parser.add_argument("--pairs", type=int, default=200000)
    parser.add_argument("--only", action="append", default=[], help="rows whose file or description holds this (many)")
    parser.add_argument("--keep", help="a folder for the copy, which stays")
    options = parser.parse_args()
    rows = [m for m in MUTANTS if not options.only or any(o in m[0] + " " + m[3] for o in options.only)]
    failures = 0
    with tempfile.TemporaryDirectory() as temporary:
        tree = os.path.join(options.keep or temporary, "tree")
        if not os.path.isdir(tree):
            copy_tree(options.source, tree)
        shared = os.environ.get("SIGMATON_SHARED", os.path.join(options.source, "..", "shared"))
        os.environ["SIGMATON_SHARED"] = os.path.abspath(shared)
        judges = Judges(tree, options.pairs)
        if not os.path.isdir(judges.build):
            judges.configure()
        code, said = judges.make()
        if code != 0:
            sys.exit("Bail out! the copy does not build: " + said[-2000:])
        found = judges.verdict()
        if found:
            sys.exit("Bail out! the tree fails without a fault: %s: %s" % found)
        for number, mutant in enumerate(rows, 1):
            start = time.monotonic()
            ok, how = judge(judges, mutant)
            failures += not ok
            print("%sok %d - %s: %s # %s, %.0f s" % ("" if ok else "not ", number, os.path.basename(mutant[0]), mutant[3],
                                                    how.replace("#", ""), time.monotonic() - start))
            sys.stdout.flush()
    print("# %d of %d mutants found" % (len(rows) - failures, len(rows)))
    print("1..%d" % len(rows))
    return 1 if failures else 0


sys.exit(main())
