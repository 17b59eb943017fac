// ResponseWriter: one response on its way out. It keeps the order (status line, fields, body), has its
// framing decided, holds back small bodies so that head and body leave with one system call, and counts what was
// really sent. Part of an Exchange.
//
// States: idle → fields → body → finished. A failed write ends the response from any of them.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "basehttp/io/stream.h"
#include "basehttp/io/task.h"
#include "basehttp/protocol/field_rules.h"
#include "basehttp/protocol/limits.h"
#include "basehttp/protocol/request.h"
#include "basehttp/protocol/response_framing.h"
#include "basehttp/server/response_sender.h"

namespace basehttp {

/// The error of content that is given to a response without any: to HEAD, and for a 204, 205 or 304.
inline constexpr int kNoContentWanted = ESHUTDOWN;

class ResponseWriter {
  public:
    explicit ResponseWriter(const Limits& limits) : sender_(limits) {}

    /// Starts on the response to `request`. `may_persist`: whether the connection can stay open after it.
    void start(Stream& stream, const Request& request, bool may_persist);

    /// The status line. Throws std::logic_error where a response was begun already, and for a status below 200: an
    /// interim response is none. A response in HTTP/1.0 is never chunked, and the connection closes after it.
    void begin(int status, std::string_view phrase, Version version = kHttp11);

    /// The same for a response in HTTP/1.1 whose head begins with `opening`: the status line and field lines that
    /// were put together before.
    void begin_with(int status, std::string_view opening);

    /// A whole interim response, sent at once; nothing where the client is older than HTTP/1.1. Throws
    /// std::logic_error where the final response was begun, and for a status other than 102 to 199.
    Task<IoResult<void>> send_interim(int status, std::string_view phrase, std::span<const FieldLine> fields);

    /// One field line. Content-Length and Connection are understood, and written where the head ends. Throws
    /// std::logic_error outside the head, for a name that is no token, a second Content-Length, and
    /// Transfer-Encoding.
    void field(std::string_view name, std::string_view value);

    /// The same where `name` is known to be a token and none of these.
    void plain_field(std::string_view name, std::string_view value);

    /// Field lines that were put together before, each with its CRLF, none of them Connection, and Content-Length
    /// among them only where it is given as `content_length`, for a status that has content.
    void prepared_fields(std::string_view lines, std::optional<std::uint64_t> content_length = std::nullopt);

    /// What field() does for Content-Length.
    void content_length(std::uint64_t length);

    /// A field line with a date for its value.
    void date_field(std::string_view name, std::time_t time);

    /// Changes what was written of the head so far.
    void edit(const HeadEditor& editor);

    /// Ends the head; it is held back until there is something to send with it.
    void end_fields();

    /// Appends to the body without sending: for short texts that go out with the head.
    void append(std::string_view content);

    /// Sends content, or holds it back while it is little. ENODATA: it is more than was announced, and not sent. An
    /// error is final: later calls return it. So is kNoContentWanted, after which the response is as good as before;
    /// HEAD gets it once the head is known, that is not before a GET's would have been sent.
    Task<IoResult<void>> write(std::string_view content);

    /// The same for content that stays where it is until the response has ended: what is held back is not copied.
    Task<IoResult<void>> write_lasting(std::string_view content);

    /// Sends `count` bytes of `file` from `offset`. ESTALE: the file is shorter. Where it
    /// cannot be read, the error is final, as for write().
    Task<IoResult<void>> send_file(int file, std::uint64_t offset, std::uint64_t count);

    /// A field line after the content. Left out where the content is not chunked: for older clients, and where there
    /// is none. Throws std::logic_error outside the body, where a length was announced, and for a field that may not
    /// be a trailer.
    void trailer(std::string_view name, std::string_view value);

    /// Sends what was held back. kNoContentWanted: the head was sent, and there is nothing else.
    Task<IoResult<void>> flush();

    /// Lets all others have their turn: for those who compute for long between two writes. It fails as a write does.
    Task<IoResult<void>> give_way();

    /// Sends what was held back and ends the body. ENODATA: it does not have the length that was announced. `more`:
    /// whether another response follows at once.
    Task<IoResult<void>> finish(Stream::More more = Stream::More::no);

    bool begun() const { return state_ != State::idle; }
    bool head_ended() const { return state_ == State::body || state_ == State::finished; }

    /// Whether any byte has left, so that another response can no longer take this one's place.
    bool sent_anything() const { return framing_.has_value(); }

    /// Drops a response of which nothing was sent.
    void discard();

    /// Ends the response with an error that whoever makes its content has met, as a write that failed would.
    IoResult<void> fail(IoError error);

    /// Gives up a response, for a reason that the caller logs: nothing more of it is sent, so that the client sees it
    /// cut short, or none.
    void abandon() { failure_ = {ECANCELED, "abandon"}; }
    bool abandoned() const { return failure_.code == ECANCELED; }

    /// Sends a head whatever the request's version was: its line may not have meant HTTP/0.9.
    void insist_on_head() { facts_.asked = std::max(facts_.asked, kHttp10); }

    /// Nothing more is kept for later: the connection closes after this response.
    void close_after() { afterwards_ = Afterwards::close; }
    bool persists() const { return keeps_connection() && failure_.code == 0; }

    int status() const { return state_ == State::idle ? 0 : facts_.status; }
    std::uint64_t body_bytes_sent() const { return sender_.content_sent(); }
    const ResponseSender& sender() const { return sender_; }

    /// The head as it was sent, until the next request; empty: none was.
    std::string_view head() const { return sent_anything() ? std::string_view(head_) : std::string_view{}; }

    /// errno of what failed, or 0.
    int failure() const { return failure_.code; }

    /// Bytes of memory that it keeps for the next response.
    std::size_t memory() const {
        return head_.capacity() + body_.capacity() + trailers_.capacity() + tail_.capacity();
    }

  private:
    enum class State : std::uint8_t { idle, fields, body, finished };
    enum class Afterwards : std::uint8_t { close, persist };

    void start_head(int status, Version version);
    bool keeps_connection() const;
    bool is_chunked() const;
    void check_in_head() const;
    void end_head(ResponseFacts::Extent extent);
    std::string_view unsent_head(ResponseFacts::Extent extent);
    bool count_content(std::uint64_t size);
    void note_content_length(std::string_view value);
    void note_connection(std::string_view value);
    void append_connection();
    void frame_the_rest();
    bool can_hold_back(std::uint64_t size) const;
    std::size_t held_back() const { return body_.size() + lasting_.size(); }
    std::string& body();
    IoResult<void> read_into_body(int file, std::uint64_t offset, std::size_t count);
    bool counts_for_length() const;
    Task<IoResult<void>> drop(std::uint64_t size);
    Task<IoResult<void>> send_file_unheld(int file, std::uint64_t offset, std::uint64_t count);
    Task<IoResult<void>> send_held_back_and(std::string_view content, Stream::More more);
    Task<IoResult<void>> send(std::initializer_list<ResponseSender::Piece> pieces, Stream::More more);
    Task<IoResult<void>> note_when_sent(Task<IoResult<void>> sending);
    IoResult<void> note_sent(const IoResult<void>& sent);
    IoResult<void> result() const;

    ResponseSender sender_;
    State state_ = State::idle;
    std::string head_;
    std::string body_;          // held back
    std::string_view lasting_;  // after that, likewise, and not ours
    std::string chunk_start_;
    std::string trailers_;
    std::string tail_;  // what follows the content where it is chunked
    std::string date_;
    std::string connection_options_;  // the handler's, beside those that say whether the connection persists
    ResponseFacts facts_;
    bool length_written_ = false;             // by whoever prepared the fields
    std::optional<ResponseFraming> framing_;  // once the head is sent
    Afterwards afterwards_ = Afterwards::close;
    IoError failure_;  // the first
};

}  // namespace basehttp
