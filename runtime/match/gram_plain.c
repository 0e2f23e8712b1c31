/* One place after the other; the masks are not looked at. */
#include "gram_verify.h"

#define SCAN srt_grams_scan
#define RAW srt_grams_raw

static void walk(struct srt_gram_scan *s)
{
    srt_gram_rest(s, 0);
}

static bool hides(const uint8_t *p, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (p[i] == '\\' && srt_gram_hides(p + i, n - i))
            return true;
    return false;
}

#include "gram_entry.h"
