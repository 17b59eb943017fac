// Uploads of any size in constant memory: PUT /upload answers with the size of what it was sent.
#include <cstdint>
#include <vector>

#include <basehttp/server/http_server.h>
#include <fmt/format.h>

class Upload : public basehttp::RequestHandler {
  public:
    basehttp::Task<> do_PUT() {
        std::vector<char> piece(256 * 1024);
        std::uint64_t size = 0;
        for (;;) {
            const auto got = co_await read(piece);
            if (!got) co_return;  // it is too large, or cut short: the client is told, if it is still there
            if (*got == 0) break;
            size += *got;  // a real program would write piece[0] to piece[*got - 1] to a file
        }
        send_content(200, "text/plain", fmt::format("{} bytes\n", size));
    }
};

int main() {
    constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
    basehttp::Site site;
    site.add({.path = "/upload", .handlers = basehttp::handler<Upload>(), .body_limit = 4 * kGiB});
    basehttp::HttpServer server({.listeners = basehttp::passed_sockets()}, std::move(site));
    server.serve_forever();
}
