#include "daemon/logs/sink_queue.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace basehttpd {

// Default, not value initialisation: the bytes stay untouched, so that a queue that nobody fills costs no memory.
SinkQueue& SinkQueue::make(std::byte* memory) {
    return *new (memory) SinkQueue;
}

bool SinkQueue::open(unsigned version) {
    const Committed& committed = committed_[version];
    head_ = committed.head;
    lost_ = committed.lost;
    samples_ = committed.samples;
    // A logger that died between start_over() and its commit has moved the front ahead of the head.
    if (front_ > head_ && front_ - head_ < kCapacity) head_ = front_;
    committed_head_ = head_;
    if (front_ % 8 == 0 && head_ - front_ <= kCapacity && skip_done()) return true;
    start_over(head_);
    return false;
}

bool SinkQueue::has_room(std::size_t bytes, std::size_t entries) const {
    // Each entry has a head and padding, and one of them may not fit before the end of the memory.
    const std::size_t most = bytes + entries * (sizeof(EntryHead) + 7) + kLongestEntry;
    return most <= kCapacity - (head_ - front_);
}

void SinkQueue::put(std::string_view bytes, std::uint32_t lines) {
    // An empty queue begins at the beginning: a sink that keeps up needs few pages of the memory.
    if (front_ == head_ && offset_of(head_) != 0) start_over(head_ + kCapacity - offset_of(head_));
    const std::size_t needed = footprint(bytes.size());
    const std::size_t before_end = kCapacity - offset_of(head_);
    if (needed > before_end) {
        put_head(head_, {static_cast<std::uint32_t>(before_end - sizeof(EntryHead)), kFiller});
        head_ += before_end;
    }
    put_head(head_, {static_cast<std::uint32_t>(bytes.size()), lines});
    std::memcpy(bytes_ + offset_of(head_) + sizeof(EntryHead), bytes.data(), bytes.size());
    head_ += needed;
}

// The queue is empty: it goes on at `position`.
void SinkQueue::start_over(std::uint64_t position) {
    done_ = position;
    front_ = position;
    head_ = position;
    committed_head_ = position;
}

void SinkQueue::prepare(unsigned version) {
    committed_[version] = {head_, lost_, samples_};
    told_lost_.store(lost_, std::memory_order_relaxed);
    committed_head_ = head_;
}

std::optional<SinkQueue::EntryHead> SinkQueue::head_at(std::uint64_t position, std::uint64_t end) const {
    if (end - position < sizeof(EntryHead)) return std::nullopt;
    EntryHead head;
    std::memcpy(&head, bytes_ + offset_of(position), sizeof head);
    const std::size_t size = footprint(head.size);
    if (size > kCapacity - offset_of(position) || size > end - position) return std::nullopt;
    return head;
}

void SinkQueue::put_head(std::uint64_t position, EntryHead head) {
    std::memcpy(bytes_ + offset_of(position), &head, sizeof head);
}

// Moves the front past all that has gone. False: what stands there makes no sense.
bool SinkQueue::skip_done() {
    while (front_ != committed_head_) {
        const auto head = head_at(front_, committed_head_);
        if (!head) return false;
        const std::uint64_t begin = front_ + sizeof(EntryHead);
        const bool gone = head->lines == kFiller || done_ >= begin + head->size;
        if (!gone) break;
        front_ = front_ + footprint(head->size);
    }
    if (done_ < front_) done_.store(front_);
    return done_ - front_ < kCapacity;
}

std::optional<SinkQueue::Entry> SinkQueue::front() {
    if (!skip_done()) {
        start_over(committed_head_);
        return std::nullopt;
    }
    if (empty()) return std::nullopt;
    const EntryHead head = *head_at(front_, committed_head_);
    const std::uint64_t begin = front_ + sizeof(EntryHead);
    const std::size_t gone = done_ > begin ? done_ - begin : 0;
    const auto* bytes = reinterpret_cast<const char*>(bytes_ + offset_of(begin));
    return Entry{{bytes + gone, head.size - gone}, head.lines};
}

void SinkQueue::advance(std::size_t bytes) {
    const std::uint64_t begin = front_ + sizeof(EntryHead);
    done_.store(std::max(done_.load(), begin) + bytes, std::memory_order_release);
    skip_done();
}

void SinkQueue::begin_write(const FileMark& before) {
    write_from_ = std::max<std::uint64_t>(done_, front_ + sizeof(EntryHead));
    write_mark_ = before;
    writing_.store(true, std::memory_order_release);
}

void SinkQueue::settle_write(const FileMark& now) {
    if (!writing_.exchange(false)) return;
    const bool same = now.device == write_mark_.device && now.inode == write_mark_.inode;
    if (!same || empty() || write_from_ < front_ || now.size <= write_mark_.size) return;
    const auto head = head_at(front_, committed_head_);
    const std::uint64_t end = front_ + sizeof(EntryHead) + (head ? head->size : 0);
    done_ = std::min(end, write_from_ + (now.size - write_mark_.size));
    skip_done();
}

void SinkQueue::begin_failure(std::int64_t since_ns, int failure) {
    lost_before_failure_ = lost_;
    failure_.store(failure, std::memory_order_relaxed);
    failing_since_ns_.store(since_ns, std::memory_order_relaxed);
}

std::uint64_t SinkQueue::end_failure() {
    failing_since_ns_.store(0, std::memory_order_relaxed);
    return lost_ - lost_before_failure_;
}

SinkReport SinkQueue::report(std::string name) const {
    const std::uint64_t waiting = std::max(committed_[0].head, committed_[1].head) - front_;
    return {std::move(name), failing_since_ns_, failure_, told_lost_, waiting <= kCapacity ? waiting : 0};
}

std::uint64_t SinkQueue::untold_losses(unsigned version) const {
    const std::uint64_t lost = committed_[version].lost;
    return failing_since_ns_ != 0 && lost > lost_before_failure_ ? lost - lost_before_failure_ : 0;
}

std::uint64_t SinkQueue::count_lines(unsigned version) const {
    std::uint64_t lines = 0;
    std::uint64_t position = front_;
    const std::uint64_t end = committed_[version].head;
    if (position % 8 != 0 || end - position > kCapacity) return 0;
    while (position != end) {
        const auto head = head_at(position, end);
        if (!head) break;
        if (head->lines != kFiller) lines += head->lines;
        position += footprint(head->size);
    }
    return lines;
}

}  // namespace basehttpd
