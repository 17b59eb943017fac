// A folder of files, and beside it handlers: functions do where a class would hold nothing.
#include <string>

#include <basehttp/handlers/files.h>
#include <basehttp/server/http_server.h>

basehttp::Task<> hello(basehttp::RequestHandler& http) {
    http.send_content(200, "text/plain", "Hello, " + std::string(http.parameter("name")) + "\n");
    co_return;
}

int main(int argc, char** argv) {
    basehttp::Site site;
    site.add(basehttp::files("/", argc > 1 ? argv[1] : ".", {.listing = true, .cache_control = "max-age=60"}));
    site.add("/hello/{name}", basehttp::on("GET", hello));
    basehttp::HttpServer server({.listeners = basehttp::passed_sockets()}, std::move(site));
    server.serve_forever();
}
