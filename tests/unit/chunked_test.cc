#include "basehttp/protocol/chunked.h"

#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/unit/protocol_rows.h"

using namespace basehttp;
using namespace std::literals;

namespace {

struct Outcome {
    std::string content;
    std::string_view rest;  // what follows the message
    bool complete = false;
    std::optional<Refusal> refusal;
};

// Feeds `bytes` in pieces that end before each place in `cuts`. Each piece is copied to memory of its own size, so
// that the address sanitizer sees a read past its end.
Outcome decode(std::string_view bytes, const std::vector<std::size_t>& cuts, std::size_t most_line_bytes,
               std::uint64_t most_content = std::numeric_limits<std::uint64_t>::max()) {
    ChunkedDecoder decoder(most_line_bytes, most_content);
    Outcome outcome;
    std::size_t start = 0;
    for (std::size_t i = 0; i <= cuts.size() && !outcome.complete; ++i) {
        const std::string_view piece = bytes.substr(start, i < cuts.size() ? cuts[i] - start : bytes.npos);
        start += piece.size();
        const auto copy = std::make_unique<char[]>(piece.size());
        piece.copy(copy.get(), piece.size());
        std::string_view input(copy.get(), piece.size());
        while (true) {
            const auto next = decoder.next(input);
            if (!next) {
                outcome.refusal = next.error();
                return outcome;
            }
            outcome.content += next->data;
            outcome.complete = next->complete;
            if (next->data.empty()) break;
        }
        outcome.rest = bytes.substr(start - input.size());
        if (!outcome.complete && !input.empty()) throw std::logic_error("input is left though more is wanted");
    }
    return outcome;
}

template <typename Check>
void in_all_pieces(std::string_view bytes, std::size_t most_line_bytes, Check check,
                   std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) {
    BOOST_TEST_CONTEXT("whole") check(decode(bytes, {}, most_line_bytes, most));
    std::vector<std::size_t> everywhere;
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        BOOST_TEST_CONTEXT("split at " << cut) check(decode(bytes, {cut}, most_line_bytes, most));
        everywhere.push_back(cut);
    }
    BOOST_TEST_CONTEXT("byte by byte") check(decode(bytes, everywhere, most_line_bytes, most));
}

constexpr std::size_t kLine = 4096;

struct Accepted {
    std::string_view name, bytes, content, rest = {};
    std::size_t most_line_bytes = kLine;
};

constexpr Accepted kAccepted[] = {
    {"nothing", "0\r\n\r\n", ""},
    {"many zeros", "0000000000000000000000\r\n\r\n", ""},
    {"one chunk", "5\r\nhello\r\n0\r\n\r\n", "hello"},
    {"two chunks", "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "hello"},
    {"leading zeros", "0005\r\nhello\r\n0\r\n\r\n", "hello"},
    {"hexadecimal size", "a\r\n0123456789\r\n0\r\n\r\n", "0123456789"},
    {"upper case", "A\r\n0123456789\r\n0\r\n\r\n", "0123456789"},
    {"two digits", "10\r\n0123456789abcdef\r\n0\r\n\r\n", "0123456789abcdef"},
    {"line ends as content", "4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n"},
    {"last chunk as content", "5\r\n0\r\n\r\n\r\n0\r\n\r\n", "0\r\n\r\n"},
    {"NUL as content", "1\r\n\0\r\n0\r\n\r\n"sv, "\0"sv},
    {"next request behind it", "1\r\na\r\n0\r\n\r\nGET / HTTP/1.1\r\n", "a", "GET / HTTP/1.1\r\n"},
    {"line end behind it", "0\r\n\r\n\r\n", "", "\r\n"},
    {"extension", "1;a\r\nx\r\n0\r\n\r\n", "x"},
    {"extension with a value", "1;a=b;c=d\r\nx\r\n0;e\r\n\r\n", "x"},
    {"quoted value", "1;a=\"b, c\"\r\nx\r\n0\r\n\r\n", "x"},
    {"space before the extension", "1 ;a\r\nx\r\n0\r\n\r\n", "x"},
    {"white space before the extension", "1 \t ;\ta\r\nx\r\n0\r\n\r\n", "x"},
    {"obs-text in the extension", "1;a=\xff\r\nx\r\n0\r\n\r\n", "x"},
    {"trailer", "0\r\nA: b\r\n\r\n", ""},
    {"trailers", "1\r\nx\r\n0\r\nA: b\r\nLonger-Name:c d\te\r\nF:\r\n\r\n", "x"},
    {"framing fields as trailers", "0\r\nContent-Length: 5\r\nTransfer-Encoding: x\r\n\r\n", "", ""},
    {"size line at the limit less one", "1;a\r\nx\r\n0\r\n\r\n", "x", {}, 6},
    {"size line at the limit", "1;a\r\nx\r\n0\r\n\r\n", "x", {}, 5},
    {"each size line has the limit", "1;a\r\nx\r\n1;b\r\ny\r\n0;c\r\n\r\n", "xy", {}, 5},
    {"content does not count", "9\r\n123456789\r\n0\r\n\r\n", "123456789", {}, 3},
    {"trailers at the limit", "0\r\nA:b\r\nC:d\r\n\r\n", "", {}, 12},
};

struct Incomplete {
    std::string_view bytes, content;
};

constexpr Incomplete kIncomplete[] = {
    {"", ""},
    {"5", ""},
    {"5\r", ""},
    {"5;a", ""},
    {"5 ", ""},
    {"5\r\n", ""},
    {"5\r\nhel", "hel"},
    {"5\r\nhello", "hello"},
    {"5\r\nhello\r", "hello"},
    {"5\r\nhello\r\n", "hello"},
    {"0", ""},
    {"0\r\n", ""},
    {"0\r\n\r", ""},
    {"0\r\nA", ""},
    {"0\r\nA:", ""},
    {"0\r\nA: b\r", ""},
    {"0\r\nA: b\r\n", ""},
    {"0\r\nA: b\r\n\r", ""},
    {"fffffffffffffff0\r\nx", "x"},
    {"000000000000000000ffffffffffffffff\r\nx", "x"},
};

struct Refused {
    std::string_view name, bytes;
    std::size_t most_line_bytes = kLine;
};

constexpr Refused kRefused[] = {
    {"no size", "\r\n"},
    {"no digit", "g\r\n"},
    {"extension without a size", ";a\r\n"},
    {"space first", " 5\r\n"},
    {"tab first", "\t5\r\n"},
    {"plus", "+5\r\n"},
    {"minus", "-5\r\n"},
    {"0x", "0x5\r\n"},
    {"underscore", "1_0\r\n"},
    {"fraction", "5.0\r\n"},
    {"comma", "5,5\r\n"},
    {"quotes", "\"5\"\r\n"},
    {"letter after the size", "5g\r\n"},
    {"NUL after the size", "5\0\r\n"sv},
    {"vertical tab after the size", "5\v;a\r\n"},
    {"second number after a space", "5 5\r\n"},
    {"word after a space", "5 a\r\n"},
    {"word after a tab", "5\ta\r\n"},
    {"space before the line end", "5 \r\nhello\r\n0\r\n\r\n"},
    {"CR before the extension", "5 \r;a\r\nhello\r\n0\r\n\r\n"},
    {"lone LF after the size", "5\nhello\r\n0\r\n\r\n"},
    {"lone CR after the size", "5\rhello"},
    {"two CRs after the size", "5\r\r\nhello"},
    {"lone LF in an extension", "5;a\nhello"},
    {"lone CR in an extension", "5;a\rb\r\nhello"},
    {"NUL in an extension", "5;\0\r\n"sv},
    {"DEL in an extension", "5;\x7f\r\n"},
    {"LF before the extension's end", "5;a=\"\n\"\r\n"},
    {"content too long", "5\r\nhello!\r\n0\r\n\r\n"},
    {"content too short", "5\r\nhell\r\n0\r\n\r\n"},
    {"content cut by one", "4\r\nhell0\r\n\r\n"},
    {"lone LF after content", "5\r\nhello\n0\r\n\r\n"},
    {"lone CR after content", "5\r\nhello\r0\r\n\r\n"},
    {"another byte and LF after content", "5\r\nhello!\n0\r\n\r\n"},
    {"two CRs after content", "5\r\nhello\r\r\n"},
    {"empty line after content", "1\r\na\r\n\r\n0\r\n\r\n"},
    {"lone LF after the last size", "0\n\r\n"},
    {"lone LF at the end", "0\r\n\n"},
    {"lone CR at the end", "0\r\n\rX"},
    {"lone LF after a trailer", "0\r\nA: b\n\r\n"},
    {"lone CR in a trailer", "0\r\nA: b\rc\r\n\r\n"},
    {"folded trailer", "0\r\nA: b\r\n c\r\n\r\n"},
    {"space before a trailer", "0\r\n A: b\r\n\r\n"},
    {"trailer without a name", "0\r\n: b\r\n\r\n"},
    {"trailer without a colon", "0\r\nA\r\n\r\n"},
    {"space before a trailer's colon", "0\r\nA : b\r\n\r\n"},
    {"bad name of a trailer", "0\r\nA(: b\r\n\r\n"},
    {"NUL in a trailer", "0\r\nA: \0\r\n\r\n"sv},
    {"request where a trailer should be", "0\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"size line past the limit", "1;a\r\nx\r\n0\r\n\r\n", 4},
    {"zeros past the limit", "0000\r\n\r\n", 5},
    {"trailers past the limit", "0\r\nA:b\r\nC:d\r\n\r\n", 11},
    {"size line that never ends", "1;aaaaaaaaaaaaaaaaaa", 10},
    {"trailer that never ends", "0\r\nA: aaaaaaaaaaaaaa", 10},
};

struct Announced {
    std::string_view name, bytes;
    std::uint64_t most;
    std::string_view content;  // before the refusal
};

constexpr Announced kTooMuch[] = {
    {"one byte too many", "6\r\n", 5, ""},
    {"2^32 and 5", "100000005\r\n", 1 << 20, ""},
    {"2^63 less one", "7fffffffffffffff\r\n", 1 << 20, ""},
    {"2^64 less one", "ffffffffffffffff\r\n", 1 << 20, ""},
    {"2^64 less one, with an extension", "ffffffffffffffff;a=b\r\n", 0xfffffffffffffffe, ""},
    {"size past 64 bits", "10000000000000000", 0xffffffffffffffff, ""},
    {"size wraps around to 5", "10000000000000005\r\nhello\r\n0\r\n\r\n", 0xffffffffffffffff, ""},
    {"size far past 64 bits", "fffffffffffffffff\r\n", 0xffffffffffffffff, ""},
    {"with what came before", "4\r\nspam\r\n2\r\n", 5, "spam"},
    {"a sum past 64 bits", "4\r\nspam\r\nfffffffffffffffc\r\n", 0xffffffffffffffff - 4, "spam"},
    {"none may come", "1\r\na\r\n0\r\n\r\n", 0, ""},
};

}  // namespace

// However it comes, at the end of the line that announces it, and not before.
BOOST_AUTO_TEST_CASE(more_than_there_may_be_is_refused_when_it_is_announced) {
    for (const Announced& row : kTooMuch) {
        BOOST_TEST_CONTEXT(row.name) {
            in_all_pieces(
                row.bytes, kLine,
                [&row](const Outcome& outcome) {
                    BOOST_TEST_REQUIRE(outcome.refusal.has_value());
                    BOOST_TEST(*outcome.refusal == Refusal::body_too_large);
                    BOOST_TEST(outcome.content == row.content);
                },
                row.most);
        }
    }
    for (const std::string_view just : {"5\r\nhello\r\n0\r\n\r\n", "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"}) {
        in_all_pieces(
            just, kLine, [](const Outcome& outcome) { BOOST_TEST((outcome.complete && !outcome.refusal)); }, 5);
    }
}

BOOST_AUTO_TEST_CASE(accepted_bodies) {
    for (const Accepted& row : kAccepted) {
        BOOST_TEST_CONTEXT(row.name) {
            in_all_pieces(row.bytes, row.most_line_bytes, [&row](const Outcome& outcome) {
                BOOST_TEST_REQUIRE(!outcome.refusal.has_value());
                BOOST_TEST(outcome.complete);
                BOOST_TEST(outcome.content == row.content);
                BOOST_TEST(outcome.rest == row.rest);
            });
        }
    }
}

BOOST_AUTO_TEST_CASE(bodies_that_need_more) {
    for (const Incomplete& row : kIncomplete) {
        BOOST_TEST_CONTEXT(row.bytes) {
            in_all_pieces(row.bytes, kLine, [&row](const Outcome& outcome) {
                BOOST_TEST(!outcome.refusal.has_value());
                BOOST_TEST(!outcome.complete);
                BOOST_TEST(outcome.content == row.content);
            });
        }
    }
}

BOOST_AUTO_TEST_CASE(refused_bodies) {
    for (const Refused& row : kRefused) {
        BOOST_TEST_CONTEXT(row.name) {
            in_all_pieces(row.bytes, row.most_line_bytes, [](const Outcome& outcome) {
                BOOST_TEST_REQUIRE(outcome.refusal.has_value());
                BOOST_TEST(*outcome.refusal == Refusal::bad_chunk);
                BOOST_TEST(!outcome.complete);
            });
        }
    }
}

BOOST_AUTO_TEST_CASE(a_complete_decoder_takes_nothing_more) {
    ChunkedDecoder decoder;
    std::string_view input = "0\r\n\r\nmore";
    BOOST_TEST_REQUIRE(decoder.next(input).value().complete);
    BOOST_TEST(decoder.next(input).value().complete);
    BOOST_TEST(input == "more");
}

BOOST_AUTO_TEST_CASE(the_usual_limit_of_a_line_is_4096_bytes) {
    for (const std::size_t size : {4095U, 4096U, 4097U}) {
        const std::string line = "1;" + std::string(size - 4, 'a') + "\r\n";
        ChunkedDecoder decoder;
        std::string_view input = line;
        BOOST_TEST(decoder.next(input).has_value() == (size <= 4096), size);
    }
}

BOOST_AUTO_TEST_CASE(what_is_encoded_is_decoded) {
    struct Row {
        std::size_t size;
        std::string_view start;
    };
    for (const auto& [size, start] : {Row{1, "1\r\n"}, Row{9, "9\r\n"}, Row{10, "a\r\n"}, Row{255, "ff\r\n"},
                                      Row{4096, "1000\r\n"}, Row{~std::size_t{0}, "ffffffffffffffff\r\n"}}) {
        std::string out = "|";
        append_chunk_start(out, size);
        BOOST_TEST(out == "|" + std::string(start));
    }
    const std::string content(300, 'c');
    std::string body;
    append_chunk_start(body, content.size());
    (body += content) += kChunkEnd;
    append_last_chunk(body);
    BOOST_TEST(decode(body, {}, kLine).content == content);
    BOOST_TEST(decode(body, {}, kLine).complete);
}

BOOST_AUTO_TEST_CASE(trailers_that_were_written_are_read_back) {
    std::string body;
    append_last_chunk(body, "X-Sum: 4\r\nX: y\r\n");
    BOOST_TEST(body == "0\r\nX-Sum: 4\r\nX: y\r\n\r\n");
    ChunkedDecoder decoder;
    std::string_view input = body;
    BOOST_TEST(decoder.next(input).value().complete);
    BOOST_TEST(decoder.trailers().find("x-sum").value_or("") == "4");
}

BOOST_AUTO_TEST_CASE(trailers_are_kept) {
    ChunkedDecoder decoder;
    std::string_view input = "1\r\na\r\n0\r\nDigest:  x y \t\r\nEmpty:\r\nDigest: z\r\n\r\n";
    while (!decoder.next(input).value().complete) {
    }
    const Fields trailers = decoder.trailers();
    BOOST_TEST(trailers.size() == 3U);
    BOOST_TEST(trailers.find("digest").value() == "x y");
    BOOST_TEST(trailers.find("Empty").value().empty());
    BOOST_TEST(ChunkedDecoder().trailers().size() == 0U);
}

// Many chunk lines that are all within their own limit.
BOOST_AUTO_TEST_CASE(the_total_of_chunk_lines_is_bounded) {
    struct Row {
        std::string_view name;
        std::size_t extension;
        std::size_t data;
        bool good;
    };
    for (const Row& row :
         {Row{"tiny chunks", 0, 1, true}, Row{"short extensions", 10, 1, true},
          Row{"long extensions", 1000, 1, false}, Row{"long extensions of large chunks", 1000, 1000, true},
          Row{"extensions a little too long, many times", 40, 1, false}}) {
        std::string chunk;
        append_chunk_start(chunk, row.data);
        chunk.insert(chunk.find('\r'), row.extension == 0 ? "" : ";" + std::string(row.extension - 1, 'x'));
        (chunk += std::string(row.data, 'd')) += kChunkEnd;
        ChunkedDecoder decoder;
        bool good = true;
        for (int i = 0; good && i < 5000; ++i) {
            std::string_view input = chunk;
            while (good && !input.empty())
                good = decoder.next(input).has_value();
        }
        BOOST_TEST(good == row.good, row.name);
    }
}
