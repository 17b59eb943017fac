#include "basehttp/log/log_format.h"

#include <algorithm>
#include <charconv>

#include "basehttp/io/wall_clock.h"
#include "basehttp/protocol/host.h"
#include "basehttp/text/escape.h"

namespace basehttp {
namespace {

using Item = FormatDirective::Item;
using Moment = FormatDirective::Moment;
using TimePart = FormatDirective::TimePart;

struct Named {
    std::string_view name;
    std::string_view format;
};

constexpr auto kNamed = std::to_array<Named>({
    {"common", R"(%h %l %u %t "%r" %>s %b)"},
    {"combined", R"(%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i")"},
    {"combinedio", R"(%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %I %O)"},
    {"vhost_combined", R"(%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i")"},
});

constexpr std::string_view kJson = "json";

void append_or_dash(std::string& out, std::string_view text) {
    if (text.empty()) {
        out += '-';
    } else {
        append_escaped(out, text);
    }
}

template <typename Number>
void append_number(std::string& out, Number number, int base = 10) {
    std::array<char, 24> digits;
    const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
    out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

template <typename Number>
void append_number_or_dash(std::string& out, Number number) {
    if (number == 0) {
        out += '-';
    } else {
        append_number(out, number);
    }
}

void append_padded(std::string& out, std::int64_t number, std::size_t digits) {
    const std::size_t start = out.size();
    append_number(out, number);
    out.insert(start, digits - std::min(digits, out.size() - start), '0');
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
}

char connection_state(const AccessRecord& record) {
    if (record.ending != Ending::complete) return 'X';
    return record.persists ? '+' : '-';
}

std::string_view site_name(const AccessRecord& record) {
    const bool has_name = !record.site.empty() && record.site != "*";
    return has_name ? record.site : host_without_port(record.host);
}

std::string_view host_name(const AccessRecord& record) {
    const std::string_view asked_for = host_without_port(record.host);
    return asked_for.empty() ? site_name(record) : asked_for;
}

// What is a number, 0 among them.
std::optional<std::int64_t> number_of(const AccessRecord& record, const FormatDirective& part) {
    switch (part.item) {
        case Item::body_bytes:
            return record.body_bytes;
        case Item::bytes_in:
            return record.bytes_in;
        case Item::bytes_out:
            return record.bytes_out;
        case Item::bytes_both:
            return record.bytes_in + record.bytes_out;
        case Item::duration:
            return record.duration_ns / part.unit_ns;
        case Item::requests_before:
            return record.id.request - std::min(record.id.request, 1U);
        case Item::process:
            return record.pid;
        default:
            return std::nullopt;
    }
}

// What is a number of which 0 says that there is none.
std::optional<std::int64_t> known_number_of(const AccessRecord& record, const FormatDirective& part) {
    switch (part.item) {
        case Item::body_bytes_or_dash:
            return record.body_bytes;
        case Item::first_byte:
            return record.first_byte_ns / 1000;
        case Item::status:
            return record.status;
        case Item::local_port:
            return record.local.port;
        case Item::client_port:
            return record.client.port;
        default:
            return std::nullopt;
    }
}

}  // namespace

// A line in the making.
struct LogFormat::Line {
    std::string& out;
    const AccessRecord& record;
    std::optional<RequestLine> request;

    /// What is a text; empty where there is none.
    std::optional<std::string_view> text_of(const FormatDirective& part) const {
        switch (part.item) {
            case Item::user:
                return record.user;
            case Item::request_line:
                return record.request_line;
            case Item::method:
                return request ? request->method : std::string_view{};
            case Item::path:
                return request ? request->path() : std::string_view{};
            case Item::protocol:
                return request ? request->protocol : std::string_view{};
            case Item::site:
                return site_name(record);
            case Item::host:
                return host_name(record);
            case Item::referer:
                return record.referer;
            case Item::user_agent:
                return record.user_agent;
            case Item::captured:
                return record.captured.find(part.kind, part.text).value_or("");
            default:
                return std::nullopt;
        }
    }
};

std::expected<LogFormat, FormatProblem> LogFormat::compile(std::string_view format) {
    LogFormat compiled;
    std::optional<FormatProblem> problem;
    const auto named = std::ranges::find(kNamed, format, &Named::name);
    if (format == kJson || format.starts_with("json ")) {
        compiled.is_json_ = true;
        problem = compiled.compile_json_captures(format, kJson.size());
    } else {
        problem = compiled.compile_text(named != kNamed.end() ? named->format : format);
    }
    if (problem) return std::unexpected(std::move(*problem));
    return compiled;
}

std::optional<FormatProblem> LogFormat::compile_text(std::string_view format) {
    std::string literal;
    for (std::size_t at = 0; at < format.size();) {
        std::optional<FormatProblem> problem;
        if (format[at] == '%') {
            problem = add_directive(format, at, literal);
        } else if (format[at] == '\\') {
            problem = add_escape(format, at, literal);
        } else if (is_control(format[at]) && format[at] != '\t') {
            problem = FormatProblem{at, "a format holds no control byte but tab: each record is one line"};
        } else {
            literal += format[at++];
        }
        if (problem) return problem;
    }
    add_literal(literal);
    if (parts_.empty()) return FormatProblem{0, "the format is empty"};
    return std::nullopt;
}

// The escapes that Apache's configuration knows; any other backslash stands for itself.
std::optional<FormatProblem> LogFormat::add_escape(std::string_view format, std::size_t& at, std::string& literal) {
    const char escaped = at + 1 < format.size() ? format[at + 1] : '\0';
    const std::size_t start = at;
    at += 2;
    switch (escaped) {
        case 't':
            literal += '\t';
            return std::nullopt;
        case '"':
        case '\\':
            literal += escaped;
            return std::nullopt;
        case 'n':
            // The line ends here by itself.
            if (at >= format.size()) return std::nullopt;
            return FormatProblem{start, "'\\n' within a format: each record is one line"};
        case 'r':
            return FormatProblem{start, "'\\r' in a format: a line holds no control byte but tab"};
        default:
            literal += '\\';
            at = start + 1;
            return std::nullopt;
    }
}

std::optional<FormatProblem> LogFormat::add_directive(std::string_view format, std::size_t& at,
                                                      std::string& literal) {
    if (format.substr(at).starts_with("%%")) {
        literal += '%';
        at += 2;
        return std::nullopt;
    }
    const std::size_t start = at;
    auto directive = FormatDirective::read(format, at);
    if (!directive) return std::move(directive.error());
    if (directive->item == Item::captured && !captures_.add({directive->kind, directive->text}))
        return FormatProblem{start, "too many different names are captured"};
    if (directive->item == Item::literal && directive->statuses.empty()) {
        literal += directive->text;
        return std::nullopt;
    }
    if (directive->item == Item::time && directive->time_part == TimePart::text) {
        directive->time_index = times_.size();
        times_.emplace_back(directive->text);
    }
    add_literal(literal);
    parts_.push_back(std::move(*directive));
    return std::nullopt;
}

void LogFormat::add_literal(std::string& literal) {
    if (literal.empty()) return;
    FormatDirective part;
    part.text.swap(literal);
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
        if (directive->item != Item::captured || !directive->statuses.empty()) return no_capture;
        if (!captures_.add({directive->kind, directive->text}))
            return FormatProblem{start, "too many different names are captured"};
    }
    return std::nullopt;
}

void LogFormat::append_line(std::string& out, const AccessRecord& record) const {
    if (is_json_) {
        json_.append(out, record);
    } else {
        Line line{out, record, RequestLine::split(record.request_line)};
        for (const FormatDirective& part : parts_) {
            if (part.applies_to(record.status)) {
                append_part(line, part);
            } else {
                out += '-';
            }
        }
    }
    out += '\n';
}

void LogFormat::append_part(Line& line, const FormatDirective& part) const {
    if (const auto text = line.text_of(part)) {
        append_or_dash(line.out, *text);
    } else if (const auto number = number_of(line.record, part)) {
        append_number(line.out, *number);
    } else if (const auto known = known_number_of(line.record, part)) {
        append_number_or_dash(line.out, *known);
    } else {
        append_other(line, part);
    }
}

void LogFormat::append_other(Line& line, const FormatDirective& part) const {
    std::string& out = line.out;
    const AccessRecord& record = line.record;
    switch (part.item) {
        case Item::literal:
            out += part.text;
            break;
        case Item::client_name:
            if (!record.client_name.empty()) {
                append_escaped(out, record.client_name);
                break;
            }
            [[fallthrough]];
        case Item::client:
            record.client.append_to(out);
            break;
        case Item::peer:
            record.peer.append_to(out);
            break;
        case Item::local:
            record.local.append_to(out);
            break;
        case Item::request_id:
            record.id.append_to(out);
            break;
        case Item::time:
            append_time(line, part);
            break;
        case Item::query:
            if (line.request) append_escaped(out, line.request->query());
            break;
        case Item::ending:
            out += connection_state(record);
            break;
        case Item::process_hex:
            append_number(out, static_cast<std::uint32_t>(record.pid), 16);
            break;
        default:
            break;
    }
}

void LogFormat::append_time(Line& line, const FormatDirective& part) const {
    constexpr std::int64_t kNanosecondsPerMicrosecond = 1000;
    const std::int64_t moment = part.moment == Moment::arrival ? line.record.arrival_ns : line.record.completion_ns();
    const std::int64_t within = (moment % kNanosecondsPerSecond + kNanosecondsPerSecond) % kNanosecondsPerSecond;
    const std::int64_t second = moment / kNanosecondsPerSecond - (moment % kNanosecondsPerSecond < 0 ? 1 : 0);
    const std::int64_t microseconds = within / kNanosecondsPerMicrosecond;
    switch (part.time_part) {
        case TimePart::text:
            times_[part.time_index].append(line.out, second);
            break;
        case TimePart::seconds:
            append_number(line.out, second);
            break;
        case TimePart::milliseconds:
            append_number(line.out, second * 1000 + microseconds / 1000);
            break;
        case TimePart::microseconds:
            append_number(line.out, second * 1'000'000 + microseconds);
            break;
        case TimePart::millisecond_part:
            append_padded(line.out, microseconds / 1000, 3);
            break;
        case TimePart::microsecond_part:
            append_padded(line.out, microseconds, 6);
            break;
    }
}

}  // namespace basehttp
