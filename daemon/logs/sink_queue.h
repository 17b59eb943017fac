// SinkQueue: the lines on their way to one sink, in shared memory, so that a logger that dies leaves them to the next
// one, with word of how far they have gone. The logger alone writes it; the master reads counters and states.
//
// Entries are 8-aligned and contiguous: size, lines, bytes. What is put becomes part of the queue with the commit of
// LogProgress that the same loop makes for all sinks and rings at once: a logger killed before that has put nothing.
// `done` is how far the sink has got, to the byte; before a write to a file its size is noted, so that a successor
// can tell how much of a write was done that nobody lived to note.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace basehttpd {

/// Which file a descriptor is, and how long it is.
struct FileMark {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
};

/// What the master tells of a sink.
struct SinkReport {
    std::string name;
    std::int64_t failing_since_ns = 0;  ///< since 1970; 0: it is good
    int failure = 0;                    ///< what fails, as failure_text() has it
    std::uint64_t lost = 0;             ///< lines, since the daemon started
    std::uint64_t waiting = 0;          ///< bytes in the queue
};

class SinkQueue {
  public:
    static constexpr std::size_t kCapacity = std::size_t{4} << 20U;

    /// The longest entry: room for several stays at all times.
    static constexpr std::size_t kLongestEntry = kCapacity / 4;

    /// Makes an empty one in shared memory of size sizeof(SinkQueue). The master does.
    static SinkQueue& make(std::byte* memory);

    /// The one that was made there.
    static SinkQueue& in(std::byte* memory) { return *reinterpret_cast<SinkQueue*>(memory); }

    // The logger's side. `version` is which of the two committed states counts, see LogProgress.

    /// Takes up what an earlier logger has left. False: it made no sense, and was dropped.
    bool open(unsigned version);

    /// Whether `bytes` more in `entries` entries find room.
    bool has_room(std::size_t bytes, std::size_t entries) const;

    /// Adds an entry of `lines` lines; has_room() was asked.
    void put(std::string_view bytes, std::uint32_t lines);

    /// Counts lines that found no room.
    void lose(std::uint64_t lines) { lost_ += lines; }

    /// How many routes of one sink can count by themselves.
    static constexpr std::size_t kSamplers = 8;

    /// The number of the next record that matches the route which counts with `sampler`, from 0.
    std::uint64_t next_sample(std::size_t sampler) { return samples_[sampler]++; }

    /// Writes what was put, lost and sampled into state `version`; from the commit on it counts.
    void prepare(unsigned version);

    struct Entry {
        std::string_view bytes;  ///< what is left of it
        std::uint32_t lines;
    };
    /// The first entry that has not gone wholly; only what was committed.
    std::optional<Entry> front();

    /// Notes that so many bytes of the first entry have gone.
    void advance(std::size_t bytes);

    /// Around a write to a file. The end of the write follows its advance().
    void begin_write(const FileMark& before);
    void end_write() { writing_.store(false, std::memory_order_release); }

    /// After an earlier logger's death: counts as gone what the file has grown by since that began to write.
    void settle_write(const FileMark& now);

    /// The sink fails since then; in the end, how many lines that has cost.
    void begin_failure(std::int64_t since_ns, int failure);
    std::uint64_t end_failure();
    std::int64_t failing_since_ns() const { return failing_since_ns_.load(std::memory_order_relaxed); }

    std::uint64_t lost() const { return lost_; }
    bool empty() const { return front_ == committed_head_; }

    // The master's side.

    SinkReport report(std::string name) const;

    /// Lines that are still in the queue, in the committed state `version`.
    std::uint64_t count_lines(unsigned version) const;

    /// Lines that were lost since the sink fails: nobody is told of them before it is good again.
    std::uint64_t untold_losses(unsigned version) const;

  private:
    SinkQueue() = default;

    using Samples = std::array<std::uint64_t, kSamplers>;

    struct EntryHead {
        std::uint32_t size;
        std::uint32_t lines;  // kFiller: skip it
    };
    struct Committed {
        std::uint64_t head = 0;
        std::uint64_t lost = 0;
        Samples samples{};
    };
    static constexpr std::uint32_t kFiller = 0xFFFFFFFF;

    static std::size_t offset_of(std::uint64_t position) { return position & (kCapacity - 1); }
    static std::size_t footprint(std::size_t size) { return (sizeof(EntryHead) + size + 7) & ~std::size_t{7}; }
    std::optional<EntryHead> head_at(std::uint64_t position, std::uint64_t end) const;
    void put_head(std::uint64_t position, EntryHead head);
    void start_over(std::uint64_t position);
    bool skip_done();

    // Committed states: two, of which LogProgress says which one counts.
    std::array<Committed, 2> committed_;
    // How far the sink has come: the first entry, and the byte in it.
    std::atomic<std::uint64_t> front_ = 0;
    std::atomic<std::uint64_t> done_ = 0;
    // The write under way.
    std::atomic<bool> writing_ = false;
    std::uint64_t write_from_ = 0;
    FileMark write_mark_;
    // For the master's report.
    std::atomic<std::int64_t> failing_since_ns_ = 0;
    std::atomic<int> failure_ = 0;
    std::uint64_t lost_before_failure_ = 0;
    std::atomic<std::uint64_t> told_lost_ = 0;
    // The logger's own: what the next commit makes count.
    std::uint64_t head_ = 0;
    std::uint64_t committed_head_ = 0;
    std::uint64_t lost_ = 0;
    Samples samples_{};

    alignas(64) std::byte bytes_[kCapacity];
};

}  // namespace basehttpd
