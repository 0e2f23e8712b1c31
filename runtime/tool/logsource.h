/* `--logsource`: auto, none, or product=windows,category=process_creation. */
#ifndef SRT_TOOL_LOGSOURCE_H
#define SRT_TOOL_LOGSOURCE_H

#include <sigmaton/sigmaton.h>

struct logsource_choice {
    enum sigmaton_routing routing;
    struct sigmaton_logsource source; /* SIGMATON_ROUTE_GIVEN */
};

/* Reads text, which is cut up in place and kept by what is read. False when it is no such thing. */
bool logsource_parse(char *text, struct logsource_choice *ret_choice);

#endif
