#include "daemon/config/config_log_reader.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "basehttp/log/log_format.h"
#include "daemon/config/config_condition_reader.h"
#include "daemon/config/config_map.h"
#include "daemon/config/config_sink_reader.h"
#include "daemon/config/sink_name.h"
#include "daemon/text/words.h"

namespace basehttpd {
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
        return FormatProblem{0, fmt::format("unknown log format {}", in_quotes(format)), suggest(format, kNames)};
    }
    const auto compiled = basehttp::LogFormat::compile(format);
    if (compiled) return std::nullopt;
    return FormatProblem{compiled.error().offset, compiled.error().message, "basehttpd.yaml(5) lists the directives"};
}

void read_format(ConfigMap& map, std::string& out) {
    const ConfigNode* node = map.find("format");
    if (node == nullptr) return;
    // A tab is the one control character that may separate the fields of a line.
    const bool tabbed = node->kind == ConfigNode::Kind::scalar && node->text.contains('\t');
    std::string checked = node->text;
    if (tabbed) std::ranges::replace(checked, '\t', ' ');
    ConfigNode plain = *node;
    plain.text = checked;
    if (!map.text_of(plain, "format")) return;
    if (auto problem = find_format_problem(node->text)) {
        map.errors().push_back(node->error(std::move(problem->message), std::move(problem->hint), problem->offset));
        return;
    }
    out = node->text;
}

// Reads one list of sinks; `read_rest` reads what access and error logs do not share.
template <typename Sink, typename ReadRest>
void read_sinks(ConfigMap& log, std::string_view key, std::vector<Sink>& sinks, ReadRest read_rest) {
    std::vector<Sink> found;
    std::set<std::string> targets;
    const ConfigNode* list = log.for_each_item(key, [&](const ConfigNode& node) {
        ConfigMap map(node, fmt::format("an item of '{}'", key), log.errors());
        Sink sink;
        const bool usable = read_sink(map, sink.sink);
        read_rest(map, sink);
        if (node.kind == ConfigNode::Kind::map) map.finish();
        if (!usable) return;
        if (!targets.insert(sink_name(sink.sink)).second) {
            log.report(node, fmt::format("two items of '{}' write to one place", key), "leave one of them out");
        }
        found.push_back(std::move(sink));
    });
    if (list != nullptr) sinks = std::move(found);
}

void read_access(ConfigMap& log, std::vector<AccessSinkConfig>& sinks) {
    read_sinks(log, "access", sinks, [](ConfigMap& item, AccessSinkConfig& sink) {
        if (sink.sink.kind == SinkConfig::Kind::journal) sink.format = kJournalFormat;
        read_format(item, sink.format);
        read_condition(item, sink.when);
    });
}

void read_error(ConfigMap& log, std::vector<ErrorSinkConfig>& sinks) {
    read_sinks(log, "error", sinks, [](ConfigMap& item, ErrorSinkConfig& sink) {
        item.read_choice("level", basehttp::kSeverityNames, &basehttp::SeverityName::severity, sink.level);
    });
}

void read_privacy(ConfigMap& log, PrivacyConfig& privacy) {
    const ConfigNode* node = log.find("privacy");
    if (node == nullptr) return;
    ConfigMap map(*node, "'privacy'", log.errors());
    map.read_count("ipv4", Range<unsigned>{0, 32}, privacy.ipv4);
    map.read_count("ipv6", Range<unsigned>{0, 128}, privacy.ipv6);
    if (node->kind == ConfigNode::Kind::map) map.finish();
}

}  // namespace

void read_log(const ConfigNode& node, LoggingConfig& log, std::vector<ConfigError>& errors) {
    constexpr Range<std::chrono::milliseconds> kRingWait{std::chrono::milliseconds(0), std::chrono::minutes(1)};
    ConfigMap map(node, "'log'", errors);
    read_access(map, log.access);
    read_error(map, log.error);
    read_privacy(map, log.privacy);
    const ConfigNode* resolve = map.read_switch("resolve_hostnames", log.resolve_hostnames);
    if (resolve != nullptr && log.resolve_hostnames && log.privacy.on()) {
        map.report(*resolve,
                   "'resolve_hostnames' and 'privacy' contradict each other: a name tells whose address it is",
                   "leave one of them out");
    }
    map.read_duration("ring_wait", kRingWait, log.ring_wait);
    map.finish();
}

void read_site_log(const ConfigNode& node, SiteLogConfig& log, std::vector<ConfigError>& errors) {
    ConfigMap map(node, "'log'", errors);
    if (map.find("access") != nullptr) read_access(map, log.access.emplace());
    if (map.find("error") != nullptr) read_error(map, log.error.emplace());
    if (node.kind == ConfigNode::Kind::map) map.finish();
}

}  // namespace basehttpd
