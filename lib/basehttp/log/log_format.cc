#include "basehttp/log/log_format.h"

#include <cstdlib>
#include <utility>

#include "basehttp/io/wall_clock.h"
#include "basehttp/log/format_text.h"
#include "basehttp/text/escape.h"
#include "basehttp/text/string_writer.h"

namespace basehttp {
namespace {

using Form = LogDirective::Form;
using Moment = FormatDirective::Moment;
using TimePart = FormatDirective::TimePart;

void append_or_dash(StringWriter& out, std::string_view text) {
    if (text.empty()) {
        out.put('-');
    } else {
        append_escaped(out, text);
    }
}

// In the unit that it is written in.
std::int64_t number_of(const LogDirective& row, const AccessRecord& record) {
    const std::int64_t number = row.number(record);
    return row.unit_ns == 0 ? number : number / row.unit_ns;
}

void append_number_or_dash(StringWriter& out, std::int64_t number) {
    if (number == 0) {
        out.put('-');
    } else {
        out.put_number(number);
    }
}

// The digits of a part of a second, all of them.
void append_digits(StringWriter& out, std::int64_t number, std::size_t digits) {
    char* const to = out.room(digits);
    for (char* at = to + digits; at != to; number /= 10)
        *--at = static_cast<char>('0' + number % 10);
    out.wrote(to + digits);
}

// A word is a text, or what writes itself: the latter where there is no text.
void append_word(StringWriter& out, const LogDirective& row, const LoggedRecord& record) {
    const std::string_view text = row.text == nullptr ? std::string_view() : row.text(record);
    if (text.empty() && row.write != nullptr) {
        out.wrote(row.write(out.room(LogDirective::kLongestWritten), *record));
    } else {
        append_or_dash(out, text);
    }
}

char connection_state(const AccessRecord& record) {
    if (record.ending != Ending::complete) return 'X';
    return record.persists ? '+' : '-';
}

std::string variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr || *value == '\0') return "-";
    std::string text;
    append_escaped(text, value);
    return text;
}

}  // namespace

std::expected<LogFormat, FormatProblem> LogFormat::compile(std::string_view format) {
    LogFormat compiled;
    compiled.is_json_ = is_json_format(format);
    auto problem = compiled.is_json_ ? compiled.compile_json_captures(format, std::string_view("json").size())
                                     : compiled.compile_text(format);
    if (problem) return std::unexpected(std::move(*problem));
    return compiled;
}

std::optional<FormatProblem> LogFormat::compile_text(std::string_view format) {
    auto parts = read_format_text(format);
    if (!parts) return std::move(parts.error());
    for (FormatDirective& part : *parts) {
        if (auto problem = add_capture(part)) return problem;
        add_part(std::move(part));
    }
    return std::nullopt;
}

std::optional<FormatProblem> LogFormat::add_capture(const FormatDirective& directive) {
    if (!directive.has_form(Form::captured) || captures_.add({directive.row->kind, directive.text}))
        return std::nullopt;
    return FormatProblem{directive.offset, "too many different names are captured"};
}

// What is the same for every record becomes a literal.
void LogFormat::add_part(FormatDirective&& part) {
    const bool dash = part.has_form(Form::ident) || part.has_form(Form::nothing);
    if (dash || part.has_form(Form::environment)) {
        part.text = dash ? "-" : variable(part.text);
        part.row = nullptr;
    }
    const bool constant = part.row == nullptr && part.statuses.empty();
    if (constant && !parts_.empty() && parts_.back().row == nullptr && parts_.back().statuses.empty()) {
        parts_.back().text += part.text;
        return;
    }
    if (part.has_form(Form::time) && part.time_part == TimePart::text) {
        part.time_index = times_.size();
        times_.emplace_back(part.text);
    }
    parts_.push_back(std::move(part));
}

// json = "json" *( SP directive )
std::optional<FormatProblem> LogFormat::compile_json_captures(std::string_view format, std::size_t at) {
    while (at < format.size()) {
        if (format[at] == ' ') {
            ++at;
            continue;
        }
        const std::size_t start = at;
        const FormatProblem no_capture{start, "after 'json' stand only names to capture, like %{X-Forwarded-For}i"};
        if (format[at] != '%') return no_capture;
        auto directive = FormatDirective::read(format, at);
        if (!directive) return std::move(directive.error());
        if (!directive->has_form(Form::captured) || !directive->statuses.empty()) return no_capture;
        if (auto problem = add_capture(*directive)) return problem;
    }
    return std::nullopt;
}

void LogFormat::append_line(std::string& out, const AccessRecord& record) const {
    if (is_json_) {
        json_.append(out, record);
        out += '\n';
        return;
    }
    StringWriter writer(out);
    const LoggedRecord logged(record);
    for (const FormatDirective& part : parts_) {
        if (!part.applies_to(record.status)) {
            writer.put('-');
        } else if (part.row == nullptr) {
            writer.put(part.text);
        } else {
            append_part(writer, logged, part);
        }
    }
    writer.put('\n');
}

void LogFormat::append_part(StringWriter& out, const LoggedRecord& record, const FormatDirective& part) const {
    const LogDirective& row = *part.row;
    switch (row.form) {
        case Form::number:
        case Form::seconds:
            out.put_number(number_of(row, *record));
            break;
        case Form::number_or_dash:
        case Form::zero_or_dash:
            append_number_or_dash(out, number_of(row, *record));
            break;
        case Form::hex:
            out.put_number(static_cast<std::uint32_t>(number_of(row, *record)), 16);
            break;
        case Form::word:
            append_word(out, row, record);
            break;
        case Form::text:
            append_or_dash(out, row.text(record));
            break;
        case Form::part:
            append_escaped(out, row.text(record));
            break;
        case Form::time:
            append_time(out, *record, part);
            break;
        case Form::ending:
            out.put(connection_state(*record));
            break;
        case Form::captured:
            append_or_dash(out, record->captured.find(row.kind, part.text).value_or(""));
            break;
        case Form::ident:
        case Form::environment:
        case Form::nothing:
            break;  // literals by now
    }
}

void LogFormat::append_time(StringWriter& out, const AccessRecord& record, const FormatDirective& part) const {
    const std::int64_t moment = part.moment == Moment::arrival ? record.arrival_ns : record.completion_ns();
    constexpr std::int64_t kNanosecondsPerMicrosecond = 1000;
    const auto [second, nanoseconds] = split_time(moment);
    const std::int64_t microseconds = nanoseconds / kNanosecondsPerMicrosecond;
    switch (part.time_part) {
        case TimePart::text:
            out.put(times_[part.time_index].at(second));
            break;
        case TimePart::seconds:
            out.put_number(second);
            break;
        case TimePart::milliseconds:
            out.put_number(second * 1000 + microseconds / 1000);
            break;
        case TimePart::microseconds:
            out.put_number(second * 1'000'000 + microseconds);
            break;
        case TimePart::millisecond_part:
            append_digits(out, microseconds / 1000, 3);
            break;
        case TimePart::microsecond_part:
            append_digits(out, microseconds, 6);
            break;
    }
}

}  // namespace basehttp
