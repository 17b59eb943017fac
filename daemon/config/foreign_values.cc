#include "daemon/config/foreign_values.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "basehttp/text/ascii.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

bool means_off(std::string_view text) {
    constexpr std::array<std::string_view, 6> kOff{"off", "none", "no", "false", "disabled", "/dev/null"};
    return std::ranges::find(kOff, folded_name(text)) != kOff.end();
}

// Blocks for which people write their one number, path or word.
struct Shorthand {
    std::string_view block;
    std::string_view example;
};

constexpr auto kShorthands = std::to_array<Shorthand>({
    {"'workers'", "workers: {count: 4}"},
    {"'privacy'", "privacy: {ipv4: 24, ipv6: 48}"},
    {"'limits'", "limits: {body: 1M}"},
    {"'file_cache'", "file_cache: {entries: 1000}"},
    {"'log'", "log: {access: [{file: PATH}]}"},
    {"'when'", "when: {status: 5xx}"},
    {"'headers'", "headers: {NAME: VALUE}"},
    {"'cors'", "cors: {origins: [https://app.example.org]}"},
    {"'set'", "set: {NAME: VALUE}"},
    {"'add'", "add: {NAME: VALUE}"},
    {"'types'", "types: {ENDING: TYPE}"},
    {"'error_pages'", "error_pages: {404: FILE}"},
    {"'syslog'", "syslog: {to: ADDRESS}"},
    {"'journal'", "journal: {}"},
    {"a site", "- root: FOLDER"},
    {"a route", "- {path: /PATH/, handler: files, root: FOLDER}"},
});

// An item of a list of logs for a word that stands in its place.
std::string log_item(std::string_view text) {
    constexpr std::array<std::string_view, 4> kBare{"stdout", "stderr", "journal", "syslog"};
    const std::string word = folded_name(text);
    if (std::ranges::find(kBare, word) != kBare.end()) return fmt::format("{{{}: {{}}}}", word);
    if (word == "/dev/stdout" || word == "/dev/stderr") return fmt::format("{{{}: {{}}}}", word.substr(5));
    if (word == "journald") return "{journal: {}}";
    if (word.starts_with("syslog:")) return "{syslog: {}}";
    if (text.starts_with('|')) return "{pipe: COMMAND}";
    return fmt::format("{{file: {}}}", text.contains('/') ? escape_unprintable(text) : "PATH");
}

bool is_of_logs(std::string_view key) {
    return key == "access" || key == "error";
}

}  // namespace

std::string hint_for_block(std::string_view name, const ConfigNode& node) {
    if (node.kind == ConfigNode::Kind::list && !node.items.empty())
        return "leave out the '-' or the [ ] around the keys";
    if (node.kind != ConfigNode::Kind::scalar) return {};
    if (node.text.find_first_of("{;<") != std::string::npos)
        return "the notation is YAML: a key, a ':', a space and a value on each line";
    if (auto separated = with_separator(node.text); !separated.empty()) return "write " + separated;
    if (name == "an item of 'access'" || name == "an item of 'error'")
        return fmt::format("write - {}", log_item(node.text));
    if (name == "'log'" && means_off(node.text)) return "for no access log write log: {access: []}";
    const auto found = std::ranges::find(kShorthands, name, &Shorthand::block);
    return found == kShorthands.end() ? "" : fmt::format("write {}", found->example);
}

std::string hint_for_list(std::string_view key, const ConfigNode& node) {
    if (node.kind == ConfigNode::Kind::scalar && is_of_logs(key)) {
        if (means_off(node.text)) return fmt::format("for no {0} log write {0}: []", key);
        return fmt::format("write {}: [{}]", key, log_item(node.text));
    }
    return "begin each item with '- ', or put [ ] around them";
}

std::string hint_for_text(std::string_view key, const ConfigNode& node) {
    if (node.kind == ConfigNode::Kind::list && node.items.size() == 1) return "leave out the '-' or the [ ]";
    if (node.kind == ConfigNode::Kind::nothing) {
        const std::string separated = with_separator(key);
        return separated.empty() ? "" : "write " + separated;
    }
    if (node.kind != ConfigNode::Kind::map) return {};
    std::string host = "0.0.0.0";
    std::string port;
    for (const ConfigNode::Entry& entry : node.entries) {
        const std::string name = folded_name(entry.key.text);
        if (name == "host" || name == "address" || name == "ip" || name == "bind") host = entry.value.text;
        if (name == "port") port = entry.value.text;
    }
    if (host.contains(':') && !host.starts_with('[')) host = fmt::format("[{}]", host);
    if (port.empty()) return {};
    const std::string address = escape_unprintable(fmt::format("{}:{}", host, port));
    return host.starts_with('[') ? fmt::format("write \"{}\"", address) : fmt::format("write {}", address);
}

std::string with_separator(std::string_view text) {
    const std::size_t end = basehttp::token_size(text);
    if (end == 0 || end + 1 >= text.size() || (text[end] != ':' && text[end] != ' ')) return {};
    std::string_view value = text.substr(end);
    value.remove_prefix(std::min(value.find_first_not_of(" :="), value.size()));
    if (value.empty()) return {};
    return fmt::format("{}: {}", text.substr(0, end), escape_unprintable(value));
}

}  // namespace basehttpd
