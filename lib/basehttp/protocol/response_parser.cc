#include "basehttp/protocol/response_parser.h"

#include <algorithm>
#include <charconv>

#include "basehttp/protocol/cgi_response.h"
#include "basehttp/protocol/field_lines.h"
#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

constexpr std::string_view kVersion = "HTTP/1.";
constexpr std::size_t kStatusAt = kVersion.size() + 2;
constexpr std::size_t kStatusSize = 3;
constexpr std::size_t kStatusEnd = kStatusAt + kStatusSize;

std::expected<void, Refusal> take_status_line(std::string_view line, ReceivedResponse& response) {
    const bool has_version = line.size() >= kStatusEnd && line.starts_with(kVersion) &&
                             is_digit(line[kVersion.size()]) && line[kStatusAt - 1] == ' ';
    if (!has_version) return std::unexpected(Refusal::bad_status_line);
    const std::string_view digits = line.substr(kStatusAt, kStatusSize);
    const std::string_view rest = line.substr(kStatusEnd);
    const bool has_status = std::ranges::all_of(digits, is_digit) && digits.front() != '0';
    if (!has_status || (!rest.empty() && rest.front() != ' ') || !is_field_text(rest))
        return std::unexpected(Refusal::bad_status_line);
    response.version = {1, static_cast<std::uint32_t>(line[kVersion.size()] - '0')};
    std::from_chars(digits.data(), digits.data() + digits.size(), response.status);
    response.reason = trim_white_space(rest);
    return {};
}

}  // namespace

void ResponseParser::restart() {
    state_ = form_ == Form::http ? State::status_line : State::fields;
    line_start_ = scanned_ = fields_start_ = 0;
}

std::expected<ParseProgress, Refusal> ResponseParser::parse(std::string_view received, ReceivedResponse& response) {
    if (scanned_ == 0) response.clear();
    while (state_ != State::complete) {
        if (state_ == State::fields && scanned_ == line_start_) {
            scanned_ += take_usual_field_lines(received.substr(scanned_), limits_.header_fields,
                                               limits_.header_bytes - (scanned_ - fields_start_), response.fields);
            line_start_ = scanned_;
        }
        const std::size_t line_feed = received.find('\n', scanned_);
        const bool ended = line_feed != std::string_view::npos;
        scanned_ = ended ? line_feed : received.size();
        std::string_view line = received.substr(line_start_, scanned_ - line_start_);
        if (auto checked = check_size(line.size()); !checked) return std::unexpected(checked.error());
        if (!ended) return ParseProgress::need_more;
        const bool has_cr = line.ends_with('\r');
        if (!has_cr && form_ == Form::http) return std::unexpected(Refusal::bare_line_feed);
        if (has_cr) line.remove_suffix(1);
        line_start_ = ++scanned_;
        if (auto taken = take_line(line, response); !taken) return std::unexpected(taken.error());
    }
    return ParseProgress::complete;
}

// Whether the line, ended or not, is within its limit; `line_size` has its CR already, if that has come. The empty
// line at the end does not count.
std::expected<void, Refusal> ResponseParser::check_size(std::size_t line_size) const {
    if (state_ == State::status_line) {
        if (line_size > limits_.request_line + 1) return std::unexpected(Refusal::bad_status_line);
        return {};
    }
    const std::size_t so_far = line_start_ - fields_start_;
    if (line_size > 1 && so_far + line_size + 1 > limits_.header_bytes)
        return std::unexpected(Refusal::fields_too_large);
    return {};
}

std::expected<void, Refusal> ResponseParser::take_line(std::string_view line, ReceivedResponse& response) {
    if (state_ == State::status_line) {
        state_ = State::fields;
        fields_start_ = line_start_;
        return take_status_line(line, response);
    }
    if (!line.empty()) return take_field_line(line, limits_.header_fields, response.fields);
    state_ = State::complete;
    return form_ == Form::cgi ? take_cgi_fields(response) : std::expected<void, Refusal>();
}

}  // namespace basehttp
