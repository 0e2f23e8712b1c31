/* The encoders of modifiers base64, base64offset, wide, utf16be and utf16: bytes in, bytes out
 * (SEMANTICS section 7). Nothing is lower-cased or escaped here. */
#ifndef SIGMATON_RULE_ENCODE_H
#define SIGMATON_RULE_ENCODE_H

#include <stdbool.h>

#include "str.h"

struct arena;

#define BASE64_OFFSETS 3
#define BASE64_OFFSET_MIN 2 /* bytes: with fewer a variant would be empty */

enum utf16_form {
    UTF16_LE,
    UTF16_BE,
    UTF16_BOM, /* FF FE, then little endian */
};

struct str encode_base64(struct arena *a, struct str bytes);
/* The text that `bytes`, at least BASE64_OFFSET_MIN of them, always leave in a base64 text when
 * `offset` (0, 1 or 2) bytes stand before them in their group of three. */
struct str encode_base64_offset(struct arena *a, struct str bytes, unsigned offset);
struct str encode_utf16(struct arena *a, struct str utf8, enum utf16_form form);
bool is_ascii(struct str s);

#endif
