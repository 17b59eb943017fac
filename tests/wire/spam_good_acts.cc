// Handlers that do as they should.
#include <array>
#include <limits>
#include <string>

#include "tests/wire/spam_acts.h"

namespace wire {
namespace {

using basehttp::Task;

Task<> hello(Spam& h) {
    co_await answer(h, "hello");
}

Task<> hints(Spam& h) {
    const basehttp::FieldLine link{"Link", "</style.css>; rel=preload"};
    co_await h.send_interim_response(103, {&link, 1});
    co_await answer(h, "hello");
}

Task<> empty(Spam& h) {
    h.send_response(200);
    h.end_headers();
    co_return;
}

Task<> stream(Spam& h) {
    h.send_response(200);
    h.end_headers();
    co_await h.write("one");
    co_await h.flush();
    co_await h.write("two");
    co_await h.write("three");
}

Task<> flush_only(Spam& h) {
    h.send_response(200);
    h.end_headers();
    co_await h.flush();
}

Task<> large(Spam& h) {
    co_await answer(h, std::string(20'000, 'x'));
}

Task<> exact(Spam& h) {
    co_await announced(h, 6, "one", "two");
}

Task<> closes(Spam& h) {
    h.send_response(200);
    h.send_header("Connection", "X, Close");
    h.end_headers();
    co_await h.write("bye");
}

Task<> closes_by_call(Spam& h) {
    h.close_connection();
    co_await answer(h, "bye");
}

Task<> splits(Spam& h) {
    h.send_response(200, "OK\r\nX-Phrase: 1");
    h.send_header("X-Value", "a\r\nX-Evil: 1\r\n\r\n<body>");
    h.end_headers();
    co_return;
}

Task<> numbers(Spam& h) {
    h.send_response(200);
    h.send_header("X-Less", -5);
    h.send_header("X-Least", std::numeric_limits<std::int64_t>::min());
    h.send_header("X-Most", std::numeric_limits<std::uint64_t>::max());
    h.send_header("X-Short", std::int8_t{-128});
    h.end_headers();
    co_return;
}

Task<> upgrade_required(Spam& h) {
    const std::array<basehttp::FieldLine, 2> fields{
        {{"Upgrade", "websocket"}, {"Connection", "Upgrade, keep-alive"}}};
    h.send_error(426, {}, fields);
    co_return;
}

Task<> upgrade_and_close(Spam& h) {
    h.send_response(200);
    h.send_header("Connection", "X-Hop");
    h.send_header("Connection", "close, Y-Hop");
    h.end_headers();
    co_return;
}

Task<> unregistered(Spam& h) {
    h.send_error(999);
    co_return;
}

Task<> not_found(Spam& h) {
    h.send_error(404, "<script>alert(1)</script> & \"more\"");
    co_return;
}

Task<> whole_target(Spam& h) {
    co_await answer(h, h.request().target.raw);
}

// As one does who takes the client's leaving for the only end.
Task<> endless(Spam& h, int code) {
    h.send_response(code);
    h.end_headers();
    const std::string piece(1024, 'x');
    for (;;) {
        const auto sent = co_await h.write(piece);
        if (!sent) co_return;
    }
}

Task<> endless_200(Spam& h) {
    co_await endless(h, 200);
}

Task<> endless_204(Spam& h) {
    co_await endless(h, 204);
}

Task<> endless_205(Spam& h) {
    co_await endless(h, 205);
}

Task<> endless_304(Spam& h) {
    co_await endless(h, 304);
}

Task<> endless_announced(Spam& h) {
    h.send_response(200);
    h.send_header("Content-Length", std::uint64_t{1} << 40);
    h.end_headers();
    const std::string piece(1024, 'x');
    for (;;) {
        const auto sent = co_await h.write(piece);
        if (!sent) co_return;
    }
}

Task<> endless_events(Spam& h) {
    h.send_response(200);
    h.end_headers();
    for (;;) {
        [[maybe_unused]] const auto held_back = co_await h.write("data: spam\n\n");
        const auto sent = co_await h.flush();
        if (!sent) co_return;
    }
}

// In pieces of 32 KiB, or as one; whoever gives them looks at no result.
Task<> four_mebibytes(Spam& h) {
    h.send_response(200);
    h.end_headers();
    const std::string piece(32 * 1024, 'x');
    for (int i = 0; i < 128; ++i)
        co_await h.write(piece);
}

Task<> four_mebibytes_at_once(Spam& h) {
    h.send_response(200);
    h.end_headers();
    const std::string content(4 << 20, 'x');
    co_await h.write(content);
}

Task<> thousand_events(Spam& h) {
    h.send_response(200);
    h.end_headers();
    for (int i = 0; i < 1000; ++i) {
        co_await h.write("data: spam\n\n");
        co_await h.flush();
    }
}

Task<> status(Spam& h, int code, bool with_body) {
    h.send_response(code);
    h.end_headers();
    if (with_body) co_await h.write("must not be seen");
}

Task<> status_and_length(Spam& h, int code, std::string_view length) {
    h.send_response(code);
    h.send_header("Content-Length", length);
    h.end_headers();
    co_return;
}

Task<> status_204(Spam& h) {
    co_await status(h, 204, true);
}

Task<> status_204_length(Spam& h) {
    return status_and_length(h, 204, "0");
}

Task<> status_205(Spam& h) {
    co_await status(h, 205, true);
}

Task<> status_304(Spam& h) {
    co_await status(h, 304, true);
}

Task<> status_304_length(Spam& h) {
    return status_and_length(h, 304, "5");
}

Task<> trailed(Spam& h) {
    h.send_response(200);
    h.send_header("Trailer", "X-Sum, X-Evil");
    h.end_headers();
    co_await h.write("spam");
    h.send_trailer("X-Sum", "4");
    h.send_trailer("X-Evil", "a\r\n\r\nHTTP/1.1 200 OK");
}

Task<> trailed_late(Spam& h) {
    h.send_response(200);
    h.end_headers();
    co_await h.write("spam");
    co_await h.flush();
    h.send_trailer("X-Sum", "4");
}

Task<> trailed_nothing(Spam& h) {
    h.send_response(200);
    h.end_headers();
    h.send_trailer("X-Sum", "0");
    co_return;
}

}  // namespace

std::span<const Act> good_acts() {
    static constexpr auto kActs = std::to_array<Act>({
        {"/hello", hello},
        {"/empty", empty},
        {"/hints", hints},
        {"/stream", stream},
        {"/flush-only", flush_only},
        {"/large", large},
        {"/endless", endless_200},
        {"/endless-204", endless_204},
        {"/endless-205", endless_205},
        {"/endless-304", endless_304},
        {"/endless-announced", endless_announced},
        {"/endless-events", endless_events},
        {"/four-mebibytes", four_mebibytes},
        {"/four-mebibytes-at-once", four_mebibytes_at_once},
        {"/thousand-events", thousand_events},
        {"/exact", exact},
        {"/closes", closes},
        {"/closes-by-call", closes_by_call},
        {"/splits", splits},
        {"/numbers", numbers},
        {"/upgrade-required", upgrade_required},
        {"/upgrade-and-close", upgrade_and_close},
        {"/unregistered", unregistered},
        {"/not-found", not_found},
        {"/own-log", not_found},
        {"/target", whole_target},
        {"/204", status_204},
        {"/204-length", status_204_length},
        {"/205", status_205},
        {"/304", status_304},
        {"/304-length", status_304_length},
        {"/log-throws", hello},
        {"/trailed", trailed},
        {"/trailed-late", trailed_late},
        {"/trailed-nothing", trailed_nothing},
        {"/seed", hello},
        {"/seed-stream", stream},
    });
    return kActs;
}

}  // namespace wire
