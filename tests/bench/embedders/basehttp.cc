// Hello by libbasehttp. With an argument beside the port it logs as a server does by default, on standard error.
#include <cstdlib>

#include <basehttp/server/http_server.h>

struct NoLog : basehttp::Log {  // as the others have none
    void access(const basehttp::AccessRecord&) override {}
    void error(const basehttp::ErrorRecord&) override {}
};

class Hello : public basehttp::RequestHandler {
  public:
    basehttp::Task<> do_GET() {
        send_content(200, "text/plain", "Hello, world\n");
        co_return;
    }
};

int main(int argc, char** argv) {
    NoLog none;
    const auto port = static_cast<std::uint16_t>(std::atoi(argv[1]));
    basehttp::HttpServer server({.port = port, .log = argc > 2 ? nullptr : &none}, basehttp::handler<Hello>());
    server.serve_forever();
}
