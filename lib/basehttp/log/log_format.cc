#include "basehttp/log/log_format.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "basehttp/io/wall_clock.h"
#include "basehttp/log/format_text.h"
#include "basehttp/text/decimal.h"
#include "basehttp/text/escape.h"
#include "basehttp/text/string_writer.h"

namespace basehttp {
namespace {

using Form = LogDirective::Form;
using Moment = FormatDirective::Moment;
using TimePart = FormatDirective::TimePart;

// A value but a text: a number, an address, an id.
constexpr std::size_t kLongestValue = std::max(LogDirective::kLongestWritten, kLongestDecimal + 1);

// In the unit that it is written in.
std::int64_t number_of(const LogDirective& row, const AccessRecord& record) {
    const std::int64_t number = row.number(record);
    return row.unit_ns == 0 ? number : number / row.unit_ns;
}

char* write_number_or_dash(char* out, std::int64_t number) {
    if (number != 0) return write_decimal(out, number);
    *out = '-';
    return out + 1;
}

char* write_hex(char* out, std::int64_t number) {
    return std::to_chars(out, out + kLongestValue, static_cast<std::uint32_t>(number), 16).ptr;
}

// The digits of a part of a second, all of them.
char* write_digits(char* out, std::int64_t number, std::size_t digits) {
    for (char* at = out + digits; at != out; number /= 10)
        *--at = static_cast<char>('0' + number % 10);
    return out + digits;
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
    make_steps();
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

void LogFormat::make_steps() {
    room_ = 1;  // the line's end
    for (std::uint32_t i = 0; i < parts_.size(); ++i) {
        const FormatDirective& part = parts_[i];
        const bool has_condition = !part.statuses.empty();
        if (part.row == nullptr && !has_condition) {
            add_literal(part.text);
            continue;
        }
        if (steps_.empty() || steps_.back().part != Step::kNoPart) steps_.emplace_back();
        Step& step = steps_.back();
        step.part = i;
        step.row = part.row;
        step.form = part.row == nullptr ? Form::environment : part.row->form;
        step.has_condition = has_condition;
        room_ += kLongestValue;
    }
    room_ += sizeof(Step::literal) * (steps_.size() + 1);
}

void LogFormat::add_literal(std::string_view text) {
    while (!text.empty()) {
        Step& step = steps_.emplace_back();
        step.literal_size = static_cast<std::uint8_t>(text.copy(step.literal.data(), step.literal.size()));
        text.remove_prefix(step.literal_size);
    }
}

// There is room for all that is not a text at any time; a text makes room for itself beside that.
void LogFormat::append_line(std::string& out, const AccessRecord& record) const {
    if (is_json_) {
        json_.append(out, record);
        out += '\n';
        return;
    }
    StringWriter writer(out);
    char* at = writer.room(room_);
    const LoggedRecord logged(record);
    for (const Step& step : steps_) {
        std::memcpy(at, step.literal.data(), step.literal.size());
        at += step.literal_size;
        if (step.part == Step::kNoPart) continue;
        if (step.has_condition && !part_of(step).applies_to(record.status)) {
            *at++ = '-';
        } else {
            at = write_value(writer, at, logged, step);
        }
    }
    *at++ = '\n';
    writer.wrote(at);
}

char* LogFormat::write_value(StringWriter& out, char* at, const LoggedRecord& record, const Step& step) const {
    const LogDirective* const row = step.row;  // none, where there is but a literal with a condition
    switch (step.form) {
        case Form::number:
        case Form::seconds:
            return write_decimal(at, number_of(*row, *record));
        case Form::number_or_dash:
        case Form::zero_or_dash:
            return write_number_or_dash(at, number_of(*row, *record));
        case Form::hex:
            return write_hex(at, number_of(*row, *record));
        case Form::word: {
            // A text, or what writes itself: the latter where there is no text.
            const std::string_view text = row->text == nullptr ? std::string_view() : row->text(record);
            return text.empty() && row->write != nullptr ? row->write(at, *record) : write_text(out, at, text);
        }
        case Form::text:
            return write_text(out, at, row->text(record));
        case Form::part: {
            const std::string_view text = row->text(record);
            return text.empty() ? at : write_text(out, at, text);
        }
        case Form::time:
            return write_time(out, at, *record, step);
        case Form::ending:
            *at = connection_state(*record);
            return at + 1;
        case Form::captured:
            return write_text(out, at, record->captured.find(row->kind, part_of(step).text).value_or(""));
        case Form::ident:
        case Form::environment:
        case Form::nothing:
            return write_as_it_is(out, at, part_of(step).text);  // with a condition, or it were a literal
    }
    return at;
}

char* LogFormat::write_text(StringWriter& out, char* at, std::string_view text) const {
    if (text.empty()) {
        *at = '-';
        return at + 1;
    }
    out.wrote(at);
    return write_escaped(out.room(kLongestEscape * text.size() + room_), text);
}

char* LogFormat::write_as_it_is(StringWriter& out, char* at, std::string_view text) const {
    out.wrote(at);
    at = out.room(text.size() + room_);
    return at + text.copy(at, text.size());
}

char* LogFormat::write_time(StringWriter& out, char* at, const AccessRecord& record, const Step& step) const {
    const FormatDirective& part = part_of(step);
    const std::int64_t moment = part.moment == Moment::arrival ? record.arrival_ns : record.completion_ns();
    if (part.time_part == TimePart::text) {
        const std::string_view text = times_[part.time_index].at_moment(moment);
        // The access log's own form; a copy whose size is known is two or three moves.
        if (text.size() != TimeText::kUsualSize) return write_as_it_is(out, at, text);
        std::memcpy(at, text.data(), TimeText::kUsualSize);
        return at + TimeText::kUsualSize;
    }
    constexpr std::int64_t kNanosecondsPerMicrosecond = 1000;
    const auto [second, nanoseconds] = split_time(moment);
    const std::int64_t microseconds = nanoseconds / kNanosecondsPerMicrosecond;
    switch (part.time_part) {
        case TimePart::text:
            break;
        case TimePart::seconds:
            return write_decimal(at, second);
        case TimePart::milliseconds:
            return write_decimal(at, second * 1000 + microseconds / 1000);
        case TimePart::microseconds:
            return write_decimal(at, second * 1'000'000 + microseconds);
        case TimePart::millisecond_part:
            return write_digits(at, microseconds / 1000, 3);
        case TimePart::microsecond_part:
            return write_digits(at, microseconds, 6);
    }
    return at;
}

}  // namespace basehttp
