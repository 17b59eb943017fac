// Handlers that read content.
#include <array>
#include <string>

#include "tests/wire/spam_acts.h"

namespace wire {
namespace {

using basehttp::Task;

Task<> read_all(Spam& h) {
    const auto body = co_await h.read_all(100'000);
    if (body) co_await answer(h, *body);
}

Task<> read_little(Spam& h) {
    const auto body = co_await h.read_all(4);
    if (body) co_await answer(h, *body);
}

// Three bytes at a time, and the number of pieces.
Task<> read_pieces(Spam& h) {
    std::string body;
    std::array<char, 3> piece;
    for (;;) {
        const auto got = co_await h.read(piece);
        if (!got) co_return;
        if (*got == 0) break;
        body.append(piece.data(), *got);
    }
    co_await answer(h, body);
}

Task<> read_by_count(Spam& h) {
    std::string body;
    for (;;) {
        const auto piece = co_await h.read(std::size_t{5});
        if (!piece) co_return;
        if (piece->empty()) break;
        (body += *piece) += '|';
    }
    co_await answer(h, body);
}

Task<> read_lines(Spam& h) {
    std::string body;
    for (;;) {
        const auto line = co_await h.read_line(8);
        if (!line) co_return;
        if (line->empty()) break;
        (body += *line) += '|';
    }
    co_await answer(h, body);
}

Task<> read_trailers(Spam& h) {
    std::string names = std::to_string(h.trailers().size());  // none before the content's end
    const auto body = co_await h.read_all(100);
    if (!body) co_return;
    for (const basehttp::FieldLine& line : h.trailers())
        ((names.append("|").append(line.name)) += '=').append(line.value);
    co_await answer(h, names);
}

Task<> read_three(Spam& h) {
    std::string body;
    while (body.size() < 3) {
        char byte = '\0';
        const auto got = co_await h.read({&byte, 1});
        if (!got || *got == 0) co_return;
        body += byte;
    }
    co_await answer(h, body);
}

Task<> count_body(Spam& h) {
    std::uint64_t size = 0;
    std::array<char, 1000> piece;
    for (;;) {
        const auto got = co_await h.read(piece);
        if (!got) co_return;
        if (*got == 0) break;
        size += *got;
    }
    co_await answer(h, std::to_string(size));
}

Task<> answers_then_reads(Spam& h) {
    h.send_response(200);
    h.end_headers();
    co_await h.write("first");
    co_await h.flush();
    const auto body = co_await h.read_all(100);
    if (body) co_await h.write(*body);
}

Task<> survives_bad_body(Spam& h) {
    const auto body = co_await h.read_all(100);
    co_await answer(h, body ? "good" : "bad");
}

}  // namespace

std::span<const Act> body_acts() {
    static constexpr auto kActs = std::to_array<Act>({
        {"/read-all", read_all},
        {"/read-little", read_little},
        {"/read-pieces", read_pieces},
        {"/read-by-count", read_by_count},
        {"/read-lines", read_lines},
        {"/read-trailers", read_trailers},
        {"/read-three", read_three},
        {"/count-body", count_body},
        {"/answers-then-reads", answers_then_reads},
        {"/survives-bad-body", survives_bad_body},
    });
    return kActs;
}

}  // namespace wire
