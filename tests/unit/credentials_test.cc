#include "basehttp/protocol/credentials.h"

#include <boost/test/unit_test.hpp>

namespace {

using basehttp::basic_credentials;
using basehttp::Fields;

std::string read(std::string_view value) {
    Fields fields;
    fields.add("authorization", value);
    const auto found = basic_credentials(fields);
    return found ? found->user + "|" + found->password : "none";
}

BOOST_AUTO_TEST_CASE(well_formed_or_nothing) {
    const struct {
        const char* value;
        const char* expected;
    } rows[]{
        {"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Aladdin|open sesame"},  // RFC 7617, section 2
        {"basic  dGVzdDoxMjPCow==", "test|123\xc2\xa3"},
        {"Basic YTo=", "a|"},
        {"Basic YTo", "a|"},
        {"Basic YTpiOmM=", "a|b:c"},
        {"Basic Og==", "|"},
        {"Basic YQ==", "none"},    // no colon
        {"Basic YTpi\n", "none"},  // not a digit
        {"Basic YTpiA", "none"},   // a digit alone
        {"Basic YTp=i", "none"},   // padding in the middle
        {"Basic ====", "none"},
        {"Basic YToA", "none"},  // NUL
        {"Basic YTp/", "none"},  // DEL
        {"Basic", "none"},
        {"Basic ", "none"},
        {"Bearer YTpi", "none"},
        {"", "none"},
    };
    for (const auto& row : rows)
        BOOST_TEST(read(row.value) == row.expected, row.value);
}

BOOST_AUTO_TEST_CASE(two_fields_are_nobody) {
    Fields fields;
    BOOST_TEST(!basic_credentials(fields).has_value());
    fields.add("Authorization", "Basic YTpi");
    BOOST_TEST(basic_credentials(fields).has_value());
    fields.add("Authorization", "Basic YTpi");
    BOOST_TEST(!basic_credentials(fields).has_value());
}

BOOST_AUTO_TEST_CASE(secrets) {
    BOOST_TEST(basehttp::same_secret("spam", "spam"));
    BOOST_TEST(basehttp::same_secret("", ""));
    BOOST_TEST(!basehttp::same_secret("spam", "spat"));
    BOOST_TEST(!basehttp::same_secret("spam", "spa"));
}

}  // namespace
