#include <fcntl.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "daemon/process/anonymous_file.h"
#include "daemon/process/child.h"

namespace basehttpd {
namespace {

BOOST_AUTO_TEST_CASE(message_comes_with_its_name_and_file) {
    const auto channel = Channel::create().value();
    const auto file = anonymous_file("channel-test").value();
    BOOST_REQUIRE_EQUAL(::write(file.get(), "spam", 4), 4);
    send_file(channel.master_end.get(), message::kPasswords, "/etc/htpasswd", file.get());
    const Order order = receive_order(channel.child_end.get());
    BOOST_TEST(order.message == message::kPasswords);
    BOOST_TEST(order.name == "/etc/htpasswd");
    BOOST_TEST(read_whole(order.file.get()) == "spam");
    BOOST_TEST(receive_order(channel.child_end.get()).message ==
               message::kNone);  // all that a reader has to wait for
}

BOOST_AUTO_TEST_CASE(message_without_file) {
    const auto channel = Channel::create().value();
    send_message(channel.master_end.get(), message::kRetire);
    const Order order = receive_order(channel.child_end.get());
    BOOST_TEST(order.message == message::kRetire);
    BOOST_TEST(order.name == "");
    BOOST_TEST(!order.file);
}

BOOST_AUTO_TEST_CASE(end_is_told) {
    auto channel = Channel::create().value();
    send_message(channel.master_end.get(), message::kStop);
    channel.master_end.reset();
    BOOST_TEST(receive_order(channel.child_end.get()).message == message::kStop);
    BOOST_TEST(receive_order(channel.child_end.get()).message == message::kGone);
}

}  // namespace
}  // namespace basehttpd
