#include "archive.h"

#include <string.h>

#include "arena.h"

#define MAGIC "!<arch>\n"

static void header(struct text *t, const char *name, size_t len)
{
    text_addf(t, "%-16s%-12d%-6d%-6d%-8s%-10zu`\n", name, 0, 0, 0, "644", len);
}

static void pad(struct text *t)
{
    if (t->len % 2 != 0)
        text_addz(t, "\n");
}

static void big_endian(struct text *t, uint32_t v)
{
    char bytes[4] = {(char)(v >> 24), (char)(v >> 16), (char)(v >> 8), (char)v};
    text_add(t, (struct str){bytes, sizeof bytes});
}

struct str archive_of(struct arena *a, const char *symbol, const uint8_t *object, size_t len)
{
    struct text t;
    /* The table: how many symbols, where the member of each begins, their names. */
    size_t table = 4 + 4 + strlen(symbol) + 1;
    size_t member = sizeof MAGIC - 1 + 60 + table + table % 2;
    text_init(&t, a);
    text_addz(&t, MAGIC);
    header(&t, "/", table);
    big_endian(&t, 1);
    big_endian(&t, (uint32_t)member);
    text_add(&t, (struct str){symbol, strlen(symbol) + 1});
    pad(&t);
    header(&t, "pack.o/", len);
    text_add(&t, (struct str){(const char *)object, len});
    pad(&t);
    return text_str(&t);
}
