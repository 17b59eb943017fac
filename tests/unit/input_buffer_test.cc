#include "basehttp/io/input_buffer.h"

#include <boost/test/unit_test.hpp>

namespace {

using basehttp::InputBuffer;

void put(InputBuffer& buffer, std::string_view text) {
    std::ranges::copy(text, buffer.space().begin());
    buffer.commit(text.size());
}

BOOST_AUTO_TEST_CASE(what_is_committed_is_unread_until_consumed) {
    InputBuffer buffer;
    BOOST_TEST(buffer.empty());
    put(buffer, "spam");
    put(buffer, "eggs");
    BOOST_TEST(buffer.unread() == "spameggs");
    buffer.consume(4);
    BOOST_TEST(buffer.unread() == "eggs");
    const char* at = buffer.unread().data();
    put(buffer, "!");
    BOOST_TEST(buffer.unread() == "eggs!");
    BOOST_TEST(static_cast<const void*>(buffer.unread().data()) == static_cast<const void*>(at));
}

BOOST_AUTO_TEST_CASE(an_empty_buffer_starts_at_its_front_again) {
    InputBuffer buffer;
    put(buffer, "spam");
    BOOST_TEST(buffer.space().size() == InputBuffer::kFirstCapacity - 4);
    buffer.consume(4);
    BOOST_TEST(buffer.empty());
    BOOST_TEST(buffer.space().size() == InputBuffer::kFirstCapacity);
}

BOOST_AUTO_TEST_CASE(compacting_and_growing_keep_what_is_unread) {
    InputBuffer buffer;
    put(buffer, "spam and eggs");
    buffer.consume(5);
    buffer.compact();
    BOOST_TEST(buffer.unread() == "and eggs");
    BOOST_TEST(buffer.space().size() == InputBuffer::kFirstCapacity - 8);
    buffer.consume(4);
    buffer.grow(20'000);
    BOOST_TEST(buffer.unread() == "eggs");
    BOOST_TEST(buffer.capacity() == 20'000U);
    BOOST_TEST(buffer.space().size() == 20'000U - 4);
}

BOOST_AUTO_TEST_CASE(erasing_closes_the_gap) {
    InputBuffer buffer;
    put(buffer, "xxspam and eggs");
    buffer.consume(2);
    buffer.erase(4, 5);
    BOOST_TEST(buffer.unread() == "spameggs");
    buffer.erase(4, 4);
    BOOST_TEST(buffer.unread() == "spam");
    buffer.erase(4, 0);
    BOOST_TEST(buffer.unread() == "spam");
    put(buffer, "!");
    BOOST_TEST(buffer.unread() == "spam!");
}

BOOST_AUTO_TEST_CASE(clearing_keeps_the_memory) {
    InputBuffer buffer;
    put(buffer, "spam");
    buffer.clear();
    BOOST_TEST(buffer.empty());
    BOOST_TEST(buffer.space().size() == buffer.capacity());
}

}  // namespace
