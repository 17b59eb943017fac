// Umask: the umask of this process while one of these lives. For files whose mode is decided where they are made: the
// umask that the daemon was started with, 0077 under the package's units, is for what others make. Used where the
// process has one thread.
#pragma once

#include <sys/stat.h>

namespace basehttpd {

class Umask {
  public:
    explicit Umask(mode_t mask) : before_(::umask(mask)) {}
    ~Umask() { ::umask(before_); }
    Umask(const Umask&) = delete;
    Umask& operator=(const Umask&) = delete;

  private:
    mode_t before_;
};

}  // namespace basehttpd
