// A stop that lets responses end: on SIGTERM or SIGINT the server accepts no more, finishes what is under way, and
// serve_forever() returns. stop() does the same from a handler, another thread or a signal handler of the program's.
#include <csignal>
#include <cstdio>

#include <basehttp/server/http_server.h>

class Echo : public basehttp::RequestHandler {
  public:
    basehttp::Task<> do_POST() {
        const auto content = co_await read_all(1024);
        if (!content) co_return;
        send_content(200, "text/plain", *content);
    }
};

int main() {
    basehttp::HttpServer server({.listeners = basehttp::passed_sockets(),
                                 .stop_on = {SIGTERM, SIGINT},  // the second one ends at once
                                 .stop_timeout = std::chrono::seconds(10)},
                                basehttp::handler<Echo>());
    server.serve_forever();
    std::puts("stopped");
}
