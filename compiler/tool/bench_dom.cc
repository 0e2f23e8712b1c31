#include "bench_dom.h"

#include <cstdio>
#include <new>

#include <simdjson.h>

struct bench_dom {
    simdjson::dom::parser parser;
};

extern "C" struct bench_dom *bench_dom_create(size_t longest)
{
    bench_dom *d = new (std::nothrow) bench_dom;
    if (d != nullptr && d->parser.allocate(longest < 64 ? 64 : longest) == simdjson::SUCCESS)
        return d;
    delete d;
    return nullptr;
}

extern "C" void bench_dom_destroy(struct bench_dom *d)
{
    delete d;
}

extern "C" bool bench_dom_parse(struct bench_dom *d, const char *p, size_t len)
{
    return d->parser.parse(p, len, false).error() == simdjson::SUCCESS;
}

extern "C" const char *bench_dom_name(void)
{
    static char name[64];
    std::snprintf(name, sizeof name, "libsimdjson %d.%d.%d (%s)",
                  (int)simdjson::SIMDJSON_VERSION_MAJOR, (int)simdjson::SIMDJSON_VERSION_MINOR,
                  (int)simdjson::SIMDJSON_VERSION_REVISION,
                  simdjson::get_active_implementation()->name().c_str());
    return name;
}
