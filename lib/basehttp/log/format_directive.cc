#include "basehttp/log/format_directive.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "basehttp/text/ascii.h"
#include "basehttp/text/escape.h"

namespace basehttp {
namespace {

using Item = FormatDirective::Item;
using Moment = FormatDirective::Moment;
using TimePart = FormatDirective::TimePart;

constexpr std::int64_t kNanosecond = 1;
constexpr std::int64_t kMicrosecond = 1000 * kNanosecond;
constexpr std::int64_t kMillisecond = 1000 * kMicrosecond;
constexpr std::int64_t kSecond = 1000 * kMillisecond;

/// What stands in braces before the letter.
enum class Argument : std::uint8_t { none, choice, name, field_name, time };

struct Row {
    std::string_view letters;
    std::string_view choice;  // the argument that this row is for
    Argument argument;
    Item item;
    std::int64_t unit_ns = kNanosecond;
    CaptureKind kind = CaptureKind::request_field;
};

constexpr auto kRows = std::to_array<Row>({
    {"h", "", Argument::none, Item::client_name},
    {"a", "", Argument::choice, Item::client},
    {"a", "c", Argument::choice, Item::peer},
    {"A", "", Argument::none, Item::local},
    {"B", "", Argument::none, Item::body_bytes},
    {"b", "", Argument::none, Item::body_bytes_or_dash},
    {"C", "", Argument::name, Item::captured, kNanosecond, CaptureKind::cookie},
    {"D", "", Argument::none, Item::duration, kMicrosecond},
    {"e", "", Argument::name, Item::literal},
    {"f", "", Argument::none, Item::captured, kNanosecond, CaptureKind::file},
    {"H", "", Argument::none, Item::protocol},
    {"i", "", Argument::field_name, Item::captured, kNanosecond, CaptureKind::request_field},
    {"k", "", Argument::none, Item::requests_before},
    {"l", "", Argument::none, Item::literal},
    {"L", "", Argument::none, Item::request_id},
    {"m", "", Argument::none, Item::method},
    {"n", "", Argument::name, Item::captured, kNanosecond, CaptureKind::note},
    {"o", "", Argument::field_name, Item::captured, kNanosecond, CaptureKind::response_field},
    {"p", "", Argument::choice, Item::local_port},
    {"p", "canonical", Argument::choice, Item::local_port},
    {"p", "local", Argument::choice, Item::local_port},
    {"p", "remote", Argument::choice, Item::client_port},
    {"P", "", Argument::choice, Item::process},
    {"P", "pid", Argument::choice, Item::process},
    {"P", "tid", Argument::choice, Item::process},
    {"P", "hextid", Argument::choice, Item::process_hex},
    {"q", "", Argument::none, Item::query},
    {"r", "", Argument::none, Item::request_line},
    {"R", "", Argument::none, Item::captured, kNanosecond, CaptureKind::handler},
    {"s", "", Argument::none, Item::status},
    {"t", "", Argument::time, Item::time},
    {"T", "", Argument::choice, Item::duration, kSecond},
    {"T", "s", Argument::choice, Item::duration, kSecond},
    {"T", "ms", Argument::choice, Item::duration, kMillisecond},
    {"T", "us", Argument::choice, Item::duration, kMicrosecond},
    {"u", "", Argument::none, Item::user},
    {"U", "", Argument::none, Item::path},
    {"v", "", Argument::none, Item::site},
    {"V", "", Argument::none, Item::host},
    {"X", "", Argument::none, Item::ending},
    {"I", "", Argument::none, Item::bytes_in},
    {"O", "", Argument::none, Item::bytes_out},
    {"S", "", Argument::none, Item::bytes_both},
    {"^FB", "", Argument::none, Item::first_byte},
    {"^ti", "", Argument::field_name, Item::captured, kNanosecond, CaptureKind::request_trailer},
    {"^to", "", Argument::field_name, Item::literal},
});

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
    for (const Row& row : kRows) {
        if (row.letters == letters && !row.choice.empty())
            choices += fmt::format("{}{{{}}}", choices.empty() ? "" : ", ", row.choice);
    }
    return choices;
}

// The row of the table that `written` means.
std::expected<const Row*, FormatProblem> find_row(const Written& written) {
    const auto same_letters = [&](const Row& row) { return row.letters == written.letters; };
    const auto first = std::ranges::find_if(kRows, same_letters);
    if (first == kRows.end())
        return std::unexpected(written.problem(fmt::format("unknown directive '{}'", written.whole)));
    const std::string_view argument = written.argument.value_or("");
    switch (first->argument) {
        case Argument::none:
            if (!written.argument) return &*first;
            return std::unexpected(written.problem(fmt::format("'%{}' takes nothing in braces", written.letters)));
        case Argument::choice: {
            const auto chosen = std::ranges::find_if(
                kRows, [&](const Row& row) { return same_letters(row) && row.choice == argument; });
            if (chosen != kRows.end()) return &*chosen;
            return std::unexpected(written.problem(
                fmt::format("'%{}' takes nothing in braces but {}", written.letters, choices_of(written.letters))));
        }
        case Argument::field_name:
            if (!argument.empty() && !is_token(argument))
                return std::unexpected(written.problem(fmt::format("'{}' is not the name of a field", argument)));
            [[fallthrough]];
        case Argument::name:
            if (argument.empty() || argument.size() > Captured::kLongestName)
                return std::unexpected(
                    written.problem(fmt::format("'%{0}' needs a name: %{{NAME}}{0}", written.letters)));
            return &*first;
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

std::string variable(std::string_view name) {
    const char* value = std::getenv(std::string(name).c_str());
    std::string text;
    if (value != nullptr) append_escaped(text, value);
    return text.empty() ? "-" : text;
}

// What every record has need not be captured.
Item item_of_field(std::string_view name) {
    if (equals_ignoring_case(name, "Referer")) return Item::referer;
    if (equals_ignoring_case(name, "User-Agent")) return Item::user_agent;
    return Item::captured;
}

}  // namespace

bool FormatDirective::applies_to(std::uint16_t status) const {
    if (statuses.empty()) return true;
    return (std::ranges::find(statuses, status) != statuses.end()) != but_not_these;
}

std::expected<FormatDirective, FormatProblem> FormatDirective::read(std::string_view format, std::size_t& at) {
    auto written = read_written(format, at);
    if (!written) return std::unexpected(std::move(written.error()));
    const auto row = find_row(*written);
    if (!row) return std::unexpected(row.error());
    const std::string_view argument = written->argument.value_or("");
    FormatDirective directive;
    directive.item = (*row)->item;
    directive.kind = (*row)->kind;
    directive.unit_ns = (*row)->unit_ns;
    directive.statuses = std::move(written->statuses);
    directive.but_not_these = written->but_not_these;
    switch (directive.item) {
        case Item::literal:
            directive.text = (*row)->letters == "e" ? variable(argument) : "-";
            break;
        case Item::time:
            read_time(directive, argument);
            break;
        case Item::captured:
            directive.text = argument;
            if (directive.kind == CaptureKind::request_field) directive.item = item_of_field(argument);
            break;
        default:
            break;
    }
    return directive;
}

}  // namespace basehttp
