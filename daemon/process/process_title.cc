#include "daemon/process/process_title.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <list>
#include <span>
#include <string>

namespace basehttpd {
namespace {

// What the kernel shows as the command line: the arguments, and the environment where it follows them directly.
std::span<char> title_memory;

}  // namespace

void reserve_process_title(int argc, char** argv) {
    if (argc == 0) return;
    // Never freed: the environment is used until the very end of the process.
    static auto* const kept = new std::list<std::string>;
    char* end = argv[0];
    for (int i = 0; i < argc; ++i) {
        if (argv[i] == end) end += std::strlen(argv[i]) + 1;
    }
    for (char** variable = ::environ; *variable != nullptr; ++variable) {
        if (*variable != end) break;
        end += std::strlen(*variable) + 1;
        *variable = kept->emplace_back(*variable).data();
    }
    title_memory = {argv[0], end};
}

void set_process_title(std::string_view title) {
    ::prctl(PR_SET_NAME, "basehttpd", 0, 0, 0);
    if (title_memory.empty()) return;
    const std::string text = "basehttpd: " + std::string(title);
    const std::size_t size = std::min(text.size(), title_memory.size() - 1);
    std::ranges::fill(title_memory, '\0');
    std::copy_n(text.begin(), size, title_memory.begin());
}

}  // namespace basehttpd
