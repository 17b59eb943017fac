// A server for real clients: GET gives the path, POST and PUT give the content back, in the framing that it came in.
// Listens on a free port, says which on standard output, and ends when standard input does.
#include <array>
#include <cstdio>
#include <optional>
#include <string_view>

#include <basehttp/server/http_server.h>
#include <basehttp/server/request_handler.h>

namespace {

class Echo : public basehttp::RequestHandler {
  public:
    basehttp::Task<> do_GET() {
        begin({}, "text/plain");
        co_await write(path());
    }

    basehttp::Task<> do_POST() {
        if (const auto length = headers().find("Content-Length")) {
            const auto content = co_await read_all(kMost);
            if (!content) co_return;
            begin(content->size());
            co_await write(*content);
            co_return;
        }
        begin();
        std::array<char, 4096> piece;
        for (;;) {
            const auto got = co_await read(piece);
            if (!got || *got == 0) co_return;
            co_await write({piece.data(), *got});
            co_await flush();
        }
    }

    basehttp::Task<> do_PUT() { return do_POST(); }

  private:
    static constexpr std::size_t kMost = 1024 * 1024;

    void begin(std::optional<std::size_t> length = {}, std::string_view type = "application/octet-stream") {
        send_response(200);
        if (length) send_header("Content-Length", *length);
        send_header("Content-Type", type);
        end_headers();
    }
};

class Input final : public basehttp::EventTarget {
  public:
    explicit Input(basehttp::HttpServer& server) : server_(server) {}
    void on_events(std::uint32_t) override { server_.stop(); }

  private:
    basehttp::HttpServer& server_;
};

}  // namespace

int main() {
    basehttp::HttpServer server({.host = "127.0.0.1", .port = 0}, basehttp::handler<Echo>());
    std::printf("%u\n", static_cast<unsigned>(server.port()));
    std::fflush(stdout);
    Input input(server);
    if (!server.loop().add(0, EPOLLIN, input)) return 69;
    server.serve_forever();
}
