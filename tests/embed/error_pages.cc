// Error pages of one's own, for whatever goes wrong: an unknown path, a method that is not answered or unknown, a
// request that cannot be read, a handler that throws. Clients that ask for JSON get it all the same.
#include <stdexcept>

#include <basehttp/server/http_server.h>

class Fragile : public basehttp::RequestHandler {
  public:
    basehttp::Task<> do_GET() {
        if (path() == "/item/broken") throw std::runtime_error("it broke");
        if (path() == "/item/gone")
            send_error(410, "It was here", {{"Cache-Control", "max-age=3600"}});
        else
            send_content(200, "text/plain", "an item\n");
        co_return;
    }
};

int main() {
    basehttp::Site site;
    for (const int status : {400, 404, 405, 410, 500, 501})
        site.error_page(status, "<!DOCTYPE html><title>{{reason}}</title><p>Sorry ({{code}}): {{message}}.</p>\n");
    site.add("/item/", basehttp::handler<Fragile>());
    basehttp::HttpServer server({.listeners = basehttp::passed_sockets()}, std::move(site));
    server.serve_forever();
}
