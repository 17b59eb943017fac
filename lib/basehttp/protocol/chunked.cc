#include "basehttp/protocol/chunked.h"

#include <algorithm>

#include "basehttp/text/ascii.h"
#include "basehttp/text/number.h"

namespace basehttp {

std::expected<ChunkedDecoder::Piece, Refusal> ChunkedDecoder::next(std::string_view& input) {
    while (!input.empty() && state_ != State::complete) {
        if (state_ == State::data) {
            const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
            const Piece piece{input.substr(0, size), false};
            input.remove_prefix(size);
            left_ -= size;
            if (left_ == 0) state_ = State::data_end;
            return piece;
        }
        if (auto taken = take_byte(input.front()); !taken) return std::unexpected(taken.error());
        input.remove_prefix(1);
    }
    return Piece{{}, state_ == State::complete};
}

std::expected<void, Refusal> ChunkedDecoder::take_byte(char c) {
    if (++line_bytes_ > most_line_bytes_) return std::unexpected(Refusal::bad_chunk);
    if (state_ >= State::trailer_start && state_ <= State::trailer_line_feed) trailer_lines_ += c;
    switch (state_) {
        case State::size_start:
            if (hex_value(c) < 0) return std::unexpected(Refusal::bad_chunk);
            state_ = State::size;
            return take_size_digit(c);
        case State::size:
            if (hex_value(c) >= 0) return take_size_digit(c);
            if (c == ';') return expect(c, ';', State::extension);
            if (c == ' ' || c == '\t') return expect(c, c, State::size_space);
            return expect(c, '\r', State::size_line_feed);
        case State::size_space:
            if (c == ' ' || c == '\t') return {};
            return expect(c, ';', State::extension);
        case State::extension:
            return take_text(c, State::size_line_feed);
        case State::size_line_feed:
            return end_size_line(c);
        case State::data_end:
            return expect(c, '\r', State::data_line_feed);
        case State::data_line_feed:
            line_bytes_ = 0;
            return expect(c, '\n', State::size_start);
        case State::trailer_start:
            if (c == '\r') return expect(c, '\r', State::end_line_feed);
            if (!is_token_char(c)) return std::unexpected(Refusal::bad_chunk);
            state_ = State::trailer_name;
            return {};
        case State::trailer_name:
            if (is_token_char(c)) return {};
            return expect(c, ':', State::trailer_value);
        case State::trailer_value:
            return take_text(c, State::trailer_line_feed);
        case State::trailer_line_feed:
            return expect(c, '\n', State::trailer_start);
        case State::end_line_feed:
            return expect(c, '\n', State::complete);
        case State::data:
        case State::complete:
            break;
    }
    return {};
}

std::expected<void, Refusal> ChunkedDecoder::take_size_digit(char c) {
    constexpr std::uint64_t kHighestNibble = std::uint64_t{0xf} << 60U;
    if ((left_ & kHighestNibble) != 0) return std::unexpected(Refusal::body_too_large);
    left_ = left_ << 4U | static_cast<std::uint64_t>(hex_value(c));
    return {};
}

std::expected<void, Refusal> ChunkedDecoder::take_text(char c, State after_line) {
    if (is_field_text({&c, 1})) return {};
    return expect(c, '\r', after_line);
}

std::expected<void, Refusal> ChunkedDecoder::expect(char c, char wanted, State next) {
    if (c != wanted) return std::unexpected(Refusal::bad_chunk);
    state_ = next;
    return {};
}

std::expected<void, Refusal> ChunkedDecoder::end_size_line(char c) {
    constexpr std::uint64_t kAllowance = 16;  // a size and a short extension
    const std::uint64_t allowed = kAllowance + std::min<std::uint64_t>(left_, kMostExcess);
    excess_ += line_bytes_;
    excess_ -= static_cast<std::size_t>(std::min<std::uint64_t>(excess_, allowed));
    if (excess_ > kMostExcess) return std::unexpected(Refusal::bad_chunk);
    line_bytes_ = 0;
    if (c == '\n' && left_ > content_left_) return std::unexpected(Refusal::body_too_large);
    content_left_ -= std::min(left_, content_left_);
    return expect(c, '\n', left_ == 0 ? State::trailer_start : State::data);
}

Fields ChunkedDecoder::trailers() const {
    Fields trailers;
    std::string_view rest = trailer_lines_;
    for (auto end = rest.find("\r\n"); end != 0 && end != std::string_view::npos; end = rest.find("\r\n")) {
        const std::string_view line = rest.substr(0, end);
        const auto colon = line.find(':');
        trailers.add(line.substr(0, colon), trim_white_space(line.substr(colon + 1)));
        rest.remove_prefix(end + 2);
    }
    return trailers;
}

void append_chunk_start(std::string& out, std::size_t size) {
    append_number(out, size, 16);
    out += kChunkEnd;
}

void append_last_chunk(std::string& out, std::string_view trailers) {
    ((out += "0\r\n") += trailers) += "\r\n";
}

}  // namespace basehttp
