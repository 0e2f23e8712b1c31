/* SHA-256 at the speed that the processor offers: its own instructions where it has them, else the
 * code of <sigmaton/trailer.h>. Allocates nothing, safe from any thread. */
#ifndef SRT_SHA256_H
#define SRT_SHA256_H

#include <sigmaton/trailer.h>

void srt_sha256(const void *p, size_t len, uint8_t out[SIGMATON_SHA256_SIZE]);
/* What a trailer says of a file. */
void srt_hash_halves(const void *p, size_t len, uint8_t out[SIGMATON_SHA256_SIZE]);

#endif
