/* Generated code touches these fields at these places (pack_layout.def); here the C compiler agrees
 * or refuses. Where pointers have 32 bits (wasm32) the places are the same. */
#include <sigmaton/pack.h>

#define LAYOUT(type, field, offset, bytes)                                                   \
    _Static_assert(offsetof(struct type, field) == (offset), #type "." #field " has moved"); \
    _Static_assert(sizeof(((struct type *)0)->field) == (bytes) ||                           \
                       (sizeof(void *) == 4 && (bytes) == 8),                                \
                   #type "." #field " has changed");
#include <sigmaton/pack_layout.def>
#undef LAYOUT

_Static_assert(sizeof(struct sigmaton_slot) == 24, "a slot has 24 bytes");
_Static_assert(sizeof(struct sigmaton_ref) == 8, "a ref has 8 bytes");
_Static_assert(sizeof(struct sigmaton_rule) == 80, "a rule has 80 bytes");
_Static_assert(sizeof(struct sigmaton_slot_info) == 16, "a slot info has 16 bytes");
_Static_assert(sizeof(struct sigmaton_binding) == 32, "a binding has 32 bytes");
_Static_assert(sizeof(struct sigmaton_route) == 88, "a route has 88 bytes");
_Static_assert(sizeof(struct sigmaton_regex) == 24, "a regex has 24 bytes");
_Static_assert(sizeof(struct sigmaton_gram) == 24, "a window has 24 bytes");
_Static_assert(sizeof(struct sigmaton_grams) == 44, "a table of texts begins with 44 bytes");
