#include "daemon/config/sink_keys.h"

#include <sys/un.h>

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "daemon/config/config_kinds.h"
#include "daemon/config/config_source.h"
#include "daemon/config/syslog_address.h"
#include "daemon/text/command_words.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

constexpr std::string_view kSinkHint =
    "write {file: PATH}, {stdout: {}}, {stderr: {}}, {pipe: COMMAND}, {journal: {}} or {syslog: {}}";

bool is_empty(const ConfigNode& value) {
    const bool empty_map = value.kind == ConfigNode::Kind::map && value.entries.empty();
    return empty_map || value.kind == ConfigNode::Kind::nothing;
}

Document schema_of_nothing() {
    return schema_of_any(
        {schema_of_type("null"), schema_of_type("object").add("maxProperties", Document::number(0))});
}

// `stdout` and `stderr` have nothing to be set: their value is an empty map, or missing.
struct Stream {
    static std::string_view word() { return "{}"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_nothing(); }
    static std::optional<Document> write(const SinkConfig&) { return Document::map(); }
    static void read(ConfigMap& item, std::string_view key, SinkConfig&) {
        const ConfigNode& value = *item.find_bare(key);
        if (!is_empty(value))
            item.report(value, fmt::format("'{}' takes no value", key), fmt::format("write {{{}: {{}}}}", key));
    }
};

// Images for containers log to these. They are links to a descriptor of whoever opens them, which may be a socket:
// that cannot be opened, and the stream itself can be written.
std::optional<SinkConfig::Kind> stream_named(std::string_view path) {
    for (const std::string_view name : {"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}) {
        if (path == name) return SinkConfig::Kind::standard_output;
    }
    for (const std::string_view name : {"/dev/stderr", "/dev/fd/2", "/proc/self/fd/2"}) {
        if (path == name) return SinkConfig::Kind::standard_error;
    }
    return std::nullopt;
}

struct File {
    static std::string_view word() { return "path"; }
    static std::string bounds() { return {}; }
    static Document schema() { return Path::schema(); }
    static std::optional<Document> write(const SinkConfig& sink) { return Document::of_text(sink.path); }
    static void read(ConfigMap& item, std::string_view key, SinkConfig& sink) {
        Path::read(item, key, sink.path);
        if (const auto stream = stream_named(sink.path)) sink.kind = *stream;
    }
};

struct Pipe {
    static std::string_view word() { return "command"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_type("string"); }
    static std::optional<Document> write(const SinkConfig& sink) { return Document::of_text(sink.command); }

    static void read(ConfigMap& item, std::string_view key, SinkConfig& sink) {
        const ConfigNode* node = item.read_text(key, sink.command);
        if (node == nullptr) return;
        auto words = split_command(sink.command);
        if (!words) {
            const CommandProblem& problem = words.error();
            item.errors().push_back(node->error("the command " + problem.message, problem.hint, problem.offset));
            return;
        }
        sink.words = std::move(*words);
        std::string& program = sink.words.front();
        if (program.contains('/')) program = node->source->resolve(program);
    }
};

// A block of keys that may be left empty.
template <auto keys, typename Owner>
void read_block(ConfigMap& item, std::string_view key, Owner& owner) {
    const ConfigNode& value = *item.find_bare(key);
    if (is_empty(value)) return;
    Keys<keys>::read(item, key, owner);
}

struct SocketPath {
    static std::string_view word() { return "path"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_type("string"); }
    static std::optional<Document> write(const std::string& path) { return Document::of_text(path); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::string& path) {
        const ConfigNode* node = Path::read(map, key, path);
        constexpr std::size_t kMost = sizeof(sockaddr_un::sun_path) - 1;
        if (node != nullptr && path.size() > kMost) {
            map.report(*node, fmt::format("too long for a socket: its path has {} bytes, {} are possible",
                                          path.size(), kMost));
        }
        return node;
    }
};

KeyTable<SinkConfig> journal_keys();

struct Journal {
    static std::string_view word() { return "keys"; }
    static std::string bounds() { return {}; }
    static std::vector<const KeyFacts*> below() { return facts_of(journal_keys()); }
    static Document schema() { return schema_of_any({schema_of_type("null"), schema_of_keys(below())}); }
    static std::optional<Document> write(const SinkConfig& sink) { return to_document(journal_keys(), sink); }
    static void read(ConfigMap& item, std::string_view key, SinkConfig& sink) {
        sink.path = kJournalSocket;
        read_block<journal_keys>(item, key, sink);
    }
};

// Text that a function `parse` makes a value of.
template <auto parse, typename Value>
const ConfigNode* read_parsed(ConfigMap& map, std::string_view key, Value& out) {
    std::string text;
    const ConfigNode* node = map.read_text(key, text);
    if (node == nullptr) return nullptr;
    auto value = parse(text);
    if (value) {
        out = *std::move(value);
        return node;
    }
    map.report(*node, fmt::format("'{}': {} is {}", key, in_quotes(text), value.error().message), value.error().hint);
    return nullptr;
}

struct SyslogTag {
    static std::string_view word() { return "word"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_pattern("^[A-Za-z0-9._/-]{1,32}$"); }
    static std::optional<Document> write(const std::string& tag) { return Document::of_text(tag); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::string& tag) {
        return read_parsed<parse_syslog_tag>(map, key, tag);
    }
};

// Messages to the machine's own log have its form, whichever of the names of that socket is used.
SyslogConfig::Form usual_form(const SyslogAddress& to) {
    const bool own = to.path == SyslogAddress().path || to.path == "/run/systemd/journal/dev-log";
    const bool local = to.transport == SyslogAddress::Transport::unix_socket && own;
    return local ? SyslogConfig::Form::local : SyslogConfig::Form::rfc5424;
}

// Where messages go, which says in what form they are unless `form` does.
struct SyslogPlace {
    static std::string_view word() { return "address"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_type("string"); }
    static std::optional<Document> write(const SyslogConfig& syslog) {
        return Document::of_text(format_syslog_address(syslog.to));
    }
    static void read(ConfigMap& map, std::string_view key, SyslogConfig& syslog) {
        if (read_parsed<parse_syslog_address>(map, key, syslog.to) != nullptr) syslog.form = usual_form(syslog.to);
    }
};

KeyTable<SyslogConfig> syslog_keys();

struct Syslog {
    static std::string_view word() { return "keys"; }
    static std::string bounds() { return {}; }
    static std::vector<const KeyFacts*> below() { return facts_of(syslog_keys()); }
    static Document schema() { return schema_of_any({schema_of_type("null"), schema_of_keys(below())}); }
    static std::optional<Document> write(const SinkConfig& sink) { return to_document(syslog_keys(), sink.syslog); }
    static void read(ConfigMap& item, std::string_view key, SinkConfig& sink) {
        read_block<syslog_keys>(item, key, sink.syslog);
    }
};

// A sink: the key says which one it is.
template <SinkConfig::Kind which, auto kind>
constexpr Key<SinkConfig> sink(std::string_view name, std::string_view says) {
    Key<SinkConfig> row = whole<SinkConfig, kind>(name, says);
    row.read = [](ConfigMap& item, std::string_view key, SinkConfig& sink) {
        sink.kind = which;
        sink.where = item.find_bare(key)->where();
        kind.read(item, key, sink);
    };
    row.write = [](Document& map, std::string_view key, const SinkConfig& sink) {
        if (sink.kind == which) map.add(key, *kind.write(sink));
    };
    row.preset = nullptr;
    return row;
}

constexpr std::array kSinks{
    sink<SinkConfig::Kind::file, File{}>("file", "A file, which is created if it does not exist."),
    sink<SinkConfig::Kind::standard_output, Stream{}>("stdout", "Standard output."),
    sink<SinkConfig::Kind::standard_error, Stream{}>("stderr", "Standard error."),
    sink<SinkConfig::Kind::pipe, Pipe{}>("pipe", "The standard input of a program."),
    sink<SinkConfig::Kind::journal, Journal{}>("journal",
                                               "The systemd journal, one entry with fields for each line."),
    sink<SinkConfig::Kind::syslog, Syslog{}>("syslog", "Syslog, one message for each line."),
};

constexpr std::array kJournal{
    key<&SinkConfig::path, SocketPath{}>("path", "The socket of the journal.").unless_set(kJournalSocket),
};

constexpr std::array kSyslog{
    key<&SyslogConfig::facility, Choice<kSyslogFacilities, &SyslogFacility::number>{}>(
        "facility", "The facility of the messages."),
    key<&SyslogConfig::tag, SyslogTag{}>("tag", "The tag of the messages."),
    whole<SyslogConfig, SyslogPlace{}>("to", "The destination: a socket's path, udp:HOST:PORT or tcp:HOST:PORT."),
    key<&SyslogConfig::form, Choice<kSyslogForms, &SyslogFormName::form>{}>("form", "The form of the messages.")
        .unless_set("local for /dev/log, else rfc5424"),
};

KeyTable<SinkConfig> journal_keys() {
    return kJournal;
}

KeyTable<SyslogConfig> syslog_keys() {
    return kSyslog;
}

// The one sink that the item names; nothing, and an error, where that is none or several.
const Key<SinkConfig>* find_sink(ConfigMap& item) {
    const Key<SinkConfig>* chosen = nullptr;
    for (const Key<SinkConfig>& row : kSinks) {
        const ConfigNode* value = item.find_bare(row.name);
        if (value == nullptr) continue;
        if (chosen != nullptr) {
            item.report(*value, fmt::format("'{}' and '{}' in one item", chosen->name, row.name),
                        "give each log an item of its own");
            return nullptr;
        }
        chosen = &row;
    }
    const bool is_map = item.node().kind == ConfigNode::Kind::map;
    if (chosen == nullptr && is_map) {
        item.report(item.node(), fmt::format("{} does not say where to write", item.name()), std::string(kSinkHint));
    }
    return chosen;
}

}  // namespace

KeyTable<SinkConfig> sink_keys() {
    return kSinks;
}

bool read_sink(ConfigMap& item, SinkConfig& sink) {
    const Key<SinkConfig>* row = find_sink(item);
    if (row == nullptr) return false;
    const std::size_t errors = item.errors().size();
    row->read(item, row->name, sink);
    return item.errors().size() == errors;
}

}  // namespace basehttpd
