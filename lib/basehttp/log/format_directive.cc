#include "basehttp/log/format_directive.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

using Argument = LogDirective::Argument;
using Moment = FormatDirective::Moment;
using TimePart = FormatDirective::TimePart;

struct TimeWord {
    std::string_view word;
    TimePart part;
};

constexpr auto kTimeWords = std::to_array<TimeWord>({
    {"sec", TimePart::seconds},
    {"msec", TimePart::milliseconds},
    {"usec", TimePart::microseconds},
    {"msec_frac", TimePart::millisecond_part},
    {"usec_frac", TimePart::microsecond_part},
});

// The directive as written, until it is known what it is.
struct Written {
    std::size_t start;
    std::string_view whole;
    std::string_view letters;
    std::optional<std::string_view> argument;
    std::vector<std::uint16_t> statuses;
    bool but_not_these = false;

    FormatProblem problem(std::string message) const { return {start, std::move(message)}; }
};

std::optional<FormatProblem> read_statuses(std::string_view format, std::size_t& at, Written& written) {
    constexpr std::size_t kDigits = 3;
    for (;;) {
        const std::string_view digits = format.substr(at, kDigits);
        const bool status = digits.size() == kDigits && std::ranges::all_of(digits, is_digit) && digits[0] != '0';
        if (!status) return FormatProblem{at, "a status of three digits belongs here"};
        written.statuses.push_back(
            static_cast<std::uint16_t>(100 * (digits[0] - '0') + 10 * (digits[1] - '0') + (digits[2] - '0')));
        at += kDigits;
        if (at >= format.size() || format[at] != ',') return std::nullopt;
        ++at;
    }
}

std::optional<FormatProblem> read_argument(std::string_view format, std::size_t& at, Written& written) {
    const auto close = format.find('}', at);
    if (close == std::string_view::npos) return FormatProblem{at, "'{' without '}'"};
    if (written.argument) return FormatProblem{at, "a second '{' in one directive"};
    written.argument = format.substr(at + 1, close - at - 1);
    at = close + 1;
    return std::nullopt;
}

// What stands between the `%` and the letter, in any order, as Apache takes it.
std::optional<FormatProblem> read_modifiers(std::string_view format, std::size_t& at, Written& written) {
    while (at < format.size()) {
        std::optional<FormatProblem> problem;
        if (format[at] == '<' || format[at] == '>') {
            ++at;  // the first or the last of redirected requests: here a request is never redirected within
        } else if (format[at] == '!') {
            written.but_not_these = true;
            problem = read_statuses(format, ++at, written);
        } else if (is_digit(format[at])) {
            problem = read_statuses(format, at, written);
        } else if (format[at] == '{') {
            problem = read_argument(format, at, written);
        } else {
            break;
        }
        if (problem) return problem;
    }
    return std::nullopt;
}

std::expected<Written, FormatProblem> read_written(std::string_view format, std::size_t& at) {
    Written written{};
    written.start = at++;
    if (auto problem = read_modifiers(format, at, written)) return std::unexpected(std::move(*problem));
    constexpr std::size_t kLong = 3;
    const std::size_t size = format.substr(at).starts_with('^') ? kLong : 1;
    written.letters = format.substr(at, size);
    at += written.letters.size();
    written.whole = format.substr(written.start, at - written.start);
    return written;
}

std::string choices_of(std::string_view letters) {
    std::string choices;
    for (const LogDirective& row : log_directives()) {
        if (row.is_for(letters) && !row.choice.empty())
            choices += fmt::format("{}{{{}}}", choices.empty() ? "" : ", ", row.choice);
    }
    return choices;
}

// The row for this argument; of fields, whose names match in any case, the one for all others where there is none.
const LogDirective* find_choice(const LogDirective& first, std::string_view argument) {
    const bool of_field = first.argument == Argument::field_name;
    for (const LogDirective& row : log_directives()) {
        if (!row.is_for(first.letters)) continue;
        if (of_field ? equals_ignoring_case(row.choice, argument) : row.choice == argument) return &row;
    }
    return of_field ? &first : nullptr;
}

std::optional<FormatProblem> check_name(const Written& written, const LogDirective& row, std::string_view name) {
    if (row.argument == Argument::field_name && !name.empty() && !is_token(name))
        return written.problem(fmt::format("'{}' is not the name of a field", name));
    if (name.empty() || name.size() > Captured::kLongestName)
        return written.problem(fmt::format("'%{0}' needs a name: %{{NAME}}{0}", written.letters));
    return std::nullopt;
}

// The row of the table that `written` means.
std::expected<const LogDirective*, FormatProblem> find_row(const Written& written) {
    const auto rows = log_directives();
    const auto first =
        std::ranges::find_if(rows, [&](const LogDirective& row) { return row.is_for(written.letters); });
    if (first == rows.end())
        return std::unexpected(written.problem(fmt::format("unknown directive '{}'", written.whole)));
    const std::string_view argument = written.argument.value_or("");
    switch (first->argument) {
        case Argument::none:
            if (!written.argument) return &*first;
            return std::unexpected(written.problem(fmt::format("'%{}' takes nothing in braces", written.letters)));
        case Argument::choice:
            if (const LogDirective* const row = find_choice(*first, argument)) return row;
            return std::unexpected(written.problem(
                fmt::format("'%{}' takes nothing in braces but {}", written.letters, choices_of(written.letters))));
        case Argument::field_name:
        case Argument::name:
            if (auto problem = check_name(written, *first, argument)) return std::unexpected(std::move(*problem));
            return first->argument == Argument::name ? &*first : find_choice(*first, argument);
        case Argument::time:
            return &*first;
    }
    return &*first;
}

// "%" [ "begin:" / "end:" ] [ word / strftime format ] "t"
void read_time(FormatDirective& directive, std::string_view argument) {
    if (argument.starts_with("begin:")) {
        argument.remove_prefix(std::string_view("begin:").size());
    } else if (argument.starts_with("end:")) {
        argument.remove_prefix(std::string_view("end:").size());
        directive.moment = Moment::end;
    }
    const auto word = std::ranges::find(kTimeWords, argument, &TimeWord::word);
    if (word != kTimeWords.end()) {
        directive.time_part = word->part;
    } else {
        directive.text = argument;
    }
}

}  // namespace

bool FormatDirective::is_for(std::uint16_t status) const {
    return (std::ranges::find(statuses, status) != statuses.end()) != but_not_these;
}

std::expected<FormatDirective, FormatProblem> FormatDirective::read(std::string_view format, std::size_t& at) {
    auto written = read_written(format, at);
    if (!written) return std::unexpected(std::move(written.error()));
    const auto row = find_row(*written);
    if (!row) return std::unexpected(row.error());
    const std::string_view argument = written->argument.value_or("");
    FormatDirective directive{.row = *row, .offset = written->start};
    directive.statuses = std::move(written->statuses);
    directive.but_not_these = written->but_not_these;
    if (directive.row->argument == Argument::time) {
        read_time(directive, argument);
    } else {
        directive.text = argument;
    }
    return directive;
}

}  // namespace basehttp
