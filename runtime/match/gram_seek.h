/* srt_masks_fn of a level, whose file has defined WIDTH, struct halves, load_masks and in_groups
 * (gram_masks.h) and SEEK, the function's name. */

/* The places at + i of the bits i of `maybe`. */
static inline bool try_all(uint32_t at, uint32_t maybe, srt_seek_try *try, void *ctx)
{
    for (; maybe != 0; maybe &= maybe - 1)
        if (try(ctx, at + (uint32_t)__builtin_ctz(maybe)))
            return true;
    return false;
}

bool SEEK(const uint8_t *masks, const uint8_t *t, uint32_t n, srt_seek_try *try, void *ctx)
{
    struct halves h[SRT_SEEK_MASKS];
    load_masks(h, masks, SRT_SEEK_MASKS);
    uint32_t at = 0;
    for (; at + WIDTH + SRT_SEEK_MASKS - 1 <= n; at += WIDTH)
        if (try_all(at, in_groups(h, SRT_SEEK_MASKS, t + at), try, ctx))
            return true;
    uint8_t rest[2 * WIDTH + SRT_SEEK_MASKS - 1] = {0}; /* what is left, and zeros */
    if (at < n)
        memcpy(rest, t + at, n - at);
    for (uint32_t from = at; at < n; at += WIDTH) {
        uint32_t maybe = in_groups(h, SRT_SEEK_MASKS, rest + (at - from));
        if (n - at < WIDTH)
            maybe &= (1u << (n - at)) - 1;
        if (try_all(at, maybe, try, ctx))
            return true;
    }
    return false;
}
