// Parses the head that a browser usually sends, COUNT times, with our parser or Debian's libhttp-parser, and keeps
// the same of it both times: method, target, the field lines, the body's framing, whether the connection persists.
#include <array>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <http_parser.h>

#include "basehttp/protocol/body_framing.h"
#include "basehttp/protocol/persistence.h"
#include "basehttp/protocol/request_parser.h"

namespace {

constexpr std::string_view kHead =
    "GET /news/2026/november/index.html?page=2 HTTP/1.1\r\n"
    "Host: www.example.org\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n"
    "Accept-Language: en-US,en;q=0.5\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Referer: http://www.example.org/news/\r\n"
    "Connection: keep-alive\r\n"
    "Cookie: session=0123456789abcdef0123456789abcdef; theme=dark; consent=yes\r\n"
    "Upgrade-Insecure-Requests: 1\r\n"
    "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
    "Priority: u=0, i\r\n"
    "Cache-Control: max-age=0\r\n"
    "\r\n";

bool parse_ours(long count) {
    const basehttp::Limits limits;
    basehttp::RequestParser parser(limits);
    basehttp::Request request;
    bool good = true;
    for (long i = 0; i < count; ++i) {
        parser.restart(false);
        const auto progress = parser.parse(kHead, request);
        good = good && progress == basehttp::ParseProgress::complete && request.fields.size() == 12;
        good = good && basehttp::decide_body_framing(request).has_value() && basehttp::wants_persistence(request);
    }
    return good;
}

struct Theirs {
    std::string_view target;
    std::array<basehttp::FieldLine, 100> fields;
    std::size_t count = 0;
    bool complete = false;
};

Theirs& state_of(http_parser* parser) {
    return *static_cast<Theirs*>(parser->data);
}

int on_url(http_parser* parser, const char* bytes, std::size_t size) {
    state_of(parser).target = {bytes, size};
    return 0;
}

int on_name(http_parser* parser, const char* bytes, std::size_t size) {
    state_of(parser).fields[state_of(parser).count].name = {bytes, size};
    return 0;
}

int on_value(http_parser* parser, const char* bytes, std::size_t size) {
    state_of(parser).fields[state_of(parser).count++].value = {bytes, size};
    return 0;
}

int on_complete(http_parser* parser) {
    state_of(parser).complete = true;
    return 0;
}

bool parse_theirs(long count) {
    http_parser_settings settings;
    http_parser_settings_init(&settings);
    settings.on_url = on_url;
    settings.on_header_field = on_name;
    settings.on_header_value = on_value;
    settings.on_message_complete = on_complete;
    http_parser parser;
    Theirs theirs;
    parser.data = &theirs;
    bool good = true;
    for (long i = 0; i < count; ++i) {
        theirs.count = 0;
        theirs.complete = false;
        http_parser_init(&parser, HTTP_REQUEST);
        const std::size_t taken = http_parser_execute(&parser, &settings, kHead.data(), kHead.size());
        good = good && taken == kHead.size() && theirs.complete && theirs.count == 12;
        good = good && http_should_keep_alive(&parser) != 0;
    }
    return good;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 64;
    const long count = std::strtol(argv[2], nullptr, 10);
    const bool good = std::strcmp(argv[1], "ours") == 0 ? parse_ours(count) : parse_theirs(count);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
