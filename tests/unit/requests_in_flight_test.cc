#include "basehttp/server/requests_in_flight.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace {

using basehttp::ClientAddress;
using basehttp::Request;
using basehttp::RequestsInFlight;

// A stream that nothing is read from: a mark only tells it what its coroutine is at work on.
class NoStream final : public basehttp::Stream {
  public:
    basehttp::IoResult<std::size_t> read_some(std::span<char>) override { return 0; }
    basehttp::IoResult<std::size_t> write_some(std::span<const iovec>, More) override { return 0; }
    basehttp::IoResult<std::size_t> send_file_some(int, off_t, std::size_t) override { return 0; }
    void shut_down_writing() override {}
    void give_way() override {}
    void set_deadline(std::chrono::milliseconds) override {}
    void interrupt() override {}

  private:
    bool is_ready(Direction) const override { return false; }
    bool wait(Direction, std::coroutine_handle<>) override { return true; }
    basehttp::IoResult<void> wait_result() override { return {}; }
};

RequestsInFlight::Arrival arrival(std::string_view bytes, std::uint32_t number = 1) {
    return {.time_ns = 5,
            .client = {ClientAddress::Family::ipv4, 80, {127, 0, 0, 1}},
            .id = {7, 3, number},
            .bytes = bytes};
}

constexpr ClientAddress kProxied{ClientAddress::Family::ipv4, 81, {192, 0, 2, 7}};

Request request(std::string_view line, std::string_view method, std::string_view host, std::string path) {
    Request made;
    made.line = line;
    made.method = method;
    made.host = host;
    made.target.path = std::move(path);
    return made;
}

// As the master maps it: zeroes, and its constructor touches no place.
struct Fixture {
    std::unique_ptr<RequestsInFlight> table = std::make_unique<RequestsInFlight>();
    NoStream stream;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(requests_in_flight, Fixture)

BOOST_AUTO_TEST_CASE(one_is_there_as_long_as_its_mark) {
    BOOST_TEST(table->read().empty());
    {
        const RequestsInFlight::Mark mark(table.get(), stream, arrival("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
        const auto found = table->read();
        BOOST_TEST_REQUIRE(found.size() == 1U);
        BOOST_TEST(found[0].line == "GET / HTTP/1.1");
        BOOST_TEST(found[0].host == "");
        BOOST_TEST(found[0].client.text() == "127.0.0.1");
        BOOST_TEST(found[0].arrival_ns == 5);
        BOOST_TEST(found[0].id.text() == "00000007-3-1");
        BOOST_TEST(found[0].fingerprint == 0U);
        BOOST_TEST(found[0].at_work);
        BOOST_TEST(!found[0].was_to_be_logged);
    }
    BOOST_TEST(table->read().empty());
}

BOOST_AUTO_TEST_CASE(what_is_known_of_a_line) {
    const std::string longest(RequestsInFlight::kLongestLine, 'x');
    const struct {
        std::string bytes, line;
    } rows[] = {
        {"", ""},
        {"\r\n\r\n", ""},
        {"GE", "GE"},
        {"GE\r", "GE"},
        {"\r\nGET /\nmore", "GET /"},
        {longest + "y", longest},
    };
    for (const auto& row : rows) {
        const RequestsInFlight::Mark mark(table.get(), stream, arrival(row.bytes));
        BOOST_TEST(table->read().at(0).line == row.line);
    }
}

BOOST_AUTO_TEST_CASE(a_complete_head_names_host_and_rest_of_the_line) {
    RequestsInFlight::Mark mark(table.get(), stream, arrival("GET /lo"));
    mark.identify(request("GET /long HTTP/1.1", "GET", std::string(200, 'h'), "/long"), kProxied);
    const auto found = table->read().at(0);
    BOOST_TEST((found.client == kProxied));
    BOOST_TEST(found.line == "GET /long HTTP/1.1");
    BOOST_TEST(found.host == std::string(RequestsInFlight::kLongestHost, 'h'));
    BOOST_TEST(found.fingerprint != 0U);
}

BOOST_AUTO_TEST_CASE(what_is_no_request_names_nothing) {
    RequestsInFlight::Mark mark(table.get(), stream, arrival("A"));
    mark.identify(request({}, {}, {}, ""), {});
    const auto found = table->read().at(0);
    BOOST_TEST(found.line == "");
    BOOST_TEST(found.host == "");
}

BOOST_AUTO_TEST_CASE(fingerprints_tell_method_host_and_path) {
    const auto of = [](std::string_view method, std::string_view host, std::string path) {
        return RequestsInFlight::fingerprint(request("", method, host, std::move(path)));
    };
    BOOST_TEST(of("GET", "a", "/x") == of("GET", "a", "/x"));
    BOOST_TEST(of("GET", "a", "/x") != of("PUT", "a", "/x"));
    BOOST_TEST(of("GET", "a", "/x") != of("GET", "b", "/x"));
    BOOST_TEST(of("GET", "a", "/x") != of("GET", "a", "/y"));
    BOOST_TEST(of("GET", "a", "b") != of("GET", "b", "a"));
}

BOOST_AUTO_TEST_CASE(the_last_one_resumed_is_at_work) {
    NoStream other;
    const RequestsInFlight::Mark first(table.get(), stream, arrival("A"));
    const RequestsInFlight::Mark second(table.get(), other, arrival("B"));
    const auto at_work = [this] {
        std::string lines;
        for (const auto& each : table->read())
            lines += each.at_work ? each.line : "";
        return lines;
    };
    BOOST_TEST(at_work() == "B");
    other.until_readable().await_suspend({});
    BOOST_TEST(at_work() == "");
    BOOST_TEST(stream.until_readable().await_resume().has_value());
    BOOST_TEST(at_work() == "A");
}

BOOST_AUTO_TEST_CASE(places_are_taken_again) {
    NoStream streams[3];
    using Mark = RequestsInFlight::Mark;
    auto a = std::make_unique<Mark>(table.get(), streams[0], arrival("A"));
    auto b = std::make_unique<Mark>(table.get(), streams[1], arrival("B"));
    a.reset();
    const Mark c(table.get(), streams[2], arrival("C"));
    b.reset();
    const auto found = table->read();
    BOOST_TEST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0].line == "C");
}

BOOST_AUTO_TEST_CASE(more_than_there_are_places_for_are_counted) {
    std::vector<std::unique_ptr<RequestsInFlight::Mark>> marks;
    for (std::size_t i = 0; i < RequestsInFlight::kMost + 2; ++i)
        marks.push_back(std::make_unique<RequestsInFlight::Mark>(table.get(), stream, arrival("A")));
    BOOST_TEST(table->read().size() == RequestsInFlight::kMost);
    BOOST_TEST(table->untold() == 2U);
    marks.back()->identify(request("B", "B", "", ""), {});
    marks.back()->note_logging(1);
    marks.clear();
    BOOST_TEST(table->read().empty());
    BOOST_TEST(table->untold() == 0U);
}

BOOST_AUTO_TEST_CASE(a_reader_survives_a_writer_that_went_mad) {
    const RequestsInFlight::Mark mark(table.get(), stream, arrival("A"));
    const std::span bytes(reinterpret_cast<unsigned char*>(table.get()), sizeof *table);
    for (const unsigned char value : std::initializer_list<unsigned char>{0xff, 0x80, 0x01}) {
        std::ranges::fill(bytes, value);
        for (const auto& each : table->read()) {
            BOOST_TEST(each.line.size() <= RequestsInFlight::kLongestLine);
            BOOST_TEST(each.host.size() <= RequestsInFlight::kLongestHost);
            BOOST_TEST(!each.client.text().empty());
        }
    }
    std::ranges::fill(bytes, 0);
    table->reset();
}

BOOST_AUTO_TEST_CASE(the_next_process_starts_without_any) {
    NoStream other;
    // Never destroyed: its process has died.
    alignas(RequestsInFlight::Mark) std::byte room[sizeof(RequestsInFlight::Mark)];
    (new (room) RequestsInFlight::Mark(table.get(), stream, arrival("A")))->note_logging(9);
    table->reset();
    BOOST_TEST(table->read().empty());
    const RequestsInFlight::Mark mark(table.get(), other, arrival("B"));
    BOOST_TEST(table->read().size() == 1U);
    BOOST_TEST(!table->read()[0].was_to_be_logged);
}

BOOST_AUTO_TEST_CASE(memory_is_touched_only_where_it_is_used) {
    const long page = ::sysconf(_SC_PAGESIZE);
    const std::size_t size = (sizeof(RequestsInFlight) + 4095) & ~std::size_t{4095};
    void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    BOOST_TEST_REQUIRE(memory != MAP_FAILED);
    auto* mapped = new (memory) RequestsInFlight;
    for (int i = 0; i < 100; ++i)
        const RequestsInFlight::Mark mark(mapped, stream, arrival("A"));
    BOOST_TEST(mapped->read().empty());
    std::vector<unsigned char> resident(size / static_cast<std::size_t>(page));
    BOOST_TEST_REQUIRE(::mincore(memory, size, resident.data()) == 0);
    BOOST_TEST(std::ranges::count_if(resident, [](unsigned char each) { return (each & 1U) != 0; }) == 1);
    ::munmap(memory, size);
}

BOOST_AUTO_TEST_SUITE_END()
