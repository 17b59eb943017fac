// The smallest program with a server in it: the README's example.
#include <cstdlib>
#include <string>

#include <basehttp/server/http_server.h>
#include <basehttp/server/request_handler.h>

class Hello : public basehttp::RequestHandler {
  public:
    basehttp::Task<> do_GET() {
        send_response(200);
        send_header("Content-Type", "text/plain; charset=utf-8");
        end_headers();
        co_await write("Hello from " + std::string(path()) + "\n");
    }
};

int main(int argc, char** argv) {
    const auto port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 8000);
    basehttp::HttpServer server({.host = "127.0.0.1", .port = port}, basehttp::handler<Hello>());
    server.serve_forever();
}
