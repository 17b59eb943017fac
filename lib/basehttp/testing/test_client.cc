#include "basehttp/testing/test_client.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "basehttp/io/thread_pool.h"
#include "basehttp/protocol/chunked.h"
#include "basehttp/server/connection.h"
#include "basehttp/testing/memory_stream.h"
#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

struct ListLog final : Log {
    void access(const AccessRecord& record) override {
        if (look) look(record);
        access_lines.push_back(fmt::format("{} {} {}", record.request_line, record.status, record.body_bytes));
    }
    void error(const ErrorRecord& record) override { error_lines.emplace_back(record.text); }

    std::function<void(const AccessRecord&)> look;
    std::vector<std::string> access_lines;
    std::vector<std::string> error_lines;
};

std::string_view take_line(std::string_view& rest) {
    const std::size_t end = rest.find("\r\n");
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 2);
    return line;
}

// Reads a head off the front of `rest`.
TestAnswer read_head(std::string_view& rest) {
    constexpr std::size_t kStatusAt = 9;  // after `HTTP/1.1 `
    TestAnswer answer;
    const std::string_view status = take_line(rest).substr(kStatusAt, 3);
    std::from_chars(status.data(), status.data() + status.size(), answer.status);
    for (auto line = take_line(rest); !line.empty(); line = take_line(rest)) {
        const std::size_t colon = line.find(": ");
        answer.fields.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    return answer;
}

void read_chunks(TestAnswer& answer, std::string_view rest) {
    ChunkedDecoder decoder;
    while (!rest.empty() && !answer.complete) {
        const auto piece = decoder.next(rest);
        if (!piece) return;
        answer.content += piece->data;
        answer.complete = piece->complete;
    }
}

TestAnswer read_answer(std::string_view output, bool has_content) {
    TestAnswer answer;
    do {
        if (!output.starts_with("HTTP/1.")) return answer;
        answer = read_head(output);
    } while (answer.status < 200);
    if (answer.field("Transfer-Encoding") == "chunked") {
        read_chunks(answer, output);
        return answer;
    }
    answer.content = output;
    const std::string_view length = answer.field("Content-Length");
    answer.complete = !has_content || length.empty() || length == std::to_string(output.size());
    return answer;
}

}  // namespace

struct TestClient::Parts {
    Parts(Router routes, Limits bounds) : limits(bounds), router(std::move(routes)) {
        context.loop = &loop;
        context.threads = &threads;
    }

    Limits limits;
    Router router;
    ListLog log;
    Counters counters;
    EventLoop loop;
    ThreadPool threads{4};
    ServerContext context{limits, router, log, counters};
    ClientAddress client;
    std::size_t most_output = std::numeric_limits<std::size_t>::max();
    std::uint64_t serial = 0;
};

std::string_view TestAnswer::field(std::string_view name) const {
    for (const auto& [each, value] : fields) {
        if (equals_ignoring_case(each, name)) return value;
    }
    return {};
}

TestClient::TestClient(Router router, Limits limits) : parts_(std::make_unique<Parts>(std::move(router), limits)) {}

TestClient::~TestClient() = default;

TestAnswer TestClient::get(std::string_view target, std::initializer_list<FieldLine> fields) {
    return request("GET", target, fields);
}

TestAnswer TestClient::request(std::string_view method, std::string_view target, std::span<const FieldLine> fields,
                               std::string_view content) {
    std::string bytes = fmt::format("{} {} HTTP/1.1\r\nConnection: close\r\n", method, target);
    const auto is_host = [](const FieldLine& field) { return equals_ignoring_case(field.name, "Host"); };
    if (std::ranges::none_of(fields, is_host)) bytes += "Host: test\r\n";
    for (const FieldLine& field : fields)
        bytes += fmt::format("{}: {}\r\n", field.name, field.value);
    if (!content.empty()) bytes += fmt::format("Content-Length: {}\r\n", content.size());
    bytes += "\r\n";
    bytes += content;
    return read_answer(converse(std::move(bytes)), method != "HEAD");
}

std::string TestClient::converse(std::string bytes) {
    MemoryStream stream(parts_->loop, std::move(bytes));
    stream.leave_after(parts_->most_output);
    Connection connection(parts_->context, stream, parts_->client, ++parts_->serial);
    Task<> served = connection.serve();
    bool done = served.start();
    while (!done) {
        parts_->loop.run_once();
        done = served.done();
    }
    served.result();
    return stream.output();
}

void TestClient::leave_after(std::size_t size) {
    parts_->most_output = size;
}

void TestClient::come_from(const ClientAddress& client) {
    parts_->client = client;
}

void TestClient::watch(std::function<void(const AccessRecord&)> look) {
    parts_->log.look = std::move(look);
}

ServerContext& TestClient::context() {
    return parts_->context;
}

const std::vector<std::string>& TestClient::access_lines() const {
    return parts_->log.access_lines;
}

const std::vector<std::string>& TestClient::error_lines() const {
    return parts_->log.error_lines;
}

}  // namespace basehttp
