#include "daemon/config/log_keys.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "basehttp/log/log_format.h"
#include "daemon/config/condition_keys.h"
#include "daemon/config/config_defaults.h"
#include "daemon/config/config_kinds.h"
#include "daemon/config/sink_keys.h"
#include "daemon/config/sink_name.h"
#include "daemon/text/words.h"

namespace basehttpd {

template <>
LoggingConfig preset_of() {
    return default_config({}).log;
}

namespace {

struct FormatProblem {
    std::size_t offset;
    std::string message;
    std::string hint{};
};

// The one place where the text of `format` is judged.
std::optional<FormatProblem> find_format_problem(std::string_view format) {
    constexpr auto& kNames = basehttp::LogFormat::kNames;
    if (std::ranges::find(kNames, format) != kNames.end()) return std::nullopt;
    if (!format.contains('%')) {
        const std::string names = suggest(format, kNames);
        const std::string_view notation = "a text in Apache's notation, like '%h %t \"%r\" %>s %b'";
        const std::string hint = format.contains('$')   ? fmt::format("write {}", notation)
                                 : names.empty()        ? fmt::format("write {}", notation)
                                 : names.ends_with('?') ? names
                                                        : fmt::format("{}, or {}", names, notation);
        return FormatProblem{0, fmt::format("unknown log format {}", in_quotes(format)), hint};
    }
    const auto compiled = basehttp::LogFormat::compile(format);
    if (compiled) return std::nullopt;
    return FormatProblem{compiled.error().offset, compiled.error().message, "basehttpd.yaml(5) lists the directives"};
}

const ConfigNode* read_format(ConfigMap& map, std::string_view key, std::string& out) {
    const ConfigNode* node = map.find(key);
    if (node == nullptr) return nullptr;
    // A tab is the one control character that may separate the fields of a line.
    const bool tabbed = node->kind == ConfigNode::Kind::scalar && node->text.contains('\t');
    std::string checked = node->text;
    if (tabbed) std::ranges::replace(checked, '\t', ' ');
    ConfigNode plain = *node;
    plain.text = checked;
    if (!map.text_of(plain, key)) return nullptr;
    if (auto problem = find_format_problem(node->text)) {
        map.errors().push_back(node->error(std::move(problem->message), std::move(problem->hint), problem->offset));
        return nullptr;
    }
    out = node->text;
    return node;
}

// The form of an access log's lines.
struct Format {
    static std::string_view word() { return "word or text"; }
    static std::string bounds() {
        return "common, combined, combinedio, vhost_combined, json, or a text in Apache's notation";
    }
    static Document schema() { return schema_of_type("string"); }
    static std::optional<Document> write(const std::string& format) { return Document::of_text(format); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::string& format) {
        return read_format(map, key, format);
    }
};

// A list of sinks; `Sink` is what access or error logs say of one.
template <typename Sink, KeyTable<Sink> (*keys)()>
struct SinkList {
    static std::string_view word() { return "list"; }
    static std::string bounds() { return {}; }
    static std::vector<const KeyFacts*> below() { return facts_of(keys()); }

    static Document schema() {
        Document places = Document::list();
        for (const KeyFacts* sink : facts_of(sink_keys())) {
            const Document name = Document::row({std::string(sink->name)});
            places.items.push_back(Document::map().add("required", name));
        }
        Document item = schema_of_keys(below());
        item.add("oneOf", std::move(places));
        return schema_of_type("array").add("items", std::move(item));
    }

    static std::optional<Document> write(const std::vector<Sink>& sinks) {
        Document list = Document::list();
        for (const Sink& sink : sinks)
            list.items.emplace_back(to_document(keys(), sink)).identity = sink_name(sink.sink);
        return list;
    }

    static const ConfigNode* read(ConfigMap& log, std::string_view key, std::vector<Sink>& sinks) {
        std::vector<Sink> found;
        std::set<std::string> targets;
        const ConfigNode* list = log.for_each_item(key, [&](const ConfigNode& node) {
            const std::size_t errors = log.errors().size();
            ConfigMap map(node, fmt::format("an item of '{}'", key), log.errors());
            Sink sink;
            read_keys(map, keys(), sink);
            map.finish();
            if (log.errors().size() > errors) return;
            if (!targets.insert(sink_name(sink.sink)).second) {
                log.report(node, fmt::format("two items of '{}' write to one place", key), "leave one of them out");
            }
            found.push_back(std::move(sink));
        });
        if (list != nullptr) sinks = std::move(found);
        return list;
    }
};

// The keys of a sink, in the map of an access or an error log's item.
template <typename Owner>
constexpr Key<Owner> keys_of_sink() {
    Key<Owner> row;
    row.below = [] { return facts_of(sink_keys()); };
    row.read = [](ConfigMap& map, std::string_view, Owner& owner) {
        read_sink(map, owner.sink);
        if constexpr (requires { owner.format; }) {
            if (owner.sink.kind == SinkConfig::Kind::journal) owner.format = kJournalFormat;
        }
    };
    row.write = [](Document& map, std::string_view, const Owner& owner) { write_keys(map, sink_keys(), owner.sink); };
    return row;
}

using AccessSinks = SinkList<AccessSinkConfig, access_sink_keys>;
using ErrorSinks = SinkList<ErrorSinkConfig, error_sink_keys>;

constexpr std::string_view kAccessSays = "The destinations of access log lines.";
constexpr std::string_view kErrorSays = "The destinations of error log messages.";

constexpr std::array kLogging{
    key_of<LoggingConfig, &LoggingConfig::access, AccessSinks{}>("access", kAccessSays),
    key_of<LoggingConfig, &LoggingConfig::error, ErrorSinks{}>("error", kErrorSays),
    key<&LoggingConfig::privacy, Keys<privacy_keys>{}>(
        "privacy", "How many bits of a client's address the access logs keep; the others are zero."),
    key<&LoggingConfig::resolve_hostnames, Switch{}>("resolve_hostnames",
                                                     "Whether the logger resolves clients' addresses to names."),
    key<&LoggingConfig::ring_wait, Duration{0, kMinute, "never"}>(
        "ring_wait", "How long a connection waits for a log that cannot keep up."),
    key<&LoggingConfig::survive, Switch{}>(
        "survive", "Whether systemd keeps what is on its way to the logs, should all processes be killed."),
};

constexpr std::array kPrivacy{
    key<&PrivacyConfig::ipv4, Count{0, 32}>("ipv4", "How many bits of an IPv4 address are kept."),
    key<&PrivacyConfig::ipv6, Count{0, 128}>("ipv6", "How many bits of an IPv6 address are kept."),
};

constexpr std::array kSiteLog{
    key<&SiteLogConfig::access, AccessSinks{}>("access", kAccessSays).unless_set("those of the server"),
    key<&SiteLogConfig::error, ErrorSinks{}>("error", kErrorSays).unless_set("those of the server"),
};

constexpr std::array kAccessSink{
    keys_of_sink<AccessSinkConfig>(),
    key<&AccessSinkConfig::format, Format{}>("format", "The format of a line.")
        .unless_set("combined, in the journal %h \"%r\" %>s %b"),
    key<&AccessSinkConfig::when, Keys<condition_keys, nullptr, Shown::changed>{}>("when",
                                                                                  "Which requests are logged.")
        .unless_set("all"),
};

constexpr std::array kErrorSink{
    keys_of_sink<ErrorSinkConfig>(),
    key<&ErrorSinkConfig::level, Choice<basehttp::kSeverityNames, &basehttp::SeverityName::severity>{}>(
        "level", "The least severe message that is logged."),
};

}  // namespace

KeyTable<LoggingConfig> logging_keys() {
    return kLogging;
}

KeyTable<SiteLogConfig> site_log_keys() {
    return kSiteLog;
}

KeyTable<AccessSinkConfig> access_sink_keys() {
    return kAccessSink;
}

KeyTable<ErrorSinkConfig> error_sink_keys() {
    return kErrorSink;
}

KeyTable<PrivacyConfig> privacy_keys() {
    return kPrivacy;
}

void check_logging(ConfigMap& map, LoggingConfig& log) {
    const ConfigNode* resolve = map.find_bare("resolve_hostnames");
    if (resolve == nullptr || !log.resolve_hostnames || !log.privacy.on()) return;
    map.report(*resolve, "'resolve_hostnames' and 'privacy' contradict each other: a name tells whose address it is",
               "leave one of them out");
}

}  // namespace basehttpd
