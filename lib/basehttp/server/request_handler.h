// RequestHandler: the seed's BaseHTTPRequestHandler. Derive from it and write do_GET(), do_POST(), … as coroutines; a
// request SPAM is answered by do_SPAM(), case and all. Without a do_SPAM(), the standard methods get 405 with Allow,
// all others 501. One object serves one request.
//
// HTTP is a protocol on top of a reliable stream. A request has three parts: one line with method, target and
// version, field lines, and content where it has any; an empty line stands before the content. A response has the
// same three parts, its first line being version, status and reason. So a method of yours writes in this order:
//
//     send_response(200);                          // the status line, Server and Date
//     send_header("Content-Type", "text/plain");   // any number of field lines
//     end_headers();                               // the empty line
//     co_await write("spam\n");                    // the content, in as many pieces as you like
//
// Content-Length, chunking, HEAD and persistence are taken care of: a body that is written whole before it is flushed
// gets its length, a longer one is chunked for HTTP/1.1, and HEAD sends none of it. For HTTP/0.9 only the content is
// sent. What a method throws costs its own request a 500, or a cut connection where the response had begun.
//
// g++ 12, tried as Debian 12's 12.2, miscompiles some uses of co_await: the request hangs, or memory is freed
// twice. Safe is a statement of its own, whose arguments have no braces and no `?:`; then a test of what it returned:
//
//     const auto sent = co_await write(piece);
//     if (!sent) co_return;
//
// Not safe are `if (!co_await write(piece))`, `while (co_await …)`, `Order{co_await read_all(100), …}` and
// `co_await save({name, size})`. The script check-co-await, which is installed with the library, finds them. clang
// compiles all of these well. A method that awaits nothing ends with co_return.
//
// A method that starts a program or a thread puts a SigpipeRestored (basehttp/io/sigpipe.h) around that: the thread
// that serves has SIGPIPE blocked, and both would inherit it.
#pragma once

#include <chrono>
#include <concepts>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "basehttp/io/socket_address.h"
#include "basehttp/io/task.h"
#include "basehttp/log/access_record.h"
#include "basehttp/log/severity.h"
#include "basehttp/server/exchange.h"

namespace basehttp {

class EventLoop;
struct ServerContext;

class RequestHandler : public Pooled {
  public:
    RequestHandler() = default;
    RequestHandler(const RequestHandler&) = delete;
    RequestHandler& operator=(const RequestHandler&) = delete;
    virtual ~RequestHandler() = default;

    /// Called by the Connection before the method: all that follows works on these until the response has ended.
    void attach(ServerContext& context, Exchange& exchange);

    // The request.

    const Request& request() const { return exchange_->request; }
    std::string_view command() const { return request().method; }
    std::string_view path() const { return request().path(); }  ///< decoded and normalised
    const Fields& headers() const { return request().fields; }
    const ClientAddress& client_address() const { return exchange_->client; }

    /// `https` where a trusted proxy says that the client uses it, else `http`.
    std::string_view scheme() const { return exchange_->scheme; }

    /// What stands in the path where that of the route has `{name}`; empty if it has no such segment.
    std::string_view parameter(std::string_view name) const;

    /// What error pages and the error log call this request; empty where they are not to name it.
    std::string request_id() const;

    /// Up to `space.size()` bytes of the request's content; 0 at its end. See BodyReader::read() for the errors: a
    /// method may simply return on one, and the client is told what was wrong with its content.
    Task<IoResult<std::size_t>> read(std::span<char> space);

    /// `size` bytes of content, fewer only at its end.
    Task<IoResult<std::string>> read(std::size_t size);

    /// One line of content with its LF, or what there is before the content's end; empty at its end. EMSGSIZE: it is
    /// longer than `limit` bytes.
    Task<IoResult<std::string>> read_line(std::size_t limit);

    /// Gives up reading, since the content is not what it should be: a method may simply return the error, and the
    /// client is told.
    std::unexpected<IoError> refuse_content(Refusal refusal) { return exchange_->body.fail(EBADMSG, refusal); }

    /// The trailer fields of chunked content, once all of it was read. They are the client's word, and come too late
    /// to change what the request means.
    Fields trailers() const { return exchange_->body.trailers(); }

    /// All content, at most `limit` bytes; EMSGSIZE where there is more.
    Task<IoResult<std::string>> read_all(std::size_t limit);

    // The response.

    /// An interim response, like 103 with Link fields, before the final one. Clients older than HTTP/1.1 are sent
    /// none. Throws std::logic_error for 100, which read() sends, for 101, since this server changes to no other
    /// protocol, and where the response was begun.
    Task<IoResult<void>> send_interim_response(int code, std::span<const FieldLine> fields = {});

    /// Begins the response: status line, Server, Date. `message` is the reason phrase, that of the responses table
    /// where it is left out.
    void send_response(int code, std::string_view message = {});

    /// A field line. `Connection: close` closes the connection after this response. Throws std::logic_error for a
    /// keyword that is no field name: one with a space or a colon in it, or an empty one.
    void send_header(std::string_view keyword, std::string_view value) { exchange_->response.field(keyword, value); }

    /// The same with a number for its value.
    template <std::integral Number>
    requires(!std::same_as<Number, bool> && !std::same_as<Number, char>) void send_header(std::string_view keyword,
                                                                                          Number value) {
        const fmt::format_int digits(value);
        send_header(keyword, std::string_view(digits.data(), digits.size()));
    }

    /// The value of Allow: the methods that this route answers, as a list.
    std::string allowed_methods() const;

    /// Several field lines.
    void send_headers(std::initializer_list<FieldLine> fields) {
        for (const FieldLine& field : fields)
            send_header(field.name, field.value);
    }

    /// A field line with a date for its value, as Last-Modified has it.
    void send_date_header(std::string_view keyword, std::time_t time) { response().date_field(keyword, time); }

    /// Ends the field lines, with what the route changes in them.
    void end_headers();

    /// A field line after the content, for what is known only then, like a checksum; the head had better name it in a
    /// Trailer field. Between end_headers() and the method's end. It makes the content chunked, and is left out for
    /// clients that know no chunks. Throws std::logic_error for what a client must know before the content, like
    /// Content-Type, and where a Content-Length was sent.
    void send_trailer(std::string_view keyword, std::string_view value) {
        exchange_->response.trailer(keyword, value);
    }

    /// A whole error response: it logs `message` and sends a page that explains the error, with `fields` in its head.
    void send_error(int code, std::string_view message = {}, std::span<const FieldLine> fields = {});
    void send_error(int code, std::string_view message, std::initializer_list<FieldLine> fields) {
        send_error(code, message, std::span(fields.begin(), fields.size()));
    }

    /// A whole response whose content is at hand; it leaves when the method has ended.
    void send_content(int code, std::string_view media_type, std::string_view content,
                      std::initializer_list<FieldLine> fields = {});

    /// 401: asks the client for a name and a password (RFC 7617). basic_credentials() reads what it sends.
    void ask_for_credentials(std::string_view realm);

    /// The same without a log line: for redirects and the like.
    void send_status_page(int code, std::string_view message, std::span<const FieldLine> fields = {});

    /// Sends the client to the same address with a slash at its end, with `fields` in the head: for a folder's name.
    void redirect_to_folder(std::span<const FieldLine> fields = {});

    /// Sends the client to the same address without the slash at the end of its path.
    void redirect_without_slash();

    /// Sends the client to the same path and query on `host`, with the port that it asked for.
    void redirect_to_host(std::string_view host);

    /// Content. After an error no more of it is wanted, and a method that writes in a loop ends it: the client is
    /// gone or does not read, or the response has no content (kNoContentWanted), as for HEAD. Going on is harmless
    /// and does nothing. Others are served meanwhile, however much is written.
    Task<IoResult<void>> write(std::string_view content) { return exchange_->response.write(content); }
    Task<IoResult<void>> send_file(int file, std::uint64_t offset, std::uint64_t count) {
        return exchange_->response.send_file(file, offset, count);
    }
    Task<IoResult<void>> flush() { return exchange_->response.flush(); }

    /// Lets other requests have their turn, in the midst of long work.
    Task<IoResult<void>> give_way() { return exchange_->response.give_way(); }

    /// Closes the connection after this response.
    void close_connection() { exchange_->response.close_after(); }

    /// Closes the connection without a response, or without the rest of one that was begun.
    void abandon_response() { exchange_->response.abandon(); }

    // Waiting.

    /// Waits while others are served. False: the client has left, and not all of the time has passed. Who goes on all
    /// the same waits a tenth of a second each time.
    Task<bool> sleep(std::chrono::milliseconds time);

    /// Whether the client has closed the connection, as far as the loop has seen; see Stream::peer_left().
    bool client_left() const { return exchange_->stream->peer_left(); }

    /// Whether the server is to stop and waits for the responses under way: one without an end should end.
    bool stopping() const;

    /// Has `function` called by a thread of the server's pool, while others are served, and gives what it returns or
    /// throws. It may use this handler's own data; it must not call this handler's functions nor touch what the
    /// loop's thread uses. Throws std::logic_error in a server without such threads.
    template <typename Function>
    Task<std::invoke_result_t<Function&>> run_blocking(Function function);

    /// The loop that this request is served on: EventLoop::post() brings other threads' results to it. Throws
    /// std::logic_error in a server without one.
    EventLoop& loop() const;

    // What the access log tells of the request beside what is known anyway.

    /// Who the client has proved to be.
    void set_user(std::string_view user) { exchange_->user = user; }

    /// A note for log formats that ask for `%{name}n`; the first of a name counts.
    void note(std::string_view name, std::string_view value);

    /// What the kind of this handler is called, for formats that ask for `%R`; and the file that the request means,
    /// for `%f`.
    virtual std::string_view handler_name() const { return {}; }
    virtual std::string file_name() const { return {}; }

    // Overridable, as in the seed.

    /// Called once when the response has ended, with all that is known of it. Writes the access log.
    virtual void log_request(const AccessRecord& record);

    /// The name of the software, for the Server field; empty: the field is not sent.
    virtual std::string_view version_string() const;

    /// What version responses are in: kHttp11, or kHttp10, the seed's own, which neither chunks nor persists.
    /// Requests of older versions are answered in their manner.
    virtual Version protocol_version() const { return kHttp11; }

    /// Content and media type of the page for an error: as JSON where the client prefers it, as the site has it, or
    /// as error_page() has it.
    virtual std::string error_message(int code, std::string_view message) const;
    virtual std::string_view error_content_type(int code) const;

    /// The client's address as text.
    std::string address_string() const { return client_address().text(); }

    /// The current time as the Date field has it.
    std::string_view date_time_string() const;

    /// Whether any error log takes messages of `severity`. For what is dear to find out and only logged.
    bool logs(Severity severity) const;

    /// A line in the error log: the client's address and a text in {fmt}'s notation. Nothing where no error log takes
    /// messages of `severity`.
    template <typename... Arguments>
    void log_message(Severity severity, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
        if (logs(severity)) write_log(severity, fmt::format(format, std::forward<Arguments>(arguments)...));
    }
    template <typename... Arguments>
    void log_error(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
        log_message(Severity::error, format, std::forward<Arguments>(arguments)...);
    }

  protected:
    ResponseWriter& response() { return exchange_->response; }

    /// The client's connection, for handlers that wait for it and for something else at once.
    Stream& stream() { return *exchange_->stream; }

    /// Makes `other` answer the request of this, which must outlive it.
    void hand_to(RequestHandler& other) const { other.attach(*context_, *exchange_); }

    /// Who the client has proved to be; empty: nobody.
    std::string_view user() const { return exchange_->user; }

    /// Where log_message() and log_error() end: the seed's log_message(), overridable as there. Writes the error log.
    virtual void write_log(Severity severity, std::string_view text);

  private:
    void send_moved(std::string location, std::string_view message, std::span<const FieldLine> fields);
    Task<> call_on_thread(std::function<void()> work);

    ServerContext* context_ = nullptr;
    Exchange* exchange_ = nullptr;
    bool left_in_sleep_ = false;
};

template <typename Function>
Task<std::invoke_result_t<Function&>> RequestHandler::run_blocking(Function function) {
    using Result = std::invoke_result_t<Function&>;
    if constexpr (std::is_void_v<Result>) {
        std::function<void()> work = [&function] { function(); };
        co_await call_on_thread(std::move(work));
    } else {
        std::optional<Result> result;
        std::function<void()> work = [&function, &result] { result.emplace(function()); };
        co_await call_on_thread(std::move(work));
        co_return std::move(*result);
    }
}

}  // namespace basehttp
