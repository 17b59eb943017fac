#include "basehttp/upstream/fastcgi_codec.h"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "basehttp/handlers/script_path.h"
#include "basehttp/protocol/request_parser.h"

using namespace basehttp;
using namespace std::string_literals;

namespace {

std::string record(int type, std::string_view content, std::size_t padding = 0, int version = 1, int id = 1) {
    std::string bytes{static_cast<char>(version),
                      static_cast<char>(type),
                      static_cast<char>(id >> 8),
                      static_cast<char>(id),
                      static_cast<char>(content.size() >> 8U),
                      static_cast<char>(content.size()),
                      static_cast<char>(padding),
                      '\0'};
    return bytes.append(content).append(padding, 'p');
}

std::string output(std::string_view content, std::size_t padding = 0) {
    return record(6, content, padding);
}
std::string diagnostic(std::string_view content) {
    return record(7, content);
}
std::string end(char exit_status = 0, char status = 0) {
    return record(3, std::string{'\0', '\0', '\0', exit_status, status, '\0', '\0', '\0'});
}

struct Outcome {
    std::string response{};  // `STATUS REASON`, then `|NAME=VALUE` for each field, `||` and the content
    std::string diagnostics{};
    std::string failure{};
    int status = 0;  // of the failure
};

// Everything that a connection would do with `bytes`, which come in pieces of `size`.
Outcome feed(std::string_view bytes, std::size_t size, bool to_head) {
    Outcome outcome;
    Request request;
    const Script script;
    FastCgiCodec codec({request, script, {}, {}, "http", "", "", false}, true,
                       [&outcome](std::string_view line) { (outcome.diagnostics += line) += '\n'; });
    std::string unread;
    ReceivedResponse response;
    bool in_content = false;
    const auto fail = [&outcome](const OriginFailure& failure) {
        outcome.failure = failure.what;
        outcome.status = failure.status;
    };
    while (!codec.complete()) {
        std::string_view left = unread;
        bool stuck = false;
        if (!in_content) {
            const auto progress = codec.take_head(left, response);
            if (!progress) return fail(progress.error()), outcome;
            stuck = *progress == ParseProgress::need_more;
            if (!stuck) {
                const auto begun = codec.begin_content(response, to_head);
                if (!begun) return fail(begun.error()), outcome;
                outcome.response = std::to_string(response.status) + ' ' + std::string(response.reason);
                for (const FieldLine& line : response.fields)
                    ((outcome.response += '|') += line.name).append("=").append(line.value);
                outcome.response += "||";
                in_content = true;
            }
        } else {
            const auto piece = codec.next(left);
            if (!piece) return fail(piece.error()), outcome;
            outcome.response += *piece;
            stuck = piece->empty() && !codec.complete();
        }
        unread = std::string(left);
        if (!stuck) continue;
        if (bytes.empty()) {
            outcome.failure = "cut short";
            break;
        }
        unread += bytes.substr(0, size);
        bytes.remove_prefix(std::min(size, bytes.size()));
    }
    codec.report_line();
    return outcome;
}

struct Row {
    std::string name;
    std::string bytes;
    Outcome outcome;
    bool to_head = false;
};

const std::string kHead = "Content-Type: text/plain\r\n\r\n";
const std::string kShown = "200 |Content-Type=text/plain||";

const Row kRows[] = {
    {"a response", output(kHead + "spam", 5) + end(), {kShown + "spam"}},
    {"lines that end with LF alone", output("Content-Type: text/plain\n\nspam") + end(), {kShown + "spam"}},
    {"a head in several records",
     output("Content-Ty", 3) + output("pe: text/plain\r\n\r") + output("\nspam") + output(" eggs") + end(),
     {kShown + "spam eggs"}},
    {"streams that end", output(kHead + "spam") + output("") + diagnostic("") + end(), {kShown + "spam"}},
    {"Status", output("Status: 404 Not Here\r\nA: b\r\n\r\n") + end(), {"404 Not Here|A=b||"}},
    {"Status without a reason", output("status:  299 \r\n\r\n") + end(), {"299 ||"}},
    {"client redirect", output("Location: http://a/b\r\n\r\n") + end(), {"302 Found|Location=http://a/b||"}},
    {"redirect by the client with a status",
     output("Status: 303\r\nLocation: /b\r\n\r\n") + end(),
     {"303 |Location=/b||"}},
    {"a length", output("Content-Length: 4\r\n\r\nspam") + end(), {"200 |Content-Length=4||spam"}},
    {"more than the length",
     output("Content-Length: 4\r\n\r\nspam eggs") + output("more") + end(),
     {"200 |Content-Length=4||spam"}},
    {"HEAD", output(kHead + "spam") + output("eggs") + end(), {kShown}, true},
    {"no content", output("Status: 304\r\n\r\nspam") + end(), {"304 ||"}},
    {"diagnostics",
     diagnostic("one\ntw") + output(kHead) + diagnostic("o\r\n\r\nthree") + output("spam") + end(),
     {kShown + "spam", "one\ntwo\nthree\n"}},
    {"less than the length",
     output("Content-Length: 5\r\n\r\nspam") + end(),
     {"200 |Content-Length=5||spam", "", "the program ended within the content of the response", 502}},
    {"no end", output(kHead + "spam"), {kShown + "spam", "", "cut short"}},
    {"nothing", end(1), {"", "", "bad response: the program ended without a response, with exit status 1", 502}},
    {"half a head",
     output("A: b\r\n") + end(),
     {"", "", "bad response: the program ended within the head of the response, with exit status 0", 502}},
    {"overloaded", end(0, 2), {"", "", "the program is overloaded", 503}},
    {"another role", end(0, 3), {"", "", "the program refuses the request: it is not a FastCGI responder", 502}},
    {"no multiplexing", end(0, 1), {"", "", "the program refuses the request: it is not a FastCGI responder", 502}},
    {"an unknown status", end(0, 4), {"", "", "bad response: an unknown FastCGI status at the request's end", 502}},
    {"a short end", record(3, "1234"), {"", "", "bad response: a bad FastCGI record at the request's end", 502}},
    {"another version", record(6, kHead, 0, 2), {"", "", "bad response: not a FastCGI record", 502}},
    {"HTTP", "HTTP/1.1 200 OK\r\n\r\n", {"", "", "bad response: not a FastCGI record", 502}},
    {"another request",
     record(6, kHead, 0, 1, 257),
     {"", "", "bad response: a FastCGI record of another request", 502}},
    {"another type",
     record(5, kHead),
     {"", "", "bad response: a FastCGI record of a type that a responder does not send", 502}},
    {"no fields",
     output("\r\nspam") + end(),
     {"", "", "bad response: A CGI response without any of Content-Type, Location and Status", 502}},
    {"no head",
     output("<html>\n\n") + end(),
     {"", "", "bad response: Bad field line: it takes a name, a colon and a value", 502}},
    {"local redirect",
     output("Location: /b\r\n\r\n") + end(),
     {"", "", "bad response: A local redirect: a Location without host needs a Status, such as 302", 502}},
    {"two statuses",
     output("Status: 200\r\nStatus: 404\r\n\r\n") + end(),
     {"", "", "bad response: Bad Status: it takes one status from 200 to 599, and a reason", 502}},
    {"a short status",
     output("Status: 20\r\n\r\n") + end(),
     {"", "", "bad response: Bad Status: it takes one status from 200 to 599, and a reason", 502}},
    {"an interim status",
     output("Status: 103\r\n\r\n") + end(),
     {"", "", "bad response: Bad Status: it takes one status from 200 to 599, and a reason", 502}},
    {"a long status",
     output("Status: 2000\r\n\r\n") + end(),
     {"", "", "bad response: Bad Status: it takes one status from 200 to 599, and a reason", 502}},
    {"chunks",
     output("Transfer-Encoding: chunked\r\nA: b\r\n\r\n0\r\n\r\n") + end(),
     {"", "", "bad response: A CGI response has no Transfer-Encoding", 502}},
    {"two lengths",
     output("Content-Length: 4\r\nContent-Length: 5\r\n\r\nspam") + end(),
     {"", "", "bad response: Content-Length is given more than once", 502}},
    {"a bare CR",
     output("A: b\rSet-Cookie: c\r\n\r\n") + end(),
     {"", "", "bad response: Bad head: a CR that no LF follows", 502}},
    {"a head without an end",
     output(std::string(65000, 'a')) + output(std::string(65000, 'a')),
     {"", "", "bad response: Field lines too large", 502}},
};

void check(const Row& row, std::size_t size) {
    const Outcome outcome = feed(row.bytes, size, row.to_head);
    BOOST_TEST(outcome.response == row.outcome.response);
    BOOST_TEST(outcome.diagnostics == row.outcome.diagnostics);
    BOOST_TEST(outcome.failure == row.outcome.failure);
    BOOST_TEST(outcome.status == row.outcome.status);
}

}  // namespace

BOOST_AUTO_TEST_CASE(responses) {
    for (const Row& row : kRows) {
        for (const std::size_t size : {1UL, 2UL, 3UL, 7UL, 8UL, 9UL, 100UL, 1000000UL}) {
            if (row.bytes.size() > 10000 && size < 100) continue;
            BOOST_TEST_CONTEXT(row.name << " in pieces of " << size) check(row, size);
        }
    }
}

BOOST_AUTO_TEST_CASE(floods_of_diagnostics) {
    const std::string line = std::string(5000, 'e') + '\n';
    std::string bytes;
    for (int i = 0; i < 100; ++i)
        bytes += diagnostic(line);
    const Outcome outcome = feed(bytes + output(kHead) + end(), 8192, false);
    BOOST_TEST(outcome.response == kShown);
    BOOST_TEST(outcome.diagnostics.size() < FastCgiCodec::kMostReported + 2 * FastCgiCodec::kLongestLine);
    BOOST_TEST(outcome.diagnostics.ends_with("more of its standard error is left out\n"));
}

BOOST_AUTO_TEST_CASE(nothing_is_read_behind_what_makes_no_sense) {
    const std::string bytes = record(6, "x", 0, 2) + output("Content-Type: text/plain\r\n\r\n");
    std::string_view left = bytes;
    FastCgiReader reader;
    BOOST_TEST(!reader.next(left).has_value());
    left = std::string_view(bytes).substr(9);
    BOOST_TEST(!reader.next(left).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_no_response_yet) {
    Request request;
    const Script script;
    FastCgiCodec codec({request, script, {}, {}, "http", "", "", false}, true, [](std::string_view) {});
    const std::string aside = diagnostic("warning\n");
    std::string_view left = aside;
    BOOST_TEST(codec.passes_over(left));
    BOOST_TEST(left.empty());
    const std::string answer = output("Status: 413\n\n");
    left = answer;
    BOOST_TEST(!codec.passes_over(left));
    ReceivedResponse response;
    BOOST_TEST((codec.take_head(left, response) == ParseProgress::complete));
    BOOST_TEST(response.status == 413);
}

BOOST_AUTO_TEST_CASE(a_request_as_records) {
    Request request;
    request.method = "POST";
    const Script script{.name = "/" + std::string(200, 'x'), .file = "/f", .root = "/"};
    const FastCgiCodec codec({request, script, {BodyFraming::Kind::length, 4}, {}, "http", "", "", false}, true,
                             [](std::string_view) {});
    std::string head;
    codec.append_head(head, "");
    BOOST_TEST(head.starts_with("\1\1\0\1\0\10\0\0\0\1\1\0\0\0\0\0"s));
    BOOST_TEST(head.find("\16\4REQUEST_METHODPOST"s) != std::string::npos);
    BOOST_TEST(head.find("\13\x80\0\0\xC9SCRIPT_NAME/xxx"s) != std::string::npos);
    BOOST_TEST(head.ends_with("\1\4\0\1\0\0\0\0"s));
    std::string room;
    BOOST_TEST(codec.frame("spam", room) == "\1\5\0\1\0\4\4\0spam\0\0\0\0"s);
    std::string last;
    codec.append_end(last);
    BOOST_TEST(last == "\1\5\0\1\0\0\0\0"s);
}

BOOST_AUTO_TEST_CASE(paths_that_name_scripts) {
    const auto cuts_of = [](std::string_view path) {
        std::vector<std::string> cuts;
        for (auto cut = ScriptPath::cut(path, ".php"); cut; cut = ScriptPath::cut(path, ".php", cut->script.size()))
            cuts.push_back(std::string(cut->script) + " " + std::string(cut->info));
        return cuts;
    };
    const auto expect = [&](std::string_view path, const std::vector<std::string>& wanted) {
        const auto cuts = cuts_of(path);
        BOOST_TEST_CONTEXT(path)
        BOOST_CHECK_EQUAL_COLLECTIONS(cuts.begin(), cuts.end(), wanted.begin(), wanted.end());
    };
    expect("index.php", {"index.php "});
    expect("a/index.php/b/c", {"a/index.php /b/c"});
    expect("index.php/", {"index.php /"});
    expect("index.php5", {});
    expect("a.php.b/c.php/d", {"a.php.b/c.php /d"});
    expect("a.php/b.php", {"a.php /b.php", "a.php/b.php "});
    expect("a.png/x.php", {"a.png/x.php "});
    expect("a.PHP", {});
    expect("", {});
}
