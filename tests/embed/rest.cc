// REST: items by number; anybody reads them, who knows the password changes them.
#include <map>
#include <string>

#include <basehttp/protocol/credentials.h>
#include <basehttp/server/http_server.h>

std::map<std::string, std::string, std::less<>> items;

class Item : public basehttp::RequestHandler {
  public:
    basehttp::Task<> do_GET() {
        const auto found = items.find(parameter("id"));
        if (found != items.end()) send_content(200, "text/plain", found->second);
        if (found == items.end()) send_error(404, "There is no such item");
        co_return;
    }
    basehttp::Task<> do_PUT() {
        if (!may_change()) co_return;
        const auto content = co_await read_all(1024);
        if (!content) co_return;
        const bool added = items.insert_or_assign(std::string(parameter("id")), *content).second;
        send_content(added ? 201 : 200, "text/plain", *content, {{"Content-Location", path()}});
    }

  private:
    bool may_change() {
        const auto who = basehttp::basic_credentials(headers());
        const bool known = who && who->user == "ann" && basehttp::same_secret(who->password, "spam");
        if (!known) ask_for_credentials("items");
        if (known) set_user(who->user);  // for the log
        return known;
    }
};

int main() {
    basehttp::Site site;
    site.add("/items/{id}", basehttp::handler<Item>());
    basehttp::HttpServer({.listeners = basehttp::passed_sockets()}, std::move(site)).serve_forever();
}
