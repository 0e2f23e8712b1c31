#include "key.h"

#include <stdio.h>
#include <string.h>

bool key_text(const char *given, char ret_text[KEY_TEXT_MAX])
{
    if (strlen(given) == 56 && strncmp(given, "RW", 2) == 0) {
        strcpy(ret_text, given);
        return true;
    }
    FILE *f = fopen(given, "re");
    if (f == NULL)
        return false;
    size_t len = fread(ret_text, 1, KEY_TEXT_MAX, f);
    bool ok = ferror(f) == 0 && len < KEY_TEXT_MAX && memchr(ret_text, '\0', len) == NULL;
    fclose(f);
    if (ok)
        ret_text[len] = '\0';
    return ok;
}
