/* Where events come from: channels, ids, providers, labels, and what Security 4688 calls things. */
#include <stdio.h>
#include <string.h>

#include "gen_parts.h"

static const struct {
    const char *channel, *provider;
    unsigned id;
} sources[] = {
    {"Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon", 1},
    {"Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon", 13},
    {"Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon", 12},
    {"Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon", 11},
    {"Security", "Microsoft-Windows-Security-Auditing", 4688},
    {"Security", "Microsoft-Windows-Security-Auditing", 4688},
    {"Security", "Microsoft-Windows-Security-Auditing", 4688},
    {"Security", "Microsoft-Windows-Security-Auditing", 4688},
    {"Security", "Microsoft-Windows-Security-Auditing", 4657},
    {"Security", "Microsoft-Windows-Security-Auditing", 4624},
    {"Microsoft-Windows-PowerShell/Operational", "Microsoft-Windows-PowerShell", 4104},
    {"Application", "x", 1000},
    {"Unknown/Channel", "Unknown", 1},
};

/* The event's name for it, and Sigma's. */
static const char *const renamed[][2] = {
    {"Image", "Image"},
    {"NewProcessName", "Image"},
    {"ParentImage", "ParentImage"},
    {"ParentProcessName", "ParentImage"},
    {"ProcessId", "ParentProcessId"},
    {"NewProcessId", "ProcessId"},
    {"ParentProcessId", "ParentProcessId"},
    {"LogonId", "LogonId"},
    {"SubjectLogonId", "LogonId"},
    {"MandatoryLabel", "IntegrityLevel"},
    {"IntegrityLevel", "IntegrityLevel"},
    {"CommandLine", "CommandLine"},
    {"User", "User"},
    {"TargetUserName", "User"},
    {"TargetDomainName", "User"},
    {"TargetUserName", "User"},
    {"SubjectUserName", "User"},
    {"SubjectDomainName", "User"},
};

static void member(struct gen *g, const char *name)
{
    gen_put(g, ",");
    gen_json_text(g, name, strlen(name));
    gen_put(g, ":");
}

static void text_member(struct gen *g, const char *name, const char *text)
{
    char other[96];
    snprintf(other, sizeof other, "%s", text);
    if (gen_chance(g, 4)) /* ASCII case is ignored */
        for (char *p = other; *p; p++)
            *p = (char)(*p >= 'a' && *p <= 'z' ? *p - 32 : *p);
    member(g, name);
    gen_json_text(g, other, strlen(other));
}

static void put_id(struct gen *g, unsigned id)
{
    static const char *const forms[][2] = {
        {"", ""},  {"", ""},      {"", ""},   {"\"", "\""},   {"", ".0"},        {"", "e0"},
        {"", "1"}, {"\" ", "\""}, {"[", ","}, {"[\"", "\","}, {"\"\\u003", "\""}};
    unsigned at = gen_below(g, COUNT(forms));
    if (at >= 8)
        gen_trait(g, at < 10 ? GEN_ID_LIST : GEN_ID_TEXT);
    else if (at >= 3 && at < 6)
        gen_trait(g, at == 3 ? GEN_ID_TEXT : GEN_ID_DOUBLE);
    gen_put(g, "%s%u%s", forms[at][0], id, forms[at][1]);
    if (at == 8 || at == 9)
        gen_put(g, gen_chance(g, 2) ? "%u]" : "\"%u\"]", gen_event_id(g));
}

/* {"System":{..}} as Windows' XML reads when written as JSON. */
static void put_envelope(struct gen *g, const char *channel, const char *provider, unsigned id)
{
    member(g, "Event");
    gen_put(g, "{\"System\":{\"Channel\":\"%s\",\"EventID\":", channel);
    put_id(g, id);
    if (gen_chance(g, 2))
        gen_put(g, ",\"Provider\":{\"#attributes\":{\"Name\":\"%s\"}}", provider);
    gen_put(g, "},\"%s\":{\"q\":0", gen_chance(g, 3) ? "UserData" : "EventData");
    bool inner = gen_chance(g, 3);
    if (inner)
        gen_put(g, ",\"Inner\":{\"q\":0");
    for (unsigned n = gen_below(g, 4); n > 0; n--) {
        const char *const *name = PICK(g, renamed);
        g->field = gen_chance(g, 2) ? name[1] : gen_field(g);
        member(g, g->field == name[1] ? name[0] : g->field);
        gen_value(g, 1);
    }
    gen_put(g, inner ? "}}}" : "}}");
}

static void put_flat(struct gen *g, const char *channel, const char *provider, unsigned id)
{
    static const char *const names[][3] = {
        {"Channel", "EventID", "Provider_Name"},
        {"Channel", "EventID", "SourceName"},
        {"winlog.channel", "winlog.event_id", "winlog.provider_name"},
        {"log_name", "event_id", "source_name"},
    };
    const char *const *name = names[gen_chance(g, 3) ? gen_below(g, COUNT(names)) : 0];
    if (!gen_chance(g, 5))
        text_member(g, name[0], channel);
    if (!gen_chance(g, 12)) {
        member(g, name[1]);
        put_id(g, id);
    }
    if (gen_chance(g, 2))
        text_member(g, name[2], provider);
}

static void put_labels(struct gen *g)
{
    static const char *const labels[][2] = {
        {"category", "process_creation"},       {"product", "windows"}, {"service", "security"},
        {"logsource.category", "registry_set"}, {"product", "demo"},    {"service", "nobody's"},
        {"logsource.product", "Windows"},       {"category", "proxy"},
    };
    for (unsigned n = 1 + gen_below(g, 2); n > 0; n--) {
        const char *const *label = PICK(g, labels);
        if (gen_chance(g, 20)) { /* a number that no double holds is a text */
            member(g, label[0]);
            gen_put(g, "1e999");
            continue;
        }
        text_member(g, label[0], label[1]);
    }
}

/* A user of a rule, cut at its backslash into domain and name. */
static bool put_user_of_rule(struct gen *g, const char *domain, const char *name)
{
    struct piece p;
    for (unsigned i = 0; i < 2 * GEN_SEEDS && g->n_seeds > 0; i++) {
        const struct gen_seed *seed = &g->seeds[gen_below(g, g->n_seeds)];
        if (!seed->field || strcmp(seed->field, "User") != 0 || !strchr(seed->text, '\\'))
            continue;
        p.len = 0;
        gen_unfold(g, seed, &p);
        char *cut = p.len > 0 ? memchr(p.text, '\\', p.len) : NULL;
        if (!cut || cut == p.text)
            continue;
        member(g, domain);
        gen_json_text(g, p.text, (size_t)(cut - p.text));
        member(g, name);
        gen_json_text(g, cut + 1, p.len - (size_t)(cut - p.text) - 1);
        return true;
    }
    return false;
}

static void put_user(struct gen *g)
{
    static const char *const names[] = {"TargetUserName", "TargetDomainName", "SubjectUserName",
                                        "SubjectDomainName"};
    g->field = "User";
    bool subject = gen_chance(g, 2);
    if (subject)
        gen_put(g, ",\"TargetUserName\":\"-\"");
    if (!gen_chance(g, 3) && (subject ? put_user_of_rule(g, "SubjectDomainName", "SubjectUserName")
                                      : put_user_of_rule(g, "TargetDomainName", "TargetUserName")))
        return;
    for (unsigned i = 0; i < COUNT(names); i++) {
        if (gen_chance(g, 4))
            continue;
        member(g, names[i]);
        if (gen_chance(g, 3))
            gen_put(g, "\"-\"");
        else
            gen_value(g, 0);
    }
}

unsigned gen_event_id(struct gen *g)
{
    return gen_chance(g, 3) ? 7 + gen_below(g, 3) : sources[gen_below(g, COUNT(sources))].id;
}

void gen_flat_source(struct gen *g)
{
    unsigned i = gen_below(g, COUNT(sources));
    put_flat(g, sources[i].channel, sources[i].provider,
             gen_chance(g, 4) ? gen_event_id(g) : sources[i].id);
}

void gen_source_members(struct gen *g)
{
    static const char *const operations[] = {"New registry value created",
                                             "Existing registry value modified", "other"};
    unsigned i = gen_below(g, COUNT(sources));
    if (gen_chance(g, 6))
        put_labels(g);
    if (gen_chance(g, 6))
        put_envelope(g, sources[i].channel, sources[i].provider, sources[i].id);
    else if (!gen_chance(g, 6))
        put_flat(g, sources[i].channel, sources[i].provider, sources[i].id);
    if (sources[i].id == 4688 && !gen_chance(g, 4))
        put_user(g);
    if (gen_chance(g, 2))
        text_member(g, "OperationType", PICK(g, operations));
    for (unsigned n = gen_below(g, 10); n > 0; n--) {
        const char *const *name = PICK(g, renamed);
        g->field = name[1];
        member(g, name[0]);
        if (gen_chance(g, 10))
            gen_put(g, "\"-\"");
        else
            gen_value(g, gen_chance(g, 4) ? 2 : 0);
    }
}
