// TestClient: asks handlers, sites or a whole router without a socket, for the tests of programs with handlers:
//
//     basehttp::TestClient client(basehttp::handler<Hello>());
//     const auto answer = client.get("/spam");
//     assert(answer.status == 200 && answer.content == "Hello from /spam\n");
//
// Everything is served as it would be on a socket, save that time does not pass: sleep() returns at once.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basehttp/io/client_address.h"
#include "basehttp/log/access_record.h"
#include "basehttp/protocol/fields.h"
#include "basehttp/protocol/limits.h"
#include "basehttp/server/function_handler.h"
#include "basehttp/server/router.h"

namespace basehttp {

struct ServerContext;

struct TestAnswer {
    int status = 0;  ///< 0: there was no answer
    std::vector<std::pair<std::string, std::string>> fields;
    std::string content;    ///< without its chunks' framing
    bool complete = false;  ///< whether the content came to its end

    /// The value of the first field named `name`, case ignored; empty if there is none.
    std::string_view field(std::string_view name) const;
};

class TestClient {
  public:
    explicit TestClient(Router router, Limits limits = {});
    ~TestClient();

    TestAnswer get(std::string_view target, std::initializer_list<FieldLine> fields = {});

    /// Sends a request with Connection, Host unless `fields` have it, and, if there is content, Content-Length beside
    /// them.
    TestAnswer request(std::string_view method, std::string_view target, std::span<const FieldLine> fields,
                       std::string_view content = {});
    TestAnswer request(std::string_view method, std::string_view target, std::initializer_list<FieldLine> fields = {},
                       std::string_view content = {}) {
        return request(method, target, std::span(fields.begin(), fields.size()), content);
    }

    /// Sends `bytes` as they are; what came back.
    std::string converse(std::string bytes);

    /// In requests from now on the client leaves once it has been sent `size` bytes.
    void leave_after(std::size_t size);

    /// Requests from now on come from this address.
    void come_from(const ClientAddress& client);

    /// Has `look` called with each record for the access log; what it refers to goes when `look` returns.
    void watch(std::function<void(const AccessRecord&)> look);

    /// What requests are served with, to be changed between them.
    ServerContext& context();

    /// What was logged: `GET / HTTP/1.1 200 5`, and the texts of error lines.
    const std::vector<std::string>& access_lines() const;
    const std::vector<std::string>& error_lines() const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace basehttp
