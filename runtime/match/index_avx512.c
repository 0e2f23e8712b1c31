/* Short values at one glance; compiled like gram_avx512.c. */
#include "glance_avx512.h"
#include "index.h"

#define CAN_GLANCE 1
#define INDEX srt_index_avx512
#define LAYER srt_layer_avx512
#include "index_body.h"
