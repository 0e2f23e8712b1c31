// Judges NDJSON from stdin with a pack and prints record, rule id and title per alert, tabs
// between. usage: alerts PACK [--swap NEWER]      after the first event with an alert NEWER is the
// pack
//        alerts PACK NAME=VALUE...       judges that one event instead
//        alerts PACK --rules             what the pack says of its rules
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

static void run(const std::vector<std::string> &args)
{
    if (args.empty())
        throw std::invalid_argument("a pack is wanted");
    sigmaton::engine engine(args[0]);
    if (args.size() == 3 && args[1] == "--swap")
        return swapping(std::move(engine), sigmaton::engine(args[2]));
    if (args.size() == 2 && args[1] == "--rules")
        return rules(engine);
    sigmaton::scratch scratch(engine);
    if (args.size() == 1)
        return stream(scratch, [] {});
    std::vector<sigmaton_pair> pairs;
    for (std::size_t i = 1; i < args.size(); i++) {
        const std::string_view arg = args[i];
        const std::size_t at = std::min(arg.find('='), arg.size());
        pairs.push_back(
            sigmaton::pair(arg.substr(0, at), arg.substr(std::min(at + 1, arg.size()))));
    }
    show(1, scratch.judge(pairs));
}

int main(int argc, char **argv)
{
    try {
        run({argv + 1, argv + argc});
        return 0;
    } catch (const std::exception &e) {
        std::cerr << "alerts: " << e.what() << '\n';
        return 2;
    }
}
