// Several processes: workers share the listener; one that dies is replaced, and costs only the requests it was
// serving.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>

#include <basehttp/server/http_server.h>

class Who : public basehttp::RequestHandler {
  public:
    basehttp::Task<> do_GET() {
        send_content(200, "text/plain", std::to_string(getpid()) + "\n");
        co_return;
    }
};

int main() {
    basehttp::HttpServer server({.listeners = basehttp::passed_sockets(),
                                 .stop_on = {SIGTERM, SIGINT},
                                 .processes = 2,
                                 .in_worker = [] { dprintf(1, "worker %d\n", getpid()); }},
                                basehttp::handler<Who>());
    server.serve_forever();
    std::puts("stopped");  // in the parent alone
}
