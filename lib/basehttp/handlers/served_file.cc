#include "basehttp/handlers/served_file.h"

#include <algorithm>
#include <cstdlib>
#include <functional>

#include <fmt/format.h>

#include "basehttp/io/read_at.h"
#include "basehttp/io/wall_clock.h"
#include "basehttp/protocol/date.h"
#include "basehttp/protocol/negotiation.h"
#include "basehttp/protocol/response_head.h"

namespace basehttp {
namespace {

// Larger files are sent from the page cache, by sendfile(2). That copies nothing, and takes seven system calls where
// content in memory takes two: up to about 256 KiB the calls cost more than the copy.

// Times of files tick with the kernel's timer: a change this young may not be the last with its time.
constexpr std::int64_t kTick = kNanosecondsPerSecond / 50;
constexpr std::int64_t kSettlingTime = kNanosecondsPerSecond / 10;

// For this long the tag of a large file has its inode: some file systems, and those who copy, keep whole seconds.
constexpr std::int64_t kYoung = 2 * kNanosecondsPerSecond;

std::int64_t as_ns(const timespec& time) {
    return time.tv_sec * kNanosecondsPerSecond + time.tv_nsec;
}

bool equal(const timespec& a, const timespec& b) {
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

}  // namespace

Representation::Representation(OpenFile file, std::string_view coding, std::string_view media_type, bool varies,
                               const FileSource& source)
    : status_(file.status), file_(std::move(file.fd)), coding_(coding), media_type_(media_type) {
    const std::int64_t now = wall_clock_ns();
    // A date in the future would have to be replaced by today's (RFC 9110, 8.8.2.1), which says nothing.
    if (status_.st_mtime <= now / kNanosecondsPerSecond) last_modified_ = status_.st_mtime;
    if (size() <= kMostInMemory) read_content();
    judge_times(now);
    if (!content_ && settled_) as_opened_.emplace(file_.get(), size());
    write_etag();
    write_lines(varies, source);
}

void Representation::judge_times(std::int64_t now) {
    // What is in memory is told apart by its content. Unlike st_mtim, nobody can set st_ctim back.
    const std::int64_t age = now - as_ns(status_.st_mtim);
    young_ = !content_ && std::abs(age) < kYoung;
    may_change_unseen_ = !content_ && std::abs(age) < kTick;
    settled_ = settled_ && !young_ && now - as_ns(status_.st_ctim) >= kSettlingTime;
}

// Two states of a file that is written twice within one tick of the clock, or given back its old time, differ in
// their content alone: what is in memory is told apart by that too. The hash has no seed: replicas agree on it.
void Representation::write_etag() {
    if (may_change_unseen_) etag_ = "W/";
    etag_ += fmt::format("\"{:x}-{:x}", size(), static_cast<std::uint64_t>(as_ns(status_.st_mtim)));
    if (content_) {
        etag_ += fmt::format("-{:x}", std::hash<std::string>{}(*content_));
    } else if (young_) {
        etag_ += fmt::format("-{:x}", static_cast<std::uint64_t>(status_.st_ino));
    }
    if (!coding_.empty()) etag_.append("-").append(coding_);
    etag_ += '"';
}

// A file that grows shorter meanwhile, or cannot be read, stays open instead: its response fails as that of a large
// one would.
void Representation::read_content() {
    std::string content(static_cast<std::size_t>(size()), '\0');
    if (!read_at(file_.get(), 0, content)) return;
    struct stat after {};
    if (::fstat(file_.get(), &after) < 0 || !equal(after.st_mtim, status_.st_mtim)) settled_ = false;
    content_ = std::move(content);
    file_.reset();
}

void Representation::write_lines(bool varies, const FileSource& source) {
    append_field_line(not_modified_lines_, "ETag", etag_);
    if (varies) append_field_line(not_modified_lines_, "Vary", "Accept-Encoding");
    not_modified_lines_ += source.field_lines;
    if (!coding_.empty()) append_field_line(common_lines_, "Content-Encoding", coding_);
    if (last_modified_) {
        std::string date;
        append_http_date(date, *last_modified_);
        append_field_line(common_lines_, "Last-Modified", date);
    }
    append_field_line(common_lines_, "Accept-Ranges", "bytes");
    common_lines_ += not_modified_lines_;
    append_field_line(whole_lines_, "Content-Type", media_type_);
    whole_lines_ += common_lines_;
    append_field_line(whole_lines_, "Content-Length", size());
}

bool Representation::is_still(const struct stat& status) const {
    return settled_ && status.st_dev == status_.st_dev && status.st_ino == status_.st_ino &&
           status.st_size == status_.st_size && equal(status.st_mtim, status_.st_mtim) &&
           equal(status.st_ctim, status_.st_ctim);
}

std::size_t Representation::weight() const {
    return sizeof *this + (content_ ? content_->size() : 0) + whole_lines_.size() + common_lines_.size() +
           not_modified_lines_.size();
}

bool ServedFile::settled() const {
    return plain.settled() && std::ranges::all_of(encoded, &Representation::settled);
}

const Representation& ServedFile::best_for(const Fields& fields) const {
    const Representation* best = &plain;
    if (encoded.empty()) return *best;
    Quality best_quality = coding_quality(fields, "identity");
    for (const Representation& each : encoded) {
        const Quality quality = coding_quality(fields, each.coding());
        const bool better = best == &plain ? quality >= best_quality : quality > best_quality;
        if (quality == 0 || !better) continue;
        best = &each;
        best_quality = quality;
    }
    return *best;
}

}  // namespace basehttp
