// The test of a handler, without a socket: TestClient serves requests in memory, and sleep() takes no time.
#include <cstdio>
#include <string>

#include <basehttp/server/request_handler.h>
#include <basehttp/testing/test_client.h>

class Countdown : public basehttp::RequestHandler {
  public:
    basehttp::Task<> do_GET() {
        send_response(200);
        send_header("Content-Type", "text/plain");
        end_headers();
        bool here = true;
        for (int i = 3; i > 0 && here; --i) {
            co_await write(std::to_string(i) + "\n");
            here = co_await sleep(std::chrono::hours(1));
        }
    }
};

int failures = 0;
void expect(bool right, const char* what) {
    if (!right) std::printf("failed: %s\n", what);
    failures += right ? 0 : 1;
}

int main() {
    basehttp::TestClient client(basehttp::handler<Countdown>());
    const auto answer = client.get("/");
    expect(answer.status == 200 && answer.complete, "a whole answer");
    expect(answer.field("Content-Type") == "text/plain", "its type");
    expect(answer.content == "3\n2\n1\n", "its content");
    expect(client.request("POST", "/", {}, "spam").status == 405, "no POST");
    std::printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
