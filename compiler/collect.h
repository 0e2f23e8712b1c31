/* Rule files of the command's arguments: files, folders and "-" -> sources, in pack order: argument
 * order, then path within the folder by bytes. Folders are searched for *.yml and *.yaml; links to
 * folders are not followed, so the walk ends. What cannot be read is reported and left out. */
#ifndef SIGMATON_COLLECT_H
#define SIGMATON_COLLECT_H

#include "diag.h"

/* Folders may nest this deep below an argument. */
#define COLLECT_DEPTH_MAX 64

void collect_sources(struct arena *a, struct sources *sources, struct diag_sink *sink,
                     const char *const *paths, size_t n_paths);

#endif
