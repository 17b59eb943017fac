// Server-sent events: GET /ticks sends one every 100 ms, until the client leaves or the server is stopped.
#include <chrono>
#include <csignal>

#include <basehttp/server/http_server.h>
#include <fmt/format.h>

class Ticks : public basehttp::RequestHandler {
  public:
    basehttp::Task<> do_GET() {
        send_response(200);
        send_headers({{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}});
        end_headers();
        int tick = 0;
        for (bool here = true; here && !stopping();) {
            co_await write(fmt::format("id: {}\ndata: tick {}\n\n", tick, tick));
            co_await flush();
            ++tick;
            here = co_await sleep(std::chrono::milliseconds(100));
        }
        log_message(basehttp::Severity::info, "{} ticks, client left: {}", tick, client_left());
    }
};

int main() {
    basehttp::Site site;
    site.add("/ticks", basehttp::handler<Ticks>());
    basehttp::HttpServer server({.listeners = basehttp::passed_sockets(), .stop_on = {SIGTERM}}, std::move(site));
    server.serve_forever();
}
