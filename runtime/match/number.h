/* Numbers: reading JSON number tokens, exact comparison, shortest text.
 *
 * Integers keep all their bits; nothing is compared by rounding to double. The process's locale has
 * no influence. No function here allocates.
 */
#ifndef SRT_NUMBER_H
#define SRT_NUMBER_H

#include <sigmaton/pack.h>
#include <stdbool.h>

/* As in a slot: kind is SIGMATON_INT, _UINT (only above INT64_MAX) or _DOUBLE, and says how to read
 * bits. */
struct srt_number {
    uint32_t kind;
    uint64_t bits;
};

/* Reads p[len] when it is exactly a JSON number token. Integer tokens become INT or UINT where they
 * fit, all others the nearest double. False when it is no such token, or when its double is
 * infinite. */
bool srt_number_read(const uint8_t *p, uint32_t len, struct srt_number *ret);

/* The number of a leaf: its own, or that of a numeric text; booleans have none (section 5). */
bool srt_number_of(const struct sigmaton_slot *leaf, struct srt_number *ret);

/* -1, 0 or 1 by exact mathematical value. Doubles must be finite. */
int srt_number_compare(struct srt_number a, struct srt_number b);

/* True when a leaf with number `a` satisfies `compare` (enum sigmaton_compare) against b. */
bool srt_number_holds(struct srt_number a, uint32_t compare, struct srt_number b);

double srt_number_double(uint64_t bits);
uint64_t srt_number_bits(double d);
/* The largest integer not above d; -2^63 <= d < 2^63. */
int64_t srt_number_floor(double d);

#define SRT_NUMBER_TEXT 32
/* ECMAScript's Number-to-string of a finite d: shortest decimal that reads back the same. Writes a
 * NUL behind it; returns the length without it. */
size_t srt_number_text(double d, char out[SRT_NUMBER_TEXT]);

/* host->number */
int32_t srt_number(const struct sigmaton_slot *s, uint32_t compare, uint32_t kind, uint64_t number);

#endif
