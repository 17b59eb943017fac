#include "basehttp/handlers/listing_template.h"

#include <array>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "basehttp/handlers/listing_page.h"
#include "basehttp/protocol/target.h"
#include "basehttp/text/human_number.h"

namespace basehttp {
namespace {

constexpr auto kNames = std::to_array<std::string_view>({"path",
                                                         "parent",
                                                         "breadcrumbs",
                                                         "breadcrumbs.name",
                                                         "breadcrumbs.href",
                                                         "breadcrumbs.here",
                                                         "sort",
                                                         "order",
                                                         "folders",
                                                         "files",
                                                         "total_size",
                                                         "empty",
                                                         "entries",
                                                         "entries.name",
                                                         "entries.href",
                                                         "entries.folder",
                                                         "entries.size",
                                                         "entries.bytes",
                                                         "entries.modified",
                                                         "entries.datetime"});

constexpr std::string_view kEntries = "entries";

// Where the section of the entries stands: its two tags.
struct Section {
    TemplateTag begin;
    TemplateTag end;
};

std::expected<Section, TemplateError> find_entries(std::string_view text) {
    std::optional<Section> found;
    int depth = 0;
    for (auto tag = next_tag(text, 0); tag; tag = next_tag(text, tag->end)) {
        const bool opens = tag->kind == '#' || tag->kind == '^';
        if (tag->kind == '/') --depth;
        if (tag->kind == '/' && tag->name == kEntries && found && found->end.end == 0) found->end = *tag;
        if (opens && tag->name == kEntries) {
            if (tag->kind == '^') return std::unexpected(TemplateError{tag->start, "write {{#empty}} for that", {}});
            if (found) return std::unexpected(TemplateError{tag->start, "the entries stand in a page only once", {}});
            if (depth > 0)
                return std::unexpected(TemplateError{tag->start, "the entries stand in no other section", {}});
            found = Section{*tag, {0, 0, 0, {}}};
        }
        if (opens) ++depth;
    }
    if (found) return *found;
    return std::unexpected(
        TemplateError{0, "a listing needs {{#entries}} and {{/entries}}, with a row between them", {}});
}

std::string escaped(std::string_view path) {
    std::string link;
    append_escaped_path(link, path);
    return link;
}

// The folders on the way to `path`, which begins and ends with a slash.
std::vector<PageValues> breadcrumbs(std::string_view path) {
    std::vector<PageValues> crumbs;
    for (std::size_t start = 0; start < path.size();) {
        const std::size_t end = path.find('/', start);
        PageValues crumb;
        crumb.set("name", start == 0 ? "Home" : path.substr(start, end - start));
        crumb.set("href", escaped(path.substr(0, end + 1)));
        crumb.set("here", end + 1 == path.size() ? "here" : "");
        crumbs.push_back(std::move(crumb));
        start = end + 1;
    }
    return crumbs;
}

}  // namespace

std::expected<ListingTemplate, TemplateError> ListingTemplate::parse(const std::string& text) {
    // As a whole first: its parts can have no other errors.
    if (auto whole = PageTemplate::parse(text, kNames); !whole) return std::unexpected(std::move(whole.error()));
    const auto section = find_entries(text);
    if (!section) return std::unexpected(section.error());
    const std::size_t row = section->begin.end;
    auto before = PageTemplate::parse(text.substr(0, section->begin.start), kNames);
    auto entry = PageTemplate::parse(text.substr(row, section->end.start - row), kNames, kEntries);
    auto after = PageTemplate::parse(text.substr(section->end.end), kNames);
    for (auto* part : {&before, &entry, &after}) {
        if (!*part) return std::unexpected(std::move(part->error()));
    }
    return ListingTemplate(*std::move(before), *std::move(entry), *std::move(after));
}

PageValues ListingTemplate::values(std::string_view path, ListingOrder order, const DirectoryEntries& entries) {
    PageValues values;
    values.set("path", path);
    values.set("parent", path == "/" ? "" : "../");
    values.set_list("breadcrumbs", breadcrumbs(path));
    values.set("sort", name_of(order.key));
    values.set("order", order.descending ? "desc" : "asc");
    values.set("folders", std::to_string(entries.folders()));
    values.set("files", std::to_string(entries.files()));
    values.set("total_size", human_size(entries.bytes()));
    values.set("empty", entries.folders() + entries.files() == 0 ? "empty" : "");
    return values;
}

void ListingTemplate::append_entry(std::string& page, const PageValues& values, const DirectoryEntry& entry) const {
    const std::tm utc = listed_time(entry.modified);
    PageValues own;
    own.set("name", entry.name);
    // "./" keeps a name with a colon from being read as a scheme.
    own.set("href", "./" + escaped(entry.name) + (entry.is_directory ? "/" : ""));
    own.set("folder", entry.is_directory ? "folder" : "");
    own.set("size", entry.is_directory ? "" : human_size(entry.size));
    own.set("bytes", entry.is_directory ? "" : std::to_string(entry.size));
    own.set("modified", fmt::format("{:%Y-%m-%d %H:%M}", utc));
    own.set("datetime", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", utc));
    entry_.append_to(page, values, &own);
}

}  // namespace basehttp
