// PasswordWatch: looks whether password files have changed, and has the workers use what they hold now: workers may
// not read them. Owned by the Master.
#pragma once

#include <sys/stat.h>

#include <map>
#include <string>

#include "basehttp/log/log.h"
#include "daemon/master/crews.h"

namespace basehttpd {

class PasswordWatch {
  public:
    PasswordWatch(Crews& crews, basehttp::Log& log) : crews_(crews), log_(log) {}

    /// To be called once a second. A file that cannot be read or understood is reported once, and what it held before
    /// stays in use.
    void look();

  private:
    void look_at(const std::string& path, const std::string& used);

    Crews& crews_;
    basehttp::Log& log_;
    std::map<std::string, struct stat> seen_;
};

}  // namespace basehttpd
