// The usual path costs no allocation: a persistent connection's GET of a small file or of a small answer, from its
// second request on.
#include <boost/test/unit_test.hpp>

#include "basehttp/handlers/static_files.h"
#include "tests/unit/temporary_folder.h"
#include "tests/wire/counting_new.h"
#include "tests/wire/transcript.h"

namespace {

using basehttpd_test::TemporaryFolder;
// A client that sends the same request again each time it has been answered, and keeps nothing.
class Repeating final : public basehttp::Stream {
  public:
    Repeating(std::string request, int times) : request_(std::move(request)), left_(times) {}

    void run(basehttp::Task<>& task) {
        for (bool done = task.start(); !done; done = task.done()) {
            counts_.push_back(wire::allocations());
            if (left_-- > 0) has_bytes_ = true;
            ended_ = !has_bytes_;
            std::exchange(waiter_, nullptr).resume();
        }
    }

    /// Allocations between the waits for the n-th request and for the next.
    std::size_t spent_on(std::size_t n) const { return counts_[n + 1] - counts_[n]; }
    std::size_t written() const { return written_; }

    basehttp::IoResult<std::size_t> read_some(std::span<char> space) override {
        if (ended_) return std::size_t{0};
        if (!has_bytes_) return std::unexpected(basehttp::IoError{EAGAIN, "recv"});
        has_bytes_ = false;
        return request_.copy(space.data(), space.size());
    }
    basehttp::IoResult<std::size_t> write_some(std::span<const iovec> pieces, More) override {
        std::size_t size = 0;
        for (const iovec& piece : pieces)
            size += piece.iov_len;
        written_ += size;
        return size;
    }
    basehttp::IoResult<std::size_t> send_file_some(int, off_t, std::size_t count) override { return count; }
    void shut_down_writing() override {}
    void give_way() override {}
    void set_deadline(std::chrono::milliseconds) override {}
    void interrupt() override {}

  private:
    bool is_ready(Direction direction) const override { return direction == Direction::write || has_bytes_; }
    bool wait(Direction, std::coroutine_handle<> waiter) override {
        waiter_ = waiter;
        return true;
    }
    basehttp::IoResult<void> wait_result() override { return {}; }

    std::string request_;
    int left_;
    bool has_bytes_ = false;
    bool ended_ = false;
    std::size_t written_ = 0;
    std::coroutine_handle<> waiter_;
    std::vector<std::size_t> counts_ = [] {
        std::vector<std::size_t> counts;
        counts.reserve(100);
        return counts;
    }();
};

class CountingLog final : public basehttp::Log {
  public:
    void access(const basehttp::AccessRecord&) override { ++records; }
    void error(const basehttp::ErrorRecord&) override { ++errors; }
    int records = 0;
    int errors = 0;
};

constexpr int kTimes = 10;

void check(std::unique_ptr<basehttp::HandlerFactory> handlers, std::string target) {
    const basehttp::Limits limits;
    const basehttp::Router router(std::move(handlers));
    CountingLog log;
    basehttp::Counters counters;
    basehttp::ServerContext context(limits, router, log, counters);
    Repeating stream("GET " + target +
                         " HTTP/1.1\r\nHost: example.org\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n"
                         "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\nReferer: http://example.org/a/page\r\n"
                         "Accept-Encoding: gzip, deflate\r\nConnection: keep-alive\r\n\r\n",
                     kTimes);
    basehttp::Connection connection(context, stream, {}, 1);
    auto task = connection.serve();
    stream.run(task);
    BOOST_TEST(log.records == kTimes);
    BOOST_TEST(log.errors == 0);
    BOOST_TEST(stream.written() > 100U * kTimes);
#ifndef __SANITIZE_ADDRESS__
    for (std::size_t n = 1; n < kTimes; ++n)
        BOOST_TEST(stream.spent_on(n) == 0U, target << ", request " << n + 1 << ": " << stream.spent_on(n));
#endif
}

class Hello final : public basehttp::RequestHandler {
  public:
    basehttp::Task<> do_GET() {
        send_response(200);
        send_header("Content-Type", "text/plain; charset=utf-8");
        end_headers();
        co_await write("Hello from a handler that says no more than that\n");
    }
};

BOOST_AUTO_TEST_CASE(a_small_answer) {
    check(basehttp::handler<Hello>(), "/hello");
}

BOOST_AUTO_TEST_CASE(a_small_file) {
    const TemporaryFolder folder;
    folder.make_folder("a-folder-with-a-long-name");
    folder.write("a-folder-with-a-long-name/and-a-file.html", std::string(1024, 'x'));
    folder.write("a-folder-with-a-long-name/index.html", std::string(1024, 'x'));
    const basehttp::MediaTypes types;
    basehttp::FileCache cache({.valid = std::chrono::hours(1)});
    const basehttp::StaticFilesOptions options{
        .source = {basehttp::FileRoot::open(folder.path()).value(), &types, {}}, .cache = &cache};
    check(basehttp::handler<basehttp::StaticFiles>(&options), "/a-folder-with-a-long-name/and-a-file.html?q=1");
    check(basehttp::handler<basehttp::StaticFiles>(&options), "/a-folder-with-a-long-name/");
    check(basehttp::handler<basehttp::StaticFiles>(&options), "/a-folder-with-a%2dlong-name/and-a-file.html");
}

}  // namespace
