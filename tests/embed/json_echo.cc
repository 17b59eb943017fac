// JSON in and out: POST / answers with the value that it was sent, and with how many members it has.
#include <basehttp/server/http_server.h>
#include <basehttp/server/json_content.h>

class Echo : public basehttp::RequestHandler {
  public:
    basehttp::Task<> do_POST() {
        const auto value = co_await basehttp::read_json(*this, 64 * 1024);
        if (!value) co_return;  // the client is told what was wrong with its content: 400, 413 or 415
        basehttp::send_json(*this, 200, {{"echo", *value}, {"size", value->size()}});
    }
};

int main() {
    basehttp::HttpServer server({.listeners = basehttp::passed_sockets()}, basehttp::handler<Echo>());
    server.serve_forever();
}
