#include "daemon/ctl/logs/shows/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "basehttp/text/ascii.h"
#include "basehttp/text/escape.h"

namespace basehttpd {
namespace {

constexpr std::size_t kLeastWidth = 20;
constexpr std::size_t kMostWidth = 1000;

std::string_view variable(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
}

std::size_t find_width(bool is_terminal) {
    std::size_t width = 80;
    winsize size{};
    const std::string_view columns = variable("COLUMNS");
    std::size_t told = 0;
    std::from_chars(columns.data(), columns.data() + columns.size(), told);
    if (told > 0) {
        width = told;
    } else if (is_terminal && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        width = size.ws_col;
    }
    return std::clamp(width, kLeastWidth, kMostWidth);
}

bool has_utf8() {
    for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        std::string locale(variable(name));
        if (locale.empty()) continue;
        std::ranges::transform(locale, locale.begin(), basehttp::to_lower);
        return locale.contains("utf-8") || locale.contains("utf8");
    }
    return false;
}

}  // namespace

Terminal Terminal::find(Colours colours) {
    Terminal terminal;
    terminal.is_terminal = ::isatty(STDOUT_FILENO) != 0;
    const bool wanted = terminal.is_terminal && variable("NO_COLOR").empty() && variable("TERM") != "dumb";
    terminal.coloured = colours == Colours::always || (colours == Colours::automatic && wanted);
    terminal.utf8 = has_utf8();
    terminal.width = find_width(terminal.is_terminal);
    return terminal;
}

void append_cut(std::string& out, std::string_view text, std::size_t width) {
    std::string escaped;
    basehttp::append_escaped(escaped, text.substr(0, width + 1));
    if (escaped.size() <= width) {
        out += escaped;
        return;
    }
    if (width == 0) return;
    out += std::string_view(escaped).substr(0, width - 1);
    out += '~';
}

}  // namespace basehttpd
