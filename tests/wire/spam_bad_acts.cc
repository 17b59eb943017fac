// Handlers that break the order of calls, throw, or announce what they do not keep.
#include <array>
#include <stdexcept>

#include "tests/wire/spam_acts.h"

namespace wire {
namespace {

using basehttp::Task;

Task<> too_short(Spam& h) {
    co_await announced(h, 6, "one", "");
}

Task<> too_long(Spam& h) {
    co_await announced(h, 2, "one", "");
}

Task<> too_short_late(Spam& h) {
    co_await announced(h, 9, "one", "two");
}

Task<> too_long_late(Spam& h) {
    co_await announced(h, 5, "one", "two");
}

Task<> length_twice(Spam& h) {
    h.send_response(200);
    h.send_header("Content-Length", 1);
    h.send_header("content-length", 2);
    co_return;
}

Task<> one_field(Spam& h, std::string_view name, std::string_view value) {
    h.send_response(200);
    h.send_header(name, value);
    co_return;
}

Task<> bad_length(Spam& h) {
    return one_field(h, "Content-Length", "-1");
}

Task<> name_with_space(Spam& h) {
    return one_field(h, "Content-Length ", "1");
}

Task<> name_with_colon(Spam& h) {
    return one_field(h, "X: y", "z");
}

Task<> name_with_line_end(Spam& h) {
    return one_field(h, "X\r\nY", "z");
}

Task<> no_name(Spam& h) {
    return one_field(h, "", "z");
}

Task<> no_name_for_a_date(Spam& h) {
    h.send_response(200);
    h.send_date_header("", 0);
    co_return;
}

Task<> no_name_for_a_hint(Spam& h) {
    const basehttp::FieldLine field{"", "z"};
    co_await h.send_interim_response(103, {&field, 1});
}

Task<> negative_length(Spam& h) {
    h.send_response(200);
    h.send_header("Content-Length", -1);
    co_return;
}

Task<> own_coding(Spam& h) {
    return one_field(h, "Transfer-Encoding", "chunked");
}

Task<> throws(Spam& h) {
    h.send_response(204);
    h.end_headers();
    throw std::runtime_error("no spam today\n");
    co_return;
}

Task<> throws_number(Spam&) {
    throw 42;
    co_return;
}

Task<> throws_late(Spam& h) {
    h.send_response(200);
    h.end_headers();
    co_await h.write("one");
    co_await h.flush();
    throw std::runtime_error("no spam left");
}

Task<> nothing(Spam&) {
    co_return;
}

Task<> no_end(Spam& h) {
    return one_field(h, "X", "y");
}

Task<> twice(Spam& h) {
    h.send_response(200);
    h.send_response(200);
    co_return;
}

Task<> header_first(Spam& h) {
    h.send_header("X", "y");
    co_return;
}

Task<> header_late(Spam& h) {
    h.send_response(200);
    h.end_headers();
    h.send_header("X", "y");
    co_return;
}

Task<> end_twice(Spam& h) {
    h.send_response(200);
    h.end_headers();
    h.end_headers();
    co_return;
}

Task<> write_first(Spam& h) {
    co_await h.write("x");
}

Task<> interim(Spam& h) {
    h.send_response(100);
    co_return;
}

Task<> switches(Spam& h) {
    co_await h.send_interim_response(101);
}

Task<> hints_late(Spam& h) {
    h.send_response(200);
    co_await h.send_interim_response(103);
}

Task<> trailer_first(Spam& h) {
    h.send_response(200);
    h.send_trailer("X-Sum", "4");
    co_return;
}

Task<> trailer_and_length(Spam& h) {
    h.send_response(200);
    h.send_header("Content-Length", 4);
    h.end_headers();
    co_await h.write("spam");
    h.send_trailer("X-Sum", "4");
}

Task<> trailer_that_frames(Spam& h) {
    h.send_response(200);
    h.end_headers();
    h.send_trailer("content-length", "4");
    co_return;
}

}  // namespace

std::span<const Act> bad_acts() {
    static constexpr auto kActs = std::to_array<Act>({
        {"/switches", switches},
        {"/hints-late", hints_late},
        {"/too-short", too_short},
        {"/too-long", too_long},
        {"/too-short-late", too_short_late},
        {"/too-long-late", too_long_late},
        {"/length-twice", length_twice},
        {"/bad-length", bad_length},
        {"/name-with-space", name_with_space},
        {"/name-with-colon", name_with_colon},
        {"/name-with-line-end", name_with_line_end},
        {"/no-name", no_name},
        {"/no-name-date", no_name_for_a_date},
        {"/no-name-hint", no_name_for_a_hint},
        {"/negative-length", negative_length},
        {"/own-coding", own_coding},
        {"/throws", throws},
        {"/throws-number", throws_number},
        {"/throws-late", throws_late},
        {"/nothing", nothing},
        {"/no-end", no_end},
        {"/twice", twice},
        {"/header-first", header_first},
        {"/header-late", header_late},
        {"/end-twice", end_twice},
        {"/write-first", write_first},
        {"/interim", interim},
        {"/trailer-first", trailer_first},
        {"/trailer-and-length", trailer_and_length},
        {"/trailer-that-frames", trailer_that_frames},
        {"/page-throws", nothing},
        {"/own-page", nothing},
        {"/huge-page", nothing},
    });
    return kActs;
}

}  // namespace wire
