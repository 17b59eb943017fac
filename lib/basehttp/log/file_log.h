// FileLog: access lines in a file, error lines in another or on standard error. Several processes may append to the
// same files: each line is one write.
#pragma once

#include <string>
#include <string_view>

#include "basehttp/io/unique_fd.h"
#include "basehttp/log/line_log.h"

namespace basehttp {

class FileLog final : public LineLog {
  public:
    /// Opens the files, or makes them with mode 0640. `format` is a name or a text as LogFormat::compile() takes it;
    /// without `error_file`, error lines go to standard error. Throws std::system_error if a file cannot be opened
    /// and std::invalid_argument if `format` is wrong.
    explicit FileLog(std::string access_file, std::string_view format = "combined", std::string error_file = {});

    /// Opens the files anew, after they were renamed. If one cannot be opened this throws std::system_error, and both
    /// old ones stay in use.
    void reopen();

  private:
    std::string access_file_;
    std::string error_file_;
    UniqueFd access_;
    UniqueFd error_;
};

}  // namespace basehttp
