// InputBuffer: the bytes that have arrived and are not used up. The head of a request is parsed in place, so views
// into it stay valid until grow(), compact() or consume() is called. Owned by an Exchange.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace basehttp {

class InputBuffer {
  public:
    static constexpr std::size_t kFirstCapacity = 8 * 1024;

    InputBuffer() : capacity_(kFirstCapacity), bytes_(new char[kFirstCapacity]) {}

    bool empty() const { return begin_ == end_; }
    std::size_t capacity() const { return capacity_; }
    std::string_view unread() const { return {bytes_.get() + begin_, end_ - begin_}; }

    /// Where the next bytes go; commit() makes them readable.
    std::span<char> space() { return {bytes_.get() + end_, capacity_ - end_}; }
    void commit(std::size_t size) {
        assert(size <= capacity_ - end_);
        end_ += size;
    }

    /// Drops the first `size` unread bytes.
    void consume(std::size_t size) {
        assert(size <= end_ - begin_);
        begin_ += size;
        if (empty()) begin_ = end_ = 0;
    }

    /// Drops `size` bytes that stand `offset` bytes into the unread ones; what follows them closes the gap.
    void erase(std::size_t offset, std::size_t size) {
        assert(offset + size <= end_ - begin_);
        char* gap = bytes_.get() + begin_ + offset;
        std::memmove(gap, gap + size, end_ - begin_ - offset - size);
        end_ -= size;
    }

    /// Moves the unread bytes to the front.
    void compact() {
        std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }

    /// Makes room for at least `capacity` bytes in all.
    void grow(std::size_t capacity) {
        auto larger = std::unique_ptr<char[]>(new char[capacity]);
        std::memcpy(larger.get(), bytes_.get() + begin_, end_ - begin_);
        bytes_ = std::move(larger);
        capacity_ = capacity;
        end_ -= begin_;
        begin_ = 0;
    }

    void clear() { begin_ = end_ = 0; }

  private:
    std::size_t capacity_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::unique_ptr<char[]> bytes_;
};

}  // namespace basehttp
