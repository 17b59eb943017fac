#include "basehttp/handlers/media_types.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

struct MediaType {
    std::string_view ending;
    std::string_view type;
};

// Sorted by ending. Types as registered with IANA.
constexpr auto kMediaTypes = std::to_array<MediaType>({
    {"7z", "application/x-7z-compressed"},
    {"aac", "audio/aac"},
    {"apng", "image/apng"},
    {"atom", "application/atom+xml"},
    {"avif", "image/avif"},
    {"bin", "application/octet-stream"},
    {"bmp", "image/bmp"},
    {"bz2", "application/x-bzip2"},
    {"c", "text/plain; charset=utf-8"},
    {"cc", "text/plain; charset=utf-8"},
    {"conf", "text/plain; charset=utf-8"},
    {"css", "text/css; charset=utf-8"},
    {"csv", "text/csv; charset=utf-8"},
    {"deb", "application/vnd.debian.binary-package"},
    {"doc", "application/msword"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"eot", "application/vnd.ms-fontobject"},
    {"epub", "application/epub+zip"},
    {"flac", "audio/flac"},
    {"gif", "image/gif"},
    {"gz", "application/gzip"},
    {"h", "text/plain; charset=utf-8"},
    {"htm", "text/html; charset=utf-8"},
    {"html", "text/html; charset=utf-8"},
    {"ico", "image/vnd.microsoft.icon"},
    {"ics", "text/calendar; charset=utf-8"},
    {"ini", "text/plain; charset=utf-8"},
    {"iso", "application/octet-stream"},
    {"jar", "application/java-archive"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "text/javascript; charset=utf-8"},
    {"json", "application/json"},
    {"jsonld", "application/ld+json"},
    {"log", "text/plain; charset=utf-8"},
    {"m4a", "audio/mp4"},
    {"m4v", "video/mp4"},
    {"map", "application/json"},
    {"md", "text/markdown; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"mkv", "video/matroska"},
    {"mov", "video/quicktime"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"mpeg", "video/mpeg"},
    {"odp", "application/vnd.oasis.opendocument.presentation"},
    {"ods", "application/vnd.oasis.opendocument.spreadsheet"},
    {"odt", "application/vnd.oasis.opendocument.text"},
    {"oga", "audio/ogg"},
    {"ogg", "audio/ogg"},
    {"ogv", "video/ogg"},
    {"opus", "audio/ogg"},
    {"otf", "font/otf"},
    {"patch", "text/x-diff; charset=utf-8"},
    {"pdf", "application/pdf"},
    {"png", "image/png"},
    {"ppt", "application/vnd.ms-powerpoint"},
    {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {"py", "text/plain; charset=utf-8"},
    {"rss", "application/rss+xml"},
    {"rtf", "application/rtf"},
    {"sh", "text/plain; charset=utf-8"},
    {"svg", "image/svg+xml"},
    {"svgz", "image/svg+xml"},
    {"tar", "application/x-tar"},
    {"tif", "image/tiff"},
    {"tiff", "image/tiff"},
    {"toml", "application/toml"},
    {"ttf", "font/ttf"},
    {"txt", "text/plain; charset=utf-8"},
    {"vtt", "text/vtt; charset=utf-8"},
    {"wasm", "application/wasm"},
    {"wav", "audio/vnd.wave"},
    {"weba", "audio/webm"},
    {"webm", "video/webm"},
    {"webmanifest", "application/manifest+json"},
    {"webp", "image/webp"},
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"xhtml", "application/xhtml+xml"},
    {"xls", "application/vnd.ms-excel"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"xml", "application/xml"},
    {"xz", "application/x-xz"},
    {"yaml", "application/yaml"},
    {"yml", "application/yaml"},
    {"zip", "application/zip"},
    {"zst", "application/zstd"},
});
static_assert(std::ranges::is_sorted(kMediaTypes, {}, &MediaType::ending));

constexpr std::size_t kLongestEnding =
    std::ranges::max(kMediaTypes, {}, [](const MediaType& type) { return type.ending.size(); }).ending.size();

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), to_lower);
    return lower;
}

// What follows the last dot of the last segment, or nothing.
std::string_view ending_of(std::string_view name) {
    const auto dot = name.find_last_of("./");
    return dot == std::string_view::npos || name[dot] != '.' ? std::string_view{} : name.substr(dot + 1);
}

// The same with the part before it, like `wasm.gz`, where there is one.
std::string_view long_ending_of(std::string_view name) {
    const std::size_t last = ending_of(name).size() + 1;
    if (last == 1 || name.size() == last) return {};
    const std::string_view before = ending_of(name.substr(0, name.size() - last));
    return before.empty() ? before : name.substr(name.size() - last - before.size());
}

std::string_view next_word(std::string_view& line) {
    constexpr std::string_view kSpace = " \t\r";
    line.remove_prefix(std::min(line.find_first_not_of(kSpace), line.size()));
    const std::string_view word = line.substr(0, line.find_first_of(kSpace));
    line.remove_prefix(word.size());
    return word;
}

}  // namespace

std::string_view media_type_of(std::string_view name) {
    constexpr std::string_view kUnknown = "application/octet-stream";
    const std::string_view ending = ending_of(name);
    if (ending.empty() || ending.size() > kLongestEnding) return kUnknown;
    std::array<char, kLongestEnding> lower{};
    std::ranges::transform(ending, lower.begin(), to_lower);
    const std::string_view wanted(lower.data(), ending.size());
    const auto* row = std::ranges::lower_bound(kMediaTypes, wanted, {}, &MediaType::ending);
    return row != kMediaTypes.end() && row->ending == wanted ? row->type : kUnknown;
}

MediaTypes MediaTypes::of_system(const std::string& file) {
    MediaTypes types;
    std::ifstream in(file, std::ios::binary);
    const std::string table{std::istreambuf_iterator<char>(in), {}};
    types.add_table(table);
    return types;
}

void MediaTypes::add_table(std::string_view table) {
    while (!table.empty()) {
        std::string_view line = table.substr(0, table.find('\n'));
        table.remove_prefix(std::min(line.size() + 1, table.size()));
        line = line.substr(0, line.find('#'));
        const std::string_view type = next_word(line);
        if (!type.contains('/') || !is_field_text(type)) continue;
        for (std::string_view ending = next_word(line); !ending.empty(); ending = next_word(line))
            set(ending, type);
    }
}

void MediaTypes::set(std::string_view ending, std::string_view type) {
    std::string full(type);
    if (type.starts_with("text/") && !type.contains("charset=")) full += "; charset=utf-8";
    types_.insert_or_assign(lower_case(ending), std::move(full));
}

void MediaTypes::set_coding(std::string_view ending, std::string_view coding) {
    codings_.insert_or_assign(lower_case(ending), std::string(coding));
}

std::string_view MediaTypes::type_of(std::string_view name) const {
    const std::string* type = find(types_, name);
    return type != nullptr ? std::string_view(*type) : media_type_of(name);
}

std::string_view MediaTypes::coding_of(std::string_view name) const {
    const std::string* coding = find(codings_, name);
    return coding != nullptr ? std::string_view(*coding) : std::string_view{};
}

const std::string* MediaTypes::find(const Table& table, std::string_view name) {
    for (const std::string_view ending : {long_ending_of(name), ending_of(name)}) {
        const auto found = ending.empty() ? table.end() : table.find(lower_case(ending));
        if (found != table.end()) return &found->second;
    }
    return nullptr;
}

}  // namespace basehttp
