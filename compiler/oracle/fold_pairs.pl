#!/usr/bin/perl
# Writes fold_pairs.def: simple case folding (status C and S of CaseFolding.txt), one row for each
# code point that does not fold to itself. ASCII folds only with ASCII: pairs that cross the border
# (U+212A KELVIN SIGN -> k, U+017F LONG S -> s) are left out. SEMANTICS: "Case".
#
#     perl fold_pairs.pl > fold_pairs.def
use strict;
use warnings;
use Unicode::UCD qw(casefold);

die "Unicode 14.0.0 is wanted, this perl has " . Unicode::UCD::UnicodeVersion() . "\n"
    unless Unicode::UCD::UnicodeVersion() eq '14.0.0';

print "/* Made by fold_pairs.pl from Unicode 14.0.0: from, to; sorted by from. Do not edit. */\n";
for my $from (0 .. 0x10FFFF) {
    next if $from >= 0xD800 && $from <= 0xDFFF;
    my $fold = casefold($from) or next;
    next if $fold->{simple} eq '';
    my $to = hex $fold->{simple};
    next if $to == $from;
    next if ($from < 0x80) != ($to < 0x80);
    printf "FOLD_PAIR(0x%04X, 0x%04X)\n", $from, $to;
}
