// What the place that output goes to can show. Asked once, by the command.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace basehttpd {

enum class Colours : std::uint8_t { automatic, always, never };

struct Terminal {
    bool is_terminal = false;
    bool coloured = false;
    bool utf8 = false;
    std::size_t width = 80;

    /// Of standard output. NO_COLOR (no-color.org), TERM=dumb, COLUMNS and the locale are respected.
    static Terminal find(Colours colours);
};

/// Appends `text` in plain ASCII that no terminal acts upon, at most `width` bytes of it, the last one `~` where it
/// was cut.
void append_cut(std::string& out, std::string_view text, std::size_t width);

}  // namespace basehttpd
