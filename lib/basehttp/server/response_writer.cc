#include "basehttp/server/response_writer.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "basehttp/io/read_at.h"
#include "basehttp/protocol/body_framing.h"
#include "basehttp/protocol/chunked.h"
#include "basehttp/protocol/date.h"
#include "basehttp/protocol/response_head.h"
#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

// Bodies up to this size leave with their head; larger ones are sent as they come.
constexpr std::size_t kMostHeldBack = 16 * 1024;

void check_name(std::string_view name) {
    if (!is_token(name)) {
        throw std::logic_error(fmt::format(
            "a field's name is made of letters, digits and !#$%&'*+-.^_`|~ alone (RFC 9110, 5.1), not \"{}\"", name));
    }
}

}  // namespace

void ResponseWriter::start(Stream& stream, const Request& request, bool may_persist) {
    sender_.start(stream);
    facts_.method = request.method == "HEAD" ? ResponseFacts::Method::head : ResponseFacts::Method::other;
    facts_.asked = request.version;
    afterwards_ = may_persist ? Afterwards::persist : Afterwards::close;
    if (request.version < kHttp10) close_after();
    discard();
}

void ResponseWriter::discard() {
    state_ = State::idle;
    failure_ = {};
    head_.clear();
    body_.clear();
    lasting_ = {};
    trailers_.clear();
    connection_options_.clear();
    facts_ = {.method = facts_.method, .asked = facts_.asked};
    length_written_ = false;
    framing_.reset();
}

void ResponseWriter::begin(int status, std::string_view phrase, Version version) {
    start_head(status, version);
    append_status_line(head_, version, status, phrase);
}

void ResponseWriter::begin_with(int status, std::string_view opening) {
    start_head(status, kHttp11);
    head_ += opening;
}

void ResponseWriter::start_head(int status, Version version) {
    if (state_ != State::idle) throw std::logic_error("send_response() was called twice for one request");
    if (status < 200 || status > 999) throw std::logic_error("a response's status is 200 to 999");
    state_ = State::fields;
    facts_.status = status;
    facts_.answered = version;
    if (version < kHttp11) close_after();
}

bool ResponseWriter::keeps_connection() const {
    const bool ends_content = framing_ && framing_->kind == ResponseFraming::Kind::close;
    return afterwards_ == Afterwards::persist && !ends_content;
}

bool ResponseWriter::is_chunked() const {
    return framing_ && framing_->kind == ResponseFraming::Kind::chunked && carries_content(facts_);
}

Task<IoResult<void>> ResponseWriter::send_interim(int status, std::string_view phrase,
                                                  std::span<const FieldLine> fields) {
    if (begun()) throw std::logic_error("an interim response comes before send_response()");
    if (status < 102 || status > 199) throw std::logic_error("an interim response's status is 102 to 199");
    for (const FieldLine& field : fields)
        check_name(field.name);
    if (!may_chunk(facts_) || failure_.code != 0) co_return result();
    append_interim_response(head_, status, phrase, fields);
    Task<IoResult<void>> sending = sender_.send({{head_, false}}, Stream::More::no);
    const auto sent = co_await sending;
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
    if (!content_length) return;
    facts_.announced = content_length;
    length_written_ = true;
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
    content_length(*length);
}

void ResponseWriter::content_length(std::uint64_t length) {
    check_in_head();
    if (facts_.announced) throw std::logic_error("Content-Length was given before");
    facts_.announced = length;
}

void ResponseWriter::note_connection(std::string_view value) {
    for_each_member(value, [this](std::string_view option) {
        if (equals_ignoring_case(option, "close")) {
            close_after();
        } else if (!equals_ignoring_case(option, "keep-alive")) {
            connection_options_.append(connection_options_.empty() ? "" : ", ").append(option);
        }
    });
}

// One line, since there are clients that read one only.
void ResponseWriter::append_connection() {
    const bool said = facts_.asked >= kHttp11;  // that it persists
    const std::string_view persistence = !keeps_connection() ? "close" : said ? "" : "keep-alive";
    if (connection_options_.empty()) {
        if (!persistence.empty()) append_field_line(head_, "Connection", persistence);
        return;
    }
    if (!persistence.empty()) connection_options_.append(", ").append(persistence);
    append_field_line(head_, "Connection", connection_options_);
}

void ResponseWriter::edit(const HeadEditor& editor) {
    check_in_head();
    editor.apply(head_, facts_.status);
}

void ResponseWriter::end_fields() {
    if (state_ != State::fields) throw std::logic_error("end_headers() belongs after send_response(), once");
    state_ = State::body;
}

// Has the framing decided and closes the head.
void ResponseWriter::end_head(ResponseFacts::Extent extent) {
    facts_.extent = extent;
    framing_ = decide_response_framing(facts_);
    if (framing_->kind == ResponseFraming::Kind::length) {
        if (!length_written_) append_field_line(head_, "Content-Length", framing_->length);
    } else if (framing_->kind == ResponseFraming::Kind::chunked) {
        append_field_line(head_, "Transfer-Encoding", "chunked");
    }
    append_connection();
    head_ += "\r\n";
    if (facts_.asked < kHttp10) head_.clear();
}

// The head where it has not been sent, ended and taken for sent; it is kept until the next response, for logs.
std::string_view ResponseWriter::unsent_head(ResponseFacts::Extent extent) {
    if (sent_anything()) return {};
    end_head(extent);
    return head_;
}

// Counts content that the handler gives. False: it is more than was announced, and must not be sent.
bool ResponseWriter::count_content(std::uint64_t size) {
    if (state_ != State::body) throw std::logic_error("a body belongs after end_headers()");
    facts_.given += size;
    return !carries_content(facts_) || !facts_.announced || facts_.given <= *facts_.announced;
}

void ResponseWriter::append(std::string_view content) {
    count_content(content.size());
    if (carries_content(facts_)) body() += content;
}

// What is held back, for more to be added.
std::string& ResponseWriter::body() {
    body_ += std::exchange(lasting_, {});
    return body_;
}

bool ResponseWriter::can_hold_back(std::uint64_t size) const {
    return !sent_anything() && size <= kMostHeldBack && held_back() + size <= kMostHeldBack;
}

// Whether the content so far, had GET been asked for, would be held back for a Content-Length: HEAD has the same one.
bool ResponseWriter::counts_for_length() const {
    return !sent_anything() && !facts_.announced && facts_.given <= kMostHeldBack && may_have_content(facts_.status);
}

// Content that nobody gets. Where GET would have to send its head by now, so does HEAD.
Task<IoResult<void>> ResponseWriter::drop(std::uint64_t size) {
    co_await sender_.skip(size);
    if (failure_.code != 0 || counts_for_length()) co_return result();
    if (!sent_anything() && facts_.given > kMostHeldBack) {
        const auto sent = co_await send_held_back_and({}, Stream::More::no);
        if (!sent) co_return sent;
    }
    co_return std::unexpected(IoError{kNoContentWanted, "write"});
}

Task<IoResult<void>> ResponseWriter::write(std::string_view content) {
    if (content.empty()) return result();
    if (failure_.code == 0 && !count_content(content.size())) return fail({ENODATA, "write"});
    if (failure_.code != 0 || !carries_content(facts_)) return drop(content.size());
    if (!can_hold_back(content.size())) return send_held_back_and(content, Stream::More::no);
    body() += content;
    return result();
}

Task<IoResult<void>> ResponseWriter::write_lasting(std::string_view content) {
    const bool alone = state_ == State::body && failure_.code == 0 && held_back() == 0;
    if (!alone || !carries_content(facts_) || !can_hold_back(content.size())) return write(content);
    if (!count_content(content.size())) return fail({ENODATA, "write"});
    lasting_ = content;
    return result();
}

Task<IoResult<void>> ResponseWriter::send_file(int file, std::uint64_t offset, std::uint64_t count) {
    if (count == 0) return result();
    if (failure_.code == 0 && !count_content(count)) return fail({ENODATA, "send_file"});
    if (failure_.code != 0 || !carries_content(facts_)) return drop(count);
    if (!can_hold_back(count)) return send_file_unheld(file, offset, count);
    const auto read = read_into_body(file, offset, static_cast<std::size_t>(count));
    return read ? result() : fail(read.error());
}

Task<IoResult<void>> ResponseWriter::send_file_unheld(int file, std::uint64_t offset, std::uint64_t count) {
    auto sent = co_await send_held_back_and({}, Stream::More::yes);
    const bool in_chunks = is_chunked();
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
    const std::size_t start = body().size();
    body_.resize(start + count);
    return read_at(file, offset, std::span(body_).subspan(start));
}

void ResponseWriter::trailer(std::string_view name, std::string_view value) {
    if (state_ != State::body) throw std::logic_error("send_trailer() belongs after end_headers()");
    if (facts_.announced) throw std::logic_error("content with a Content-Length has no trailers");
    if (!may_be_trailer(name)) throw std::logic_error("this field cannot come after the content");
    append_field_line(trailers_, name, value);
}

Task<IoResult<void>> ResponseWriter::flush() {
    if (failure_.code == 0 && state_ != State::body) return result();
    if (failure_.code != 0 || (!carries_content(facts_) && sent_anything())) return drop(0);
    return send_held_back_and({}, Stream::More::no);
}

Task<IoResult<void>> ResponseWriter::give_way() {
    const auto others = co_await sender_.give_way();
    co_return failure_.code != 0 || others ? result() : fail(others.error());
}

Task<IoResult<void>> ResponseWriter::finish(Stream::More more) {
    if (state_ != State::body) return result();
    state_ = State::finished;
    if (failure_.code != 0) return result();
    const bool wrong_length = facts_.announced && *facts_.announced != facts_.given && carries_content(facts_);
    if (wrong_length) return fail({ENODATA, "finish"});
    const bool trailed = may_chunk(facts_) && !trailers_.empty();
    const std::string_view head = unsent_head(trailed ? ResponseFacts::Extent::so_far : ResponseFacts::Extent::all);
    frame_the_rest();
    return send({{head, false}, {chunk_start_, false}, {body_, true}, {lasting_, true}, {tail_, false}}, more);
}

// What stands around the last of the content: where it is chunked, the frame of a chunk, then the last chunk.
void ResponseWriter::frame_the_rest() {
    chunk_start_.clear();
    tail_.clear();
    if (!is_chunked()) return;
    if (held_back() > 0) {
        append_chunk_start(chunk_start_, held_back());
        tail_ = kChunkEnd;
    }
    append_last_chunk(tail_, trailers_);
}

// Sends the head if it is still here, what was held back, and `content` as one write, framed as one chunk if need be.
Task<IoResult<void>> ResponseWriter::send_held_back_and(std::string_view content, Stream::More more) {
    const std::string_view head = unsent_head(ResponseFacts::Extent::so_far);
    const std::size_t size = body().size() + content.size();
    const bool chunk = is_chunked() && size > 0;
    chunk_start_.clear();
    if (chunk) append_chunk_start(chunk_start_, size);
    const std::string_view chunk_end = chunk ? kChunkEnd : std::string_view{};
    return send({{head, false}, {chunk_start_, false}, {body_, true}, {content, true}, {chunk_end, false}}, more);
}

Task<IoResult<void>> ResponseWriter::send(std::initializer_list<ResponseSender::Piece> pieces, Stream::More more) {
    Task<IoResult<void>> sending = sender_.send(pieces, more);
    if (sending.done()) return note_sent(sending.result());
    return note_when_sent(std::move(sending));
}

Task<IoResult<void>> ResponseWriter::note_when_sent(Task<IoResult<void>> sending) {
    const auto sent = co_await sending;
    co_return note_sent(sent);
}

IoResult<void> ResponseWriter::note_sent(const IoResult<void>& sent) {
    body_.clear();
    lasting_ = {};
    return sent ? result() : fail(sent.error());
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
