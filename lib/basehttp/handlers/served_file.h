// ServedFile: a file as it is served: open or read, with its validators and the field lines of its responses put
// together. Made by a FileCache and never changed; whoever sends it keeps it alive.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/handlers/file_root.h"
#include "basehttp/handlers/files_settings.h"
#include "basehttp/handlers/media_types.h"
#include "basehttp/handlers/sent_file.h"
#include "basehttp/protocol/condition.h"

namespace basehttp {

/// Where files come from and what is said of each of them; one for each route.
struct FileSource {
    FileRoot root;
    const MediaTypes* types;    ///< must outlive the source
    std::string field_lines{};  ///< of the operator's, each with its CRLF
    /// Whether `name.br`, `name.zst` and `name.gz` stand for `name` where they exist.
    bool precompressed = kPrecompressed;
};

/// One form of a file, with a strong validator that two replicas of it agree on: made of its size and its time, and
/// of its content where that is in memory. A larger file whose time is so young that another change could bear it has
/// its inode in the tag as well, and in the very instant a weak tag (RFC 9110, 8.8.1).
///
/// It is the file itself, or a compressed sibling in its place.
class Representation {
  public:
    /// Takes the open regular file. `coding` is a coding's name that outlives this, or empty; `varies`: whether the
    /// file has other forms.
    /// The content of a file up to this size, in bytes, is held in memory.
    static constexpr std::uint64_t kMostInMemory = 128 * 1024;

    Representation(OpenFile file, std::string_view coding, std::string_view media_type, bool varies,
                   const FileSource& source);

    std::uint64_t size() const { return static_cast<std::uint64_t>(status_.st_size); }
    std::string_view coding() const { return coding_; }
    std::string_view media_type() const { return media_type_; }
    std::string_view etag() const { return etag_; }
    Validators validators() const { return {etag_, last_modified_}; }

    /// The content, where it is held in memory.
    const std::optional<std::string>& content() const { return content_; }

    /// The file, where the content is not held.
    int descriptor() const { return file_.get(); }

    /// The field lines of 200, Content-Length last; those that any response but an error carries; those of 304.
    std::string_view whole_lines() const { return whole_lines_; }
    std::string_view common_lines() const { return common_lines_; }
    std::string_view not_modified_lines() const { return not_modified_lines_; }

    /// Whether its times were old enough when it was opened that no later change can bear the same.
    bool settled() const { return settled_; }

    /// Whether `status` is that of the very same state of the same file. False also where it was not settled.
    bool is_still(const struct stat& status) const;

    /// The state in which the file was opened; none where the content is held, or where this was not settled.
    const std::optional<SentFile>& as_opened() const { return as_opened_; }

    /// Bytes of memory, about.
    std::size_t weight() const;

  private:
    void judge_times(std::int64_t now);
    void read_content();
    void write_etag();
    void write_lines(bool varies, const FileSource& source);

    struct stat status_;
    UniqueFd file_;
    std::string_view coding_;
    std::string media_type_;
    std::string etag_;
    std::optional<std::time_t> last_modified_;
    std::optional<std::string> content_;
    std::optional<SentFile> as_opened_;
    bool settled_ = true;
    bool young_ = false;              // not in memory, and changed so lately that another change may bear its time
    bool may_change_unseen_ = false;  // within the tick of the clock that its time is of
    std::string whole_lines_;
    std::string common_lines_;
    std::string not_modified_lines_;
};

struct ServedFile {
    Representation plain;
    std::vector<Representation> encoded;  ///< in the order in which the server prefers them

    bool settled() const;

    /// The form that suits Accept-Encoding best; of those that suit it alike, the one that the server prefers.
    const Representation& best_for(const Fields& fields) const;

    /// Set when a response found the file shorter than it was: the next request looks again.
    mutable bool stale = false;

    /// Why compressed siblings that are there were left out; whoever answers with the file first says it, and clears
    /// it.
    mutable std::vector<std::string> left_out{};
};

}  // namespace basehttp
