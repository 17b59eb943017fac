#include "basehttp/protocol/forwarded.h"

#include <ostream>
#include <string>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace std::string_literals;

struct MembersRow {
    std::string list;
    std::string members;  // the last one first, each with a bar behind it
    friend std::ostream& operator<<(std::ostream& out, const MembersRow& row) { return out << row.list; }
};

const std::vector<MembersRow> kMembers{
    {"", ""},
    {"a", "a|"},
    {" a , b\t,c ", "c|b|a|"},
    {",, a,,\t,b, ,", "b|a|"},
    {R"(a, "b,c", d)", R"(d|"b,c"|a|)"},
    {R"("b\",c", d)", R"(d|"b\",c"|)"},
    {R"("b\\",c, d)", R"(d|c|"b\\"|)"},
    {R"(for="open, for=1.2.3.4)", R"(for=1.2.3.4|for="open|)"},
    {R"(", for=1.2.3.4)", R"(for=1.2.3.4|"|)"},
    {R"(open", b, c)", R"(c|b|open"|)"},
    {R"(a, "open)", R"(a, "open|)"},
    {std::string(10'000, ','), ""},
};

BOOST_DATA_TEST_CASE(last_members, boost::unit_test::data::make(kMembers)) {
    std::string_view rest = sample.list;
    std::string members;
    while (const auto member = basehttp::take_last_member(rest))
        (members += *member) += '|';
    BOOST_TEST(members == sample.members);
    BOOST_TEST(rest.empty());
}

BOOST_AUTO_TEST_CASE(many_backslashes_and_quotes_cost_little) {
    std::string list;
    for (int i = 0; i < 100'000; ++i)
        list += "\\\"\\\\,";
    std::string_view rest = list;
    int members = 0;
    while (basehttp::take_last_member(rest))
        ++members;
    BOOST_TEST(members > 0);
}

struct ElementRow {
    std::string text;
    std::string parsed;  // node|host|proto
    friend std::ostream& operator<<(std::ostream& out, const ElementRow& row) { return out << row.text; }
};

const std::vector<ElementRow> kElements{
    {"", "||"},
    {";;", "||"},
    {"for=192.0.2.60", "192.0.2.60||"},
    {"FOR=192.0.2.60;Proto=https;hosT=example.org", "192.0.2.60|example.org|https"},
    {" ; for=a ; ; host=b ;", "a|b|"},
    {R"(for="[2001:db8::17]:4711";proto=http;by=203.0.113.43)", "[2001:db8::17]:4711||http"},
    {R"(for=[2001:db8::17]:4711)", "[2001:db8::17]:4711||"},
    {R"(for="192.0.2.43, 198.51.100.17")", "192.0.2.43, 198.51.100.17||"},
    {R"(for="";host="h:80")", "|h:80|"},
    {R"(secret="a;b";for=_hidden)", "_hidden||"},
    {"for=unknown;ext=1;ext=2", "unknown||"},
    {"for=192.0.2.60;for=192.0.2.61", "malformed"},
    {R"(host="";host=a)", "malformed"},
    {"for", "malformed"},
    {"for=", "malformed"},
    {"for=;host=a", "malformed"},
    {"=a", "malformed"},
    {"for =a", "malformed"},
    {"for= a", "malformed"},
    {"for=a b", "malformed"},
    {"for=a host=b", "malformed"},
    {R"(for="a)", "malformed"},
    {R"(for=")", "malformed"},
    {R"(for="a"b)", "malformed"},
    {R"(for="a\"b")", "malformed"},
    {R"(for="a\)", "malformed"},
    {"for=\xff\xfe", "malformed"},
    {"f\xc3\xb6r=a", "malformed"},
    {"for=a\0b"s, "malformed"},
};

BOOST_DATA_TEST_CASE(elements, boost::unit_test::data::make(kElements)) {
    const auto element = basehttp::parse_forwarded_element(sample.text);
    const std::string parsed =
        element ? std::string(element->node) + '|' + std::string(element->host) + '|' + std::string(element->proto)
                : "malformed";
    BOOST_TEST(parsed == sample.parsed);
}

struct NodeRow {
    std::string text;
    std::string parsed;  // address|port
    friend std::ostream& operator<<(std::ostream& out, const NodeRow& row) { return out << row.text; }
};

const std::vector<NodeRow> kNodes{
    {"192.0.2.1", "192.0.2.1|0"},
    {"\t192.0.2.1 ", "192.0.2.1|0"},
    {"192.0.2.1:80", "192.0.2.1|80"},
    {"192.0.2.1:0", "192.0.2.1|0"},
    {"192.0.2.1:65535", "192.0.2.1|65535"},
    {"192.0.2.1:_port", "192.0.2.1|0"},
    {"2001:db8::1", "2001:db8::1|0"},
    {"::ffff:192.0.2.1", "::ffff:192.0.2.1|0"},
    {"[2001:db8::1]", "2001:db8::1|0"},
    {"[2001:db8::1]:443", "2001:db8::1|443"},
    {"[2001:db8::1]:_x.y-z", "2001:db8::1|0"},
    {"", "none"},
    {"unknown", "none"},
    {"_hidden", "none"},
    {"example.org", "none"},
    {"192.0.2.1:", "none"},
    {"192.0.2.1:65536", "none"},
    {"192.0.2.1:999999", "none"},
    {"192.0.2.1:-1", "none"},
    {"192.0.2.1:+1", "none"},
    {"192.0.2.1: 1", "none"},
    {"192.0.2.1:_", "none"},
    {"192.0.2.1:_\xff", "none"},
    {"192.0.2.1:8o", "none"},
    {"[192.0.2.1]", "none"},
    {"[2001:db8::1", "none"},
    {"[2001:db8::1]443", "none"},
    {"[2001:db8::1]:", "none"},
    {"[]", "none"},
    {"[", "none"},
    {":", "none"},
    {":80", "none"},
    {"fe80::1%eth0", "none"},
    {"[fe80::1%25eth0]", "none"},
    {"\"192.0.2.1\"", "none"},
    {"192.0.2.1\0"s, "none"},
    {"\xef\xbb\xbf"
     "192.0.2.1",
     "none"},
    {"\xff\xfe", "none"},
};

BOOST_DATA_TEST_CASE(nodes, boost::unit_test::data::make(kNodes)) {
    const auto node = basehttp::parse_forwarded_node(sample.text);
    const std::string parsed = node ? std::string(node->address) + '|' + std::to_string(node->port) : "none";
    BOOST_TEST(parsed == sample.parsed);
}

}  // namespace
