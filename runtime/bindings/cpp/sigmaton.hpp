// libsigmaton for C++17: RAII over <sigmaton/sigmaton.h>, header only.
//
//     sigmaton::engine engine("pack.so");              // constant, shared by threads
//     sigmaton::scratch scratch(engine);               // one per thread
//     for (const sigmaton::rule &rule : scratch.judge(line).hits()) std::cout << rule.title();
//
// Faults are exceptions: sigmaton::error, of which pack_error and event_error. Objects move, and do
// not copy. Scratches go before their engine, readers before their live handle. A verdict and its
// rules are views: they live until the next use of the scratch or reader that they come from; copy
// the texts to keep them.
#ifndef SIGMATON_HPP
#define SIGMATON_HPP

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <sigmaton/sigmaton.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sigmaton
{

// What the library refused; what() is its phrase.
class error : public std::runtime_error
{
  public:
    error(sigmaton_status status, const char *why)
        : std::runtime_error(why ? why : sigmaton_status_text(status)), status_(status)
    {
    }
    sigmaton_status status() const noexcept
    {
        return status_;
    }

  private:
    sigmaton_status status_;
};

// The pack cannot be used; nothing of it has run.
class pack_error : public error
{
  public:
    using error::error;
};

// The event is unreadable or above a limit; offset() is the byte where.
class event_error : public error
{
  public:
    event_error(sigmaton_status status, const char *why, std::size_t offset)
        : error(status, why), offset_(offset)
    {
    }
    std::size_t offset() const noexcept
    {
        return offset_;
    }

  private:
    std::size_t offset_;
};

// A rule of a pack. Texts are the engine's, and empty where the rule says nothing.
class rule
{
  public:
    rule(const sigmaton_engine *engine, std::uint32_t index) noexcept
        : engine_(engine), row_(sigmaton_rule_at(engine, index)), index_(index)
    {
    }
    std::uint32_t index() const noexcept
    {
        return index_;
    }
    std::string_view id() const noexcept
    {
        return text(row_->id);
    }
    std::string_view title() const noexcept
    {
        return text(row_->title);
    }
    std::string_view file() const noexcept
    {
        return text(row_->file);
    }
    std::string_view product() const noexcept
    {
        return text(row_->product);
    }
    std::string_view category() const noexcept
    {
        return text(row_->category);
    }
    std::string_view service() const noexcept
    {
        return text(row_->service);
    }
    std::string_view level() const noexcept
    {
        return sigmaton_level_text(row_->level);
    }
    std::string_view status() const noexcept
    {
        return sigmaton_rule_status_text(row_->status);
    }
    std::vector<std::string_view> tags() const
    {
        std::vector<std::string_view> tags;
        std::size_t len;
        for (std::uint32_t i = 0; const char *tag = sigmaton_rule_tag(engine_, index_, i, &len);
             i++)
            tags.emplace_back(tag, len);
        return tags;
    }

  private:
    std::string_view text(sigmaton_ref ref) const noexcept
    {
        std::size_t len;
        const char *at = sigmaton_ref_text(engine_, ref, &len);
        return {at, len};
    }
    const sigmaton_engine *engine_;
    const sigmaton_rule *row_;
    std::uint32_t index_;
};

// Rules of a verdict's bitmap, in the pack's order; a range for `for`.
class rule_range
{
  public:
    using walk = std::uint32_t (*)(const sigmaton_verdict *, std::uint32_t);
    class iterator
    {
      public:
        using iterator_category = std::input_iterator_tag;
        using value_type = rule;
        using difference_type = std::ptrdiff_t;
        using pointer = void;
        using reference = rule;
        iterator(const rule_range *of, std::uint32_t at) noexcept : of_(of), at_(at)
        {
        }
        rule operator*() const noexcept
        {
            return {of_->engine_, at_};
        }
        iterator &operator++() noexcept
        {
            at_ = of_->next_(&of_->verdict_, at_ + 1);
            return *this;
        }
        iterator operator++(int) noexcept
        {
            iterator old = *this;
            ++*this;
            return old;
        }
        bool operator==(const iterator &other) const noexcept
        {
            return at_ == other.at_;
        }
        bool operator!=(const iterator &other) const noexcept
        {
            return at_ != other.at_;
        }

      private:
        const rule_range *of_;
        std::uint32_t at_;
    };
    rule_range(const sigmaton_engine *engine, const sigmaton_verdict &verdict, walk next) noexcept
        : engine_(engine), verdict_(verdict), next_(next)
    {
    }
    iterator begin() const noexcept
    {
        return {this, next_(&verdict_, 0)};
    }
    iterator end() const noexcept
    {
        return {this, verdict_.n_rules};
    }

  private:
    const sigmaton_engine *engine_;
    sigmaton_verdict verdict_;
    walk next_;
};

// The answer to one event.
class verdict
{
  public:
    verdict(const sigmaton_engine *engine, const sigmaton_verdict &of) noexcept
        : engine_(engine), of_(of)
    {
    }
    std::uint32_t size() const noexcept
    {
        return of_.n_hits;
    }
    bool empty() const noexcept
    {
        return of_.n_hits == 0;
    }
    rule_range hits() const noexcept
    {
        return {engine_, of_, sigmaton_next_hit};
    }
    // Rules without a verdict, because a regex ran into its limit.
    rule_range unjudged() const noexcept
    {
        return {engine_, of_, sigmaton_next_unjudged};
    }
    const sigmaton_verdict &c() const noexcept
    {
        return of_;
    }

  private:
    const sigmaton_engine *engine_;
    sigmaton_verdict of_;
};

// A field of a flat event; kind is SIGMATON_TEXT, _INT, _UINT, _DOUBLE, _BOOL or _NULL.
inline sigmaton_pair pair(std::string_view name, std::string_view value,
                          std::uint32_t kind = SIGMATON_TEXT)
{
    if (name.size() > UINT32_MAX || value.size() > UINT32_MAX)
        throw error(SIGMATON_ELIMIT, nullptr);
    return {name.data(),
            value.data(),
            static_cast<std::uint32_t>(name.size()),
            static_cast<std::uint32_t>(value.size()),
            kind,
            0};
}

// How a pack is opened. The usual way where nothing is set; texts are borrowed for the call.
struct options {
    // minisign's public key, the base64 or all of its file: the pack must be signed with it, in
    // path.minisig.
    const char *verify_key = nullptr;
    // Which rules meet which events; the labels of all events for SIGMATON_ROUTE_GIVEN.
    sigmaton_routing routing = SIGMATON_ROUTE_AUTO;
    sigmaton_logsource source = {nullptr, nullptr, nullptr};
    sigmaton_regex_mode regex = SIGMATON_REGEX_AUTO;
};

namespace detail
{
inline sigmaton_engine_options engine_options(const options &given) noexcept
{
    sigmaton_engine_options o{};
    o.size = sizeof o;
    o.routing = given.routing;
    o.product = given.source.product;
    o.category = given.source.category;
    o.service = given.source.service;
    o.regex = given.regex;
    return o;
}

template <typename T, void (*Destroy)(T *)> struct destroy {
    void operator()(T *of) const noexcept
    {
        Destroy(of);
    }
};
template <typename T, void (*Destroy)(T *)> using owned = std::unique_ptr<T, destroy<T, Destroy>>;

inline void check(sigmaton_status status)
{
    if (status != SIGMATON_OK)
        throw error(status, nullptr);
}

// What scratches and readers share: the forms of events.
template <typename Self> class judging
{
  public:
    // Judges one JSON object, without its line end.
    sigmaton::verdict judge(std::string_view json, const sigmaton_logsource *source = nullptr)
    {
        return of(SIGMATON_FORM_JSON, json.empty() ? "" : json.data(), json.size(), source);
    }
    sigmaton::verdict judge(const std::vector<sigmaton_pair> &pairs,
                            const sigmaton_logsource *source = nullptr)
    {
        static const sigmaton_pair none{};
        return of(SIGMATON_FORM_PAIRS, pairs.empty() ? &none : pairs.data(), pairs.size(), source);
    }

  protected:
    sigmaton::verdict of(sigmaton_form form, const void *at, std::size_t n,
                         const sigmaton_logsource *source)
    {
        const sigmaton_event event{sizeof event, form, at, n, source};
        sigmaton_verdict v{};
        const sigmaton_status status = static_cast<Self *>(this)->eval(event, v);
        if (status != SIGMATON_OK && v.error == nullptr)
            throw error(status, nullptr);
        if (status != SIGMATON_OK)
            throw event_error(status, v.error, v.error_off);
        return {static_cast<Self *>(this)->engine_of(), v};
    }
};
} // namespace detail

// A pack file, checked and ready.
class engine
{
  public:
    explicit engine(const std::string &path, const options &options = {})
    {
        sigmaton_file *file;
        sigmaton_engine *made;
        const char *why = nullptr;
        sigmaton_open_options opening{};
        opening.size = sizeof opening;
        opening.verify_key = options.verify_key;
        const sigmaton_engine_options of = detail::engine_options(options);
        sigmaton_status status = sigmaton_open(path.c_str(), &opening, &file, &why);
        if (status != SIGMATON_OK)
            throw pack_error(status, why);
        status = sigmaton_engine_load(file, &of, &made, &why);
        if (status != SIGMATON_OK) {
            sigmaton_close(file);
            throw pack_error(status, why);
        }
        of_.reset(made);
    }
    // A pack that is linked into the program; there is no file that a key could have signed.
    explicit engine(const sigmaton_pack &pack, const options &options = {})
    {
        sigmaton_engine *made;
        const char *why = nullptr;
        const sigmaton_engine_options of = detail::engine_options(options);
        const sigmaton_status status = sigmaton_engine_create(&pack, &of, &made, &why);
        if (status != SIGMATON_OK)
            throw pack_error(status, why);
        of_.reset(made);
    }
    std::uint32_t size() const noexcept
    {
        return sigmaton_n_rules(of_.get());
    }
    sigmaton::rule rule(std::uint32_t index) const
    {
        return {of_.get(), index};
    }
    // Fields by number, for events of slots; names of the pack that are asked for once, at start.
    std::uint32_t n_slots() const noexcept
    {
        return sigmaton_n_slots(of_.get());
    }
    std::optional<std::uint32_t> slot(std::string_view name) const noexcept
    {
        const std::uint32_t at = sigmaton_slot_find(of_.get(), name.data(), name.size());
        return at == SIGMATON_NO_SLOT ? std::nullopt : std::optional(at);
    }
    std::string_view slot_name(std::uint32_t slot) const noexcept
    {
        std::size_t len;
        const char *at = sigmaton_slot_name(of_.get(), slot, &len);
        return at ? std::string_view(at, len) : std::string_view();
    }
    const sigmaton_engine *c() const noexcept
    {
        return of_.get();
    }

  private:
    friend class live;
    detail::owned<sigmaton_engine, sigmaton_engine_destroy> of_;
};

// What one thread judges with.
class scratch : public detail::judging<scratch>
{
  public:
    explicit scratch(const engine &engine) : engine_(engine.c())
    {
        sigmaton_scratch *made;
        detail::check(sigmaton_scratch_create(engine_, &made));
        of_.reset(made);
    }
    using detail::judging<scratch>::judge;
    // Judges an event of slots, engine::n_slots() of them; sigmaton_text makes one, sigmaton_slot{}
    // is absent.
    sigmaton::verdict judge(const std::vector<sigmaton_slot> &slots,
                            const sigmaton_logsource *source = nullptr)
    {
        static const sigmaton_slot none{};
        return of(SIGMATON_FORM_SLOTS, slots.empty() ? &none : slots.data(), slots.size(), source);
    }

  private:
    friend class detail::judging<scratch>;
    sigmaton_status eval(const sigmaton_event &event, sigmaton_verdict &v)
    {
        return sigmaton_eval(engine_, of_.get(), &event, &v);
    }
    const sigmaton_engine *engine_of() const noexcept
    {
        return engine_;
    }
    const sigmaton_engine *engine_;
    detail::owned<sigmaton_scratch, sigmaton_scratch_destroy> of_;
};

// A handle whose engine can be replaced while threads judge with it.
class live
{
  public:
    explicit live(engine &&first)
    {
        sigmaton_live *made;
        detail::check(sigmaton_live_create(first.of_.get(), &made));
        (void)first.of_.release();
        of_.reset(made);
    }
    // Once this has returned no event begins with the old engine; where it throws the newer stays
    // the caller's.
    void swap(engine &&newer)
    {
        detail::check(sigmaton_live_swap(of_.get(), newer.of_.get()));
        (void)newer.of_.release();
    }

  private:
    friend class reader;
    detail::owned<sigmaton_live, sigmaton_live_destroy> of_;
};

// One thread's place at a live handle.
class reader : public detail::judging<reader>
{
  public:
    explicit reader(live &of)
    {
        sigmaton_reader *made;
        detail::check(sigmaton_reader_create(of.of_.get(), &made));
        of_.reset(made);
    }

  private:
    friend class detail::judging<reader>;
    sigmaton_status eval(const sigmaton_event &event, sigmaton_verdict &v)
    {
        return sigmaton_reader_eval(of_.get(), &event, &v);
    }
    const sigmaton_engine *engine_of() const noexcept
    {
        return sigmaton_reader_engine(of_.get());
    }
    detail::owned<sigmaton_reader, sigmaton_reader_destroy> of_;
};

} // namespace sigmaton
#endif
