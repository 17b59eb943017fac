// ByteSource, LineSplitter and ReverseLines: from the bytes of a file to its lines.
#include <fcntl.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <zlib.h>
#include <zstd.h>

#include "daemon/ctl/logs/sources/byte_source.h"
#include "daemon/ctl/logs/sources/line_splitter.h"
#include "daemon/ctl/logs/sources/reverse_lines.h"
#include "temporary_folder.h"

using namespace basehttpd;
using basehttpd_test::TemporaryFolder;

namespace {

std::string gzip(std::string_view text) {
    z_stream stream{};
    BOOST_TEST_REQUIRE(::deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(::deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    BOOST_TEST_REQUIRE(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    ::deflateEnd(&stream);
    return out;
}

std::string zstd(std::string_view text) {
    std::string out(::ZSTD_compressBound(text.size()), '\0');
    out.resize(::ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
    return out;
}

basehttp::UniqueFd open_file(const std::string& path) {
    return basehttp::UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

std::string name_of(const SplitLine& line) {
    std::string text = line.text.size() > 40 ? std::to_string(line.text.size()) + " bytes" : std::string(line.text);
    return '[' + text + (line.ended ? "" : "!") + (line.too_long ? "+" : "") + ']';
}

// The lines, and what was wrong at the end.
std::string lines_of(const std::string& bytes) {
    const TemporaryFolder folder;
    auto source = open_byte_source(open_file(folder.write("log", bytes)));
    BOOST_TEST_REQUIRE(source.has_value());
    LineSplitter lines(std::move(*source));
    SplitLine line;
    std::string result;
    std::uint64_t number = 0;
    while (lines.next(line)) {
        BOOST_TEST(line.number == ++number);
        result += name_of(line);
    }
    return lines.error().empty() ? result : result + ' ' + lines.error();
}

std::string reverse_lines_of(const std::string& bytes) {
    const TemporaryFolder folder;
    ReverseLines lines(open_file(folder.write("log", bytes)), bytes.size());
    SplitLine line;
    std::string result;
    while (lines.next(line))
        result.insert(0, name_of(line));
    return result;
}

const std::string kLong(3 * kLongestLine, 'x');

}  // namespace

BOOST_AUTO_TEST_CASE(lines_forwards_and_backwards) {
    struct Row {
        const char* name;
        std::string bytes;
        std::string lines;
    };
    for (const auto& [name, bytes, lines] : {
             Row{"empty", "", ""},
             Row{"one", "a\n", "[a]"},
             Row{"some", "a\nbc\n\nd\n", "[a][bc][][d]"},
             Row{"empty ones", "\n\n", "[][]"},
             Row{"the last without its end", "a\nb", "[a][b!]"},
             Row{"short as a magic number", "a\nb\n", "[a][b]"},
             Row{"NUL bytes", std::string("a\0\n", 3), std::string("[a\0]", 4)},
             Row{"larger than a block", std::string(200'000, 'y') + "\nz\n", "[200000 bytes][z]"},
             Row{"longer than is kept", "a\n" + kLong + "\nb\n", "[a][1048576 bytes+][b]"},
             Row{"longer than is kept, twice", kLong + "\n" + kLong + "\nb\n", "[1048576 bytes+][1048576 bytes+][b]"},
         }) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(lines_of(bytes) == lines);
            std::string backwards = reverse_lines_of(bytes);
            for (std::size_t at;
                 (at = backwards.find("bytes+")) != std::string::npos;) {  // another part of it is kept
                const std::size_t start = backwards.rfind('[', at);
                backwards.replace(start, at + 7 - start, "[long]");
            }
            std::string expected = lines;
            for (std::size_t at; (at = expected.find("1048576 bytes+")) != std::string::npos;)
                expected.replace(at, 14, "long");
            BOOST_TEST(backwards == expected);
            BOOST_TEST(lines_of(bytes.empty() ? bytes : gzip(bytes)) == lines);
            BOOST_TEST(lines_of(bytes.empty() ? bytes : zstd(bytes)) == lines);
        }
    }
}

BOOST_AUTO_TEST_CASE(compressed_bytes_that_end_or_break) {
    const std::string text = "a\nb\nc\n";
    for (const std::string& packed : {gzip(text), zstd(text)}) {
        BOOST_TEST(lines_of(packed + packed) == "[a][b][c][a][b][c]");
        for (std::size_t size = 4; size < packed.size(); ++size) {
            BOOST_TEST_CONTEXT(size) {
                BOOST_TEST(lines_of(packed.substr(0, size)).contains("cut short"));
            }
        }
        BOOST_TEST(lines_of(packed + "garbage").starts_with("[a][b][c]"));
        std::string damaged = packed;
        damaged[4] = static_cast<char>(damaged[4] ^ 0x7f);
        damaged[packed.size() / 2] = static_cast<char>(damaged[packed.size() / 2] ^ 0x7f);
        BOOST_TEST(lines_of(damaged) != "[a][b][c]");
    }
}

BOOST_AUTO_TEST_CASE(what_was_read_before_a_cut_is_good) {
    std::string text;
    for (int i = 0; i < 100'000; ++i)
        text += std::to_string(i * 7919) + '\n';
    for (const std::string& packed : {gzip(text), zstd(text)}) {
        const std::string read = lines_of(packed.substr(0, packed.size() - 100));
        BOOST_TEST(read.starts_with("[0][7919][15838]"));
        BOOST_TEST(read.contains("cut short"));
    }
}

BOOST_AUTO_TEST_CASE(a_bomb_takes_no_memory) {
    const std::string bomb = gzip(std::string(200 * kLongestLine, 'x'));
    BOOST_TEST(bomb.size() < 300'000);
    BOOST_TEST(lines_of(bomb + gzip("\nb\n")) == "[1048576 bytes+][b]");
}

// A writer that does not append goes on where it was when its file was truncated; a crash leaves blocks that were
// never written.
BOOST_AUTO_TEST_CASE(holes_are_not_lines) {
    const std::string hole(3 * kLongestLine + 7, '\0');
    const auto last_bytes = [](const std::string& lines) { return lines.substr(lines.size() - 7); };
    const std::string before = lines_of("a\n" + hole + "b\nc\n");
    BOOST_TEST(before.starts_with("[a]["));
    BOOST_TEST(!before.contains('+'));
    BOOST_TEST(last_bytes(before).ends_with("[c]"));
    BOOST_TEST(lines_of("a\nhalf" + hole + "b\nc\n").starts_with("[a][half!]["));
    BOOST_TEST(!lines_of("a\nhalf" + hole + "b\nc\n").contains('+'));
    const std::string backwards = reverse_lines_of("a\n" + hole + "b\nc\n");
    BOOST_TEST(!backwards.contains('+'));
    BOOST_TEST(backwards.starts_with("[a]["));
    BOOST_TEST(last_bytes(backwards).ends_with("[c]"));
}

BOOST_AUTO_TEST_CASE(what_is_no_plain_text_is_told) {
    const TemporaryFolder folder;
    for (const auto& [bytes, advice] : {std::pair{std::string("\xff\xfe"
                                                              "1\0.\0",
                                                              6),
                                                  "UTF-16"},
                                        {std::string("\xfe\xff\0001\0.", 6), "UTF-16"},
                                        {std::string("BZh9"), "bzcat"},
                                        {std::string("\xfd"
                                                     "7zXZ"),
                                         "xzcat"}}) {
        const auto source = open_byte_source(open_file(folder.write("log", bytes)));
        BOOST_TEST_REQUIRE(!source.has_value());
        BOOST_TEST(source.error().contains(advice));
    }
}

BOOST_AUTO_TEST_CASE(no_more_than_the_limit_is_read) {
    const TemporaryFolder folder;
    auto source = open_byte_source(open_file(folder.write("log", "a\nb\nc\n")), 4);
    BOOST_TEST_REQUIRE(source.has_value());
    LineSplitter lines(std::move(*source));
    SplitLine line;
    std::string result;
    while (lines.next(line))
        result += name_of(line);
    BOOST_TEST(result == "[a][b]");
}

BOOST_AUTO_TEST_CASE(a_file_that_shrinks_while_it_is_read_backwards) {
    const TemporaryFolder folder;
    const std::string path = folder.write("log", std::string(400'000, 'a') + "\nb\nc\n");
    ReverseLines lines(open_file(path), 400'005);
    SplitLine line;
    BOOST_TEST_REQUIRE(lines.next(line));
    BOOST_TEST(line.text == "c");
    BOOST_TEST_REQUIRE(::truncate(path.c_str(), 10) == 0);
    BOOST_TEST_REQUIRE(lines.next(line));
    BOOST_TEST(line.text == "b");
    for (int i = 0; i < 3 && lines.next(line); ++i) {
    }
    BOOST_TEST(!lines.next(line));
}
