// Hello by Boost.Beast, as its asynchronous examples do it: one thread, one io_context.
#include <cstdlib>
#include <memory>
#include <utility>  // Boost 1.74 uses std::exchange and does not include it

#include <boost/asio.hpp>
#include <boost/beast.hpp>

namespace beast = boost::beast;
namespace http = beast::http;
using tcp = boost::asio::ip::tcp;

struct Session : std::enable_shared_from_this<Session> {
    explicit Session(tcp::socket socket) : stream(std::move(socket)) {}

    void read() {
        request = {};
        stream.expires_after(std::chrono::seconds(30));
        http::async_read(stream, buffer, request, [self = shared_from_this()](beast::error_code error, std::size_t) {
            if (!error) self->answer();
        });
    }

    void answer() {
        response = {http::status::ok, request.version()};
        response.set(http::field::server, "beast");
        response.set(http::field::content_type, "text/plain");
        response.keep_alive(request.keep_alive());
        response.body() = "Hello, world\n";
        response.prepare_payload();
        http::async_write(stream, response, [self = shared_from_this()](beast::error_code error, std::size_t) {
            if (!error && self->response.keep_alive()) self->read();
        });
    }

    beast::tcp_stream stream;
    beast::flat_buffer buffer;
    http::request<http::string_body> request;
    http::response<http::string_body> response;
};

void accept(tcp::acceptor& acceptor) {
    acceptor.async_accept([&acceptor](beast::error_code error, tcp::socket socket) {
        if (!error) {
            socket.set_option(tcp::no_delay(true));
            std::make_shared<Session>(std::move(socket))->read();
        }
        accept(acceptor);
    });
}

int main(int, char** argv) {
    boost::asio::io_context context{1};
    tcp::acceptor acceptor(
        context, {boost::asio::ip::make_address("127.0.0.1"), static_cast<unsigned short>(std::atoi(argv[1]))});
    accept(acceptor);
    context.run();
}
