#include "daemon/process/passed_environment.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace basehttpd {
namespace {

constexpr std::array<std::string_view, 5> kPassed{"PATH", "LANG", "LANGUAGE", "TZ", "TMPDIR"};

bool is_passed(std::string_view variable) {
    const std::string_view name = variable.substr(0, variable.find('='));
    return name.starts_with("LC_") || std::ranges::find(kPassed, name) != kPassed.end();
}

}  // namespace

std::vector<char*> passed_environment() {
    std::vector<char*> passed;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        if (is_passed(*variable)) passed.push_back(*variable);
    }
    passed.push_back(nullptr);
    return passed;
}

}  // namespace basehttpd
