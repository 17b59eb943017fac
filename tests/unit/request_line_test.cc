#include "basehttp/log/request_line.h"

#include <ostream>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

struct Row {
    const char* line;
    const char* words;  // method, target, protocol, path, query; none: no request
    friend std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.line; }
};

const Row kRows[]{
    {"GET / HTTP/1.1", "GET|/|HTTP/1.1|/|"},
    {"GET /a/b?c=d?e HTTP/1.0", "GET|/a/b?c=d?e|HTTP/1.0|/a/b|?c=d?e"},
    {"GET  /a   HTTP/1.1 ", "GET|/a|HTTP/1.1|/a|"},
    {"GET /old", "GET|/old|HTTP/0.9|/old|"},
    {"GET http://a.example/b?c HTTP/1.1", "GET|http://a.example/b?c|HTTP/1.1|/b|?c"},
    {"GET http://a.example HTTP/1.1", "GET|http://a.example|HTTP/1.1|/|"},
    {"GET http://a.example?c HTTP/1.1", "GET|http://a.example?c|HTTP/1.1|/|?c"},
    {"GET /x?to=http://b/ HTTP/1.1", "GET|/x?to=http://b/|HTTP/1.1|/x|?to=http://b/"},
    {"OPTIONS * HTTP/1.1", "OPTIONS|*|HTTP/1.1|*|"},
    {"SPAM / HTTP/12.30", "SPAM|/|HTTP/12.30|/|"},
    {"", ""},
    {"GET", ""},
    {"POST /", ""},
    {"GET HTTP/1.1", ""},
    {"GET / HTTP/1", ""},
    {"GET / HTTP/1.x", ""},
    {"GET / HTTP/.1", ""},
    {"GET / a HTTP/1.1", ""},
    {"G(T / HTTP/1.1", ""},
    {"\x16\x03\x01\x02 \x01 HTTP/1.1", ""},
};

BOOST_DATA_TEST_CASE(split, boost::unit_test::data::make(kRows)) {
    const auto line = basehttp::RequestLine::split(sample.line);
    std::string words;
    if (line) {
        for (const auto word : {line->method, line->target, line->protocol, line->path()})
            words.append(word) += '|';
        words += line->query();
    }
    BOOST_TEST(words == sample.words);
}

BOOST_AUTO_TEST_CASE(paths_as_handlers_have_them) {
    struct PathRow {
        std::string_view method, target, path;
    };
    for (const auto& [method, target, path] : {
             PathRow{"GET", "/a%20b?c", "/a b"},
             PathRow{"GET", "/a/../b//c", "/b/c"},
             PathRow{"GET", "http://a.example/%62", "/b"},
             PathRow{"GET", "/%zz?c", "/%zz"},
             PathRow{"OPTIONS", "*", "*"},
         }) {
        BOOST_TEST((basehttp::RequestLine{method, target, "HTTP/1.1"}.decoded_path() == path), target);
    }
}

}  // namespace
