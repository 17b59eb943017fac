#include "daemon/ctl/logs/lines/line_shape.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "basehttp/text/ascii.h"
#include "daemon/ctl/logs/lines/log_time.h"

namespace basehttpd {
namespace {

struct Column {
    enum class Kind : std::uint8_t { word, quoted, bracketed };
    Kind kind = Kind::word;
    std::string_view text;  // without its quotes or brackets
};
using Columns = std::vector<Column>;

// Where the value that starts at `at` ends: at a space, or at its closing quote or bracket.
std::size_t end_of_value(std::string_view line, std::size_t at, char closing) {
    while (at < line.size() && line[at] != closing)
        at += line[at] == '\\' && closing == '"' ? 2 : 1;
    return at;
}

// column = word / DQUOTE text DQUOTE / "[" text "]", one space between two of them
std::optional<Columns> split(std::string_view line) {
    constexpr std::size_t kMost = 40;
    Columns columns;
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char first = line[at];
        const auto kind = first == '"'   ? Column::Kind::quoted
                          : first == '[' ? Column::Kind::bracketed
                                         : Column::Kind::word;
        const bool word = kind == Column::Kind::word;
        const std::size_t start = word ? at : at + 1;
        const std::size_t end = end_of_value(line, start, word ? ' ' : first == '"' ? '"' : ']');
        if (columns.size() == kMost || end > line.size() || (!word && end == line.size())) return std::nullopt;
        columns.push_back({kind, line.substr(start, end - start)});
        at = word ? end : end + 1;
        if (at < line.size() && line[at] != ' ') return std::nullopt;
    }
    return columns;
}

bool is_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, basehttp::is_digit);
}

// `0.123`, as nginx has seconds.
bool is_decimal(std::string_view text) {
    const std::size_t dot = text.find('.');
    return dot != std::string_view::npos && is_number(text.substr(0, dot)) && is_number(text.substr(dot + 1));
}

bool is_kind(const Columns& columns, std::size_t index, Column::Kind kind) {
    return index < columns.size() && columns[index].kind == kind;
}

// `example.org` or `example.org:80` before the client.
std::string_view host_directives(std::string_view word) {
    const std::size_t colon = word.rfind(':');
    return colon != std::string_view::npos && is_number(word.substr(colon + 1)) ? "%v:%p " : "%v ";
}

// `[time] "request" status bytes` from `time` on.
bool has_core(const Columns& columns, std::size_t time) {
    return columns.size() > time + 3 && is_kind(columns, time, Column::Kind::bracketed) &&
           read_log_date(columns[time].text).has_value() && is_kind(columns, time + 1, Column::Kind::quoted) &&
           columns[time + 2].text.size() == 3 && is_number(columns[time + 2].text) &&
           (is_number(columns[time + 3].text) || columns[time + 3].text == "-");
}

// How the columns behind the usual ones are read.
struct Rest {
    std::string format;
    std::string suggestion;  // the same, with a guess at the unknown ones
    std::size_t unknown = 0;
};

Rest read_rest(const Columns& columns, std::size_t from) {
    Rest rest;
    bool has_duration = false;
    for (std::size_t i = from; i < columns.size(); ++i) {
        const Column& column = columns[i];
        const bool quoted = column.kind == Column::Kind::quoted;
        const std::string_view left = quoted ? " \"" : column.kind == Column::Kind::bracketed ? " [" : " ";
        const std::string_view right = quoted ? "\"" : column.kind == Column::Kind::bracketed ? "]" : "";
        // A note that no handler writes: it reads any value.
        const std::string unknown = fmt::format("%{{column{}}}n", i - from + 1);
        std::string directive = unknown;
        std::string guess = quoted ? "%{X-Forwarded-For}i" : unknown;
        if (!has_duration && is_decimal(column.text)) {
            directive = guess = "%T";
        } else if (!has_duration && is_number(column.text)) {
            guess = "%D";
        }
        has_duration = has_duration || guess == "%T" || guess == "%D";
        rest.format += fmt::format("{}{}{}", left, directive, right);
        rest.suggestion += fmt::format("{}{}{}", left, guess, right);
        if (directive == unknown) ++rest.unknown;
    }
    return rest;
}

}  // namespace

std::optional<LineShape> find_shape(std::string_view line) {
    constexpr std::size_t kUsualTime = 3;  // client, ident, user
    const auto columns = split(line);
    if (!columns) return std::nullopt;
    const bool has_host = has_core(*columns, kUsualTime + 1);
    if (!has_host && !has_core(*columns, kUsualTime)) return std::nullopt;
    std::string core = has_host ? std::string(host_directives(columns->front().text)) : "";
    core += R"(%h %l %u %t "%r" %>s %b)";
    std::size_t next = kUsualTime + (has_host ? 1 : 0) + 4;
    if (is_kind(*columns, next, Column::Kind::quoted) && is_kind(*columns, next + 1, Column::Kind::quoted)) {
        core += R"( "%{Referer}i" "%{User-Agent}i")";
        next += 2;
    }
    const Rest rest = read_rest(*columns, next);
    LineShape shape{core + rest.format, {}};
    if (rest.unknown > 0) {
        shape.advice = fmt::format(
            "the meaning of {} after the usual ones is unknown; name it with --format, for example --format '{}{}' "
            "(basehttpd.yaml(5) lists the directives)",
            rest.unknown == 1 ? "a column" : fmt::format("{} columns", rest.unknown), core, rest.suggestion);
    }
    return shape;
}

}  // namespace basehttpd
