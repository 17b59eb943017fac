#include "daemon/config/listen_keys.h"

#include <array>
#include <charconv>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "basehttp/io/socket_address.h"
#include "daemon/config/config_kinds.h"
#include "daemon/config/foreign_values.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

constexpr std::string_view kUnix = "unix:";

bool check_address(ConfigMap& map, const ConfigNode& node, std::string_view key, const std::string& address) {
    const auto parsed = parse_listen_address(address);
    if (parsed) return true;
    map.report(node, fmt::format("'{}': {} is {}", key, in_quotes(node.text), parsed.error().message),
               parsed.error().hint);
    return false;
}

// The path of the socket, which the address has after `unix:`.
struct UnixPath {
    static std::string_view word() { return Path::word(); }
    static std::string bounds() { return {}; }
    static Document schema() { return Path::schema(); }
    static std::optional<Document> write(const ListenConfig& listen) {
        if (!listen.address.starts_with(kUnix)) return std::nullopt;
        return Document::of_text(listen.address.substr(kUnix.size()));
    }
    static void read(ConfigMap& map, std::string_view key, ListenConfig& listen) {
        std::string path;
        const ConfigNode* node = Path::read(map, key, path);
        if (node == nullptr) return;
        if (node->text.starts_with(kUnix)) {
            map.report(*node, fmt::format("'{}' takes the path alone", key),
                       "write unix: " + node->text.substr(kUnix.size()));
        } else if (check_address(map, *node, key, fmt::format("{}{}", kUnix, path))) {
            listen.address = fmt::format("{}{}", kUnix, path);
        }
    }
};

// Of a socket that is not a unix socket.
struct InternetAddress {
    static std::string_view word() { return "address"; }
    static std::string bounds() { return "HOST:PORT or [IPV6]:PORT"; }
    static Document schema() { return schema_of_type("string"); }
    static std::optional<Document> write(const ListenConfig& listen) {
        if (listen.address.starts_with(kUnix)) return std::nullopt;
        return Document::of_text(listen.address);
    }
    static void read(ConfigMap& map, std::string_view key, ListenConfig& listen) {
        std::string address;
        const ConfigNode* node = map.read_text(key, address);
        if (node == nullptr || !check_address(map, *node, key, address)) return;
        if (!listen.address.empty()) {
            map.report(*node, fmt::format("'unix' and '{}' in one item", key), "give each socket an item of its own");
        } else if (address.starts_with(kUnix)) {
            map.report(*node, fmt::format("'{}' is not for unix sockets", key),
                       "write unix: " + address.substr(kUnix.size()));
        } else {
            listen.address = address;
        }
    }
};

struct ProxyProtocolName {
    bool required;
    std::string_view name;
};

constexpr std::array<ProxyProtocolName, 2> kProxyProtocolNames{{{false, "off"}, {true, "required"}}};

// Left out where it is off, so that a unix socket that has nothing else to say is shown as an address.
struct ProxyProtocol : Choice<kProxyProtocolNames, &ProxyProtocolName::required> {
    static std::optional<Document> write(bool required) {
        if (!required) return std::nullopt;
        return Choice::write(required);
    }
};

// Readers of YAML differ in what an unquoted 0660 is: text, six hundred and sixty, or 432.
bool is_unquoted(const ConfigNode& node) {
    const std::size_t offset = node.source->offset(node.line, node.column);
    return node.source->text().substr(offset, node.text.size()) == node.text;
}

std::optional<unsigned> parse_octal(std::string_view text) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 8);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// The permissions of a file, in octal digits.
struct Mode {
    static constexpr unsigned kLeast = 0600;  // a socket that its owner cannot use is of no use
    static constexpr unsigned kMost = 0777;

    static std::string_view word() { return "mode"; }
    static std::string bounds() { return fmt::format("{:04o} to {:04o}, in quotes", kLeast, kMost); }
    static Document schema() { return schema_of_pattern("^0?[67][0-7][0-7]$"); }
    static std::optional<Document> write(unsigned mode) { return Document::of_text(fmt::format("{:04o}", mode)); }

    static const ConfigNode* read(ConfigMap& map, std::string_view key, unsigned& mode) {
        std::string text;
        const ConfigNode* node = map.read_text(key, text);
        if (node == nullptr) return nullptr;
        const auto value =
            text.size() == 3 || (text.size() == 4 && text[0] == '0') ? parse_octal(text) : std::nullopt;
        if (!value) {
            map.report(*node, fmt::format("'{}': {} is not a mode", key, in_quotes(text)),
                       "write octal digits in quotes: \"0660\"");
        } else if (*value < kLeast || *value > kMost) {
            map.report(*node, fmt::format("'{}' must be from {:04o} to {:04o}", key, kLeast, kMost));
        } else if (is_unquoted(*node)) {
            map.report(*node, fmt::format("'{}': {} is a number, and a mode is a text", key, in_quotes(text)),
                       fmt::format("write \"{:04o}\"", *value));
        } else {
            mode = *value;
            return node;
        }
        return nullptr;
    }
};

constexpr std::array kListen{
    whole<ListenConfig, UnixPath{}>("unix", "The path of a unix socket.").unless_set("none"),
    whole<ListenConfig, InternetAddress{}>("address", "Where to listen instead of on a unix socket.")
        .unless_set("none"),
    key<&ListenConfig::proxy_protocol, ProxyProtocol{}>(
        "proxy_protocol", "Whether each connection begins with a header of the PROXY protocol.")
        .unless_set("off"),
    key<&ListenConfig::mode, Mode{}>(
        "mode", "The mode of the socket, whatever the umask; to connect takes write permission."),
    key<&ListenConfig::owner, Text{"name"}, &ListenConfig::owner_where>("owner",
                                                                        "The owner of the socket, by name or number.")
        .unless_set("the user that starts the server"),
    key<&ListenConfig::group, Text{"name"}, &ListenConfig::group_where>("group",
                                                                        "The group of the socket, by name or number.")
        .unless_set("the group of the user that starts the server"),
};

bool has_usual_access(const ListenConfig& listen) {
    return listen.mode == ListenConfig().mode && listen.owner.empty() && listen.group.empty();
}

bool is_plain(const ListenConfig& listen) {
    return has_usual_access(listen) && !listen.proxy_protocol;
}

// A name can have several addresses, and another one tomorrow: which sockets the header is for must not depend on
// that.
void check_proxy_protocol(ConfigMap& map, const ListenConfig& listen) {
    if (!listen.proxy_protocol || listen.address.empty()) return;
    if (basehttp::SocketAddress::parse(listen.address)) return;
    map.report(*map.find_bare("address"), fmt::format("'proxy_protocol' needs an address in numbers"),
               "write the address of the host instead of its name");
}

void check_access(ConfigMap& map, const ListenConfig& listen) {
    if (listen.address.empty() || listen.address.starts_with(kUnix)) return;
    for (const std::string_view key : {"mode", "owner", "group"}) {
        if (const ConfigNode* node = map.find_bare(key))
            map.report(*node, fmt::format("'{}' is for unix sockets alone", key), "leave it out");
    }
}

bool read_text_item(ConfigMap& above, std::string_view key, const ConfigNode& node, ListenConfig& listen) {
    const auto text = above.text_of(node, key);
    if (!text || !check_address(above, node, key, *text)) return false;
    listen.address = *text;
    return true;
}

bool read_map_item(ConfigMap& above, std::string_view key, const ConfigNode& node, ListenConfig& listen) {
    const std::size_t errors = above.errors().size();
    ConfigMap map(node, fmt::format("an item of '{}'", key), above.errors());
    read_keys(map, listen_keys(), listen);
    if (map.find_bare("unix") == nullptr && map.find_bare("address") == nullptr) {
        map.report_absence(fmt::format("this item of '{}' has neither 'unix' nor 'address'", key),
                           "write {unix: PATH}, {address: HOST:PORT}, or an address alone");
    }
    check_access(map, listen);
    check_proxy_protocol(map, listen);
    map.finish();
    return above.errors().size() == errors;
}

// An address has no mode.
Document write_map(const ListenConfig& listen) {
    Document map = to_document(listen_keys(), listen);
    if (!listen.address.starts_with(kUnix))
        std::erase_if(map.entries, [](const Document::Entry& entry) { return entry.name == "mode"; });
    return map;
}

// nginx, Caddy and others have keys for host and port: those are told what to write.
bool is_socket_map(std::string_view key, const ConfigNode& node) {
    return node.kind == ConfigNode::Kind::map && hint_for_text(key, node).empty();
}

}  // namespace

KeyTable<ListenConfig> listen_keys() {
    return kListen;
}

Document Addresses::schema() {
    const auto with = [](const char* key) { return Document::map().add("required", Document::row({key})); };
    Document map = schema_of_keys(below());
    for (Document::Entry& entry : schema_of_any({with("unix"), with("address")}).entries)
        map.add(entry.name, std::move(entry.value));
    return schema_of_list(schema_of_any({schema_of_type("string"), std::move(map)}));
}

std::optional<Document> Addresses::write(const std::vector<ListenConfig>& addresses) {
    Document list = Document::list();
    for (const ListenConfig& listen : addresses) {
        Document& item =
            list.items.emplace_back(is_plain(listen) ? Document::of_text(listen.address) : write_map(listen));
        if (!is_plain(listen)) item.identity = listen.address;
    }
    return list;
}

const ConfigNode* Addresses::read(ConfigMap& map, std::string_view key, std::vector<ListenConfig>& value) {
    std::vector<ListenConfig> addresses;
    std::map<std::tuple<ListenAddress::Kind, std::string, int>, int> lines;
    const auto read_item = [&](const ConfigNode& node) {
        ListenConfig listen;
        listen.where = node.where();
        const bool right =
            is_socket_map(key, node) ? read_map_item(map, key, node, listen) : read_text_item(map, key, node, listen);
        const auto address = right ? parse_listen_address(listen.address) : std::unexpected(ValueProblem{});
        if (!address) return;
        const auto [first, is_new] =
            lines.emplace(std::tuple(address->kind, address->host, address->port), node.line);
        if (!is_new) {
            map.report(node, fmt::format("duplicate address {}", in_quotes(listen.address)),
                       fmt::format("it is already on line {}", first->second));
        }
        addresses.push_back(std::move(listen));
    };
    const ConfigNode* list = map.find(key);
    if (list != nullptr && is_socket_map(key, *list)) {
        read_item(*list);
    } else {
        list = map.for_each_value(key, read_item);
    }
    if (list != nullptr) value = std::move(addresses);
    return list;
}

}  // namespace basehttpd
