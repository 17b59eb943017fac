// The process's title, as `ps` shows it.
#pragma once

#include <string_view>

namespace basehttpd {

/// Makes the memory of the arguments and the environment free for titles. Once, at the start of main().
void reserve_process_title(int argc, char** argv);

/// Shows this process as `basehttpd: title`.
void set_process_title(std::string_view title);

}  // namespace basehttpd
