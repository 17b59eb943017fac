// The benchmark's load client: one thread, connections to the loopback, each with as many requests in flight as
// --depth says. Checks status and length of every answer, waits for the last one before it leaves, and prints one
// line of JSON: answers, those that were wrong, requests that got none, connections, and latencies in microseconds.
//
// usage: load PORT REQUESTS [--connections N] [--depth N] [--seconds S] [--status CODE] [--length BYTES] [--close]
//
// REQUESTS is a file of request heads, sent in turn. With --close each connection carries one request, and the server
// ends it. --length is what Content-Length has to say; without it, any length will do.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
    std::uint16_t port = 0;
    const char* requests = nullptr;
    std::size_t connections = 64;
    std::size_t depth = 1;
    double seconds = 1;
    int status = 200;
    std::optional<std::size_t> length;
    bool close = false;
};

struct Tally {
    std::size_t answers = 0;
    std::size_t wrong = 0;
    std::size_t unanswered = 0;
    std::size_t connections = 0;
    std::vector<float> latencies;  // microseconds
};

[[noreturn]] void fail(const char* what) {
    std::perror(what);
    std::exit(1);
}

// The bytes that are sent at once: `depth` requests each, and every request of the file in turn.
std::vector<std::string> read_batches(const Options& options) {
    std::ifstream file(options.requests, std::ios::binary);
    if (!file) fail(options.requests);
    const std::string all{std::istreambuf_iterator<char>(file), {}};
    std::vector<std::string> requests;
    for (std::size_t at = 0, end = 0; (end = all.find("\r\n\r\n", at)) != std::string::npos; at = end + 4) {
        requests.push_back(all.substr(at, end + 4 - at));
    }
    if (requests.empty()) fail("no request in the file");
    std::vector<std::string> batches(requests.size());
    for (std::size_t i = 0; i < batches.size() * options.depth; ++i) {
        batches[i / options.depth] += requests[i % requests.size()];
    }
    return batches;
}

std::optional<std::size_t> content_length(std::string_view head) {
    constexpr std::string_view kName = "\r\ncontent-length:";
    for (std::size_t line = head.find("\r\n"); line != std::string_view::npos; line = head.find("\r\n", line + 2)) {
        if (head.size() - line < kName.size() || ::strncasecmp(head.data() + line, kName.data(), kName.size()) != 0) {
            continue;
        }
        std::string_view digits = head.substr(line + kName.size());
        digits.remove_prefix(std::min(digits.find_first_not_of(' '), digits.size()));
        std::size_t length = 0;
        if (std::from_chars(digits.data(), digits.data() + digits.size(), length).ec == std::errc{}) return length;
    }
    return std::nullopt;
}

/// Cuts what a connection receives into answers.
class AnswerReader {
  public:
    explicit AnswerReader(const Options& options) : options_(options) {}

    /// Takes `bytes`; calls `complete(is_right)` at the end of each answer.
    template <typename Complete>
    void read(std::string_view bytes, Complete complete) {
        while (!bytes.empty()) {
            if (in_content_ == 0 && !read_head(bytes)) return;
            const std::size_t taken = std::min(in_content_, bytes.size());
            bytes.remove_prefix(taken);
            in_content_ -= taken;
            if (in_content_ == 0) complete(right_);
        }
    }

    void reset() {
        head_.clear();
        in_content_ = 0;
    }

  private:
    // Whether a head is complete; it is taken off the front of `bytes`.
    bool read_head(std::string_view& bytes) {
        std::size_t end = head_.empty() ? bytes.find("\r\n\r\n") : std::string_view::npos;
        if (end != std::string_view::npos) {
            judge(bytes.substr(0, end + 2));
            bytes.remove_prefix(end + 4);
            return true;
        }
        const std::size_t before = head_.size();
        head_ += bytes;
        end = head_.find("\r\n\r\n", before < 3 ? 0 : before - 3);
        if (end == std::string::npos) return false;
        judge(std::string_view(head_).substr(0, end + 2));
        bytes.remove_prefix(end + 4 - before);
        head_.clear();
        return true;
    }

    void judge(std::string_view head) {
        int status = 0;
        if (head.starts_with("HTTP/1.1 ")) std::from_chars(head.data() + 9, head.data() + 12, status);
        const auto length = content_length(head);
        in_content_ = status == 304 ? 0 : length.value_or(0);
        right_ = status == options_.status && (!options_.length || status == 304 || length == options_.length);
    }

    const Options& options_;
    std::string head_;  // a part of one
    std::size_t in_content_ = 0;
    bool right_ = true;
};

struct Connection {
    explicit Connection(const Options& options) : answers(options) {}

    int fd = -1;
    std::size_t awaited = 0;
    Clock::time_point asked_at;
    AnswerReader answers;
};

class Load {
  public:
    explicit Load(const Options& options)
        : options_(options),
          batches_(read_batches(options)),
          connections_(options.connections, Connection(options)) {}

    const Tally& run() {
        const auto began = Clock::now();
        end_ = began + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options_.seconds));
        for (Connection& connection : connections_) {
            open(connection);
        }
        while (open_ > 0 && Clock::now() < end_ + kPatience) {
            const int count = ::epoll_wait(poll_, events_.data(), events_.size(), 100);
            for (int i = 0; i < count; ++i) {
                receive(*static_cast<Connection*>(events_[i].data.ptr));
            }
            if (count == 0 && Clock::now() >= end_) break;
        }
        for (const Connection& connection : connections_) {
            tally_.unanswered += connection.awaited;
        }
        return tally_;
    }

  private:
    static constexpr std::chrono::seconds kPatience{10};  // with answers that are under way at the end

    void open(Connection& connection) {
        connection.asked_at = Clock::now();
        connection.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const int on = 1;
        ::setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(options_.port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(connection.fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0)
            fail("connect");
        ::fcntl(connection.fd, F_SETFL, O_NONBLOCK);
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.ptr = &connection;
        if (::epoll_ctl(poll_, EPOLL_CTL_ADD, connection.fd, &event) < 0) fail("epoll_ctl");
        connection.answers.reset();
        ++tally_.connections;
        ++open_;
        ask(connection);
    }

    void ask(Connection& connection) {
        const std::string& batch = batches_[next_batch_++ % batches_.size()];
        const ssize_t sent = ::send(connection.fd, batch.data(), batch.size(), MSG_NOSIGNAL);
        if (sent != static_cast<ssize_t>(batch.size())) fail("send");
        connection.awaited = options_.depth;
    }

    void receive(Connection& connection) {
        const ssize_t got = ::recv(connection.fd, buffer_.data(), buffer_.size(), 0);
        if (got < 0 && errno == EAGAIN) return;
        if (got <= 0) return ended(connection);
        const auto now = Clock::now();
        connection.answers.read({buffer_.data(), static_cast<std::size_t>(got)}, [&](bool right) {
            ++tally_.answers;
            if (!right) ++tally_.wrong;
            --connection.awaited;
            tally_.latencies.push_back(std::chrono::duration<float, std::micro>(now - connection.asked_at).count());
        });
        if (connection.awaited > 0 || options_.close) return;
        if (now >= end_) return close(connection);
        connection.asked_at = now;
        ask(connection);
    }

    // The server ended the connection: as it was asked to, after a number of requests of its own, or too early.
    void ended(Connection& connection) {
        tally_.unanswered += std::exchange(connection.awaited, 0);
        close(connection);
        if (Clock::now() < end_) open(connection);
    }

    void close(Connection& connection) {
        ::close(connection.fd);
        --open_;
    }

    const Options& options_;
    std::vector<std::string> batches_;
    std::size_t next_batch_ = 0;
    std::vector<Connection> connections_;
    std::size_t open_ = 0;
    Clock::time_point end_;
    Tally tally_;
    int poll_ = ::epoll_create1(EPOLL_CLOEXEC);
    std::array<epoll_event, 256> events_;
    std::vector<char> buffer_ = std::vector<char>(256 * 1024);
};

Options parse_options(int argc, char** argv) {
    Options options;
    if (argc > 1) options.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
    if (argc > 2) options.requests = argv[2];
    for (int i = 3; i < argc; ++i) {
        const std::string_view name = argv[i];
        const char* const value = i + 1 < argc ? argv[i + 1] : "";
        if (name == "--close") {
            options.close = true;
            continue;
        }
        if (name == "--connections") options.connections = std::strtoul(value, nullptr, 10);
        if (name == "--depth") options.depth = std::strtoul(value, nullptr, 10);
        if (name == "--seconds") options.seconds = std::strtod(value, nullptr);
        if (name == "--status") options.status = std::atoi(value);
        if (name == "--length") options.length = std::strtoul(value, nullptr, 10);
        ++i;
    }
    return options;
}

double percentile(std::vector<float> latencies, double part) {
    if (latencies.empty()) return 0;
    const auto at = latencies.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(latencies.size() - 1));
    std::nth_element(latencies.begin(), at, latencies.end());
    return *at;
}

}  // namespace

int main(int argc, char** argv) {
    const Options options = parse_options(argc, argv);
    if (options.port == 0 || options.requests == nullptr || options.connections == 0 || options.depth == 0) {
        std::fputs(
            "usage: load PORT REQUESTS [--connections N] [--depth N] [--seconds S] [--status CODE] "
            "[--length BYTES] [--close]\n",
            stderr);
        return 64;
    }
    Load load(options);
    const Tally& tally = load.run();
    std::printf(
        "{\"answers\": %zu, \"wrong\": %zu, \"unanswered\": %zu, \"connections\": %zu, "
        "\"p50\": %.1f, \"p99\": %.1f, \"max\": %.1f}\n",
        tally.answers, tally.wrong, tally.unanswered, tally.connections, percentile(tally.latencies, 0.5),
        percentile(tally.latencies, 0.99), percentile(tally.latencies, 1));
}
