#include "yaml_pass.h"

#include <stdbool.h>
#include <yaml.h>

size_t yaml_pass(const char *p, size_t len)
{
    yaml_parser_t parser;
    yaml_event_t event;
    size_t n = 0;
    bool last = false;
    if (!yaml_parser_initialize(&parser))
        return 0;
    yaml_parser_set_input_string(&parser, (const unsigned char *)p, len);
    while (!last && yaml_parser_parse(&parser, &event)) {
        last = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
        n++;
    }
    yaml_parser_delete(&parser);
    return n;
}
