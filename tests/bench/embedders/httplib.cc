// Hello by cpp-httplib: a thread for each connection, from a pool that has enough for the client's.
#include <cstdlib>

#include <httplib.h>

int main(int, char** argv) {
    httplib::Server server;
    server.new_task_queue = [] { return new httplib::ThreadPool(64); };
    server.set_keep_alive_max_count(1'000'000'000);
    server.set_tcp_nodelay(true);
    server.Get(".*", [](const httplib::Request&, httplib::Response& response) {
        response.set_content("Hello, world\n", "text/plain");
    });
    server.listen("127.0.0.1", std::atoi(argv[1]));
}
