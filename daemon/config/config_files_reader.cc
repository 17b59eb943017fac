#include "daemon/config/config_files_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "basehttp/text/ascii.h"
#include "daemon/config/config_value.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

// Written by the server itself, from what it knows: two of them would contradict each other.
constexpr std::array<std::string_view, 16> kOwnFields{"Accept-Ranges",
                                                      "Connection",
                                                      "Content-Encoding",
                                                      "Content-Length",
                                                      "Content-Range",
                                                      "Content-Type",
                                                      "Date",
                                                      "ETag",
                                                      "Keep-Alive",
                                                      "Last-Modified",
                                                      "Location",
                                                      "Server",
                                                      "Transfer-Encoding",
                                                      "Trailer",
                                                      "Upgrade",
                                                      "Vary"};

void read_index(ConfigMap& map, std::vector<std::string>& index) {
    std::vector<std::string> names;
    const ConfigNode* list = map.for_each_text("index", [&](const ConfigNode& node) {
        auto name = map.text_of(node, "index");
        if (!name) return;
        if (name->contains('/') || *name == "." || *name == "..") {
            map.report(node, fmt::format("'index': {} is not the name of a file", in_quotes(*name)),
                       "write a name without folders, like index.html");
            return;
        }
        names.push_back(*std::move(name));
    });
    if (list != nullptr) index = std::move(names);
}

void set(FilesConfig::Pairs& pairs, const std::string& name, std::string value) {
    const auto same = [&](const auto& pair) { return basehttp::equals_ignoring_case(pair.first, name); };
    const auto found = std::ranges::find_if(pairs, same);
    if (found == pairs.end()) {
        pairs.emplace_back(name, std::move(value));
    } else {
        *found = {name, std::move(value)};
    }
}

// Calls `accept(name, value, key's node, value's node)` for each entry of the map that stands at `key`.
template <typename Accept>
void read_pairs(ConfigMap& map, std::string_view key, Accept accept) {
    const ConfigNode* node = map.find(key);
    if (node == nullptr) return;
    ConfigMap pairs(*node, fmt::format("'{}'", key), map.errors());
    for (const ConfigNode::Entry& entry : node->entries) {
        if (entry.key.kind != ConfigNode::Kind::scalar) continue;
        if (auto value = pairs.text_of(entry.value, entry.key.text)) accept(*std::move(value), entry);
    }
}

bool is_media_type(std::string_view type) {
    const std::string_view bare = basehttp::trim_white_space(type.substr(0, type.find(';')));
    const auto slash = bare.find('/');
    return slash != std::string_view::npos && basehttp::is_token(bare.substr(0, slash)) &&
           basehttp::is_token(bare.substr(slash + 1));
}

void read_types(ConfigMap& map, FilesConfig::Pairs& types) {
    read_pairs(map, "types", [&](std::string value, const ConfigNode::Entry& entry) {
        const std::string& ending = entry.key.text;
        if (ending.empty() || ending.find_first_of("./") != std::string::npos) {
            map.report(entry.key, fmt::format("{} is not the ending of a name", in_quotes(ending)),
                       "write it without a dot, like html");
            return;
        }
        if (!is_media_type(value)) {
            map.report(entry.value, fmt::format("'{}': {} is not a media type", ending, in_quotes(value)),
                       "write one like text/plain");
            return;
        }
        set(types, ending, std::move(value));
    });
}

void read_expires(ConfigMap& map, std::optional<milliseconds>& expires) {
    milliseconds age{};
    const ConfigNode* node = map.read_duration("expires", {milliseconds(0), hours(24 * 366)}, age);
    if (node == nullptr) return;
    if (age.count() % 1000 != 0) {
        map.report(*node, "'expires' counts whole seconds", "write 1s or more, or 0");
        return;
    }
    expires = age;
}

void read_listing_template(ConfigMap& map, PageConfig& page) {
    std::string file;
    const ConfigNode* node = map.read_text("listing_template", file);
    if (node != nullptr) page = {node->source->resolve(file), node->where()};
}

}  // namespace

void read_headers(ConfigMap& map, FilesConfig::Pairs& headers) {
    read_pairs(map, "headers", [&](std::string value, const ConfigNode::Entry& entry) {
        const std::string& name = entry.key.text;
        if (!basehttp::is_token(name)) {
            map.report(entry.key, fmt::format("{} is not the name of a field", in_quotes(name)),
                       "letters, digits and '-' make one, like Cache-Control");
            return;
        }
        const auto same = [&](std::string_view own) { return basehttp::equals_ignoring_case(own, name); };
        if (std::ranges::any_of(kOwnFields, same)) {
            map.report(entry.key, fmt::format("{} is written by the server itself", in_quotes(name)),
                       same("Content-Type") ? "write types: {ENDING: TYPE}" : "leave it out");
            return;
        }
        set(headers, name, std::move(value));
    });
}

void read_files_options(ConfigMap& map, FilesConfig& files) {
    read_index(map, files.index);
    map.read_switch("listing", files.listing);
    read_listing_template(map, files.listing_template);
    map.read_switch("hidden_files", files.hidden_files);
    map.read_switch("precompressed", files.precompressed);
    map.read_choice("symlinks", kSymlinksNames, &SymlinksName::symlinks, files.symlinks);
    read_expires(map, files.expires);
    read_headers(map, files.headers);
    read_types(map, files.types);
}

void read_error_pages(ConfigMap& site, std::vector<ErrorPageConfig>& pages) {
    read_pairs(site, "error_pages", [&](const std::string& file, const ConfigNode::Entry& entry) {
        const auto status = parse_count(entry.key.text);
        if (!status || *status < 400 || *status > 599) {
            site.report(entry.key, fmt::format("{} is not the status of an error", in_quotes(entry.key.text)),
                        "write one from 400 to 599, like 404: FILE");
            return;
        }
        pages.push_back({static_cast<int>(*status), {entry.value.source->resolve(file), entry.value.where()}});
    });
}

void read_file_cache(const ConfigNode& node, basehttp::FileCacheLimits& limits, std::vector<ConfigError>& errors) {
    constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 40;
    ConfigMap map(node, "'file_cache'", errors);
    map.read_duration("valid", {milliseconds(0), hours(1)}, limits.valid);
    map.read_count("entries", Range<std::size_t>{0, 1'000'000}, limits.entries);
    map.read_size("bytes", Range<std::uint64_t>{0, kMostBytes}, limits.bytes);
    map.finish();
}

}  // namespace basehttpd
