#include "basehttp/handlers/static_files.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "basehttp/handlers/directory_listing.h"
#include "basehttp/handlers/multipart_ranges.h"
#include "basehttp/io/wall_clock.h"

namespace basehttp {
namespace {

constexpr FieldLine kRetryAfter{"Retry-After", "2"};

// Whether a segment of `path` starts with a dot, that of RFC 8615 excepted.
bool is_hidden(std::string_view path) {
    while (!path.empty()) {
        const std::string_view segment = path.substr(0, path.find('/'));
        if (segment.starts_with('.') && segment != ".well-known") return true;
        path.remove_prefix(std::min(segment.size() + 1, path.size()));
    }
    return false;
}

}  // namespace

void StaticFiles::check_arguments(const StaticFilesOptions* options) {
    if (options == nullptr) throw std::invalid_argument("StaticFiles: no options");
    if (options->cache == nullptr) throw std::invalid_argument("StaticFilesOptions: 'cache' is not set");
    if (options->source.types == nullptr)
        throw std::invalid_argument("StaticFilesOptions: 'source.types' is not set");
    if (options->settings.listing && options->listings == nullptr)
        throw std::invalid_argument(
            "StaticFilesOptions: 'settings.listing' is on, so set 'listings' to a MemoryBudget");
}

std::string_view StaticFiles::relative_path() const {
    std::string_view relative = path().substr(std::min(options_->prefix.size(), path().size()));
    if (relative.starts_with('/')) relative.remove_prefix(1);
    return relative;
}

std::string StaticFiles::file_name() const {
    std::string name = options_->folder;
    if (!name.ends_with('/')) name += '/';
    return name.append(relative_path()).append(index_);
}

Task<> StaticFiles::do_GET() {
    const std::string_view relative = relative_path();
    // A decoded slash would name a file that the URL's own segments do not.
    if (request().target.escaped_slash || (!options_->settings.hidden_files && is_hidden(relative))) {
        refuse({ENOENT, "openat2"});
        co_return;
    }
    if (path().ends_with('/')) {
        co_await answer_folder();
        co_return;
    }
    auto file = options_->cache->find(options_->source, relative);
    if (file) {
        co_await answer_file(*std::move(file));
    } else if (file.error().code == EISDIR) {
        redirect_to_folder();
    } else {
        refuse(file.error());
    }
}

Task<> StaticFiles::do_OPTIONS() {
    send_response(204);
    send_header("Allow", "GET, HEAD, OPTIONS");
    end_headers();
    co_return;
}

Task<> StaticFiles::answer_folder() {
    for (const std::string& name : options_->settings.index) {
        auto file = options_->cache->find(options_->source, relative_path(), name);
        if (file) {
            index_ = name;
            co_await answer_file(*std::move(file));
            co_return;
        }
        if (file.error().code != ENOENT && file.error().code != EISDIR) {
            refuse(file.error());
            co_return;
        }
    }
    co_await list_folder();
}

void StaticFiles::redirect_to_folder() {
    std::string location;
    append_escaped_path(location, path());
    location += '/';
    if (request().target.has_query) location.append("?").append(request().target.query);
    std::vector<FieldLine> fields{{"Location", location}};
    for (const auto& [name, value] : options_->settings.headers)
        fields.push_back({name, value});
    send_status_page(301, "A folder's address ends with a slash", fields);
}

Task<> StaticFiles::answer_file(FileCache::File file) {
    for (const std::string& reason : std::exchange(file->left_out, {}))
        log_message(Severity::debug, "{}/{}", options_->folder, reason);
    const Representation& what = file->best_for(headers());
    const auto now = static_cast<std::time_t>(wall_clock_ns() / kNanosecondsPerSecond);
    switch (evaluate_preconditions(request(), what.validators(), now)) {
        case Precondition::not_modified:
            answer_not_modified(what);
            co_return;
        case Precondition::failed:
            refuse_precondition(what);
            co_return;
        case Precondition::proceed:
            break;
    }
    const RangeSet ranges = wanted_ranges(what, now);
    switch (ranges.kind()) {
        case RangeSet::Kind::ignored:
            co_await send_whole(what);
            break;
        case RangeSet::Kind::satisfiable:
            if (ranges.ranges().size() == 1) {
                co_await send_range(what, ranges.ranges().front());
            } else {
                co_await send_ranges(what, ranges);
            }
            break;
        case RangeSet::Kind::not_satisfiable:
            refuse_range(what);
            break;
    }
    if (response().failure() == ENODATA || response().failure() == ECANCELED) file->stale = true;
}

// Range has a meaning for GET alone (RFC 9110, 14.2).
RangeSet StaticFiles::wanted_ranges(const Representation& what, std::time_t now) const {
    if (command() != "GET") return {};
    const auto range = headers().find("Range");
    if (!range || headers().count("Range") != 1 || !if_range_holds(headers(), what.validators(), now)) return {};
    return RangeSet::parse(*range, what.size());
}

void StaticFiles::answer_not_modified(const Representation& what) {
    send_response(304);
    response().prepared_fields(what.not_modified_lines());
    send_expiry();
    end_headers();
}

void StaticFiles::refuse_precondition(const Representation& what) {
    const FieldLine field{"ETag", what.etag()};
    send_error(412, "The file is not in the state that the request asks for", {&field, 1});
}

void StaticFiles::refuse_range(const Representation& what) {
    std::string range;
    append_unsatisfied_range(range, what.size());
    const std::array<FieldLine, 2> fields{{{"Content-Range", range}, {"Accept-Ranges", "bytes"}}};
    send_error(416, "The file has no such bytes", fields);
}

void StaticFiles::send_expiry() {
    if (!options_->expires) return;
    const auto now = static_cast<std::time_t>(wall_clock_ns() / kNanosecondsPerSecond);
    send_date_header("Expires", now + options_->expires->count());
}

// What fails once the head is written is seen in the log as an answer that was cut short.
Task<> StaticFiles::send_whole(const Representation& what) {
    send_response(200);
    response().prepared_fields(what.whole_lines(), what.size());
    send_expiry();
    end_headers();
    co_await send_bytes(what, {0, what.size()});
}

Task<> StaticFiles::send_range(const Representation& what, ByteRange range) {
    send_response(206);
    send_header("Content-Type", what.media_type());
    std::string content_range;
    append_content_range(content_range, range, what.size());
    send_header("Content-Range", content_range);
    send_header("Content-Length", range.length);
    response().prepared_fields(what.common_lines());
    send_expiry();
    end_headers();
    co_await send_bytes(what, range);
}

Task<> StaticFiles::send_ranges(const Representation& what, RangeSet set) {
    const MultipartRanges parts(set.ranges(), what.size(), what.media_type(), random_boundary());
    send_response(206);
    send_header("Content-Type", parts.content_type());
    send_header("Content-Length", parts.length());
    response().prepared_fields(what.common_lines());
    send_expiry();
    end_headers();
    for (std::size_t i = 0; i < parts.ranges().size(); ++i) {
        [[maybe_unused]] const auto head_sent = co_await write(parts.head(i));
        co_await send_bytes(what, parts.ranges()[i]);
    }
    [[maybe_unused]] const auto sent = co_await write(parts.end());
}

Task<> StaticFiles::send_bytes(const Representation& what, ByteRange range) {
    if (what.content()) {
        const std::string_view content = *what.content();
        [[maybe_unused]] const auto sent = co_await write(content.substr(range.first, range.length));
    } else {
        co_await send_open_file(what, range);
    }
}

// A file may be written over while it is sent: what came before and what comes after would be no state of it.
Task<> StaticFiles::send_open_file(const Representation& what, ByteRange range) {
    constexpr std::uint64_t kBetweenLooks = 4 << 20;
    const std::uint64_t piece = command() == "HEAD" ? range.length : kBetweenLooks;
    while (range.length > 0) {
        const std::uint64_t some = std::min(range.length, piece);
        const auto sent = co_await send_file(what.descriptor(), range.first, some);
        if (!sent) co_return;
        range.first += some;
        range.length -= some;
        if (what.intact()) continue;
        log_error("the file was written over while it was sent, request \"{}\"", request().line);
        response().abandon();
        co_return;
    }
}

Task<> StaticFiles::list_folder() {
    auto folder = options_->cache->open_folder(options_->source, relative_path());
    if (!folder) {
        refuse(folder.error());
        co_return;
    }
    if (!options_->settings.listing) {
        send_error(403, "This folder has no index and is not listed");
        co_return;
    }
    const auto order = ListingOrder::from_query(request().target.query);
    auto entries =
        DirectoryEntries::open(std::move(folder->fd), options_->source.root, std::string(relative_path()),
                               {.order = order, .hidden = options_->settings.hidden_files}, *options_->listings);
    if (!entries) {
        refuse(entries.error());
        co_return;
    }
    DirectoryListing listing(*this, *std::move(entries), order, options_->listing_page);
    if (command() != "HEAD") {
        const auto read = co_await listing.read();
        if (!read) {
            refuse(read.error());
            co_return;
        }
    }
    send_response(200);
    listing.send_headers();
    for (const auto& [name, value] : options_->settings.headers)
        send_header(name, value);
    end_headers();
    if (command() != "HEAD") co_await listing.send_content();
}

void StaticFiles::refuse(const IoError& error) {
    switch (error.code) {
        case ENOENT:
        case ENOTDIR:
        case ENAMETOOLONG:
            send_error(404, "No such file");
            break;
        case EACCES:
        case EPERM:
            send_error(403, "The server may not read this file");
            break;
        case EXDEV:
        case ELOOP:
            send_error(403, "A symbolic link leads out of the folder that is served");
            break;
        case ENXIO:
        case ENODEV:
            send_error(403, "Not a regular file");
            break;
        case ENOBUFS:
            send_error(503, "The server makes too many long lists just now", {&kRetryAfter, 1});
            break;
        case EAGAIN:
        case EMFILE:
        case ENFILE:
        case ENOMEM:
            send_error(503, "The server cannot open a file just now", {&kRetryAfter, 1});
            break;
        default:
            log_error("{}, request \"{}\"", error.text(), request().line);
            send_error(500, "The file cannot be read");
    }
}

}  // namespace basehttp
