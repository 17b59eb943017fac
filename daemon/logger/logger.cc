#include "daemon/logger/logger.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "basehttp/io/monotonic_clock.h"
#include "basehttp/io/wall_clock.h"
#include "basehttp/log/access_record.h"
#include "basehttp/log/record_decoding.h"
#include "basehttp/text/human_number.h"
#include "daemon/config/sink_name.h"
#include "daemon/logger/name_lookup.h"
#include "daemon/process/child.h"
#include "daemon/process/journal_stream.h"
#include "daemon/process/stop_times.h"

namespace basehttpd {
namespace {

using basehttp::Severity;
using std::chrono::milliseconds;

constexpr milliseconds kFlushInterval{50};

// Lines for one sink that are committed together.
constexpr std::size_t kMostAtOnce = SinkQueue::kLongestEntry / 2;

std::string origin_name(std::size_t slot) {
    return slot == Scoreboard::kMasterSlot ? "master" : fmt::format("worker {}", slot);
}

std::string in_seconds(milliseconds time) {
    return fmt::format("{:.1f} s", static_cast<double>(time.count()) / 1000);
}

}  // namespace

Logger::Logger(const LogPlan& plan, const std::vector<SinkEnds>& ends, Scoreboard& scoreboard, LogMemory& memory,
               LoggerFds fds)
    : scoreboard_(scoreboard), memory_(memory), fds_(fds), intake_(scoreboard), rings_(scoreboard.size()) {
    memory_.progress().load(rings_, folder_);
    open_sinks(plan, ends);
    routes_ = std::make_unique<LogRoutes>(plan, sinks_);
    if (plan.resolve_hostnames) {
        // What has no answer by then is of no use any more; glibc would wait for 10 seconds and longer.
        ::setenv("RES_OPTIONS", "timeout:1 attempts:2", 0);
        names_ = std::make_unique<HostNames>(look_up_name);
    }
}

void Logger::open_sinks(const LogPlan& plan, const std::vector<SinkEnds>& ends) {
    Sink::Observer& observer = *this;
    for (std::size_t i = 0; i < plan.sinks.size(); ++i) {
        const std::string name = sink_name(plan.sinks[i]);
        SinkQueue& queue = memory_.queue(name);
        // What made no sense is dropped; who wrote that is dead, and nobody is left to be told.
        queue.open(memory_.progress().version());
        sinks_.push_back(std::make_unique<Sink>(name, queue, open_outlet(plan.sinks[i], ends[i]), loop_, observer));
    }
}

int Logger::run() {
    loop_.add(fds_.wake, EPOLLIN, *this).value();
    loop_.add(fds_.channel, EPOLLIN, *this).value();
    send_message(fds_.channel, message::kReady);
    // What the logger before this one has committed may not have been released.
    commit();
    on_deadline();
    while (!stopping_ && !handing_over_)
        loop_.run_once();
    finish();
    return EXIT_SUCCESS;
}

void Logger::on_events(std::uint32_t) {
    std::uint64_t wakes = 0;
    [[maybe_unused]] const ssize_t read = ::read(fds_.wake, &wakes, sizeof wakes);
    listen_to_master();
    if (std::exchange(asleep_, false) || a_ring_fills_up()) on_deadline();
}

// The master's word, or its end.
void Logger::listen_to_master() {
    char byte = 0;
    const ssize_t got = ::recv(fds_.channel, &byte, 1, MSG_DONTWAIT);
    if (got == 0 || (got == 1 && byte == message::kStop)) stopping_ = true;
    if (got == 1 && byte == message::kHandOver) handing_over_ = true;
    if (got == 1 && byte == message::kEnd) ::_exit(EXIT_SUCCESS);
    if (got == 0) on_master_gone();
}

// Nobody limits what this takes any more, and the end of the line is no news: it must not keep the loop awake.
void Logger::on_master_gone() {
    if (leave_at_ms_ != 0) return;
    leave_at_ms_ = basehttp::monotonic_ms() + kLoggerPatience.count();
    loop_.remove(fds_.channel, *this);
}

bool Logger::out_of_time() const {
    return leave_at_ms_ != 0 && basehttp::monotonic_ms() >= leave_at_ms_;
}

void Logger::on_deadline() {
    constexpr milliseconds kUntilRepeatsAreTold{1000};
    // While records come it looks for them by itself: a worker that had to wake it would pay a system call for each.
    const Found found = round();
    asleep_ = found == Found::nothing && sleep();
    if (!asleep_) {
        loop_.arm(*this, found == Found::more ? milliseconds(0) : kFlushInterval);
    } else if (folder_.pending()) {
        loop_.arm(*this, kUntilRepeatsAreTold);
    }
}

// Whether every writer will wake this process for its next record, and nothing is left to be done without one.
bool Logger::sleep() {
    const auto has_lines = [](const auto& sink) { return sink->size() > 0; };
    if (intake_.next() != nullptr || std::ranges::any_of(sinks_, has_lines)) return false;
    for (std::size_t slot = 0; slot < scoreboard_.size(); ++slot) {
        if (!scoreboard_.slot(slot).ring.mark_sleeping(rings_[slot].position)) return false;
    }
    return true;
}

// Makes lines of the next batch of what the rings hold, as long as good sinks have room.
Logger::Found Logger::round() {
    memory_.progress().beat();
    if (!commit()) return Found::some;  // lines of the round before find no room yet
    if (intake_.next() == nullptr) {
        for (std::size_t slot = 0; slot < scoreboard_.size(); ++slot) {
            heed_owners(slot);
            tell_losses(slot);
        }
        tell_repeats();
        more_ = intake_.fill(rings_);
        look_clients_up();
    }
    const bool found = intake_.next() != nullptr;
    do {
        make_lines();
    } while (commit() && intake_.next() != nullptr);
    if (intake_.next() == nullptr && more_) return Found::more;
    return found ? Found::some : Found::nothing;
}

// The ring's losses, told once.
void Logger::tell_losses(std::size_t slot) {
    LogProgress::Ring& read = rings_[slot];
    const std::uint64_t lost = scoreboard_.slot(slot).ring.lost();
    if (lost <= read.losses_told) return;
    say(Severity::error,
        fmt::format("{}: {} log lines lost because its ring was full", origin_name(slot), lost - read.losses_told));
    read.losses_told = lost;
}

// Another writer is as good as the first one was; and where the ring had to be started anew, it goes on from there.
void Logger::heed_owners(std::size_t slot) {
    LogProgress::Ring& read = rings_[slot];
    const RingOwners& owners = scoreboard_.owners(slot);
    const std::uint32_t count = owners.count();
    if (count == read.owners) return;
    if (const auto from = owners.begun_anew_since(read.owners)) read.position = *from;
    // The one before it may have moved the head back, and died before that was seen.
    read.position = std::min(read.position, owners.last_from());
    read.owners = count;
    read.refused = false;
}

// The positions that the writer names are none to go to. Behind it there may be another one's records, from where the
// master says; else nothing more is read before the master has replaced the writer.
void Logger::drop_nonsense(std::size_t slot) {
    LogProgress::Ring& read = rings_[slot];
    const auto next = scoreboard_.owners(slot).next_after(read.position);
    if (next) read.position = *next;
    read.refused = !next;
}

// Those of the whole batch at the same time. No request is to wait for that.
void Logger::look_clients_up() {
    if (!names_) return;
    for (const RecordIntake::Item& item : intake_.rest()) {
        if (item.record.kind != basehttp::RecordKind::access) continue;
        if (const auto record = basehttp::decode_record(item.bytes)) names_->expect(record->client);
    }
    names_->wait([this] { return a_ring_fills_up(); });
}

bool Logger::a_ring_fills_up() const {
    for (std::size_t slot = 0; slot < scoreboard_.size(); ++slot) {
        if (rings_[slot].refused) continue;
        const std::uint64_t unread = scoreboard_.slot(slot).ring.written() - rings_[slot].position;
        if (unread > basehttp::LogRing::kCapacity / 2) return true;
    }
    return false;
}

void Logger::make_lines() {
    while (const RecordIntake::Item* item = intake_.next()) {
        if (std::ranges::any_of(sinks_, [](const auto& sink) { return sink->size() >= kMostAtOnce; })) return;
        rings_[item->slot].position = item->record.end;
        write(*item);
        intake_.pop();
    }
}

void Logger::write(const RecordIntake::Item& item) {
    switch (item.record.kind) {
        case basehttp::RecordKind::access:
            write_access(item);
            return;
        case basehttp::RecordKind::error:
            if (const auto record = basehttp::decode_error_record(item.bytes)) write_if_new(*record, item.slot);
            return;
        case basehttp::RecordKind::filler:
            write_if_new({basehttp::wall_clock_ns(), Severity::error, "its log ring made no sense, and was emptied"},
                         item.slot);
            drop_nonsense(item.slot);
            return;
    }
}

// Whose record it is, is what is known of the ring, whatever the record says.
void Logger::write_access(const RecordIntake::Item& item) {
    LogProgress::Ring& read = rings_[item.slot];
    read.losses = std::max(read.losses, item.record.losses);
    ++read.accesses;
    if (!basehttp::decode_record_into(record_, item.bytes)) return;
    record_.run = scoreboard_.run();
    record_.serial = read.accesses + read.losses;
    record_.worker = static_cast<std::uint32_t>(item.slot);
    record_.pid = scoreboard_.owners(item.slot).at(item.record.begin);
    if (names_) record_.client_name = names_->name_of(record_.client);
    routes_->write(record_);
}

void Logger::write_if_new(const basehttp::ErrorRecord& record, std::size_t slot) {
    if (folder_.is_new(record, slot)) write_error(record, slot);
}

void Logger::write_error(const basehttp::ErrorRecord& record, std::size_t slot) {
    routes_->write(ErrorLine{record, origin_name(slot)});
}

void Logger::tell_repeats() {
    const std::int64_t now = basehttp::wall_clock_ns();
    while (const auto repeats = folder_.take_due(now))
        write_repeats(*repeats);
}

void Logger::write_repeats(const RepeatFolder::Repeats& repeats) {
    basehttp::ErrorRecord record = repeats.record;
    const std::string text = fmt::format("{} (repeated {} times)", record.text, basehttp::in_groups(repeats.count));
    if (repeats.count > 1) record.text = text;
    write_error(record, repeats.slot);
}

// Puts what was written into the queues, gives the rings free, and flushes. False: a good sink has no room, and all
// stays as it was.
bool Logger::commit() {
    if (!std::ranges::all_of(sinks_, [](const auto& sink) { return sink->can_put(); })) return false;
    LogProgress& progress = memory_.progress();
    for (const auto& sink : sinks_) {
        sink->put();
        sink->queue().prepare(progress.next_version());
    }
    progress.prepare(rings_, folder_);
    progress.commit();
    for (std::size_t slot = 0; slot < scoreboard_.size(); ++slot) {
        basehttp::LogRing& ring = scoreboard_.slot(slot).ring;
        if (rings_[slot].position != ring.released()) ring.release(rings_[slot].position);
        if (rings_[slot].refused) ring.refuse(rings_[slot].owners);
    }
    for (const auto& sink : sinks_)
        sink->flush();
    return true;
}

void Logger::on_progress() {
    if (sinks_are_full() && !handing_over_) round();
}

// Whether lines wait for room in a queue.
bool Logger::sinks_are_full() const {
    return std::ranges::any_of(sinks_, [](const auto& sink) { return sink->size() > 0; });
}

void Logger::on_failing(Sink& sink) {
    say(Severity::error, fmt::format("cannot write to {}: {}; lines are kept while there is room for them, then "
                                     "dropped and counted",
                                     sink.name(), sink.failure()));
}

void Logger::on_recovered(Sink& sink, std::uint64_t lost, milliseconds after) {
    const std::string lines = lost == 0   ? "no line was"
                              : lost == 1 ? "1 line was"
                                          : basehttp::in_groups(lost) + " lines were";
    say(Severity::notice,
        fmt::format("{} accepts lines again after {}; {} lost", sink.name(), in_seconds(after), lines));
}

// A line of the logger's own; it goes out with the next round.
void Logger::say(Severity severity, const std::string& text) {
    routes_->write(ErrorLine{{basehttp::wall_clock_ns(), severity, text}, "logger"});
    asleep_ = false;
    if (!armed()) loop_.arm(*this, kFlushInterval);
}

// Under load the rings are never empty for long: a successor must not wait for that, nor for a sink that is slow,
// whose queue it takes over. A stop waits for all that does not fail.
void Logger::finish() {
    if (handing_over_) {
        commit();
        return;
    }
    const auto busy = [](const auto& sink) { return !sink->failing() && !sink->idle(); };
    while ((round() != Found::nothing || std::ranges::any_of(sinks_, busy) || sinks_are_full()) && !out_of_time())
        loop_.run_once(more_ ? milliseconds(0) : kFlushInterval);
    for (const auto& sink : sinks_)
        sink->flush_at_last();
    tell_leftovers();
}

// What a failing sink still has in its queue is lost with it. The error log may be on the same disk.
void Logger::tell_leftovers() {
    while (const auto repeats = folder_.take_any())
        write_repeats(*repeats);
    const unsigned version = memory_.progress().version();
    for (const auto& sink : sinks_) {
        const std::uint64_t lines = sink->queue().count_lines(version) + sink->queue().untold_losses(version);
        if (lines == 0) continue;
        const std::string text =
            fmt::format("{} log lines for {} are lost: {}", lines, sink->name(), sink->failure());
        complain(Severity::error, "basehttpd: " + text);
        say(Severity::error, text);
    }
    commit();
}

}  // namespace basehttpd
