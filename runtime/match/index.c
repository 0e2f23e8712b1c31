#include "index.h"

#define CAN_GLANCE 0
#define INDEX srt_index
#define LAYER srt_layer
#include "index_body.h"
