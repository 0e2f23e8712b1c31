#include "logsource.h"

#include <string.h>

static bool dimension(struct sigmaton_logsource *s, char *part)
{
    char *value = strchr(part, '=');
    if (!value || value[1] == '\0')
        return false;
    *value++ = '\0';
    const char **where = strcmp(part, "product") == 0    ? &s->product
                         : strcmp(part, "category") == 0 ? &s->category
                         : strcmp(part, "service") == 0  ? &s->service
                                                         : NULL;
    if (!where || *where)
        return false;
    *where = value;
    return true;
}

bool logsource_parse(char *text, struct logsource_choice *ret_choice)
{
    struct logsource_choice c = {.routing = SIGMATON_ROUTE_GIVEN};
    bool none = strcmp(text, "none") == 0;
    if (none || strcmp(text, "auto") == 0) {
        c.routing = none ? SIGMATON_ROUTE_NONE : SIGMATON_ROUTE_AUTO;
        text = NULL;
    }
    for (char *part; text && (part = strsep(&text, ",")) != NULL;)
        if (!dimension(&c.source, part))
            return false;
    *ret_choice = c;
    return true;
}
