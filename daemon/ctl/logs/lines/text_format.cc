#include "daemon/ctl/logs/lines/text_format.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "basehttp/text/ascii.h"
#include "daemon/ctl/logs/lines/address_range.h"

namespace basehttpd {
namespace {

constexpr std::string_view kCommon = "%h %l %u %t \"%r\" %>s %b";
constexpr std::string_view kCombined = "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"";
constexpr std::string_view kCombinedIo = "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" %I %O";
constexpr std::string_view kVhostCombined = "%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\"";

// How many ends of values are tried for one line before it counts as unreadable.
constexpr int kMostTries = 1000;

// Quotes within a value are escaped: one that is not belongs to another field, or to another line.
bool has_bare_quote(std::string_view value) {
    for (std::size_t at = value.find('"'); at != std::string_view::npos; at = value.find('"', at + 1)) {
        if (at == 0 || value[at - 1] != '\\') return true;
    }
    return false;
}

char unescaped_letter(char c) {
    switch (c) {
        case 'b':
            return '\b';
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 't':
            return '\t';
        case 'v':
            return '\v';
        default:
            return c;
    }
}

}  // namespace

struct TextFormat::Directive {
    char letter;
    std::string_view argument;
    Kind kind;
    LogRecord::Number LogRecord::*number = nullptr;
    std::string_view LogRecord::*view = nullptr;
    std::int64_t unit = 1;
};

// What is not in this table is passed over, whatever it holds.
const TextFormat::Directive* TextFormat::find_directive(char letter, std::string_view argument) {
    using Log = LogRecord;
    static constexpr std::array kDirectives = std::to_array<Directive>({
        {'h', "", Kind::word, nullptr, &Log::client},
        {'a', "", Kind::word, nullptr, &Log::client},
        {'h', "c", Kind::word, nullptr, &Log::peer},
        {'a', "c", Kind::word, nullptr, &Log::peer},
        {'A', "", Kind::word, nullptr, &Log::server},
        {'l', "", Kind::ident},
        {'u', "", Kind::text, nullptr, &Log::user},
        {'t', "", Kind::time, &Log::time_us},
        {'r', "", Kind::text, nullptr, &Log::request},
        {'m', "", Kind::word, nullptr, &Log::method},
        {'U', "", Kind::text, nullptr, &Log::target},
        {'H', "", Kind::word, nullptr, &Log::protocol},
        {'s', "", Kind::number, &Log::status},
        {'b', "", Kind::number, &Log::bytes},
        {'B', "", Kind::number, &Log::bytes},
        {'I', "", Kind::number, &Log::bytes_in},
        {'O', "", Kind::number, &Log::bytes_out},
        {'D', "", Kind::number, &Log::duration_us},
        {'T', "", Kind::seconds, &Log::duration_us, nullptr, kMicrosecondsPerSecond},
        {'T', "s", Kind::seconds, &Log::duration_us, nullptr, kMicrosecondsPerSecond},
        {'T', "ms", Kind::number, &Log::duration_us, nullptr, 1000},
        {'T', "us", Kind::number, &Log::duration_us},
        {'v', "", Kind::word, nullptr, &Log::host},
        {'V', "", Kind::word, nullptr, &Log::host},
        {'p', "", Kind::number, &Log::server_port},
        {'p', "canonical", Kind::number, &Log::server_port},
        {'p', "local", Kind::number, &Log::server_port},
        {'p', "remote", Kind::number, &Log::client_port},
        {'P', "", Kind::number, &Log::pid},
        {'P', "pid", Kind::number, &Log::pid},
        {'k', "", Kind::number, &Log::request_number},
        {'X', "", Kind::ending},
        {'L', "", Kind::word, nullptr, &Log::request_id},
        {'i', "Referer", Kind::text, nullptr, &Log::referer},
        {'i', "User-Agent", Kind::text, nullptr, &Log::user_agent},
        {'i', "Host", Kind::text, nullptr, &Log::host},
    });
    for (const Directive& directive : kDirectives) {
        if (directive.letter == letter && basehttp::equals_ignoring_case(directive.argument, argument)) {
            return &directive;
        }
    }
    return nullptr;
}

std::expected<TextFormat, std::string> TextFormat::compile(std::string_view format) {
    if (format == "common") format = kCommon;
    if (format == "combined") format = kCombined;
    if (format == "combinedio") format = kCombinedIo;
    if (format == "vhost_combined") format = kVhostCombined;
    TextFormat compiled;
    std::size_t at = 0;
    while (at < format.size()) {
        if (format[at] == '%') {
            if (auto added = compiled.add_directive(format, at); !added) return std::unexpected(added.error());
            continue;
        }
        if (format[at] == '\\') {
            compiled.add_escape(format, at);
            continue;
        }
        const std::size_t special = std::min(format.find_first_of("%\\", at), format.size());
        compiled.add_literal(format.substr(at, special - at));
        at = special;
    }
    if (auto settled = compiled.settle_kinds(); !settled) return std::unexpected(settled.error());
    return compiled;
}

void TextFormat::add_literal(std::string_view text) {
    if (!parts_.empty() && parts_.back().kind == Kind::literal) {
        parts_.back().text += text;
    } else if (!text.empty()) {
        parts_.push_back({Kind::literal, std::string(text)});
    }
}

// As LogFormat has them: \t, \" and \\, and \n at the end, where the line ends by itself; any other backslash stands
// for itself.
void TextFormat::add_escape(std::string_view format, std::size_t& at) {
    const char escaped = at + 1 < format.size() ? format[at + 1] : '\0';
    const bool known = escaped == 't' || escaped == '"' || escaped == '\\';
    const bool line_end = escaped == 'n' && at + 2 == format.size();
    if (!line_end) add_literal(escaped == 't' ? "\t" : escaped == '"' ? "\"" : "\\");
    at += known || line_end ? 2 : 1;
}

// directive = "%" [ "!" ] *( status "," ) [ ">" / "<" ] [ "{" argument "}" ] [ "^" ] letters
std::expected<void, std::string> TextFormat::add_directive(std::string_view format, std::size_t& at) {
    const std::size_t start = at++;
    if (format.substr(at).starts_with('%')) {
        ++at;
        add_literal("%");
        return {};
    }
    while (at < format.size() && (basehttp::is_digit(format[at]) || std::string_view("!,<>").contains(format[at])))
        ++at;
    std::string_view argument;
    if (format.substr(at).starts_with('{')) {
        const std::size_t close = format.find('}', at);
        if (close == std::string_view::npos) return std::unexpected("'{' without '}'");
        argument = format.substr(at + 1, close - at - 1);
        at = close + 1;
    }
    const bool trailer = format.substr(at).starts_with("^t");
    if (trailer) at += 2;
    if (at >= format.size()) return std::unexpected(fmt::format("'{}' names nothing", format.substr(start)));
    const char letter = format[at++];
    if (letter == 't' && !argument.empty()) {
        parts_.push_back({Kind::time_part, std::string(argument)});
    } else if (letter == 'q' && !parts_.empty() && parts_.back().view == &LogRecord::target) {
        // %U%q: the target in two halves that nothing parts.
    } else if (const Directive* known = trailer ? nullptr : find_directive(letter, argument)) {
        if (letter == 't') add_literal("[");
        parts_.push_back({known->kind, {}, known->number, known->view, known->unit});
        if (letter == 't') add_literal("]");
    } else {
        parts_.push_back({Kind::text});
    }
    return {};
}

// A value between quotes ends at the closing one; another needs something behind it that tells where it ends.
std::expected<void, std::string> TextFormat::settle_kinds() {
    bool any = false;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        Part& part = parts_[i];
        if (part.kind == Kind::literal) continue;
        any = true;
        const bool opened = i > 0 && parts_[i - 1].kind == Kind::literal && parts_[i - 1].text.ends_with('"');
        const bool last = i + 1 == parts_.size();
        const bool before_literal = !last && parts_[i + 1].kind == Kind::literal;
        const bool textual = part.kind == Kind::word || part.kind == Kind::text;
        if (textual && opened && before_literal && parts_[i + 1].text.starts_with('"')) part.kind = Kind::quoted;
        if (part.kind == Kind::word && before_literal && !parts_[i + 1].text.starts_with(' ')) part.kind = Kind::name;
        if (textual && !last && !before_literal) {
            return std::unexpected("two values with nothing between them cannot be told apart");
        }
    }
    if (!any) return std::unexpected("the format names no value");
    return {};
}

bool TextFormat::read(std::string_view line, LogRecord& record) {
    line_ = line;
    record_ = &record;
    record = {};
    tries_left_ = kMostTries;
    has_escapes_ = line.contains('\\');
    unescaped_.clear();
    if (has_escapes_) unescaped_.reserve(line.size());  // views into it must not move
    has_time_parts_ = false;
    if (!match(0, 0)) return false;
    if (has_time_parts_) {
        record.time_us = time_parts_.result();
        time_parts_.clear();
    }
    if (!record.request.empty()) split_request_line(record);
    return true;
}

// Whether the parts from `part` on match the line from `at` on.
bool TextFormat::match(std::size_t part, std::size_t at) {
    if (part == parts_.size()) return at == line_.size();
    switch (parts_[part].kind) {
        case Kind::literal:
            return line_.substr(at).starts_with(parts_[part].text) && match(part + 1, at + parts_[part].text.size());
        case Kind::number:
            return match_number(part, at);
        case Kind::seconds:
            return match_seconds(part, at);
        case Kind::time:
            return match_time(part, at);
        case Kind::time_part:
            return match_time_part(part, at);
        case Kind::word:
        case Kind::ident:
            return match_word(part, at);
        case Kind::quoted:
            return match_quoted(part, at);
        case Kind::name:
        case Kind::text:
            return match_text(part, at);
        case Kind::ending:
            return match_ending(part, at);
    }
    return false;
}

bool TextFormat::match_number(std::size_t part, std::size_t at) {
    const Part& spec = parts_[part];
    if (line_.substr(at).starts_with('-')) {
        if (spec.number == &LogRecord::status || spec.number == &LogRecord::bytes) record_->*spec.number = 0;
        return match(part + 1, at + 1);
    }
    std::int64_t number = 0;
    const auto [rest, error] = std::from_chars(line_.data() + at, line_.data() + line_.size(), number);
    if (error != std::errc{} || __builtin_mul_overflow(number, spec.unit, &number)) return false;
    const bool counts_those_before = spec.number == &LogRecord::request_number;  // %k
    if (counts_those_before && __builtin_add_overflow(number, 1, &number)) return false;
    record_->*spec.number = number;
    return match(part + 1, static_cast<std::size_t>(rest - line_.data()));
}

// Whole seconds say less than a count of microseconds, which may stand in the same line.
bool TextFormat::match_seconds(std::size_t part, std::size_t at) {
    const LogRecord::Number before = record_->*parts_[part].number;
    if (line_.substr(at).starts_with('-')) return match(part + 1, at + 1);
    std::size_t end = at;
    while (end < line_.size() && (basehttp::is_digit(line_[end]) || line_[end] == '.'))
        ++end;
    double seconds = 0;
    const auto [rest, error] = std::from_chars(line_.data() + at, line_.data() + end, seconds);
    if (error != std::errc{} || rest != line_.data() + end || seconds > 1e9) return false;
    record_->*parts_[part].number =
        before ? before : static_cast<std::int64_t>(seconds * static_cast<double>(parts_[part].unit));
    return match(part + 1, end);
}

bool TextFormat::match_time(std::size_t part, std::size_t at) {
    constexpr std::size_t kSize = 26;
    const std::string_view text = line_.substr(at, kSize);
    if (text.size() != kSize) return false;
    if (text != last_date_) {
        const auto seconds = read_log_date(text);
        if (!seconds) return false;
        last_date_ = text;
        last_time_us_ = *seconds * kMicrosecondsPerSecond;
    }
    record_->time_us = last_time_us_;
    return match(part + 1, at + kSize);
}

bool TextFormat::match_time_part(std::size_t part, std::size_t at) {
    if (!has_time_parts_) time_parts_.clear();
    has_time_parts_ = true;
    const auto size = time_parts_.read(parts_[part].text, line_.substr(at));
    return size && match(part + 1, at + *size);
}

bool TextFormat::match_word(std::size_t part, std::size_t at) {
    const std::size_t end = std::min(line_.find(' ', at), line_.size());
    if (end == at) return false;
    if (parts_[part].kind == Kind::ident && AddressRange::is_address(line_.substr(at, end - at))) return false;
    set(parts_[part], line_.substr(at, end - at));
    return match(part + 1, end);
}

bool TextFormat::match_quoted(std::size_t part, std::size_t at) {
    std::size_t end = line_.find('"', at);
    if (has_escapes_) {
        end = at;
        while (end < line_.size() && line_[end] != '"')
            end += line_[end] == '\\' ? 2 : 1;
    }
    if (end >= line_.size()) return false;
    set(parts_[part], line_.substr(at, end - at));
    return match(part + 1, end);
}

bool TextFormat::match_text(std::size_t part, std::size_t at) {
    const Part& spec = parts_[part];
    if (part + 1 == parts_.size()) {
        set(spec, line_.substr(at));
        return true;
    }
    const std::string& behind = parts_[part + 1].text;
    for (std::size_t end = line_.find(behind, at); end != std::string_view::npos; end = line_.find(behind, end + 1)) {
        const std::string_view value = line_.substr(at, end - at);
        if (--tries_left_ < 0 || (spec.kind == Kind::name && value.contains(' ')) || has_bare_quote(value))
            return false;
        if (!match(part + 1, end)) continue;
        set(spec, value);
        return true;
    }
    return false;
}

bool TextFormat::match_ending(std::size_t part, std::size_t at) {
    if (at >= line_.size() || !std::string_view("X+-").contains(line_[at])) return false;
    record_->ended = line_[at] == 'X' ? "cut_short" : "complete";
    return match(part + 1, at + 1);
}

// Two directives may name one field, like %h and %a: the last that has a value counts.
void TextFormat::set(const Part& part, std::string_view value) {
    if (part.view == nullptr || value == "-") return;
    record_->*part.view = has_escapes_ && value.contains('\\') ? unescape(value) : value;
}

std::string_view TextFormat::unescape(std::string_view value) {
    // Where a try failed, what it had unescaped stays: the sum may not pass what was reserved.
    if (unescaped_.capacity() - unescaped_.size() < value.size()) return value;
    const std::size_t start = unescaped_.size();
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] != '\\' || i + 1 == value.size()) {
            unescaped_ += value[i];
            continue;
        }
        const char letter = value[++i];
        const bool hex = letter == 'x' && i + 2 < value.size() && basehttp::hex_value(value[i + 1]) >= 0 &&
                         basehttp::hex_value(value[i + 2]) >= 0;
        if (hex) {
            unescaped_ +=
                static_cast<char>(basehttp::hex_value(value[i + 1]) * 16 + basehttp::hex_value(value[i + 2]));
            i += 2;
        } else {
            unescaped_ += unescaped_letter(letter);
        }
    }
    return std::string_view(unescaped_).substr(start);
}

}  // namespace basehttpd
