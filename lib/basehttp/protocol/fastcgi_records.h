// The records of FastCGI 1.0, between a web server and a responder, for one request at a time on a connection: the
// request has id 1. No I/O.
//
//     record = version type requestId(2) contentLength(2) paddingLength reserved content padding
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace basehttp {

enum class FastCgiType : std::uint8_t {
    begin_request = 1,
    end_request = 3,
    params = 4,
    stdin_stream = 5,
    stdout_stream = 6,
    stderr_stream = 7,
};

/// The most content of a record that is sent: a multiple of 8, so that only the last one of a stream is padded.
inline constexpr std::size_t kFastCgiMostContent = 65528;

/// Appends a record; `content` is at most kFastCgiMostContent bytes. Empty content ends a stream.
void append_fastcgi_record(std::string& out, FastCgiType type, std::string_view content);

/// Appends `bytes` as records of a stream, without its end.
void append_fastcgi_stream(std::string& out, FastCgiType type, std::string_view bytes);

/// Appends the record that begins a request to a responder. `keep`: the connection is to outlive it.
void append_fastcgi_begin(std::string& out, bool keep);

/// Appends a name and its value as a stream of parameters has them.
void append_fastcgi_parameter(std::string& out, std::string_view name, std::string_view value);

/// Takes the records of a response apart.
class FastCgiReader {
  public:
    struct Piece {
        enum class Kind : std::uint8_t {
            none,        ///< the input is used up
            output,      ///< of the response
            diagnostic,  ///< of the program's standard error
            end,         ///< the request has ended
        };
        Kind kind = Kind::none;
        std::string_view bytes{};  ///< into the input; not empty for the two streams
    };

    /// What a responder says of the request's end.
    struct End {
        enum class Status : std::uint8_t { complete, cannot_multiplex, overloaded, unknown_role };
        std::uint32_t exit_status = 0;  ///< as exit(3) would have it, 0 where all was well
        Status status = Status::complete;
    };

    /// Takes one piece off the front of `input`, all of it where nothing follows. The error is a phrase that says
    /// what is wrong, and stays; the connection must then be closed.
    std::expected<Piece, std::string_view> next(std::string_view& input);

    /// Once Kind::end was given.
    const End& end() const { return end_; }

  private:
    std::expected<Piece, std::string_view> read(std::string_view& input);
    std::expected<void, std::string_view> take_header();
    std::expected<void, std::string_view> take_end(std::string_view bytes);

    std::array<unsigned char, 8> header_{};
    std::size_t header_size_ = 0;  // so much of it has come
    std::size_t content_ = 0;      // that is left
    std::size_t padding_ = 0;      // likewise
    std::array<unsigned char, 8> end_bytes_{};
    std::size_t end_size_ = 0;
    End end_;
    std::string_view failure_{};  // what was wrong, if anything was
};

}  // namespace basehttp
