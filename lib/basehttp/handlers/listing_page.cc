#include "basehttp/handlers/listing_page.h"

#include <algorithm>
#include <iterator>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "basehttp/handlers/listing_assets.h"
#include "basehttp/protocol/target.h"
#include "basehttp/text/html.h"
#include "basehttp/text/human_number.h"

namespace basehttp {
namespace {

using Key = ListingOrder::Key;

void append_link(std::string& page, std::string_view path) {
    std::string link;
    append_escaped_path(link, path);
    append_html(page, link);
}

// `/a/b/` as links to each folder on the way; the last one is where we are.
void append_breadcrumbs(std::string& page, std::string_view path) {
    page += "<header><h1><a href=\"/\"";
    if (path == "/") page += " aria-current=\"page\"";
    page += ">Home</a>";
    for (std::size_t start = 1; start < path.size();) {
        const std::size_t end = path.find('/', start);
        page += "<span>/</span><a href=\"";
        append_link(page, path.substr(0, end + 1));
        page += end + 1 == path.size() ? "\" aria-current=\"page\">" : "\">";
        append_html(page, path.substr(start, end - start));
        page += "</a>";
        start = end + 1;
    }
    page += "</h1></header>\n";
}

constexpr std::string_view kParentRow =
    "<tbody><tr><td colspan=\"3\"><a class=\"u\" href=\"../\">Parent directory</a></td></tr></tbody>\n";

void append_count(std::string& page, std::size_t count, std::string_view one, std::string_view many) {
    fmt::format_to(std::back_inserter(page), "{} {}", count, count == 1 ? one : many);
}

// `2 directories, 7 files, 703.1 MiB`, without what there is none of.
void append_totals(std::string& page, const DirectoryEntries& entries) {
    const bool both = entries.folders() > 0 && entries.files() > 0;
    if (entries.folders() + entries.files() == 0) page += "This directory is empty.";
    if (entries.folders() > 0) append_count(page, entries.folders(), "directory", "directories");
    if (both) page += ", ";
    if (entries.files() == 0) return;
    append_count(page, entries.files(), "file", "files");
    page.append(", ").append(human_size(entries.bytes()));
}

// A click on the column that is in order turns it round; sizes and dates start with the largest.
void append_column(std::string& page, Key key, std::string_view title, ListingOrder order) {
    const bool current = order.key == key;
    const bool descending_next = current ? !order.descending : key != Key::name;
    page += "<th scope=\"col\"";
    if (current) page += order.descending ? " aria-sort=\"descending\"" : " aria-sort=\"ascending\"";
    fmt::format_to(std::back_inserter(page), "><a href=\"?sort={}&amp;order={}\">{}</a></th>", name_of(key),
                   descending_next ? "desc" : "asc", title);
}

}  // namespace

const std::string kListingPolicy = fmt::format(
    "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'",
    kListingStyleHash, kListingScriptHash);

void append_listing_start(std::string& page, std::string_view path, ListingOrder order) {
    page +=
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Index of ";
    append_html(page, path);
    page += "</title>\n<style>";
    page += kListingStyle;
    page += "</style>\n</head>\n<body>\n";
    append_breadcrumbs(page, path);
    page += "<main><table>\n<thead><tr>";
    append_column(page, Key::name, "Name", order);
    append_column(page, Key::size, "Size", order);
    append_column(page, Key::date, "Modified (UTC)", order);
    page += "</tr></thead>\n";
    if (path != "/") page += kParentRow;
    page += "<tbody>\n";
}

void append_listing_row(std::string& page, const DirectoryEntry& entry) {
    const std::tm utc = listed_time(entry.modified);
    const std::string_view slash = entry.is_directory ? "/" : "";
    fmt::format_to(std::back_inserter(page), "<tr data-d=\"{}\" data-s=\"{}\" data-t=\"{}\"><td><a{} href=\"./",
                   entry.is_directory ? 1 : 0, entry.size, entry.modified, entry.is_directory ? " class=\"d\"" : "");
    // "./" keeps a name with a colon from being read as a scheme.
    append_link(page, entry.name);
    page.append(slash).append("\">");
    append_html(page, entry.name);
    page.append(slash).append("</a></td><td>");
    if (!entry.is_directory) page += human_size(entry.size);
    fmt::format_to(std::back_inserter(page),
                   "</td><td><time datetime=\"{:%Y-%m-%dT%H:%M:%SZ}\">{:%Y-%m-%d %H:%M}</time></td></tr>\n", utc,
                   utc);
}

void append_listing_end(std::string& page, const DirectoryEntries& entries) {
    page += "</tbody>\n</table></main>\n<footer>";
    append_totals(page, entries);
    page += "</footer>\n<script>";
    page += kListingScript;
    page += "</script>\n</body>\n</html>\n";
}

std::tm listed_time(std::time_t time) {
    constexpr std::time_t kEndOfYear9999 = 253'402'300'799;
    // A file system may hold times that no calendar has.
    const std::time_t shown = std::clamp<std::time_t>(time, 0, kEndOfYear9999);
    std::tm utc{};
    ::gmtime_r(&shown, &utc);
    return utc;
}

}  // namespace basehttp
