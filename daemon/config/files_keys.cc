#include "daemon/config/files_keys.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <fmt/format.h>

#include "basehttp/text/ascii.h"
#include "daemon/config/config_pairs.h"
#include "daemon/config/config_value.h"
#include "daemon/config/try_key.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

bool is_media_type(std::string_view type) {
    const std::string_view bare = basehttp::trim_white_space(type.substr(0, type.find(';')));
    const auto slash = bare.find('/');
    return slash != std::string_view::npos && basehttp::is_token(bare.substr(0, slash)) &&
           basehttp::is_token(bare.substr(slash + 1));
}

// `index.html index.htm`, as nginx and Apache take it: blanks between words each of which has an ending.
std::optional<ValueProblem> find_several_names(std::string_view text) {
    std::vector<std::string_view> names;
    for (std::size_t at = text.find_first_not_of(" ,"); at < text.size(); at = text.find_first_not_of(" ,", at)) {
        names.push_back(text.substr(at, text.find_first_of(" ,", at) - at));
        at += names.back().size();
    }
    const auto has_ending = [](std::string_view name) { return name.contains('.'); };
    if (names.size() < 2 || !std::ranges::all_of(names, has_ending)) return std::nullopt;
    return ValueProblem{"is more than one name", fmt::format("write [{}]", fmt::join(names, ", "))};
}

struct Page {
    static std::string_view word() { return "path"; }
    static std::string bounds() { return {}; }
    static Document schema() { return Path::schema(); }
    static std::optional<Document> write(const PageConfig& page) { return Path::write(page.file); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, PageConfig& page) {
        std::string file;
        const ConfigNode* node = Path::read(map, key, file);
        if (node != nullptr) page = {file, node->where()};
        return node;
    }
};

std::optional<std::string> media_type_of(ConfigMap& map, const ConfigNode& node, std::string_view key) {
    auto type = map.text_of(node, key);
    if (!type || is_media_type(*type)) return type;
    map.report(node, fmt::format("'{}': {} is not a media type", key, in_quotes(*type)), "write one like text/plain");
    return std::nullopt;
}

struct CodingName {
    std::string_view name;
};

constexpr std::array<CodingName, 3> kCodings{{{"gzip"}, {"br"}, {"zstd"}}};

constexpr std::array kType{
    key<&TypeConfig::type, MediaType{}>("type", "The media type of the decompressed content.")
        .is_needed("text/javascript"),
    key<&TypeConfig::coding, Choice<kCodings, &CodingName::name>{}>(
        "coding", "How the files are compressed, for clients to decompress: their Content-Encoding."),
};

KeyTable<TypeConfig> type_keys() {
    return kType;
}

// What to write in the place of a text that is not the ending of a name; nothing where it is one.
std::string_view find_ending_problem(std::string_view ending) {
    if (ending.contains('/')) return "write ENDING: TYPE, like html: text/html";
    if (ending.empty() || ending.front() == '.' || ending.contains('*'))
        return "write the ending alone, like html or js.gz";
    if (ending.back() == '.' || std::ranges::count(ending, '.') > 1)
        return "it has one part or two, like html or js.gz";
    return {};
}

// A media type, or a map with that and a coding. Nothing where there is no type.
std::optional<TypeConfig> read_type(ConfigMap& types, const ConfigNode::Entry& entry) {
    TypeConfig type{.ending = entry.key.text, .type = {}};
    if (entry.value.kind != ConfigNode::Kind::map) {
        type.type = media_type_of(types, entry.value, type.ending).value_or("");
    } else {
        ConfigMap map(entry.value, in_quotes(type.ending), types.errors());
        read_keys(map, type_keys(), type);
        if (map.find_bare("type") == nullptr)
            map.report_absence(fmt::format("{} has no 'type'", map.name()), "write one like type: text/javascript");
        map.finish();
    }
    if (type.type.empty()) return std::nullopt;
    return type;
}

// File name extensions and their media types.
struct Types {
    static std::string_view word() { return "map"; }
    static std::string bounds() {
        return fmt::format("ENDING: TYPE or ENDING: {{type: TYPE, coding: WORD}} with one of {}",
                           Choice<kCodings, &CodingName::name>::bounds());
    }
    static Document schema() {
        return schema_of_type("object").add(
            "additionalProperties", schema_of_any({schema_of_type("string"), schema_of_keys(facts_of(type_keys()))}));
    }
    static std::optional<Document> write(const std::vector<TypeConfig>& types) {
        if (types.empty()) return std::nullopt;
        Document map = Document::map();
        for (const TypeConfig& type : types)
            map.add(type.ending, type.coding.empty() ? Document::of_text(type.type) : to_document(type_keys(), type));
        return map;
    }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::vector<TypeConfig>& types) {
        read_entries(map, key, [&](ConfigMap& pairs, const ConfigNode::Entry& entry) {
            const std::string_view problem = find_ending_problem(entry.key.text);
            if (!problem.empty()) {
                map.report(entry.key, fmt::format("{} is not the ending of a name", in_quotes(entry.key.text)),
                           std::string(problem));
            } else if (auto type = read_type(pairs, entry)) {
                put(types, *std::move(type), &TypeConfig::ending);
            }
        });
        return map.find_bare(key);
    }
};

constexpr std::array kFiles{
    key_of<FilesConfig, &FilesConfig::index, Index{}>(
        "index", "The files that are served for a directory; the first one that exists is used."),
    key_of<FilesConfig, &FilesConfig::listing, Switch{}>("listing",
                                                         "Whether a directory without an index file is listed."),
    key_of<FilesConfig, &FilesConfig::tries, Tries{}>(
        "try", "Where the file for a path is looked for, in order: for single-page sites and paths without '.html'.")
        .unless_set("$path, then $path/"),
    key_of<FilesConfig, &FilesConfig::try_suffixed, Switch{}>(
        "try_suffixed", "Whether the last place of 'try', if it is a file, answers for paths with a suffix too."),
    key_of<FilesConfig, &FilesConfig::trailing_slash,
           Choice<kTrailingSlashNames, &TrailingSlashName::trailing_slash>{}>(
        "trailing_slash", "Which of two addresses, with or without a slash at the end, is redirected to the other."),
    key<&FilesConfig::listing_template, Page{}>("listing_template", "A page that replaces the built-in listing."),
    key_of<FilesConfig, &FilesConfig::hidden_files, Switch{}>(
        "hidden_files", "Whether names that begin with a dot are served and listed."),
    key<&FilesConfig::symlinks, Choice<kSymlinksNames, &SymlinksName::symlinks>{}>(
        "symlinks", "Which symbolic links are followed."),
    key<&FilesConfig::precompressed, Switch{}>("precompressed",
                                               "Whether NAME.br, NAME.zst or NAME.gz is sent instead of NAME."),
    key<&FilesConfig::expires, WholeSeconds{}>("expires", "How long clients may keep a file without asking again."),
    key<&FilesConfig::types, Types{}>("types", "File name extensions and their media types."),
};

}  // namespace

KeyTable<FilesConfig> files_keys() {
    return kFiles;
}

const ConfigNode* Index::read(ConfigMap& map, std::string_view key, std::vector<std::string>& index) {
    std::vector<std::string> names;
    const ConfigNode* list = map.for_each_text(key, [&](const std::string& name, const ConfigNode& node) {
        if (name.contains('/') || name == "." || name == "..") {
            return map.report(node, key, name,
                              {"is not the name of a file", "write a name without directories, like index.html"});
        }
        if (const auto several = find_several_names(name)) return map.report(node, key, name, *several);
        names.push_back(name);
    });
    if (list != nullptr) index = std::move(names);
    return list;
}

const ConfigNode* MediaType::read(ConfigMap& map, std::string_view key, std::string& type) {
    const ConfigNode* node = map.find(key);
    auto read = node != nullptr ? media_type_of(map, *node, key) : std::nullopt;
    if (!read) return nullptr;
    type = *std::move(read);
    return node;
}

Document ErrorPageMap::schema() {
    Document pages = Document::map().add("^[45][0-9][0-9]$", schema_of_type("string"));
    return schema_of_type("object")
        .add("patternProperties", std::move(pages))
        .add("additionalProperties", Document::truth(false));
}

std::optional<Document> ErrorPageMap::write(const std::vector<ErrorPageConfig>& pages) {
    if (pages.empty()) return std::nullopt;
    Document map = Document::map();
    for (const ErrorPageConfig& page : pages)
        map.add(std::to_string(page.status), Document::of_text(page.page.file));
    return map;
}

const ConfigNode* ErrorPageMap::read(ConfigMap& site, std::string_view key, std::vector<ErrorPageConfig>& pages) {
    read_pairs(site, key, [&](const std::string& file, const ConfigNode::Entry& entry) {
        const auto status = parse_count(entry.key.text);
        if (!status || *status < 400 || *status > 599) {
            site.report(entry.key, fmt::format("{} is not the status of an error", in_quotes(entry.key.text)),
                        "write one from 400 to 599, like 404: FILE");
            return;
        }
        pages.push_back({static_cast<int>(*status), {entry.value.source->resolve(file), entry.value.where()}});
    });
    return site.find_bare(key);
}

}  // namespace basehttpd
