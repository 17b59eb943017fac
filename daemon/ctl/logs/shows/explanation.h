// Explanation: a line of an access log in words, for whoever has to find out what happened. Keeps what it needs of
// the lines before, so that a loop of redirects shows. Owned by the command.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/logs/lines/log_record.h"

namespace basehttpd {

class Explanation {
  public:
    /// Some lines of plain text, without anything that a terminal would act upon.
    std::string explain(const LogRecord& record);

  private:
    void add_fields(std::string& out, const LogRecord& record) const;
    std::vector<std::string> what_happened(const LogRecord& record);
    void add_ending(std::vector<std::string>& sentences, const LogRecord& record) const;
    void add_status(std::vector<std::string>& sentences, const LogRecord& record) const;
    void add_redirects(std::vector<std::string>& sentences, const LogRecord& record);

    std::string redirected_;  // client and target of the last redirect
    unsigned times_ = 0;
};

}  // namespace basehttpd
