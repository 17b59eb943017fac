#include "basehttp/protocol/fastcgi_records.h"

#include <algorithm>
#include <cassert>

namespace basehttp {
namespace {

constexpr unsigned kVersion = 1;
constexpr unsigned kRequest = 1;
constexpr unsigned kResponder = 1;
constexpr unsigned kKeepConnection = 1;
constexpr std::size_t kHeaderSize = 8;
constexpr std::size_t kEndSize = 8;
constexpr std::size_t kLongestShort = 127;  // of a name or value whose length is one byte

void append_byte(std::string& out, std::size_t value) {
    out += static_cast<char>(value & 0xFFU);
}

void append_length(std::string& out, std::size_t length) {
    if (length > kLongestShort) {
        append_byte(out, (length >> 24U) | 0x80U);
        append_byte(out, length >> 16U);
        append_byte(out, length >> 8U);
    }
    append_byte(out, length);
}

}  // namespace

void append_fastcgi_record(std::string& out, FastCgiType type, std::string_view content) {
    assert(content.size() <= kFastCgiMostContent);
    const std::size_t padding = (kHeaderSize - content.size() % kHeaderSize) % kHeaderSize;
    append_byte(out, kVersion);
    append_byte(out, static_cast<std::size_t>(type));
    append_byte(out, kRequest >> 8U);
    append_byte(out, kRequest);
    append_byte(out, content.size() >> 8U);
    append_byte(out, content.size());
    append_byte(out, padding);
    append_byte(out, 0);
    out.append(content).append(padding, '\0');
}

void append_fastcgi_stream(std::string& out, FastCgiType type, std::string_view bytes) {
    while (!bytes.empty()) {
        const std::string_view content = bytes.substr(0, kFastCgiMostContent);
        append_fastcgi_record(out, type, content);
        bytes.remove_prefix(content.size());
    }
}

void append_fastcgi_begin(std::string& out, bool keep) {
    std::string content;
    append_byte(content, kResponder >> 8U);
    append_byte(content, kResponder);
    append_byte(content, keep ? kKeepConnection : 0);
    append_fastcgi_record(out, FastCgiType::begin_request, content.append(5, '\0'));
}

void append_fastcgi_parameter(std::string& out, std::string_view name, std::string_view value) {
    append_length(out, name.size());
    append_length(out, value.size());
    out.append(name).append(value);
}

std::expected<FastCgiReader::Piece, std::string_view> FastCgiReader::next(std::string_view& input) {
    if (!failure_.empty()) return std::unexpected(failure_);
    auto piece = read(input);
    if (!piece) failure_ = piece.error();
    return piece;
}

std::expected<FastCgiReader::Piece, std::string_view> FastCgiReader::read(std::string_view& input) {
    for (;;) {
        if (header_size_ == kHeaderSize && content_ == 0) {
            const std::size_t skipped = std::min(padding_, input.size());
            input.remove_prefix(skipped);
            padding_ -= skipped;
            if (padding_ == 0) header_size_ = 0;
        }
        if (input.empty()) return Piece{};
        if (header_size_ < kHeaderSize) {
            header_[header_size_++] = static_cast<unsigned char>(input.front());
            input.remove_prefix(1);
            if (header_size_ < kHeaderSize) continue;
            if (const auto taken = take_header(); !taken) return std::unexpected(taken.error());
            continue;
        }
        const std::string_view bytes = input.substr(0, content_);
        input.remove_prefix(bytes.size());
        content_ -= bytes.size();
        const auto type = static_cast<FastCgiType>(header_[1]);
        if (type == FastCgiType::stdout_stream) return Piece{Piece::Kind::output, bytes};
        if (type == FastCgiType::stderr_stream) return Piece{Piece::Kind::diagnostic, bytes};
        if (const auto taken = take_end(bytes); !taken) return std::unexpected(taken.error());
        if (end_size_ == kEndSize) return Piece{Piece::Kind::end};
    }
}

std::expected<void, std::string_view> FastCgiReader::take_header() {
    const auto type = static_cast<FastCgiType>(header_[1]);
    if (header_[0] != kVersion) return std::unexpected("not a FastCGI record");
    if (type != FastCgiType::stdout_stream && type != FastCgiType::stderr_stream && type != FastCgiType::end_request)
        return std::unexpected("a FastCGI record of a type that a responder does not send");
    if ((header_[2] << 8U | header_[3]) != static_cast<int>(kRequest))
        return std::unexpected("a FastCGI record of another request");
    content_ = static_cast<std::size_t>(header_[4] << 8U | header_[5]);
    padding_ = header_[6];
    if (type == FastCgiType::end_request && (content_ != kEndSize || end_size_ != 0))
        return std::unexpected("a bad FastCGI record at the request's end");
    if (end_size_ != 0) return std::unexpected("a FastCGI record behind the request's end");
    return {};
}

std::expected<void, std::string_view> FastCgiReader::take_end(std::string_view bytes) {
    for (const char byte : bytes)
        end_bytes_[end_size_++] = static_cast<unsigned char>(byte);
    if (end_size_ < kEndSize) return {};
    for (std::size_t i = 0; i < 4; ++i)
        end_.exit_status = end_.exit_status << 8U | end_bytes_[i];
    if (end_bytes_[4] > static_cast<unsigned>(End::Status::unknown_role))
        return std::unexpected("an unknown FastCGI status at the request's end");
    end_.status = static_cast<End::Status>(end_bytes_[4]);
    return {};
}

}  // namespace basehttp
