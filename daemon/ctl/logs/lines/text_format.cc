#include "daemon/ctl/logs/lines/text_format.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

#include "basehttp/io/client_address.h"
#include "basehttp/log/format_text.h"
#include "basehttp/text/ascii.h"
#include "daemon/ctl/logs/lines/unescape.h"

namespace basehttpd {
namespace {

using basehttp::FormatDirective;
using basehttp::LogDirective;
using Form = LogDirective::Form;
using Moment = FormatDirective::Moment;
using TimePart = FormatDirective::TimePart;

// How many ends of values are tried for one line before it counts as unreadable.
constexpr int kMostTries = 1000;

// Quotes within a value are escaped: one that is not belongs to another field, or to another line.
bool has_bare_quote(std::string_view value) {
    for (std::size_t at = value.find('"'); at != std::string_view::npos; at = value.find('"', at + 1)) {
        if (at == 0 || value[at - 1] != '\\') return true;
    }
    return false;
}

// Durations are written in some unit, and read in microseconds.
std::int64_t factor_of(const LogDirective& row) {
    constexpr std::int64_t kNanosecondsPerMicrosecond = 1000;
    return row.unit_ns == 0 ? 1 : row.unit_ns / kNanosecondsPerMicrosecond;
}

bool is_date(const FormatDirective& directive) {
    return directive.has_form(Form::time) && directive.moment == Moment::arrival &&
           directive.time_part == TimePart::text && directive.text.empty();
}

bool is_count_of_time(const FormatDirective& directive) {
    return directive.time_part == TimePart::seconds || directive.time_part == TimePart::milliseconds ||
           directive.time_part == TimePart::microseconds;
}

}  // namespace

std::expected<TextFormat, std::string> TextFormat::compile(std::string_view format) {
    auto directives = basehttp::read_format_text(format);
    if (!directives) return std::unexpected(std::move(directives.error().message));
    TextFormat compiled;
    for (FormatDirective& directive : *directives)
        compiled.add(std::move(directive));
    if (auto settled = compiled.settle_kinds(); !settled) return std::unexpected(settled.error());
    compiled.settle_order();
    return compiled;
}

void TextFormat::add(FormatDirective&& directive) {
    if (directive.row == nullptr) {
        add_literal(directive.text);
        return;
    }
    // %U%q: the target in two halves that nothing parts.
    const bool follows_path = !parts_.empty() && parts_.back().directive.row != nullptr &&
                              !parts_.back().is_conditional() &&
                              parts_.back().directive.row->read_text == &LogRecord::target;
    if (directive.has_form(Form::part) && directive.statuses.empty() && follows_path) return;
    const Kind kind = kind_of(directive);
    const bool in_brackets = kind == Kind::date && directive.statuses.empty();
    if (in_brackets) add_literal("[");
    parts_.push_back({kind, std::move(directive)});
    if (in_brackets) add_literal("]");
}

void TextFormat::add_literal(std::string_view text) {
    if (parts_.empty() || parts_.back().kind != Kind::literal) parts_.emplace_back();
    parts_.back().directive.text += text;
}

TextFormat::Kind TextFormat::kind_of(const FormatDirective& directive) {
    switch (directive.row->form) {
        case Form::number:
        case Form::number_or_dash:
        case Form::zero_or_dash:
            return Kind::number;
        case Form::seconds:
            return Kind::seconds;
        case Form::hex:
            return Kind::hex;
        case Form::word:
        case Form::ident:
            return Kind::word;
        case Form::time:
            return is_date(directive) ? Kind::date : Kind::time_part;
        case Form::ending:
            return Kind::character;
        case Form::text:
        case Form::part:
        case Form::captured:
        case Form::environment:
        case Form::nothing:
            return Kind::text;
    }
    return Kind::text;
}

bool TextFormat::is_literal(std::size_t part, char first) const {
    return part < parts_.size() && parts_[part].kind == Kind::literal &&
           parts_[part].directive.text.starts_with(first);
}

// A value between quotes ends at the closing one; another needs something behind it that tells where it ends.
std::expected<void, std::string> TextFormat::settle_kinds() {
    bool any = false;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        Part& part = parts_[i];
        if (part.kind == Kind::literal) continue;
        any = true;
        const bool opened =
            i > 0 && parts_[i - 1].kind == Kind::literal && parts_[i - 1].directive.text.ends_with('"');
        const bool last = i + 1 == parts_.size();
        const bool before_literal = !last && parts_[i + 1].kind == Kind::literal;
        const bool open_ended = part.kind != Kind::character && part.kind != Kind::date &&
                                (part.kind != Kind::time_part || is_count_of_time(part.directive));
        if (open_ended && !last && !before_literal) {
            return std::unexpected("two values with nothing between them cannot be told apart");
        }
        if (part.is_textual() && opened && is_literal(i + 1, '"')) part.kind = Kind::quoted;
        if (part.kind == Kind::word && before_literal && !is_literal(i + 1, ' ')) part.kind = Kind::name;
    }
    if (!any) return std::unexpected("the format names no value");
    return {};
}

void TextFormat::settle_order() {
    order_.resize(parts_.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::erase_if(order_, [this](std::size_t part) { return parts_[part].kind == Kind::literal; });
    has_time_parts_ = std::ranges::find(parts_, Kind::time_part, &Part::kind) != parts_.end();
    std::ranges::stable_sort(order_, {}, [this](std::size_t part) { return parts_[part].directive.row->rank; });
}

bool TextFormat::read(std::string_view line, LogRecord& record) {
    line_ = line;
    tries_left_ = kMostTries;
    has_escapes_ = line.contains('\\');
    if (has_time_parts_) arrival_.clear();
    if (has_time_parts_) end_.clear();
    if (!match(0, 0)) return false;
    fill(record);
    return true;
}

// Whether the parts from `part` on match the line from `at` on.
bool TextFormat::match(std::size_t part, std::size_t at) {
    if (part == parts_.size()) return at == line_.size();
    const Part& spec = parts_[part];
    if (spec.kind == Kind::literal) {
        const std::string& text = spec.directive.text;
        return line_.substr(at).starts_with(text) && match(part + 1, at + text.size());
    }
    // What is not known, or not written for this status.
    if (line_.substr(at).starts_with('-') && !spec.is_textual() && take(part, at, at + 1)) return true;
    return match_value(part, at);
}

bool TextFormat::match_value(std::size_t part, std::size_t at) {
    switch (parts_[part].kind) {
        case Kind::literal:
            return false;
        case Kind::number:
        case Kind::hex:
            return match_number(part, at);
        case Kind::seconds:
            return match_seconds(part, at);
        case Kind::date:
            return match_date(part, at);
        case Kind::time_part:
            return match_time_part(part, at);
        case Kind::word:
            return match_word(part, at);
        case Kind::quoted:
            return match_quoted(part, at);
        case Kind::name:
        case Kind::text:
            return match_text(part, at);
        case Kind::character:
            return match_character(part, at);
    }
    return false;
}

bool TextFormat::take(std::size_t part, std::size_t at, std::size_t end) {
    parts_[part].value = line_.substr(at, end - at);
    return match(part + 1, end);
}

bool TextFormat::match_number(std::size_t part, std::size_t at) {
    Part& spec = parts_[part];
    const LogDirective& row = *spec.directive.row;
    const int base = spec.kind == Kind::hex ? 16 : 10;
    const auto [rest, error] = std::from_chars(line_.data() + at, line_.data() + line_.size(), spec.number, base);
    if (error != std::errc{} || spec.number < 0) return false;
    if (__builtin_mul_overflow(spec.number, factor_of(row), &spec.number)) return false;
    if (__builtin_add_overflow(spec.number, row.read_offset, &spec.number)) return false;
    return take(part, at, static_cast<std::size_t>(rest - line_.data()));
}

bool TextFormat::match_seconds(std::size_t part, std::size_t at) {
    Part& spec = parts_[part];
    std::size_t end = at;
    while (end < line_.size() && (basehttp::is_digit(line_[end]) || line_[end] == '.'))
        ++end;
    double seconds = 0;
    const auto [rest, error] = std::from_chars(line_.data() + at, line_.data() + end, seconds);
    if (error != std::errc{} || rest != line_.data() + end || seconds > 1e9) return false;
    spec.number = static_cast<std::int64_t>(seconds * static_cast<double>(factor_of(*spec.directive.row)));
    return take(part, at, end);
}

bool TextFormat::match_date(std::size_t part, std::size_t at) {
    constexpr std::size_t kSize = 26;
    const bool bracketed = parts_[part].is_conditional();  // else they are literals
    if (bracketed && !line_.substr(at).starts_with('[')) return false;
    const std::string_view text = line_.substr(at + (bracketed ? 1 : 0), kSize);
    if (text.size() != kSize) return false;
    if (text != last_date_) {
        const auto seconds = read_log_date(text);
        if (!seconds) return false;
        last_date_ = text;
        last_time_us_ = *seconds * kMicrosecondsPerSecond;
    }
    if (bracketed && !line_.substr(at + 1 + kSize).starts_with(']')) return false;
    parts_[part].number = last_time_us_;
    return take(part, at, at + kSize + (bracketed ? 2 : 0));
}

// strptime(3) does not read all that strftime(3) writes: then it is a text, and tells no time.
bool TextFormat::match_time_part(std::size_t part, std::size_t at) {
    const FormatDirective& directive = parts_[part].directive;
    TimeParts& parts = directive.moment == Moment::arrival ? arrival_ : end_;
    const TimeParts before = parts;
    const auto size = parts.read(directive.time_part, directive.text, line_.substr(at));
    if (size && take(part, at, at + *size)) return true;
    parts = before;
    return match_text(part, at);
}

bool TextFormat::match_word(std::size_t part, std::size_t at) {
    const std::size_t end = std::min(line_.find(' ', at), line_.size());
    if (end == at) return false;
    const bool ident = end - at > 1 && parts_[part].directive.row->form == Form::ident;
    if (ident && basehttp::ClientAddress::parse(line_.substr(at, end - at))) return false;
    return take(part, at, end);
}

bool TextFormat::match_quoted(std::size_t part, std::size_t at) {
    std::size_t end = line_.find('"', at);
    if (has_escapes_) {
        end = at;
        while (end < line_.size() && line_[end] != '"')
            end += line_[end] == '\\' ? 2 : 1;
    }
    return end < line_.size() && take(part, at, end);
}

bool TextFormat::match_text(std::size_t part, std::size_t at) {
    if (part + 1 == parts_.size()) return take(part, at, line_.size());
    const Part& next = parts_[part + 1];
    if (next.kind != Kind::literal) return false;
    const std::string& behind = next.directive.text;
    for (std::size_t end = line_.find(behind, at); end != std::string_view::npos; end = line_.find(behind, end + 1)) {
        const std::string_view value = line_.substr(at, end - at);
        if (--tries_left_ < 0 || (parts_[part].kind == Kind::name && value.contains(' ')) || has_bare_quote(value))
            return false;
        if (take(part, at, end)) return true;
    }
    return false;
}

bool TextFormat::match_character(std::size_t part, std::size_t at) {
    return at < line_.size() && std::string_view("X+").contains(line_[at]) && take(part, at, at + 1);
}

void TextFormat::fill(LogRecord& record) {
    record = {};
    unescaped_.clear();
    unescaped_.reserve(2 * line_.size());  // views into it must not move
    for (const std::size_t part : order_)
        fill_from(parts_[part], record);
    if (has_time_parts_) fill_time(record);
    join_query(record);
    if (!record.request.empty()) split_request_line(record);
}

void TextFormat::fill_from(const Part& part, LogRecord& record) {
    const LogDirective& row = *part.directive.row;
    const bool known = part.value != "-" && !part.value.empty();
    switch (row.form) {
        case Form::zero_or_dash:
            if (!known && !part.is_conditional()) record.*row.read_number = 0;
            [[fallthrough]];
        case Form::number:
        case Form::number_or_dash:
        case Form::seconds:
        case Form::hex:
            if (known) record.*row.read_number = part.number;
            break;
        case Form::word:
        case Form::text:
        case Form::part:
            if (known) record.*row.read_text = unescape(part.value);
            break;
        case Form::captured:
            if (!known) break;
            record.captured.push_back({row.kind, part.directive.text, unescape(part.value)});
            if (row.read_text != nullptr) record.*row.read_text = record.captured.back().value;
            break;
        case Form::time:
            if (known && part.kind == Kind::date) record.time_us = part.number;
            break;
        case Form::ending:
            // Where it is written for some statuses only, a dash says nothing.
            if (known || !part.is_conditional()) record.*row.read_text = part.value == "X" ? "cut_short" : "complete";
            break;
        case Form::ident:
        case Form::environment:
        case Form::nothing:
            break;  // says nothing about the request
    }
}

// Of the end alone, the arrival is as long before as the line says that it took.
void TextFormat::fill_time(LogRecord& record) const {
    if (const auto arrival = arrival_.result()) {
        record.time_us = arrival;
    } else if (const auto end = end_.result(); end && !record.time_us) {
        record.time_us = *end - record.duration_us.value_or(0);
    }
}

void TextFormat::join_query(LogRecord& record) {
    if (record.query.empty() || record.target.empty()) return;
    const std::size_t start = unescaped_.size();
    if (unescaped_.capacity() - start < record.target.size() + record.query.size()) return;
    unescaped_.append(record.target).append(record.query);
    record.target = std::string_view(unescaped_).substr(start);
}

std::string_view TextFormat::unescape(std::string_view value) {
    if (!has_escapes_ || !value.contains('\\')) return value;
    const std::size_t start = unescaped_.size();
    append_unescaped(unescaped_, value);
    return std::string_view(unescaped_).substr(start);
}

}  // namespace basehttpd
