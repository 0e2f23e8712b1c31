/* The walk by masks, once for each level; its file has defined WIDTH (places at a time), struct
 * halves, load_masks, in_groups, and suspects: of WIDTH bytes those that are a backslash before u
 * or /. */

/* All places that have four bytes. Called with a constant n_masks. */
static inline __attribute__((always_inline)) void scan_masks_of(struct srt_gram_scan *s,
                                                                uint32_t n_masks)
{
    const uint32_t wide = WIDTH + 3; /* bytes of the windows of WIDTH places */
    struct halves h[SIGMATON_GRAM_MASKS_MAX];
    load_masks(h, (const uint8_t *)s->g + s->g->masks_off, n_masks);
    uint32_t at = 0;
    for (; at + wide <= s->n; at += WIDTH)
        srt_gram_ask_all(s, at, in_groups(h, n_masks, s->p + at));
    if (at + 4 > s->n)
        return;
    const uint32_t last = s->n - wide; /* the last places once more, less those that were asked */
    srt_gram_ask_all(s, at, in_groups(h, n_masks, s->p + last) >> (at - last));
}

static inline void scan_masks(struct srt_gram_scan *s)
{
    if (s->n < WIDTH + 3)
        srt_gram_rest(s, 0);
    else if (s->g->n_masks == 3)
        scan_masks_of(s, 3);
    else
        scan_masks_of(s, 4);
}

static inline bool hides_one(const uint8_t *p, uint32_t n, uint32_t at)
{
    for (uint32_t m = suspects(p + at); m != 0; m &= m - 1) {
        const uint32_t i = at + (uint32_t)__builtin_ctz(m);
        if (srt_gram_hides(p + i, n - i))
            return true;
    }
    return false;
}

static inline bool hides(const uint8_t *p, uint32_t n)
{
    uint32_t at = 0;
    if (n <= WIDTH) {
        for (; at < n; at++)
            if (p[at] == '\\' && srt_gram_hides(p + at, n - at))
                return true;
        return false;
    }
    for (; at + WIDTH < n; at += WIDTH)
        if (hides_one(p, n, at))
            return true;
    return hides_one(p, n, n - WIDTH - 1);
}
