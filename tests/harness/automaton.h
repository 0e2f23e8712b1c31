/* An automaton by hand, for tests that ask no compiler: it finds an `a` with a character behind it,
 * and gives up at a malformed byte.
 *
 * classes: 0 the end, 1 all else, 2 `a`, 3 U+00E9 to U+00EF, 4 a malformed byte
 * states: 0 dead, 1 found, 2 start, 3 behind an `a` */
#ifndef SIGMATON_TESTS_AUTOMATON_H
#define SIGMATON_TESTS_AUTOMATON_H

#include <sigmaton/pack.h>
#include <string.h>

#define AUTOMATON_STATES 4
#define AUTOMATON_CLASSES 5

struct automaton {
    struct sigmaton_dfa head;
    uint32_t starts[3];
    uint8_t classes[4];
    uint16_t next[AUTOMATON_STATES][AUTOMATON_CLASSES];
};

_Static_assert(sizeof(struct automaton) % 8 == 0, "an automaton is a multiple of 8 bytes");

static inline struct automaton automaton_make(void)
{
    static const uint16_t to[AUTOMATON_STATES][AUTOMATON_CLASSES] = {
        {0, 0, 0, 0, 0}, {1, 1, 1, 1, 1}, {0, 2, 3, 2, 0}, {0, 1, 1, 1, 0}};
    struct automaton a = {
        .head = {.size = sizeof a,
                 .n_states = AUTOMATON_STATES,
                 .n_classes = AUTOMATON_CLASSES,
                 .start = 2 * AUTOMATON_CLASSES,
                 .start_inside = 2 * AUTOMATON_CLASSES,
                 .end_class = 0,
                 .junk_class = 4,
                 .n_ranges = 3,
                 .ranges_off = offsetof(struct automaton, starts),
                 .classes_off = offsetof(struct automaton, classes),
                 .next_off = offsetof(struct automaton, next),
                 .rest = 2 * AUTOMATON_CLASSES,
                 .leaves = {['a' & 15] = 1u << ('a' >> 4)}},
        .starts = {0x80, 0xe9, 0xf0},
        .classes = {1, 3, 1},
    };
    for (int c = 0; c < 128; c++)
        a.head.ascii[c] = c == 'a' ? 2 : 1;
    memset(a.head.leaves + 16, 0xff, 16); /* whatever follows an `a` leads elsewhere */
    for (int s = 0; s < AUTOMATON_STATES; s++)
        for (int c = 0; c < AUTOMATON_CLASSES; c++)
            a.next[s][c] = (uint16_t)(to[s][c] * AUTOMATON_CLASSES);
    return a;
}

#endif
