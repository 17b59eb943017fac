#include "daemon/config/auth_keys.h"

#include <array>

#include <fmt/format.h>

#include "daemon/config/config_kinds.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

constexpr std::string_view kNone = "none";

// What a browser shows, and what stands in a quoted string (RFC 9110, section 5.6.4).
struct Realm {
    static std::string_view word() { return "text"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_type("string"); }
    static std::optional<Document> write(const std::string& realm) { return Document::of_text(realm); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::string& realm) {
        std::string text;
        const ConfigNode* node = map.read_text(key, text);
        if (node == nullptr) return nullptr;
        if (text.find_first_of("\"\\") != std::string::npos) {
            map.report(*node, fmt::format("'{}': {} has a quotation mark or a backslash", key, in_quotes(text)),
                       "leave it out");
            return nullptr;
        }
        realm = text;
        return node;
    }
};

constexpr std::array kBasic{
    key<&AuthConfig::htpasswd, Path{}, &AuthConfig::where>("htpasswd", "The file with the users and their passwords.")
        .is_needed("FILE"),
    key<&AuthConfig::realm, Realm{}>("realm", "What the browser shows when it asks for the password."),
};

KeyTable<AuthConfig> basic_keys() {
    return kBasic;
}

void check_basic(ConfigMap& map, const AuthConfig&) {
    if (map.find_bare("htpasswd") == nullptr)
        map.report_absence("'basic' has no 'htpasswd'", "write basic: {htpasswd: FILE}");
}

constexpr std::array kAuth{
    whole<AuthConfig, Keys<basic_keys, check_basic>{}>("basic", "A name and a password by HTTP's Basic scheme."),
};

void check_auth(ConfigMap& map) {
    if (map.find_bare("basic") == nullptr)
        map.report_absence("'auth' has no 'basic'", "write auth: {basic: {htpasswd: FILE}}");
}

}  // namespace

KeyTable<AuthConfig> auth_keys() {
    return kAuth;
}

Document Auth::schema() {
    return schema_of_any({schema_of_choice({std::string(kNone)}), schema_of_keys(below())});
}

std::optional<Document> Auth::write(const AuthConfig& auth) {
    if (auth.htpasswd.empty()) return Document::of_text(kNone);
    return to_document(auth_keys(), auth);
}

const ConfigNode* Auth::read(ConfigMap& map, std::string_view key, AuthConfig& auth) {
    const ConfigNode* node = map.find(key);
    if (node == nullptr) return nullptr;
    if (node->kind == ConfigNode::Kind::scalar && node->text == kNone) return node;
    ConfigMap inner(*node, fmt::format("'{}'", key), map.errors());
    read_keys(inner, auth_keys(), auth);
    if (node->kind == ConfigNode::Kind::map) check_auth(inner);
    inner.finish();
    return node;
}

}  // namespace basehttpd
