// Calls that block, off the loop: a look-up of a name takes as long as it takes, and others are served meanwhile.
#include <netdb.h>

#include <memory>
#include <string>

#include <basehttp/server/forms.h>
#include <basehttp/server/http_server.h>

std::string look_up(const std::string& name) {
    addrinfo* found = nullptr;
    const int failure = getaddrinfo(name.c_str(), nullptr, nullptr, &found);
    if (failure != 0) throw std::runtime_error(gai_strerror(failure));
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
    char address[NI_MAXHOST];
    getnameinfo(found->ai_addr, found->ai_addrlen, address, sizeof address, nullptr, 0, NI_NUMERICHOST);
    return address;
}

class LookUp : public basehttp::RequestHandler {
  public:
    basehttp::Task<> do_GET() {
        const std::string name(basehttp::query_of(request()).find("name").value_or("localhost"));
        const std::string address = co_await run_blocking([&name] { return look_up(name); });
        send_content(200, "text/plain", address + "\n");  // what look_up() throws, arrives here and costs a 500
    }
};

int main() {
    basehttp::HttpServer server({.listeners = basehttp::passed_sockets(), .threads = 4}, basehttp::handler<LookUp>());
    server.serve_forever();
}
