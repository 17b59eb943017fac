// Forms, queries, cookies and uploads as handlers read them.
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "tests/wire/transcript.h"

namespace {

using wire::all;
using wire::Row;

std::string post(std::string_view path, std::string_view type, std::string_view body) {
    return fmt::format("POST {} HTTP/1.1\r\nHost: h\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n{}", path, type,
                       body.size(), body);
}

Row answered(std::string name, std::string input, std::string body) {
    const std::string line = input.substr(0, input.find('\r'));
    return {std::move(name),
            all(std::move(input)),
            wire::text(body),
            {fmt::format("{}|200|{}|complete", line, body.size())}};
}

Row refused(std::string name, std::string input, int status, std::string message) {
    const std::string line = input.substr(0, input.find('\r'));
    return {std::move(name),
            all(std::move(input)),
            wire::error(status, message, "", "Connection: close\r\n"),
            {wire::error_record(line, status, message)},
            {wire::error_line(line, status, message)}};
}

constexpr const char* kUrlencoded = "application/x-www-form-urlencoded";
constexpr const char* kMultipart = "multipart/form-data; boundary=XX";
constexpr const char* kBad = "Bad form: its content does not keep to its media type's grammar";

std::string part(std::string_view name, std::string_view content) {
    return fmt::format("--XX\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n", name, content);
}

const std::vector<Row> kRows{
    answered("a form", post("/form", kUrlencoded, "a=1&b=c+d%21"), "a=1;b=c d!;"),
    answered("a form with a charset", post("/form", "Application/X-WWW-Form-Urlencoded; charset=UTF-8", "a=1"),
             "a=1;"),
    answered("an empty form", post("/form", kUrlencoded, ""), ""),
    refused("a form of another type", post("/form", "text/plain", "a=1"), 415,
            "Unsupported media type: a form is wanted"),
    refused("a form too large", post("/form", kUrlencoded, "a=" + std::string(99, 'x')), 413, "Content too large"),
    answered("the query and cookies",
             "GET /query-and-cookies?a=%31&b HTTP/1.1\r\nHost: h\r\nCookie: c=2; d=3\r\nCookie: e=4\r\n\r\n",
             "a=1;b=;|c=2;d=3;e=4;"),
    answered("an upload", post("/upload", kMultipart, part("a", "1") + part("b", "--XX") + "--XX--\r\n"),
             "a=1;b=--XX;"),
    answered("a part that the handler skips",
             post("/upload", kMultipart, part("skipped", std::string(5000, 's')) + part("b", "2") + "--XX--"),
             "skipped=b=2;"),
    refused("an upload of another type", post("/upload", kUrlencoded, "a=1"), 415,
            "Unsupported media type: a form is wanted"),
    refused("an upload cut short", post("/upload", kMultipart, part("a", "1")), 400, kBad),
    refused("a part that is too large", post("/upload", kMultipart, part("a", std::string(21, 'x')) + "--XX--"), 413,
            "Content too large"),
    refused("too many parts",
            post("/upload", kMultipart, part("a", "") + part("b", "") + part("c", "") + part("d", "") + "--XX--"),
            413, "Content too large"),
};

BOOST_DATA_TEST_CASE(transcript, kRows) {
    wire::check(sample);
}

}  // namespace
