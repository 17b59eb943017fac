// StaticFiles: GET and HEAD for the files of one folder. The handler of every site with a root.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "basehttp/handlers/file_cache.h"
#include "basehttp/handlers/file_refusal.h"
#include "basehttp/handlers/files_settings.h"
#include "basehttp/handlers/listing_template.h"
#include "basehttp/handlers/memory_budget.h"
#include "basehttp/handlers/sent_file.h"
#include "basehttp/protocol/range.h"
#include "basehttp/server/request_handler.h"

namespace basehttp {

/// What one route serves; made at start, read by every request on it.
struct StaticFilesOptions {
    FileSource source;
    FileCache* cache;          ///< must outlive the options
    std::string folder{};      ///< the root's own path, for logs
    std::string user{};        ///< who this process is, for logs
    std::string prefix = "/";  ///< of the route's paths: what follows it is looked up in the root
    FilesSettings settings{};
    MemoryBudget* listings = nullptr;               ///< what lists draw on, needed for them; must outlive the options
    const ListingTemplate* listing_page = nullptr;  ///< in the place of ours; must outlive the options
    std::optional<std::chrono::seconds> expires{};  ///< after now, for the Expires field
};

class StaticFiles final : public RequestHandler {
  public:
    /// `options` must outlive the handler.
    explicit StaticFiles(const StaticFilesOptions* options) : options_(options) {}

    /// Throws std::invalid_argument where the options lack what every request would need.
    static void check_arguments(const StaticFilesOptions* options);

    Task<> do_GET();
    Task<> do_OPTIONS();

    std::string_view handler_name() const override { return "files"; }
    std::string file_name() const override;

  private:
    /// Whether the file on disk was compared with what the cache knows of it.
    enum class Look : std::uint8_t {
        none,
        before,  ///< before the head of the response was made
        anew,    ///< it was another, and was found anew
    };

    IoResult<void> find_file(std::string_view name = {});
    Task<> answer_path();
    Task<> answer_first_of_tries();
    std::optional<Task<>> answer_try(const TryStep& step);
    void log_step(std::string_view outcome, const TryStep& step);
    bool start_try(const TryStep& step);
    bool redirects_slash(const TryStep& step);
    Task<> answer_folder_without_slash();
    Task<> answer_folder();
    void log_absent_index(std::string_view name);
    Task<> list_folder();

    Task<> answer_file();
    Task<> answer_file_as_it_is_now();
    Task<> send_file_or_ranges(const Representation& what, std::time_t now);
    Task<> send_whole(const Representation& what);
    Task<> send_range(const Representation& what, ByteRange range);
    Task<> send_ranges(const Representation& what, RangeSet set);
    Task<> send_bytes(const Representation& what, ByteRange range);
    Task<> send_open_file(const Representation& what, ByteRange range);
    Task<> send_long_file(const Representation& what, ByteRange range);
    Task<> send_last_bytes(const Representation& what, ByteRange range);
    Task<> send_one_read(const Representation& what, ByteRange range);
    IoResult<void> read_last_bytes(const Representation& what, ByteRange range);
    void give_up_reading(const IoError& error);
    void note_state(const Representation& what);
    RangeSet wanted_ranges(const Representation& what, std::time_t now) const;
    void answer_not_modified(const Representation& what);
    void refuse_precondition(const Representation& what);
    void refuse_range(const Representation& what);
    void send_expiry();
    void give_up_changed_file();
    void note_failure();
    void refuse(const IoError& error);
    void log_refusal(const FileRefusal& refusal, const IoError& error);
    void refuse_hidden();
    std::string obstacle() const;

    /// The path below the route's, without a slash at its start.
    std::string_view relative_path() const;

    /// What is looked up in the root: that, or what stands in its place.
    std::string_view looked_up() const { return instead_.empty() ? relative_path() : instead_; }

    const StaticFilesOptions* options_;
    FileCache::File file_;      // that is asked for, once it is found
    std::string_view instead_;  // of the relative path: the file that answers for it, if one does
    std::string directory_;     // what stands there, where it has to be put together
    std::string_view name_;     // appended to that: the file that stands for a folder, or a suffix
    Look look_ = Look::none;
    std::optional<SentFile> sent_file_;  // once one that is not in memory is sent
    std::string last_bytes_;             // of that
};

}  // namespace basehttp
