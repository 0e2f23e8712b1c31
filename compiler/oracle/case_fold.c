#include "case_fold.h"

static const struct fold_pair pairs[] = {
#define FOLD_PAIR(from, to) {from, to},
#include "fold_pairs.def"
#undef FOLD_PAIR
};

enum { N_PAIRS = sizeof pairs / sizeof pairs[0] };

const struct fold_pair *case_fold_pairs(size_t *ret_n)
{
    *ret_n = N_PAIRS;
    return pairs;
}

uint32_t case_fold(uint32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    size_t lo = 0, hi = N_PAIRS;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (pairs[mid].from < c)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < N_PAIRS && pairs[lo].from == c ? pairs[lo].to : c;
}
