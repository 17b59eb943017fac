#include "basehttp/server/client_rules.h"

#include <ostream>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using basehttp::AddressRange;
using basehttp::ClientAddress;
using basehttp::ClientRules;

std::vector<AddressRange> ranges(const std::vector<std::string>& texts) {
    std::vector<AddressRange> all;
    for (const std::string& text : texts)
        all.push_back(AddressRange::parse(text).value());
    return all;
}

struct Row {
    std::string name;
    std::vector<std::string> allow;
    std::vector<std::string> deny;
    std::string client;
    bool admitted;
    friend std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }
};

const std::vector<Row> kRows{
    {"no rules", {}, {}, "192.0.2.1", true},
    {"allowed", {"192.0.2.0/24"}, {}, "192.0.2.1", true},
    {"not among the allowed", {"192.0.2.0/24"}, {}, "192.0.3.1", false},
    {"denied", {}, {"192.0.2.0/24"}, "192.0.2.1", false},
    {"not among the denied", {}, {"192.0.2.0/24"}, "192.0.3.1", true},
    {"a hole in what is allowed", {"10.0.0.0/8"}, {"10.1.0.0/16"}, "10.1.0.1", false},
    {"beside the hole", {"10.0.0.0/8"}, {"10.1.0.0/16"}, "10.2.0.1", true},
    {"an exception from what is denied", {"10.1.0.0/16"}, {"10.0.0.0/8"}, "10.1.0.1", true},
    {"beside the exception", {"10.1.0.0/16"}, {"10.0.0.0/8"}, "10.2.0.1", false},
    {"both alike", {"10.0.0.0/8"}, {"10.0.0.0/8"}, "10.0.0.1", false},
    {"all and all", {"0.0.0.0/0"}, {"0.0.0.0/0"}, "10.0.0.1", false},
    {"the longest of several", {"10.0.0.0/8", "10.1.1.0/24"}, {"10.1.0.0/16"}, "10.1.1.1", true},
    {"a unix socket, where some are allowed", {"0.0.0.0/0", "::/0"}, {}, "", false},
    {"a unix socket, where some are denied", {}, {"0.0.0.0/0", "::/0"}, "", true},
    {"IPv4 on a socket of IPv6", {"192.0.2.0/24"}, {}, "::ffff:192.0.2.1", true},
};

BOOST_DATA_TEST_CASE(admitted, boost::unit_test::data::make(kRows)) {
    const ClientRules rules{.allow = ranges(sample.allow), .deny = ranges(sample.deny)};
    const ClientAddress client =
        sample.client.empty() ? ClientAddress{} : ClientAddress::parse(sample.client).value();
    BOOST_TEST(rules.admit(client) == sample.admitted);
}

}  // namespace
