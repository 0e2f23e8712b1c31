/* Parts of timestamps, as written: no zone is converted (SEMANTICS section 7). Not called time.h:
 * this folder is on the include path, and the C library owns that name. */
#ifndef SRT_TIME_PART_H
#define SRT_TIME_PART_H

#include <sigmaton/pack.h>
#include <stdbool.h>

struct srt_time {
    int64_t year; /* proleptic Gregorian */
    int32_t month, day, hour, minute;
};

/* YYYY-MM-DD[T ]HH:MM[:SS[.f]][Z|+hh:mm|-hh:mm], a day and time that exist; no leap second. */
bool srt_time_read(const uint8_t *p, uint32_t len, struct srt_time *ret);

/* The UTC time of a leaf's number (section 5, so a numeric text has one): seconds since 1970, or
 * milliseconds above 1e12. */
bool srt_time_of_number(const struct sigmaton_slot *leaf, struct srt_time *ret);

/* enum sigmaton_time_part of t; week is ISO 8601's. False for an unknown part. */
bool srt_time_part(const struct srt_time *t, uint32_t part, int64_t *ret);

/* host->time */
int32_t srt_time(const struct sigmaton_slot *s, uint32_t part, uint32_t compare, uint32_t kind,
                 uint64_t number);

#endif
