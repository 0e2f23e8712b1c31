/* The readers behind a face that C++ can include, for dom_test.cc. */
#ifndef SIGMATON_TESTS_DOM_OURS_H
#define SIGMATON_TESTS_DOM_OURS_H

#include <sigmaton/sigmaton.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Fields without dots, no keywords. false: no memory. */
bool ours_open(const char *const *fields, uint32_t n);
void ours_close(void);
/* Levels of the scanner that this machine has; a name, and whether it is there. */
uint32_t ours_levels(void);
bool ours_has(uint32_t level);
const char *ours_name(uint32_t level);
/* Reads one event as an engine would: the scanner of this level, else the tape reader. Slots are
 * the fields', decoded. */
enum sigmaton_status ours_read(uint32_t level, const uint8_t *text, size_t len,
                               const struct sigmaton_slot **ret_slots);
/* Events that the scanner took. */
uint64_t ours_taken(void);

#ifdef __cplusplus
}
#endif
#endif
