// The keys that say how files are served, which a site and a route of files have in common.
#pragma once

#include <array>
#include <string_view>

#include "daemon/config/config.h"
#include "daemon/config/config_kinds.h"

namespace basehttpd {

KeyTable<FilesConfig> files_keys();

/// The files that stand for a folder.
struct Index {
    static std::string_view word() { return "list of names"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_list(schema_of_type("string")); }
    static std::optional<Document> write(const std::vector<std::string>& names) { return Document::row(names); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::vector<std::string>& index);
};

/// What kind of content a file or a text is (RFC 9110, section 8.3.1).
struct MediaType {
    static std::string_view word() { return "media type"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_type("string"); }
    static std::optional<Document> write(const std::string& type) { return Document::of_text(type); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::string& type);
};

/// Files of templates, by status.
struct ErrorPageMap {
    static std::string_view word() { return "map"; }
    static std::string bounds() { return "400 to 599"; }
    static Document schema();
    static std::optional<Document> write(const std::vector<ErrorPageConfig>& pages);
    static const ConfigNode* read(ConfigMap& site, std::string_view key, std::vector<ErrorPageConfig>& pages);
};

struct TrailingSlashName {
    std::string_view name;
    basehttp::TrailingSlash trailing_slash;
};

inline constexpr std::array<TrailingSlashName, 3> kTrailingSlashNames{{{"keep", basehttp::TrailingSlash::keep},
                                                                       {"add", basehttp::TrailingSlash::add},
                                                                       {"remove", basehttp::TrailingSlash::remove}}};

struct SymlinksName {
    std::string_view name;
    basehttp::Symlinks symlinks;
};

inline constexpr std::array<SymlinksName, 3> kSymlinksNames{{{"within", basehttp::Symlinks::within},
                                                             {"never", basehttp::Symlinks::never},
                                                             {"follow", basehttp::Symlinks::follow}}};

}  // namespace basehttpd
