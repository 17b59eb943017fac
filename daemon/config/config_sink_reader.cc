#include "daemon/config/config_sink_reader.h"

#include <sys/un.h>

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "daemon/config/config_source.h"
#include "daemon/config/syslog_address.h"
#include "daemon/text/command_words.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

struct SinkName {
    std::string_view key;
    SinkConfig::Kind kind;
};

constexpr std::array<SinkName, 6> kSinks{{{"file", SinkConfig::Kind::file},
                                          {"stdout", SinkConfig::Kind::standard_output},
                                          {"stderr", SinkConfig::Kind::standard_error},
                                          {"pipe", SinkConfig::Kind::pipe},
                                          {"journal", SinkConfig::Kind::journal},
                                          {"syslog", SinkConfig::Kind::syslog}}};

constexpr std::string_view kSinkHint =
    "write {file: PATH}, {stdout: {}}, {stderr: {}}, {pipe: COMMAND}, {journal: {}} or {syslog: {}}";

// The one sink that the item names; nothing, and an error, where that is none or several.
const SinkName* find_sink(ConfigMap& item) {
    const SinkName* chosen = nullptr;
    for (const SinkName& name : kSinks) {
        const ConfigNode* value = item.find_bare(name.key);
        if (value == nullptr) continue;
        if (chosen != nullptr) {
            item.report(*value, fmt::format("'{}' and '{}' in one item", chosen->key, name.key),
                        "give each log an item of its own");
            return nullptr;
        }
        chosen = &name;
    }
    const bool is_map = item.node().kind == ConfigNode::Kind::map;
    if (chosen == nullptr && is_map) {
        item.report(item.node(), fmt::format("{} does not say where to write", item.name()), std::string(kSinkHint));
    }
    return chosen;
}

bool is_empty(const ConfigNode& value) {
    const bool empty_map = value.kind == ConfigNode::Kind::map && value.entries.empty();
    return empty_map || value.kind == ConfigNode::Kind::nothing;
}

// `stdout` and `stderr` have nothing to be set: their value is an empty map, or missing.
void read_stream(ConfigMap& item, std::string_view key, const ConfigNode& value) {
    if (is_empty(value)) return;
    item.report(value, fmt::format("'{}' takes no value", key), fmt::format("write {{{}: {{}}}}", key));
}

bool read_file(ConfigMap& item, SinkConfig& sink) {
    if (item.read_text("file", sink.path) == nullptr) return false;
    sink.path = item.node().source->resolve(sink.path);
    return true;
}

bool read_pipe(ConfigMap& item, SinkConfig& sink) {
    const ConfigNode* node = item.read_text("pipe", sink.command);
    if (node == nullptr) return false;
    auto words = split_command(sink.command);
    if (!words) {
        const CommandProblem& problem = words.error();
        item.errors().push_back(node->error("the command " + problem.message, problem.hint, problem.offset));
        return false;
    }
    sink.words = std::move(*words);
    std::string& program = sink.words.front();
    if (program.contains('/')) program = node->source->resolve(program);
    return true;
}

void read_socket_path(ConfigMap& map, std::string_view key, std::string& path) {
    const ConfigNode* node = map.read_text(key, path);
    if (node == nullptr) return;
    path = node->source->resolve(path);
    constexpr std::size_t kMost = sizeof(sockaddr_un::sun_path) - 1;
    if (path.size() <= kMost) return;
    map.report(*node,
               fmt::format("too long for a socket: its path has {} bytes, {} are possible", path.size(), kMost));
}

bool read_journal(ConfigMap& item, const ConfigNode& value, SinkConfig& sink) {
    sink.path = kJournalSocket;
    if (is_empty(value)) return true;
    const std::size_t errors = item.errors().size();
    ConfigMap journal(value, "'journal'", item.errors());
    read_socket_path(journal, "path", sink.path);
    if (value.kind == ConfigNode::Kind::map) journal.finish();
    return item.errors().size() == errors;
}

// Reads the text of `key`, and makes a value of it by `parse`. False where it is left out, or wrong and reported.
template <typename Parse, typename Value>
bool read_parsed(ConfigMap& map, std::string_view key, Parse parse, Value& out) {
    std::string text;
    const ConfigNode* node = map.read_text(key, text);
    if (node == nullptr) return false;
    auto value = parse(text);
    if (value) {
        out = *std::move(value);
    } else {
        map.report(*node, fmt::format("'{}': {} is {}", key, in_quotes(text), value.error().message),
                   value.error().hint);
    }
    return value.has_value();
}

// Messages to the machine's own log have its form, whichever of the names of that socket is used.
SyslogConfig::Form usual_form(const SyslogAddress& to) {
    const bool own = to.path == SyslogAddress().path || to.path == "/run/systemd/journal/dev-log";
    const bool local = to.transport == SyslogAddress::Transport::unix_socket && own;
    return local ? SyslogConfig::Form::local : SyslogConfig::Form::rfc5424;
}

bool read_syslog(ConfigMap& item, const ConfigNode& value, SyslogConfig& config) {
    if (is_empty(value)) return true;
    const std::size_t errors = item.errors().size();
    ConfigMap syslog(value, "'syslog'", item.errors());
    syslog.read_choice("facility", kSyslogFacilities, &SyslogFacility::number, config.facility);
    read_parsed(syslog, "tag", parse_syslog_tag, config.tag);
    if (read_parsed(syslog, "to", parse_syslog_address, config.to)) config.form = usual_form(config.to);
    syslog.read_choice("form", kSyslogForms, &SyslogFormName::form, config.form);
    if (value.kind == ConfigNode::Kind::map) syslog.finish();
    return item.errors().size() == errors;
}

}  // namespace

bool read_sink(ConfigMap& item, SinkConfig& sink) {
    const SinkName* name = find_sink(item);
    if (name == nullptr) return false;
    const ConfigNode& value = *item.find_bare(name->key);
    sink.kind = name->kind;
    sink.where = value.where();
    switch (name->kind) {
        case SinkConfig::Kind::file:
            return read_file(item, sink);
        case SinkConfig::Kind::journal:
            return read_journal(item, value, sink);
        case SinkConfig::Kind::standard_output:
        case SinkConfig::Kind::standard_error:
            read_stream(item, name->key, value);
            return true;
        case SinkConfig::Kind::pipe:
            return read_pipe(item, sink);
        case SinkConfig::Kind::syslog:
            return read_syslog(item, value, sink.syslog);
    }
    return false;
}

}  // namespace basehttpd
