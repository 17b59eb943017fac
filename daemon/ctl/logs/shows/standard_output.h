// StandardOutput: what a command prints, written in large pieces. A reader that leaves (`| head`) ends the command
// quietly.
#pragma once

#include <string>
#include <string_view>

namespace basehttpd {

class StandardOutput {
  public:
    StandardOutput();

    /// False once nothing more can be written.
    bool write(std::string_view text);
    bool flush();

    bool is_open() const { return open_; }

    /// Why writing ended, as a sentence; empty where the reader left, or all is well.
    const std::string& error() const { return error_; }

  private:
    std::string buffer_;
    std::string error_;
    bool open_ = true;
};

}  // namespace basehttpd
