// What a request says. All of it are views into the memory of the request: they hold until the method returns, across
// each co_await; what is to be kept longer is copied.
#include <string>

#include <basehttp/server/forms.h>
#include <basehttp/server/http_server.h>
#include <fmt/format.h>

class Mirror : public basehttp::RequestHandler {
  public:
    basehttp::Task<> do_GET() {
        std::string page = fmt::format("{} asks for {} by {}, HTTP/{}.{}\n", client_address().text(), path(),
                                       command(), request().version.major, request().version.minor);
        page +=
            fmt::format("host {}, language {}\n", request().host, headers().find("Accept-Language").value_or("-"));
        for (const auto& [name, value] : basehttp::query_of(request()))
            page += fmt::format("query {} = {}\n", name, value);
        for (const auto& [name, value] : basehttp::cookies_of(request()))
            page += fmt::format("cookie {} = {}\n", name, value);
        for (const basehttp::FieldLine& line : headers())
            page += fmt::format("field {}: {}\n", line.name, line.value);
        send_content(200, "text/plain; charset=utf-8", page);
        co_return;
    }
};

int main() {
    basehttp::HttpServer server({.listeners = basehttp::passed_sockets()}, basehttp::handler<Mirror>());
    server.serve_forever();
}
