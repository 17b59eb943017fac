#include "basehttp/log/log_format.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "basehttp/io/wall_clock.h"
#include "basehttp/log/escape.h"
#include "basehttp/protocol/ascii.h"
#include "basehttp/protocol/date.h"

namespace basehttp {
namespace {

constexpr std::string_view kCommon = "%h %l %u %t \"%r\" %>s %b";
constexpr std::string_view kCombined = "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"";

void append_or_dash(std::string& out, std::string_view text) {
    if (text.empty()) {
        out += '-';
    } else {
        append_escaped(out, text);
    }
}

template <typename Number>
void append_number(std::string& out, Number number) {
    const fmt::format_int digits(number);
    out.append(digits.data(), digits.size());
}

// The zone and calendar of a second are the same for all its records.
void append_time(std::string& out, std::time_t second) {
    static thread_local std::time_t cached_second = -1;
    static thread_local std::string cached;
    if (second != cached_second) {
        cached = "[";
        append_log_date(cached, second);
        cached += ']';
        cached_second = second;
    }
    out += cached;
}

}  // namespace

struct LogFormat::Directive {
    char letter;
    std::string_view name;  // of the field in braces, for %{name}i
    Item item;
};

std::expected<LogFormat, FormatProblem> LogFormat::compile(std::string_view format) {
    if (format == "common") format = kCommon;
    if (format == "combined") format = kCombined;
    LogFormat compiled;
    std::size_t at = 0;
    while (at < format.size()) {
        if (format[at] == '%') {
            auto part = compile_directive(format, at);
            if (!part) return std::unexpected(part.error());
            compiled.parts_.push_back(std::move(*part));
            continue;
        }
        const auto percent = std::min(format.find('%', at), format.size());
        const std::string_view literal = format.substr(at, percent - at);
        const auto control =
            std::ranges::find_if(literal, [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\t'; });
        if (control != literal.end()) {
            return std::unexpected(FormatProblem{at + static_cast<std::size_t>(control - literal.begin()),
                                                 "a format holds no control byte but tab: each record is one line"});
        }
        compiled.parts_.push_back({Item::literal, std::string(literal)});
        at = percent;
    }
    if (compiled.parts_.empty()) return std::unexpected(FormatProblem{0, "the format is empty"});
    return compiled;
}

// directive = "%" [ ">" ] [ "{" name "}" ] letter
std::expected<LogFormat::Part, FormatProblem> LogFormat::compile_directive(std::string_view format, std::size_t& at) {
    static constexpr std::array kDirectives = std::to_array<Directive>({
        {'h', "", Item::client},
        {'a', "", Item::client},
        {'l', "", Item::dash},
        {'u', "", Item::user},
        {'t', "", Item::time},
        {'r', "", Item::request_line},
        {'s', "", Item::status},
        {'b', "", Item::bytes_or_dash},
        {'B', "", Item::bytes},
        {'D', "", Item::microseconds},
        {'T', "", Item::seconds},
        {'v', "", Item::host},
        {'k', "", Item::requests_before},
        {'X', "", Item::ending},
        {'i', "Referer", Item::referer},
        {'i', "User-Agent", Item::user_agent},
        {'i', "Host", Item::host},
    });
    const std::size_t start = at++;
    if (format.substr(at).starts_with('%')) {
        ++at;
        return Part{Item::literal, "%"};
    }
    if (format.substr(at).starts_with('>')) ++at;
    std::string_view name;
    if (format.substr(at).starts_with('{')) {
        const auto close = format.find('}', at);
        if (close == std::string_view::npos) return std::unexpected(FormatProblem{at, "'{' without '}'"});
        name = format.substr(at + 1, close - at - 1);
        at = close + 1;
    }
    const char letter = at < format.size() ? format[at++] : '\0';
    for (const Directive& directive : kDirectives) {
        if (directive.letter == letter && equals_ignoring_case(directive.name, name)) return Part{directive.item, {}};
    }
    return std::unexpected(
        FormatProblem{start, fmt::format("unknown directive '{}'", format.substr(start, at - start))});
}

void LogFormat::append_line(std::string& out, const AccessRecord& record) const {
    for (const Part& part : parts_) {
        if (part.item == Item::literal) {
            out += part.literal;
        } else {
            append_item(out, part.item, record);
        }
    }
    out += '\n';
}

void LogFormat::append_item(std::string& out, Item item, const AccessRecord& record) {
    switch (item) {
        case Item::literal:
            break;
        case Item::client:
            out += record.client.text();
            break;
        case Item::dash:
            out += '-';
            break;
        case Item::user:
            append_or_dash(out, record.user);
            break;
        case Item::time:
            append_time(out, record.arrival_ns / kNanosecondsPerSecond);
            break;
        case Item::request_line:
            append_or_dash(out, record.request_line);
            break;
        case Item::status:
            if (record.status == 0) {
                out += '-';
            } else {
                append_number(out, record.status);
            }
            break;
        case Item::bytes_or_dash:
            if (record.body_bytes == 0) {
                out += '-';
                break;
            }
            [[fallthrough]];
        case Item::bytes:
            append_number(out, record.body_bytes);
            break;
        case Item::microseconds:
            append_number(out, record.duration_ns / 1000);
            break;
        case Item::seconds:
            append_number(out, record.duration_ns / kNanosecondsPerSecond);
            break;
        case Item::host:
            append_or_dash(out, record.host);
            break;
        case Item::requests_before:
            append_number(out, record.id.request - std::min(record.id.request, 1U));
            break;
        case Item::ending:
            out += record.ending == Ending::complete ? '+' : 'X';
            break;
        case Item::referer:
            append_or_dash(out, record.referer);
            break;
        case Item::user_agent:
            append_or_dash(out, record.user_agent);
            break;
    }
}

}  // namespace basehttp
