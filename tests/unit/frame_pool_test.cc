#include "basehttp/io/frame_pool.h"

#include <set>

#include <boost/test/unit_test.hpp>

namespace {

using basehttp::FramePool;

BOOST_AUTO_TEST_CASE(blocks_hold_what_was_asked_for) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{63}, std::size_t{64}, std::size_t{65},
                                   std::size_t{2047}, std::size_t{2048}, std::size_t{2049}, std::size_t{100'000}}) {
        auto* bytes = static_cast<unsigned char*>(FramePool::allocate(size));
        std::fill_n(bytes, size, static_cast<unsigned char>(0xa5));
        BOOST_TEST(reinterpret_cast<std::uintptr_t>(bytes) % alignof(std::max_align_t) == 0U);
        FramePool::release(bytes, size);
    }
}

BOOST_AUTO_TEST_CASE(blocks_in_use_are_distinct) {
    std::set<void*> blocks;
    for (int i = 0; i < 100; ++i)
        blocks.insert(FramePool::allocate(100));
    BOOST_TEST(blocks.size() == 100U);
    for (void* block : blocks)
        FramePool::release(block, 100);
}

#ifndef __SANITIZE_ADDRESS__
BOOST_AUTO_TEST_CASE(a_released_block_serves_the_next_of_its_size) {
    void* first = FramePool::allocate(130);
    FramePool::release(first, 130);
    void* other_size = FramePool::allocate(200);
    void* same_size = FramePool::allocate(190);
    BOOST_TEST(same_size == first);
    BOOST_TEST(other_size != first);
    FramePool::release(other_size, 200);
    FramePool::release(same_size, 190);
}
#endif

// A leak, or a block freed twice, is the sanitizer's to find.
BOOST_AUTO_TEST_CASE(what_waits_can_be_dropped) {
    for (const std::size_t size : {std::size_t{10}, std::size_t{10}, std::size_t{1000}})
        FramePool::release(FramePool::allocate(size), size);
    FramePool::drop_spare();
    FramePool::drop_spare();
    void* block = FramePool::allocate(10);
    BOOST_TEST(block != nullptr);
    FramePool::release(block, 10);
}

}  // namespace
