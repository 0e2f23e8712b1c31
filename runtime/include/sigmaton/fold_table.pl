#!/usr/bin/perl
# Prints fold_table.def: Unicode simple case folding (C + S) beyond ASCII as rows {lo, hi, delta, step}.
# Needs a perl whose Unicode is 14.0 (Debian 12's is). A fold to or from ASCII is left out: ASCII is closed.
use strict;
use warnings;
use Unicode::UCD qw(casefold);

die "Unicode 14.0 wanted, this perl has " . Unicode::UCD::UnicodeVersion() . "\n"
    unless Unicode::UCD::UnicodeVersion() eq '14.0.0';
my @pairs;
for my $c (0x80 .. 0x10ffff) {
    next if $c >= 0xd800 && $c <= 0xdfff;
    my $f = casefold($c) or next;
    next if $f->{simple} eq '';
    my $to = hex $f->{simple};
    push @pairs, [$c, $to - $c] if $to != $c && $to >= 0x80;
}
print "/* Unicode 14.0.0 CaseFolding, C and S, without folds that touch ASCII. Made by fold_table.pl. */\n";
while (@pairs) {
    my ($lo, $delta) = @{shift @pairs};
    my ($hi, $step) = ($lo, 1);
    if (@pairs && $pairs[0][1] == $delta && $pairs[0][0] - $lo <= 2) {
        $step = $pairs[0][0] - $lo;
        $hi = (shift @pairs)->[0] while @pairs && $pairs[0][1] == $delta && $pairs[0][0] == $hi + $step;
    }
    printf "{0x%04x, 0x%04x, %d, %d},\n", $lo, $hi, $delta, $step;
}
