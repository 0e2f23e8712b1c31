/* IP addresses in networks. */
#ifndef SRT_CIDR_H
#define SRT_CIDR_H

#include <sigmaton/pack.h>

/* Strict address text: a dotted quad without leading zeros, or IPv6 in any notation without zone.
 * Returns 4 or 16, the bytes written to address, or 0 when it is no address. */
uint32_t srt_address_read(const uint8_t *p, uint32_t len, uint8_t address[16]);

/* host->cidr: a text leaf that is an address of the network. Families never mix. */
int32_t srt_cidr(const struct sigmaton_slot *s, const uint8_t *address, uint32_t prefix,
                 uint32_t is_v6);

#endif
