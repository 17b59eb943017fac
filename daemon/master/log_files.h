// LogFiles: the open files and streams of a plan's sinks, in its order. Opened by the master, who may write where
// workers must not; the logger inherits them. Sinks of other kinds have none.
#pragma once

#include <sys/types.h>

#include <expected>
#include <string>
#include <vector>

#include "basehttp/io/unique_fd.h"
#include "daemon/config/config.h"

namespace basehttpd {

class LogFiles {
  public:
    /// Opens each sink for appending; a new file has mode 0640 whatever the umask is. The error is a sentence that
    /// names the file.
    static std::expected<LogFiles, std::string> open(const std::vector<SinkConfig>& sinks);

    struct Reopened;
    /// Opens the same sinks anew; a file that was deleted is made again, with its folder. What cannot be opened stays
    /// as it is here.
    Reopened reopen() const;

    /// The same for the files alone that were deleted.
    Reopened remake() const;

    /// Whether a file has been deleted: nobody will ever read what is written there.
    bool any_deleted() const;

    /// -1 where the sink has no descriptor.
    int fd(std::size_t sink) const { return files_[sink].fd.get(); }

    std::vector<int> fds() const;

  private:
    struct File {
        SinkConfig sink;
        basehttp::UniqueFd fd;
        // What its folder was like.
        mode_t folder_mode = 0755;
        uid_t folder_owner = 0;
        gid_t folder_group = 0;

        bool is_deleted() const;
        std::expected<void, std::string> open();
        std::expected<File, std::string> again() const;
        File copy() const;
        void note_folder();
        void make_folder() const;
    };

    Reopened renew(bool (*wanted)(const File&)) const;

    std::vector<File> files_;
};

struct LogFiles::Reopened {
    LogFiles files;
    std::vector<std::string> problems;  ///< a sentence for each that could not be opened
    std::vector<std::string> made;      ///< the files that were made again
};

}  // namespace basehttpd
