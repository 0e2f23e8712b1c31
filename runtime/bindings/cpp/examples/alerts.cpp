// Judges NDJSON from stdin with a pack and prints record, rule id and title per alert, tabs
// between. usage:
//     alerts [OPTION...] PACK [--swap NEWER]      after the first event with an alert NEWER is used
//     alerts [OPTION...] PACK NAME=VALUE...       judges that one event instead
//     alerts [OPTION...] PACK --rules             what the pack says of its rules
// --key PUBKEY: only a pack that this key of minisign signed. --source PRODUCT/CATEGORY: where all
// events come from. --slots: the event's fields go by number.
#include <algorithm>
#include <functional>
#include <iostream>
#include <sigmaton.hpp>
#include <utility>

static void show(unsigned record, const sigmaton::verdict &verdict)
{
    for (const sigmaton::rule &rule : verdict.hits())
        std::cout << record << '\t' << rule.id() << '\t' << rule.title() << '\n';
}

template <typename Judge> static void stream(Judge &judge, const std::function<void()> &after_alert)
{
    std::string line;
    for (unsigned record = 1; std::getline(std::cin, line); record++) {
        if (line.find_first_not_of(" \t\r") == std::string::npos)
            continue;
        try {
            const sigmaton::verdict verdict = judge.judge(std::string_view(line));
            show(record, verdict);
            if (!verdict.empty())
                after_alert();
        } catch (const sigmaton::event_error &e) {
            std::cerr << "alerts: record " << record << ": " << e.what() << '\n';
        }
    }
}

static void swapping(sigmaton::engine first, sigmaton::engine newer)
{
    sigmaton::live live(std::move(first));
    sigmaton::reader reader(live);
    bool swapped = false;
    stream(reader, [&] {
        if (!std::exchange(swapped, true))
            live.swap(std::move(newer));
    });
}

static void rules(const sigmaton::engine &engine)
{
    for (std::uint32_t i = 0; i < engine.size(); i++) {
        const sigmaton::rule rule = engine.rule(i);
        for (std::string_view text : {rule.id(), rule.level(), rule.status(), rule.product(),
                                      rule.category(), rule.service()})
            std::cout << text << '\t';
        const char *between = "";
        for (std::string_view tag : rule.tags())
            std::cout << std::exchange(between, ",") << tag;
        std::cout << '\n';
    }
}

struct command {
    std::string key, product, category;
    bool key_given = false, source_given = false, slots = false;
    std::vector<std::string> rest;

    explicit command(const std::vector<std::string> &args)
    {
        std::size_t i = 0;
        for (; i < args.size() && args[i].rfind("--", 0) == 0; i++) {
            if (args[i] == "--slots") {
                slots = true;
            } else if (args[i] == "--key" && i + 1 < args.size()) {
                key = args[++i], key_given = true;
            } else if (args[i] == "--source" && i + 1 < args.size()) {
                const std::string source = args[++i];
                product = source.substr(0, source.find('/'));
                category = source.substr(std::min(source.find('/'), source.size() - 1) + 1);
                source_given = true;
            } else {
                throw std::invalid_argument("unknown option " + args[i]);
            }
        }
        rest.assign(args.begin() + static_cast<std::ptrdiff_t>(i), args.end());
        if (rest.empty())
            throw std::invalid_argument("a pack is wanted");
    }
    sigmaton::options options() const
    {
        sigmaton::options o;
        if (key_given)
            o.verify_key = key.c_str();
        if (source_given) {
            o.routing = SIGMATON_ROUTE_GIVEN;
            o.source = {product.c_str(), category.c_str(), nullptr};
        }
        return o;
    }
};

static void one(const sigmaton::engine &engine, const command &command)
{
    sigmaton::scratch scratch(engine);
    std::vector<sigmaton_pair> pairs;
    std::vector<sigmaton_slot> slots(engine.n_slots());
    for (std::size_t i = 1; i < command.rest.size(); i++) {
        const std::string_view arg = command.rest[i];
        const std::size_t at = std::min(arg.find('='), arg.size());
        const auto name = arg.substr(0, at), value = arg.substr(std::min(at + 1, arg.size()));
        const bool is_number = !value.empty() && value.size() < 19 &&
                               value.find_first_not_of("0123456789") == std::string_view::npos;
        pairs.push_back(sigmaton::pair(name, value, is_number ? SIGMATON_INT : SIGMATON_TEXT));
        if (const auto slot = engine.slot(name)) {
            slots[*slot] = sigmaton_text(value.data(), value.size());
            if (is_number) {
                slots[*slot].kind = SIGMATON_INT;
                slots[*slot].number = std::stoull(std::string(value));
            }
        }
    }
    show(1, command.slots ? scratch.judge(slots) : scratch.judge(pairs));
}

static void run(const command &command)
{
    const std::vector<std::string> &rest = command.rest;
    sigmaton::engine engine(rest[0], command.options());
    if (rest.size() == 3 && rest[1] == "--swap")
        return swapping(std::move(engine), sigmaton::engine(rest[2]));
    if (rest.size() == 2 && rest[1] == "--rules")
        return rules(engine);
    if (rest.size() > 1)
        return one(engine, command);
    sigmaton::scratch scratch(engine);
    stream(scratch, [] {});
}

int main(int argc, char **argv)
{
    try {
        run(command({argv + 1, argv + argc}));
        return 0;
    } catch (const std::exception &e) {
        std::cerr << "alerts: " << e.what() << '\n';
        return 2;
    }
}
