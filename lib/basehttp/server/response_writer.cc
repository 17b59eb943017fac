#include "basehttp/server/response_writer.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

#include "basehttp/io/read_at.h"
#include "basehttp/protocol/body_framing.h"
#include "basehttp/protocol/chunked.h"
#include "basehttp/protocol/date.h"
#include "basehttp/protocol/response_head.h"
#include "basehttp/protocol/status.h"
#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

// Bodies up to this size leave with their head; larger ones are sent as they come.
constexpr std::size_t kMostHeldBack = 16 * 1024;
constexpr int kResetContent = 205;

void check_name(std::string_view name) {
    if (!is_token(name)) {
        throw std::logic_error(fmt::format(
            "a field's name is made of letters, digits and !#$%&'*+-.^_`|~ alone (RFC 9110, 5.1), not \"{}\"", name));
    }
}

}  // namespace

void ResponseWriter::start(Stream& stream, const Request& request, bool may_persist) {
    sender_.start(stream);
    simple_ = request.version < kHttp10;
    may_chunk_ = request.version >= kHttp11;
    head_only_ = request.method == "HEAD";
    names_keep_alive_ = request.version == kHttp10;
    persists_ = may_persist && !simple_;
    head_sent_ = false;
    discard();
}

void ResponseWriter::discard() {
    state_ = State::idle;
    failure_ = {};
    head_.clear();
    body_.clear();
    trailers_.clear();
    connection_options_.clear();
    status_ = 0;
    bodiless_ = head_only_;
    chunked_ = false;
    announced_.reset();
    content_ = 0;
}

void ResponseWriter::begin(int status, std::string_view phrase, Version version) {
    if (state_ != State::idle) throw std::logic_error("send_response() was called twice for one request");
    if (status < 200 || status > 999) throw std::logic_error("a response's status is 200 to 999");
    state_ = State::fields;
    status_ = status;
    bodiless_ = head_only_ || status_forbids_content(status) || status == kResetContent;
    if (version < kHttp11) may_chunk_ = persists_ = false;
    append_status_line(head_, version, status, phrase);
}

Task<IoResult<void>> ResponseWriter::send_interim(int status, std::string_view phrase,
                                                  std::span<const FieldLine> fields) {
    if (begun()) throw std::logic_error("an interim response comes before send_response()");
    if (status < 102 || status > 199) throw std::logic_error("an interim response's status is 102 to 199");
    for (const FieldLine& field : fields)
        check_name(field.name);
    if (!may_chunk_ || failure_.code != 0) co_return result();
    append_interim_response(head_, status, phrase, fields);
    std::array<ResponseSender::Piece, 1> pieces{{{head_, false}}};
    const auto sent = co_await sender_.send(pieces, Stream::More::no);
    head_.clear();
    co_return sent ? result() : fail(sent.error());
}

void ResponseWriter::check_in_head() const {
    if (state_ != State::fields)
        throw std::logic_error("send_header() belongs between send_response() and end_headers()");
}

void ResponseWriter::field(std::string_view name, std::string_view value) {
    check_in_head();
    check_name(name);
    if (equals_ignoring_case(name, "Transfer-Encoding")) {
        throw std::logic_error("Transfer-Encoding is the server's own affair");
    }
    if (equals_ignoring_case(name, "Connection")) {
        note_connection(value);
    } else if (equals_ignoring_case(name, "Content-Length")) {
        note_content_length(value);
    } else {
        append_field_line(head_, name, value);
    }
}

void ResponseWriter::plain_field(std::string_view name, std::string_view value) {
    check_in_head();
    append_field_line(head_, name, value);
}

void ResponseWriter::prepared_fields(std::string_view lines, std::optional<std::uint64_t> content_length) {
    check_in_head();
    head_ += lines;
    if (content_length) announced_ = content_length;
}

void ResponseWriter::date_field(std::string_view name, std::time_t time) {
    check_in_head();
    check_name(name);
    date_.clear();
    append_http_date(date_, time);
    append_field_line(head_, name, date_);
}

void ResponseWriter::note_content_length(std::string_view value) {
    const auto length = parse_content_length(value);
    if (!length) throw std::logic_error("Content-Length is not a number");
    if (announced_) throw std::logic_error("Content-Length was given before");
    announced_ = *length;
}

void ResponseWriter::note_connection(std::string_view value) {
    for_each_member(value, [this](std::string_view option) {
        if (equals_ignoring_case(option, "close")) {
            persists_ = false;
        } else if (!equals_ignoring_case(option, "keep-alive")) {
            connection_options_.append(connection_options_.empty() ? "" : ", ").append(option);
        }
    });
}

// One line, since there are clients that read one only.
void ResponseWriter::append_connection() {
    const std::string_view persistence = !persists_ ? "close" : names_keep_alive_ ? "keep-alive" : "";
    if (connection_options_.empty()) {
        if (!persistence.empty()) append_field_line(head_, "Connection", persistence);
        return;
    }
    if (!persistence.empty()) connection_options_.append(", ").append(persistence);
    append_field_line(head_, "Connection", connection_options_);
}

void ResponseWriter::end_fields() {
    if (state_ != State::fields) throw std::logic_error("end_headers() belongs after send_response(), once");
    state_ = State::body;
}

// Decides the body's framing (RFC 9112, 6.3) and closes the head. `length`: the whole body, where it is known by now.
void ResponseWriter::end_head(std::optional<std::uint64_t> length) {
    if (status_ == kResetContent) length = announced_ = 0;  // RFC 9110, 15.3.6
    if (announced_) length = announced_;
    // A 304 may say how long the content would have been, a 204 must not (RFC 9110, 8.6); an answer to HEAD for which
    // no content was given does not know.
    const bool unknown = head_only_ && content_ == 0;
    const bool says_length = announced_ ? status_ != 204 : !status_forbids_content(status_) && !unknown;
    if (says_length) {
        if (length) {
            append_field_line(head_, "Content-Length", *length);
        } else if (may_chunk_) {
            append_field_line(head_, "Transfer-Encoding", "chunked");
            chunked_ = !bodiless_;
        } else if (!bodiless_) {
            persists_ = false;
        }
    }
    append_connection();
    head_ += "\r\n";
    if (simple_) head_.clear();
}

// The head where it has not been sent, ended and taken for sent; it is kept until the next response, for logs.
std::string_view ResponseWriter::unsent_head(std::optional<std::uint64_t> length) {
    if (head_sent_) return {};
    end_head(length);
    head_sent_ = true;
    return head_;
}

// Counts content that the handler gives. False: it is more than was announced, and must not be sent.
bool ResponseWriter::count_content(std::uint64_t size) {
    if (state_ != State::body) throw std::logic_error("a body belongs after end_headers()");
    content_ += size;
    return bodiless_ || !announced_ || content_ <= *announced_;
}

void ResponseWriter::append(std::string_view content) {
    count_content(content.size());
    if (!bodiless_) body_ += content;
}

bool ResponseWriter::can_hold_back(std::uint64_t size) const {
    return !head_sent_ && size <= kMostHeldBack && body_.size() + size <= kMostHeldBack;
}

// Whether the content so far, had GET been asked for, would be held back for a Content-Length: HEAD has the same one.
bool ResponseWriter::counts_for_length() const {
    return !head_sent_ && !announced_ && content_ <= kMostHeldBack && !status_forbids_content(status_) &&
           status_ != kResetContent;
}

// Content that nobody gets. Where GET would have to send its head by now, so does HEAD.
Task<IoResult<void>> ResponseWriter::drop(std::uint64_t size) {
    co_await sender_.skip(size);
    if (failure_.code != 0 || counts_for_length()) co_return result();
    if (!head_sent_ && content_ > kMostHeldBack) {
        const auto sent = co_await send_held_back_and({}, Stream::More::no);
        if (!sent) co_return sent;
    }
    co_return std::unexpected(IoError{kNoContentWanted, "write"});
}

Task<IoResult<void>> ResponseWriter::write(std::string_view content) {
    if (content.empty()) co_return result();
    if (failure_.code == 0 && !count_content(content.size())) co_return fail({ENODATA, "write"});
    if (failure_.code != 0 || bodiless_) {
        const auto dropped = co_await drop(content.size());
        co_return dropped;
    }
    if (can_hold_back(content.size())) {
        body_ += content;
        co_return result();
    }
    auto sent = co_await send_held_back_and(content, Stream::More::no);
    co_return sent;
}

Task<IoResult<void>> ResponseWriter::send_file(int file, std::uint64_t offset, std::uint64_t count) {
    if (count == 0) co_return result();
    if (failure_.code == 0 && !count_content(count)) co_return fail({ENODATA, "send_file"});
    if (failure_.code != 0 || bodiless_) {
        const auto dropped = co_await drop(count);
        co_return dropped;
    }
    if (can_hold_back(count)) {
        const auto read = read_into_body(file, offset, static_cast<std::size_t>(count));
        co_return read ? result() : fail(read.error());
    }
    const bool in_chunks = may_chunk_ && !announced_;
    auto sent = co_await send_held_back_and({}, Stream::More::yes);
    while (sent && in_chunks && count > 0) {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(count, kMostHeldBack));
        if (const auto read = read_into_body(file, offset, size); !read) co_return fail(read.error());
        offset += size;
        count -= size;
        sent = co_await send_held_back_and({}, Stream::More::no);
    }
    if (!sent || in_chunks) co_return sent;
    sent = co_await sender_.send_file(file, offset, count);
    co_return sent ? result() : fail(sent.error());
}

IoResult<void> ResponseWriter::read_into_body(int file, std::uint64_t offset, std::size_t count) {
    const std::size_t start = body_.size();
    body_.resize(start + count);
    return read_at(file, offset, std::span(body_).subspan(start));
}

void ResponseWriter::trailer(std::string_view name, std::string_view value) {
    if (state_ != State::body) throw std::logic_error("send_trailer() belongs after end_headers()");
    if (announced_) throw std::logic_error("content with a Content-Length has no trailers");
    if (!may_be_trailer(name)) throw std::logic_error("this field cannot come after the content");
    append_field_line(trailers_, name, value);
}

Task<IoResult<void>> ResponseWriter::flush() {
    if (failure_.code == 0 && state_ != State::body) co_return result();
    if (failure_.code != 0 || (bodiless_ && head_sent_)) {
        const auto dropped = co_await drop(0);
        co_return dropped;
    }
    auto sent = co_await send_held_back_and({}, Stream::More::no);
    co_return sent;
}

Task<IoResult<void>> ResponseWriter::give_way() {
    const auto others = co_await sender_.give_way();
    co_return failure_.code != 0 || others ? result() : fail(others.error());
}

Task<IoResult<void>> ResponseWriter::finish() {
    if (state_ != State::body) co_return result();
    state_ = State::finished;
    if (failure_.code != 0) co_return result();
    const bool wrong_length = announced_ && *announced_ != content_ && !bodiless_;
    if (wrong_length) co_return fail({ENODATA, "finish"});
    const bool trailed = may_chunk_ && !trailers_.empty();
    const std::string_view head = unsent_head(trailed ? std::nullopt : std::optional(content_));
    frame_the_rest();
    std::array<ResponseSender::Piece, 4> pieces{
        {{head, false}, {chunk_start_, false}, {body_, true}, {tail_, false}}};
    const auto sent = co_await sender_.send(pieces, Stream::More::no);
    co_return sent ? result() : fail(sent.error());
}

// What stands around the last of the content: where it is chunked, the frame of a chunk, then the last chunk.
void ResponseWriter::frame_the_rest() {
    chunk_start_.clear();
    tail_.clear();
    if (!chunked_) return;
    if (!body_.empty()) {
        append_chunk_start(chunk_start_, body_.size());
        tail_ = kChunkEnd;
    }
    append_last_chunk(tail_, trailers_);
}

// Sends the head if it is still here, what was held back, and `content` as one write, framed as one chunk if need be.
Task<IoResult<void>> ResponseWriter::send_held_back_and(std::string_view content, Stream::More more) {
    const std::string_view head = unsent_head(std::nullopt);
    const std::size_t size = body_.size() + content.size();
    const bool chunk = chunked_ && size > 0;
    chunk_start_.clear();
    if (chunk) append_chunk_start(chunk_start_, size);
    std::array<ResponseSender::Piece, 5> pieces{{{head, false},
                                                 {chunk_start_, false},
                                                 {body_, true},
                                                 {content, true},
                                                 {chunk ? kChunkEnd : std::string_view{}, false}}};
    const auto sent = co_await sender_.send(pieces, more);
    body_.clear();
    co_return sent ? result() : fail(sent.error());
}

IoResult<void> ResponseWriter::fail(IoError error) {
    if (failure_.code == 0) failure_ = error;
    return std::unexpected(error);
}

IoResult<void> ResponseWriter::result() const {
    if (failure_.code != 0) return std::unexpected(failure_);
    return {};
}

}  // namespace basehttp
