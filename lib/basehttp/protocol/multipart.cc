#include "basehttp/protocol/multipart.h"

#include <algorithm>
#include <utility>

#include "basehttp/protocol/parameters.h"
#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

// How many bytes at the end of `text` may be the start of `delimiter`.
std::size_t possible_start(std::string_view text, std::string_view delimiter) {
    for (std::size_t size = std::min(text.size(), delimiter.size() - 1); size > 0; --size) {
        if (delimiter.starts_with(text.substr(text.size() - size))) return size;
    }
    return 0;
}

std::expected<void, MultipartError> take_disposition(std::string_view value, MultipartPart& part) {
    const auto disposition = parse_parameters(value);
    if (!disposition || !equals_ignoring_case(disposition->value, "form-data"))
        return std::unexpected(MultipartError::no_name);
    const std::string* name = disposition->find("name");
    if (name == nullptr) return std::unexpected(MultipartError::no_name);
    part.name = *name;
    if (const std::string* filename = disposition->find("filename")) part.filename = *filename;
    return {};
}

std::expected<MultipartPart, MultipartError> parse_part(std::string_view lines) {
    MultipartPart part;
    bool disposed = false;
    while (!lines.empty()) {
        const auto end = lines.find(kLineEnd);
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(end + kLineEnd.size());
        const std::size_t name_size = token_size(line);
        if (name_size == 0 || name_size == line.size() || line[name_size] != ':')
            return std::unexpected(MultipartError::bad_fields);
        const std::string_view name = line.substr(0, name_size);
        const std::string_view value = trim_white_space(line.substr(name_size + 1));
        if (!is_field_text(value)) return std::unexpected(MultipartError::bad_fields);
        if (equals_ignoring_case(name, "Content-Type")) part.content_type = value;
        if (!equals_ignoring_case(name, "Content-Disposition")) continue;
        if (std::exchange(disposed, true)) return std::unexpected(MultipartError::bad_fields);
        if (auto taken = take_disposition(value, part); !taken) return std::unexpected(taken.error());
    }
    if (!disposed) return std::unexpected(MultipartError::no_name);
    return part;
}

}  // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
    constexpr std::size_t kLongest = 70;
    static constexpr std::string_view kPunctuation = "'()+_,-./:=? ";
    const auto type = parse_parameters(content_type);
    if (!type || !equals_ignoring_case(type->value, "multipart/form-data")) return std::nullopt;
    const std::string* boundary = type->find("boundary");
    if (boundary == nullptr || boundary->empty() || boundary->size() > kLongest || boundary->ends_with(' '))
        return std::nullopt;
    const bool good = std::ranges::all_of(*boundary, [](char c) {
        return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'z') || kPunctuation.contains(c);
    });
    if (!good) return std::nullopt;
    return *boundary;
}

void MultipartDecoder::feed(std::string_view bytes) {
    buffer_.erase(0, taken_);
    taken_ = 0;
    buffer_ += bytes;
}

MultipartDecoder::Result MultipartDecoder::next() {
    switch (state_) {
        case State::preamble:
            return skip_preamble();
        case State::after_delimiter:
            return pass_delimiter();
        case State::fields:
            return take_fields();
        case State::content:
            return take_content();
        case State::complete:
            break;
    }
    return Event{Event::Kind::complete, {}};
}

MultipartDecoder::Result MultipartDecoder::need_more() const {
    if (finished_) return std::unexpected(MultipartError::cut_short);
    return Event{};
}

MultipartDecoder::Result MultipartDecoder::skip_preamble() {
    const auto at = unread().find(delimiter_);
    if (at == std::string_view::npos) {
        taken_ = buffer_.size() - possible_start(unread(), delimiter_);
        return need_more();
    }
    taken_ += at + delimiter_.size();
    state_ = State::after_delimiter;
    return pass_delimiter();
}

// After a delimiter: `--` ends it all, a line end starts a part; white space before that is let pass (RFC 2046).
MultipartDecoder::Result MultipartDecoder::pass_delimiter() {
    while (!unread().empty() && is_white_space(unread().front()))
        ++taken_;
    const std::string_view rest = unread();
    if (rest.starts_with("--")) {
        state_ = State::complete;
        taken_ = buffer_.size();
        return Event{Event::Kind::complete, {}};
    }
    if (rest.starts_with(kLineEnd)) {
        if (parts_++ == limits_.parts) return std::unexpected(MultipartError::too_many_parts);
        state_ = State::fields;
        part_size_ = 0;
        return take_fields();
    }
    const bool may_become = rest.empty() || rest == "-" || rest == "\r";
    return may_become ? need_more() : std::unexpected(MultipartError::bad_delimiter);
}

// The delimiter's own line end is still unread, so that a part without field lines ends its fields like any other.
MultipartDecoder::Result MultipartDecoder::take_fields() {
    constexpr std::string_view kEnd = "\r\n\r\n";
    const auto end = unread().find(kEnd);
    const std::size_t least = std::min(unread().size(), kEnd.size() - 1);  // a part of the end may be there
    const std::size_t size = end == std::string_view::npos ? unread().size() - least : end;
    if (size > limits_.part_fields) return std::unexpected(MultipartError::fields_too_large);
    if (end == std::string_view::npos) return need_more();
    const std::string_view lines = unread().substr(kLineEnd.size(), end);
    auto part = parse_part(lines);
    if (!part) return std::unexpected(part.error());
    part_ = std::move(*part);
    taken_ += end + kEnd.size();
    state_ = State::content;
    return Event{Event::Kind::part, {}};
}

MultipartDecoder::Result MultipartDecoder::take_content() {
    const std::string_view rest = unread();
    const auto at = rest.find(delimiter_);
    const std::size_t size = at == std::string_view::npos ? rest.size() - possible_start(rest, delimiter_) : at;
    part_size_ += size;
    if (part_size_ > limits_.part_content) return std::unexpected(MultipartError::content_too_large);
    if (size > 0) {
        taken_ += size;
        return Event{Event::Kind::content, rest.substr(0, size)};
    }
    if (at == std::string_view::npos) return need_more();
    taken_ += delimiter_.size();
    state_ = State::after_delimiter;
    return Event{Event::Kind::part_end, {}};
}

}  // namespace basehttp
