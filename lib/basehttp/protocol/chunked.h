// ChunkedDecoder and the encoder's pieces: the chunked transfer coding (RFC 9112, section 7.1), without I/O.
//
//     chunked-body    = *chunk last-chunk trailer-section CRLF
//     chunk           = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
//     chunk-ext       = BWS ";" text, not looked into
//     last-chunk      = 1*"0" [ chunk-ext ] CRLF
//     trailer-section = *( field-line CRLF )
//
// A chunk that announces more than the content may have is refused at the end of its size line: nobody waits for
// bytes that would not be taken. Lines end with CRLF and nothing else here: a lone LF that two readers take
// differently is a smuggler's tool. After a refusal the decoder is of no more use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <limits>
#include <string>
#include <string_view>

#include "basehttp/protocol/fields.h"
#include "basehttp/protocol/refusal.h"

namespace basehttp {

class ChunkedDecoder {
  public:
    /// What one step yields. Empty `data` with `complete` unset means that more input is needed.
    struct Piece {
        std::string_view data;  ///< content, a view into the input
        bool complete = false;  ///< the trailer section has ended; what is left of the input follows the message
    };

    static constexpr std::size_t kMostLineBytes = 4096;

    /// `most_line_bytes` bounds a chunk's size with its extensions, and all trailer lines together, line ends
    /// included; `most_content` the sizes of all chunks together, past which the refusal is body_too_large.
    explicit ChunkedDecoder(std::size_t most_line_bytes = kMostLineBytes,
                            std::uint64_t most_content = std::numeric_limits<std::uint64_t>::max())
        : most_line_bytes_(most_line_bytes), content_left_(most_content) {}

    /// Takes from the front of `input` up to the end of one run of content.
    std::expected<Piece, Refusal> next(std::string_view& input);

    /// The trailer fields, once complete; views into the decoder. They were not there when the request was routed and
    /// are never mixed with its other fields (RFC 9110, 6.5.1).
    Fields trailers() const;

    /// What all chunk lines together may have beyond an allowance for each chunk and its data: a message of one-byte
    /// chunks with long extensions costs much work and gives nothing.
    static constexpr std::size_t kMostExcess = 16 * 1024;

  private:
    enum class State : std::uint8_t {
        size_start,
        size,
        size_space,
        extension,
        size_line_feed,
        data,
        data_end,
        data_line_feed,
        trailer_start,
        trailer_name,
        trailer_value,
        trailer_line_feed,
        end_line_feed,
        complete,
    };

    std::expected<void, Refusal> take_byte(char c);
    std::expected<void, Refusal> take_size_digit(char c);
    std::expected<void, Refusal> take_text(char c, State after_line);
    std::expected<void, Refusal> expect(char c, char wanted, State next);
    std::expected<void, Refusal> end_size_line(char c);

    std::size_t most_line_bytes_;
    std::uint64_t content_left_;  // that further chunks may announce
    State state_ = State::size_start;
    std::uint64_t left_ = 0;  // of the chunk: its size so far while it is read, then the bytes still to come
    std::size_t line_bytes_ = 0;
    std::size_t excess_ = 0;
    std::string trailer_lines_;
};

/// Appends `chunk-size CRLF`; the data and a CRLF must follow. `size` must not be 0: that would end the message.
void append_chunk_start(std::string& out, std::size_t size);

inline constexpr std::string_view kChunkEnd = "\r\n";

/// Ends the message: the last chunk, then `trailers`, field lines each with its CRLF.
void append_last_chunk(std::string& out, std::string_view trailers = {});

}  // namespace basehttp
