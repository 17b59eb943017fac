// FileLog: access lines in a file, error lines in another or on standard error. Several processes may append to the
// same files: each line is one write. A file that was renamed or removed is made anew within a second, by each of
// them for itself: programs that rotate logs have nobody to signal. What they compress had better be a day old
// (delaycompress of logrotate(8)).
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "basehttp/io/io_result.h"
#include "basehttp/io/unique_fd.h"
#include "basehttp/log/line_log.h"

namespace basehttp {

class FileLog final : public LineLog {
  public:
    /// Opens the files, or makes them with mode 0640. `format` is a name or a text as LogFormat::compile() takes it;
    /// without `error_file`, error lines go to standard error. Throws std::system_error if a file cannot be opened
    /// and std::invalid_argument if `format` is wrong.
    explicit FileLog(std::string access_file, std::string_view format = "combined", std::string error_file = {});

    /// Opens the files anew at once, in this process. If one cannot be opened this throws std::system_error, and both
    /// old ones stay in use.
    void reopen();

    void access(const AccessRecord& record) override;
    using LineLog::error;
    void error(const ErrorRecord& record) override;

  private:
    struct File {
        UniqueFd fd;
        struct stat status {};
    };
    static IoResult<File> open(const std::string& path);
    IoResult<void> open_both();
    void keep_up(std::int64_t time_ns);

    std::string access_file_;
    std::string error_file_;
    File access_;
    File error_;
    std::int64_t looked_ = 0;  // the second in which both were last looked after
};

}  // namespace basehttp
