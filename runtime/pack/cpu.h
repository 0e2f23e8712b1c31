/* What this processor is and can do, against what a pack wants. Allocates nothing, safe from any
 * thread. */
#ifndef SRT_CPU_H
#define SRT_CPU_H

#include <sigmaton/pack.h>
#include <stdbool.h>
#include <stddef.h>

/* SIGMATON_CPU_* of this machine. */
uint64_t srt_cpu_features(void);
/* The instructions that sha256.c uses. */
bool srt_cpu_hashes(void);
/* e_machine of ELF files for this machine; 0: no packs with code are made for it. */
uint16_t srt_cpu_elf_machine(void);
/* Whether code for the target, "x86_64-pc-linux-gnu" and anything behind it, runs here: processor
 * and calling convention are this process's. */
bool srt_cpu_runs(const char *target, size_t len);

#endif
