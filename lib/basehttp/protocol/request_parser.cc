#include "basehttp/protocol/request_parser.h"

#include <algorithm>
#include <charconv>

#include "basehttp/protocol/field_lines.h"
#include "basehttp/protocol/host.h"
#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

constexpr std::size_t kMostWords = 4;  // one more than a request line can have

struct Words {
    std::array<std::string_view, kMostWords> word;
    std::size_t count = 0;
    bool spaced_once = true;  // one space between words and none at the end
    bool tabbed = false;
};

Words split_words(std::string_view line, bool at_tabs) {
    Words words;
    words.tabbed = at_tabs && line.contains('\t');
    while (!line.empty() && words.count < kMostWords) {
        const std::size_t size = words.tabbed ? line.find_first_of(" \t") : line.find(' ');
        words.word[words.count++] = line.substr(0, size);
        if (size >= line.size()) break;
        std::size_t next = size;
        while (next < line.size() && (line[next] == ' ' || (words.tabbed && line[next] == '\t')))
            ++next;
        if (next != size + 1 || next == line.size() || line[size] != ' ') words.spaced_once = false;
        line.remove_prefix(next);
    }
    return words;
}

Refusal what_is_wrong_with(std::string_view line) {
    return line.find('\r') != std::string_view::npos ? Refusal::bare_carriage_return : Refusal::control_byte;
}

bool parse_number(std::string_view digits, std::uint32_t& number) {
    constexpr std::size_t kMostDigits = 9;
    if (digits.empty() || digits.size() > kMostDigits || !std::ranges::all_of(digits, is_digit)) return false;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return true;
}

// HTTP-version = "HTTP/" 1*DIGIT "." 1*DIGIT, the seed's reading of RFC 2145: both are numbers, zeros may lead.
std::expected<Version, Refusal> parse_version(std::string_view text) {
    constexpr std::string_view kName = "HTTP/";
    if (text == "HTTP/1.1") return kHttp11;
    if (!text.starts_with(kName)) return std::unexpected(Refusal::bad_version);
    text.remove_prefix(kName.size());
    const auto dot = text.find('.');
    Version version;
    if (dot == std::string_view::npos || !parse_number(text.substr(0, dot), version.major) ||
        !parse_number(text.substr(dot + 1), version.minor)) {
        return std::unexpected(Refusal::bad_version);
    }
    if (version.major != 1) return std::unexpected(Refusal::version_not_supported);
    return version;
}

// A token, a space, a target of ordinary characters and the usual version: the same as take_request_line() finds,
// without splitting the line. False: the line is something else.
bool take_usual_request_line(std::string_view line, Request& request) {
    constexpr std::string_view kEnd = " HTTP/1.1";
    const std::size_t method_size = token_size(line);
    if (method_size == 0 || line.size() <= method_size + 1 + kEnd.size() || line[method_size] != ' ' ||
        !line.ends_with(kEnd)) {
        return false;
    }
    const std::string_view method = line.substr(0, method_size);
    const std::string_view target = line.substr(method_size + 1, line.size() - method_size - 1 - kEnd.size());
    if (target.front() != '/' || !parse_target(target, method, request.target)) return false;
    if (request.target.has_unescaped_bytes) return false;
    request.method = method;
    request.version = kHttp11;
    return true;
}

}  // namespace

void RequestParser::restart(bool first_on_connection) {
    state_ = State::request_line;
    first_on_connection_ = first_on_connection;
    empty_lines_ = line_start_ = scanned_ = fields_start_ = 0;
}

std::expected<ParseProgress, Refusal> RequestParser::parse(std::string_view received, Request& request) {
    if (scanned_ == 0) {
        request.clear();
        request.version = kHttp11;  // what a refusal is answered in until the version is known
    }
    while (state_ != State::complete) {
        const std::size_t so_far = scanned_ - fields_start_;
        if (state_ == State::fields && scanned_ == line_start_ && so_far <= limits_.header_bytes) {
            scanned_ += take_usual_field_lines(received.substr(scanned_), limits_.header_fields,
                                               limits_.header_bytes - so_far, request.fields);
            line_start_ = scanned_;
            if (has_line_end_at(scanned_, received)) {  // that of the head
                scanned_ = line_start_ += 2;
                if (auto finished = finish(request); !finished) return std::unexpected(finished.error());
                break;
            }
        }
        std::string_view line;
        const auto ended = next_line(received, line, request);
        if (!ended || !*ended) {
            if (state_ == State::request_line) request.line = line;
            if (!ended) return std::unexpected(ended.error());
            return ParseProgress::need_more;
        }
        if (auto taken = take_line(line, request); !taken) return std::unexpected(taken.error());
    }
    return ParseProgress::complete;
}

// The next line without its end, as far as it is there. False: its end has not arrived.
std::expected<bool, Refusal> RequestParser::next_line(std::string_view received, std::string_view& line,
                                                      Request& request) {
    const auto line_feed = received.find('\n', scanned_);
    const bool ended = line_feed != std::string_view::npos;
    scanned_ = ended ? line_feed : received.size();
    line = received.substr(line_start_, scanned_ - line_start_);
    // A CR at the end belongs to the line's end, or is about to.
    const bool has_return = line.ends_with('\r');
    if (has_return) line.remove_suffix(1);
    if (state_ == State::fields) {
        const std::size_t least = scanned_ + 1 - fields_start_;  // the LF may be to come
        if (least > limits_.header_bytes && !line.empty()) return std::unexpected(Refusal::fields_too_large);
    } else if (auto checked = check_request_line(line); !checked) {
        return std::unexpected(checked.error());
    }
    if (!ended) return false;
    if (!has_return) {
        if (auto tolerated = tolerate({Refusal::bare_line_feed, Strictness::standard}, request); !tolerated)
            return std::unexpected(tolerated.error());
    }
    line_start_ = ++scanned_;
    return true;
}

// Refuses a request line, ended or not, that no further byte can make good. So a buffer is never filled in vain, and
// the verdict does not depend on the pieces that the bytes come in.
std::expected<void, Refusal> RequestParser::check_request_line(std::string_view line) const {
    if (line.empty()) return {};
    if (line.front() == '\r') return std::unexpected(Refusal::bare_carriage_return);
    if (!is_token_char(line.front())) return std::unexpected(Refusal::bad_method);
    if (line.size() > limits_.request_line) return std::unexpected(Refusal::request_line_too_long);
    return {};
}

std::expected<void, Refusal> RequestParser::take_line(std::string_view line, Request& request) {
    switch (state_) {
        case State::request_line:
            if (line.empty()) {
                if (++empty_lines_ > limits_.empty_lines) return std::unexpected(Refusal::empty_lines);
                return {};
            }
            request.line = line;
            return take_request_line(line, request);
        case State::fields:
            return line.empty() ? finish(request) : take_field_line(line, limits_.header_fields, request.fields);
        case State::complete:
            break;
    }
    return {};
}

std::expected<void, Refusal> RequestParser::take_request_line(std::string_view line, Request& request) {
    if (take_usual_request_line(line, request)) {
        state_ = State::fields;
        fields_start_ = line_start_;
        return {};
    }
    if (!is_field_text(line)) return std::unexpected(what_is_wrong_with(line));
    const Words words = split_words(line, limits_.strictness == Strictness::seed);
    if (!words.spaced_once) {
        const Strictness taken_by = words.tabbed ? Strictness::seed : Strictness::standard;
        if (auto tolerated = tolerate({Refusal::bad_request_line, taken_by}, request); !tolerated) return tolerated;
    }
    const std::string_view method = words.word[0];
    if (!is_token(method)) return std::unexpected(Refusal::bad_method);
    if (words.count == 2) return take_simple_request(method, words.word[1], request);
    if (words.count != 3) return std::unexpected(Refusal::bad_request_line);

    request.method = method;
    if (auto version = take_version(words.word[2], request); !version) return version;
    if (auto target = take_target(words.word[1], request); !target) return target;
    state_ = State::fields;
    fields_start_ = line_start_;
    return {};
}

std::expected<void, Refusal> RequestParser::take_version(std::string_view text, Request& request) const {
    const auto version = parse_version(text);
    if (!version) return std::unexpected(version.error());
    if (text.size() != std::string_view("HTTP/1.1").size()) {
        if (auto tolerated = tolerate({Refusal::bad_version, Strictness::standard}, request); !tolerated)
            return tolerated;
    }
    request.version = *version;
    return {};
}

std::expected<void, Refusal> RequestParser::take_target(std::string_view raw, Request& request) const {
    if (auto parsed = parse_target(raw, request.method, request.target); !parsed) return parsed;
    return request.target.has_unescaped_bytes ? tolerate({Refusal::unescaped_byte, Strictness::standard}, request)
                                              : std::expected<void, Refusal>{};
}

// Refuses what is too lenient for this parser, or takes note of it for a site that is stricter than the parser.
std::expected<void, Refusal> RequestParser::tolerate(Leniency leniency, Request& request) const {
    if (limits_.strictness > leniency.taken_by) return std::unexpected(leniency.refusal);
    if (!request.leniency || leniency.taken_by < request.leniency->taken_by) request.leniency = leniency;
    return {};
}

std::expected<void, Refusal> RequestParser::take_simple_request(std::string_view method, std::string_view target,
                                                                Request& request) {
    request.method = method;
    if (target.starts_with("HTTP/")) return std::unexpected(Refusal::bad_request_line);
    if (method != "GET") return std::unexpected(Refusal::bad_simple_request);
    if (!first_on_connection_) return std::unexpected(Refusal::simple_request_refused);
    if (auto tolerated = tolerate({Refusal::simple_request_refused, Strictness::standard}, request); !tolerated)
        return tolerated;
    if (auto parsed = take_target(target, request); !parsed) return parsed;
    request.version = kHttp09;
    auto finished = finish(request);
    if (!finished) request.version = kHttp11;
    return finished;
}

std::expected<void, Refusal> RequestParser::finish(Request& request) {
    if (auto host = decide_host(request); !host) return host;
    state_ = State::complete;
    return {};
}

}  // namespace basehttp
