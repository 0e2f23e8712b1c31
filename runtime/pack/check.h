/* A pack is checked once, whole, before anything else looks at it: after that every offset, count
 * and slot number in it can be used as it stands.
 *
 *     const char *why;
 *     if (srt_pack_check(pack, &why) != SIGMATON_OK) ...
 */
#ifndef SRT_CHECK_H
#define SRT_CHECK_H

#include <sigmaton/sigmaton.h>

/* Kept predicates of one pack: bounds the memory of a scratch, of which the image says nothing. */
#define SRT_PACK_MEMO_MAX (UINT32_C(1) << 24)

/* Checks the descriptor and every table. Reads the first bytes of the descriptor up to image_size,
 * then nothing outside [pack, pack + image_size). SIGMATON_EINVAL: pack is NULL; SIGMATON_EABI:
 * another ABI major, or a newer minor (it may call what this library's host table lacks), below 1.0
 * any other; SIGMATON_ETARGET: code for another processor, system or a newer processor;
 * SIGMATON_EPACK: anything else. *ret_why is a static phrase. Allocates nothing. Linear in the
 * image. */
enum sigmaton_status srt_pack_check(const struct sigmaton_pack *pack, const char **ret_why);

/* The part of it that concerns the table of names; the slots are checked. */
bool srt_check_names(const struct sigmaton_pack *pack, const char **ret_why);

#endif
