#include "basehttp/log/log_format.h"

#include <algorithm>
#include <charconv>

#include "basehttp/io/wall_clock.h"
#include "basehttp/log/escape.h"
#include "basehttp/protocol/host.h"

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

}  // namespace

// A line in the making.
struct LogFormat::Line {
    std::string& out;
    const AccessRecord& record;
    std::optional<RequestLine> request;

    void append_word(std::string_view RequestLine::*word) {
        append_or_dash(out, request ? (*request).*word : std::string_view{});
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
        case Item::body_bytes:
            append_number(out, record.body_bytes);
            break;
        case Item::body_bytes_or_dash:
            append_number_or_dash(out, record.body_bytes);
            break;
        case Item::bytes_in:
            append_number(out, record.bytes_in);
            break;
        case Item::bytes_out:
            append_number(out, record.bytes_out);
            break;
        case Item::bytes_both:
            append_number(out, record.bytes_in + record.bytes_out);
            break;
        case Item::user:
            append_or_dash(out, record.user);
            break;
        case Item::request_id:
            record.id.append_to(out);
            break;
        case Item::time:
            append_time(line, part);
            break;
        case Item::duration:
            append_number(out, record.duration_ns / part.unit_ns);
            break;
        case Item::first_byte:
            append_number_or_dash(out, record.first_byte_ns / 1000);
            break;
        case Item::requests_before:
            append_number(out, record.id.request - std::min(record.id.request, 1U));
            break;
        case Item::request_line:
            append_or_dash(out, record.request_line);
            break;
        case Item::method:
            line.append_word(&RequestLine::method);
            break;
        case Item::path:
            append_or_dash(out, line.request ? line.request->path() : std::string_view{});
            break;
        case Item::query:
            if (line.request) append_escaped(out, line.request->query());
            break;
        case Item::protocol:
            line.append_word(&RequestLine::protocol);
            break;
        case Item::status:
            append_number_or_dash(out, record.status);
            break;
        case Item::ending:
            out += connection_state(record);
            break;
        case Item::site:
            append_or_dash(out, site_name(record));
            break;
        case Item::host:
            append_or_dash(out, host_name(record));
            break;
        case Item::local_port:
            append_number_or_dash(out, record.local.port);
            break;
        case Item::client_port:
            append_number_or_dash(out, record.client.port);
            break;
        case Item::process:
            append_number(out, record.pid);
            break;
        case Item::process_hex:
            append_number(out, static_cast<std::uint32_t>(record.pid), 16);
            break;
        case Item::referer:
            append_or_dash(out, record.referer);
            break;
        case Item::user_agent:
            append_or_dash(out, record.user_agent);
            break;
        case Item::captured:
            append_or_dash(out, record.captured.find(part.kind, part.text).value_or(""));
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
