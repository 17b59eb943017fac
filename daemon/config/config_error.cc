#include "daemon/config/config_error.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "basehttp/text/utf8.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

constexpr std::size_t kShownColumns = 100;   // of a source line
constexpr std::size_t kColumnsBefore = 60;   // of these at most so many before the caret, where the line is cut
constexpr std::size_t kExaminedBytes = 400;  // on each side of the caret: bounds the work for lines of a megabyte
constexpr std::size_t kTabStop = 8;

// What one character of a line becomes on the terminal.
struct Cell {
    std::string text;
    std::size_t columns;
};

Cell make_cell(std::string_view bytes, std::size_t column) {
    if (bytes == "\t") {
        const std::size_t width = kTabStop - column % kTabStop;
        return {std::string(width, ' '), width};
    }
    std::string text = escape_unprintable(bytes);
    const std::size_t columns = text == bytes ? 1 : text.size();
    return {std::move(text), columns};
}

struct Window {
    std::vector<Cell> cells;
    std::size_t caret = 0;  // index of the caret's cell; past the last one where the line ends there
};

Window split_into_cells(std::string_view line, std::size_t byte) {
    Window window;
    std::size_t column = 0;
    std::size_t offset = 0;
    while (offset < line.size()) {
        const std::size_t length = std::max<std::size_t>(1, basehttp::decode_utf8(line.substr(offset)).length);
        if (offset + length <= byte) window.caret = window.cells.size() + 1;
        window.cells.push_back(make_cell(line.substr(offset, length), column));
        column += window.cells.back().columns;
        offset += length;
    }
    return window;
}

std::size_t columns_of(std::span<const Cell> cells) {
    return std::accumulate(cells.begin(), cells.end(), std::size_t{0},
                           [](std::size_t sum, const Cell& cell) { return sum + cell.columns; });
}

std::string render_position(const ConfigPosition& where) {
    if (where.file.empty()) return "basehttpd: ";
    const std::string file = escape_unprintable(where.file);
    if (where.line == 0) return fmt::format("{}: ", file);
    return fmt::format("{}:{}:{}: ", file, where.line, where.column);
}

}  // namespace

SourceExcerpt make_excerpt(std::string_view line, std::size_t byte) {
    byte = std::min(byte, line.size());
    std::size_t begin = byte > kExaminedBytes ? byte - kExaminedBytes : 0;
    while (begin < byte && begin > 0 && basehttp::is_continuation(line[begin]))
        ++begin;
    std::size_t end = std::min(line.size(), byte + kExaminedBytes);
    while (end < line.size() && end > byte && basehttp::is_continuation(line[end]))
        --end;

    const Window window = split_into_cells(line.substr(begin, end - begin), byte - begin);
    const std::span<const Cell> cells(window.cells);
    const bool whole = begin == 0 && end == line.size() && columns_of(cells) <= kShownColumns;

    std::size_t first = whole ? 0 : window.caret;
    if (!whole) {
        std::size_t before = 0;
        while (first > 0 && before + cells[first - 1].columns <= kColumnsBefore)
            before += cells[--first].columns;
    }
    SourceExcerpt excerpt;
    if (first > 0 || begin > 0) excerpt.line = kCut;
    excerpt.caret = excerpt.line.size() + columns_of(cells.subspan(first, window.caret - first));
    std::size_t columns = 0;
    std::size_t last = first;
    for (; last < cells.size() && (whole || columns + cells[last].columns <= kShownColumns); ++last) {
        excerpt.line += cells[last].text;
        columns += cells[last].columns;
    }
    if (last < cells.size() || end < line.size()) excerpt.line += kCut;
    return excerpt;
}

std::string render(const ConfigError& error) {
    const std::string_view kind = error.kind == ConfigError::Kind::error ? "error" : "warning";
    std::string text = fmt::format("{}{}: {}", render_position(error.where), kind, error.message);
    if (!error.hint.empty()) text += "; " + error.hint;
    text += '\n';
    if (error.where.line == 0 || error.source.line.empty()) return text;
    text += fmt::format("{:>5} | {}\n", error.where.line, error.source.line);
    text += fmt::format("{:>5} | {:>{}}\n", "", "^", error.source.caret + 1);
    return text;
}

std::string render(std::span<const ConfigError> errors) {
    std::string text;
    for (const ConfigError& error : errors)
        text += render(error);
    return text;
}

bool has_error(std::span<const ConfigError> errors) {
    return std::ranges::any_of(errors, [](const ConfigError& e) { return e.kind == ConfigError::Kind::error; });
}

}  // namespace basehttpd
