#include "basehttp/handlers/static_files.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

#include "basehttp/handlers/hidden_path.h"
#include "basehttp/handlers/multipart_ranges.h"
#include "basehttp/io/read_at.h"
#include "basehttp/io/wall_clock.h"
#include "basehttp/server/route_path.h"

namespace basehttp {
namespace {

constexpr FieldLine kRetryAfter{"Retry-After", "2"};

// Whether the file is still what the validators were made of, to who is about to send it. One in memory is.
bool is_current(const Representation& what) {
    struct stat now {};
    return what.content() || ::fstat(what.descriptor(), &now) < 0 || what.is_still(now);
}

// Bytes of a file that are read into memory before they are sent: its last.
constexpr std::uint64_t kLast = 4096;

// Whether all that is asked for is a range that one read brings.
bool is_one_read(const Representation& what, const RangeSet& ranges) {
    return !what.content() && ranges.kind() == RangeSet::Kind::satisfiable && ranges.ranges().size() == 1 &&
           ranges.ranges().front().length <= kLast;
}

Task<> wait_for(Task<IoResult<void>> sending) {
    [[maybe_unused]] const auto sent = co_await sending;
}

// What fails once the head is written is seen in the log as an answer that was cut short.
Task<> without_outcome(Task<IoResult<void>> sending) {
    if (sending.done()) return {};
    return wait_for(std::move(sending));
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
    std::string_view relative = rest_of_path(path(), options_->prefix);
    if (relative.starts_with('/')) relative.remove_prefix(1);
    return relative;
}

std::string StaticFiles::file_name() const {
    std::string name = options_->folder;
    if (!name.ends_with('/')) name += '/';
    return name.append(looked_up()).append(name_);
}

Task<> StaticFiles::do_GET() {
    const std::string_view relative = relative_path();
    // A decoded slash would name a file that the URL's own segments do not.
    if (request().target.escaped_slash || (!options_->settings.hidden_files && is_hidden(relative))) {
        refuse_hidden();
        return {};
    }
    return options_->settings.tries.empty() ? answer_path() : answer_first_of_tries();
}

Task<> StaticFiles::answer_path() {
    if (path().ends_with('/')) return answer_folder();
    const auto found = find_file();
    if (found) return answer_file();
    if (found.error().code == EISDIR) {
        redirect_to_folder();
    } else {
        refuse(found.error());
    }
    return {};
}

Task<> StaticFiles::do_OPTIONS() {
    send_response(204);
    send_header("Allow", allowed_methods());
    end_headers();
    return {};
}

// Finds the file that is asked for, or the one whose name has `name` appended to that.
IoResult<void> StaticFiles::find_file(std::string_view name) {
    auto file = options_->cache->find(options_->source, looked_up(), name);
    if (!file) return std::unexpected(file.error());
    file_ = *std::move(file);
    return {};
}

Task<> StaticFiles::answer_file() {
    for (const std::string& reason : file_->left_out)
        log_message(Severity::debug, "{}/{}", options_->folder, reason);
    file_->left_out.clear();
    const Representation& what = file_->best_for(headers());
    const std::time_t now = wall_clock_seconds();
    const auto outcome = evaluate_preconditions(request(), what.validators(), now);
    if (outcome == Precondition::not_modified) {
        answer_not_modified(what);
        return {};
    }
    if (outcome == Precondition::failed) {
        refuse_precondition(what);
        return {};
    }
    return send_file_or_ranges(what, now);
}

// Within the time that the cache trusts it, a file was written over or replaced: what would be sent is not what the
// validators were made of. Once: a file that changes all the time is served as it was when it was looked at.
Task<> StaticFiles::answer_file_as_it_is_now() {
    look_ = Look::anew;
    file_->stale = true;
    const auto found = find_file(name_);
    if (found) return answer_file();
    refuse(found.error());
    return {};
}

Task<> StaticFiles::send_file_or_ranges(const Representation& what, std::time_t now) {
    const RangeSet ranges = wanted_ranges(what, now);
    if (command() == "GET" && look_ == Look::none && !is_one_read(what, ranges)) {
        look_ = Look::before;
        if (!is_current(what)) return answer_file_as_it_is_now();
    }
    switch (ranges.kind()) {
        case RangeSet::Kind::ignored:
            return send_whole(what);
        case RangeSet::Kind::satisfiable:
            if (ranges.ranges().size() > 1) return send_ranges(what, ranges);
            return send_range(what, ranges.ranges().front());
        case RangeSet::Kind::not_satisfiable:
            refuse_range(what);
            break;
    }
    return {};
}

// Range has a meaning for GET alone (RFC 9110, 14.2).
RangeSet StaticFiles::wanted_ranges(const Representation& what, std::time_t now) const {
    if (command() != "GET") return {};
    const auto range = headers().find(KnownField::range);
    if (!range || headers().count(KnownField::range) != 1 || !if_range_holds(headers(), what.validators(), now))
        return {};
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
    send_date_header("Expires", wall_clock_seconds() + options_->expires->count());
}

Task<> StaticFiles::send_whole(const Representation& what) {
    send_response(200);
    response().prepared_fields(what.whole_lines(), what.size());
    send_expiry();
    end_headers();
    return send_bytes(what, {0, what.size()});
}

Task<> StaticFiles::send_range(const Representation& what, ByteRange range) {
    send_response(206);
    response().plain_field("Content-Type", what.media_type());
    std::string content_range;
    append_content_range(content_range, range, what.size());
    response().plain_field("Content-Range", content_range);
    response().content_length(range.length);
    response().prepared_fields(what.common_lines());
    send_expiry();
    end_headers();
    return send_bytes(what, range);
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
    if (!what.content()) return send_open_file(what, range);
    return without_outcome(
        response().write_lasting(std::string_view(*what.content()).substr(range.first, range.length)));
}

// A file may be written over while it is sent: what came before and what comes after would be no state of it. The
// last bytes are read before the last look and sent after it, so that who got all of them got one state.
Task<> StaticFiles::send_open_file(const Representation& what, ByteRange range) {
    if (command() == "HEAD") return without_outcome(send_file(what.descriptor(), range.first, range.length));
    if (range.length <= kLast && !sent_file_) return send_one_read(what, range);
    if (!sent_file_) note_state(what);
    return range.length > kLast ? send_long_file(what, range) : send_last_bytes(what, range);
}

// What one read brings is of the state that the validators were made of, if the file still is in it afterwards. Where
// nobody has looked before, nothing of the response was sent: there can be another.
Task<> StaticFiles::send_one_read(const Representation& what, ByteRange range) {
    const auto read = read_last_bytes(what, range);
    const bool current = is_current(what);
    if (!current && look_ == Look::none) {
        response().discard();
        return answer_file_as_it_is_now();
    }
    if (!read) {
        give_up_reading(read.error());
        return {};
    }
    if (current) return without_outcome(write(last_bytes_));
    note_state(what);
    return send_last_bytes(what, range);
}

// A file that is in the state in which it was opened has not to be looked at again.
void StaticFiles::note_state(const Representation& what) {
    if (what.as_opened() && look_ != Look::anew) {
        sent_file_ = what.as_opened();
    } else {
        sent_file_.emplace(what.descriptor(), what.size());
    }
}

Task<> StaticFiles::send_long_file(const Representation& what, ByteRange range) {
    constexpr std::uint64_t kBetweenLooks = 4 << 20;
    while (range.length > kLast) {
        const std::uint64_t some = std::min(range.length - kLast, kBetweenLooks);
        const auto sent = co_await send_file(what.descriptor(), range.first, some);
        if (!sent) co_return note_failure();
        range.first += some;
        range.length -= some;
        if (range.length > kLast && !sent_file_->intact()) co_return give_up_changed_file();
    }
    co_await send_last_bytes(what, range);
}

Task<> StaticFiles::send_last_bytes(const Representation& what, ByteRange range) {
    if (const auto read = read_last_bytes(what, range); !read) {
        give_up_reading(read.error());
        return {};
    }
    if (!sent_file_->intact()) {
        give_up_changed_file();
        return {};
    }
    return without_outcome(write(last_bytes_));
}

IoResult<void> StaticFiles::read_last_bytes(const Representation& what, ByteRange range) {
    last_bytes_.resize(range.length);
    return read_at(what.descriptor(), range.first, last_bytes_);
}

void StaticFiles::give_up_reading(const IoError& error) {
    static_cast<void>(response().fail(error));  // whoever reads on finds it there
    note_failure();
}

void StaticFiles::give_up_changed_file() {
    log_error("the file was written over while it was sent, file {}, request \"{}\"", file_name(), request().line);
    response().abandon();
    note_failure();
}

// What could not be sent as it was known is looked at anew for the next request.
void StaticFiles::note_failure() {
    const int failure = response().failure();
    if (failure == ESTALE || failure == ECANCELED) file_->stale = true;
}

// The log names the file, the reason and who was refused; the page, which anybody sees, does not.
void StaticFiles::refuse(const IoError& error) {
    const FileRefusal refusal = FileRefusal::of(error.code);
    if (logs(refusal.severity)) log_refusal(refusal, error);
    std::span<const FieldLine> fields;
    if (refusal.status == 503) fields = {&kRetryAfter, 1};
    send_status_page(refusal.status, refusal.message, fields);
}

void StaticFiles::log_refusal(const FileRefusal& refusal, const IoError& error) {
    std::string reason = std::generic_category().message(error.code);
    if (refusal.severity == Severity::warning) reason += obstacle();
    if (!options_->user.empty()) reason += ", user " + options_->user;
    log_message(refusal.severity, "code {}, message {}, file {}: {}, request \"{}\"", refusal.status, refusal.message,
                file_name(), reason, request().line);
}

// To the client it is as if there were no such file.
void StaticFiles::refuse_hidden() {
    constexpr std::string_view kMessage = "No such file";
    const std::string_view reason = request().target.escaped_slash
                                        ? "a path with an escaped slash is not looked up"
                                        : "a name that begins with a dot is served only with hidden_files: true";
    if (logs(Severity::debug))
        log_message(Severity::debug, "code 404, message {}, file {}: {}, request \"{}\"", kMessage, file_name(),
                    reason, request().line);
    send_status_page(404, kMessage);
}

// Which component refuses, and how its permissions are.
std::string StaticFiles::obstacle() const {
    const FileRoot& root = options_->source.root;
    std::string path(looked_up());
    path += name_;
    while (path.ends_with('/'))
        path.pop_back();
    const std::string_view part = refusing_part(root, path);
    std::string text = " by " + options_->folder;
    if (!part.empty()) text.append(text.ends_with('/') ? "" : "/").append(part);
    const auto status = root.status_of(part);
    if (!status) return text;
    return text + fmt::format(" (mode {:04o}, owner {}, group {})", status->st_mode & 07777U, status->st_uid,
                              status->st_gid);
}

}  // namespace basehttp
