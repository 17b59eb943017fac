// A service of systemd's: its sockets or addresses of one's own, several workers, readiness, a watchdog, log files
// that may be rotated, a graceful stop. service.service is the unit.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <basehttp/handlers/files.h>
#include <basehttp/log/file_log.h>
#include <basehttp/server/http_server.h>

basehttp::Task<> hello(basehttp::RequestHandler& http) {
    http.send_content(200, "text/plain", "Hello\n");
    co_return;
}

int main(int argc, char** argv) try {
    const char* const given = std::getenv("LOGS_DIRECTORY");  // of LogsDirectory= in the unit
    const std::string logs = given != nullptr ? given : ".";
    basehttp::FileLog log(logs + "/access.log", "combined", logs + "/error.log");
    basehttp::Site site;
    site.add("= /hello", basehttp::on("GET", hello));
    site.add(basehttp::files("/", argc > 1 ? argv[1] : "."));
    basehttp::HttpServer server(
        {.listen = {"127.0.0.1:8000", "[::1]:8000"},
         .listeners = basehttp::passed_sockets(),  // in their place, if there is a .socket unit
         .stop_on = {SIGTERM, SIGINT},
         .processes = 2,
         .watchdog = std::chrono::seconds(10),
         .notify = true,
         .log = &log},
        std::move(site));
    server.serve_forever();
} catch (const std::exception& error) {
    std::fprintf(stderr, "service: %s\n", error.what());
    return EXIT_FAILURE;
}
