// A log of one's own: requests as tab-separated values on standard output. A FileLog writes to a file instead, in any
// format of Apache's notation: basehttp::FileLog log("access.log", "%h %>s %D %U");
#include <cstdio>

#include <basehttp/server/http_server.h>
#include <fmt/format.h>

class Tabs : public basehttp::Log {
  public:
    void access(const basehttp::AccessRecord& record) override {
        fmt::print("{}\t{}\t{}\t{}\n", record.status, record.body_bytes, record.duration_ns / 1000, record.route);
        std::fflush(stdout);
    }
    void error(const basehttp::ErrorRecord& record) override {  // its text may hold bytes from clients
        std::string line;
        basehttp::append_error_line(line, record, "own_log");
        fmt::print(stderr, "{}", line);
    }
};

int main() {
    Tabs log;
    basehttp::Site site;
    site.add("/spam", basehttp::on("GET", [](basehttp::RequestHandler& http) -> basehttp::Task<> {
                 http.send_content(200, "text/plain", "spam\n");
                 co_return;
             }));
    basehttp::HttpServer server({.listeners = basehttp::passed_sockets(), .log = &log}, std::move(site));
    server.serve_forever();
}
