#include "daemon/logger.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "basehttp/io/wall_clock.h"
#include "basehttp/log/access_record.h"
#include "daemon/child.h"

namespace basehttpd {
namespace {

constexpr std::chrono::milliseconds kFlushInterval{50};

std::string origin_name(std::size_t slot) {
    return slot == Scoreboard::kMasterSlot ? "master" : fmt::format("worker {}", slot);
}

std::string sink_name(const SinkConfig& sink) {
    switch (sink.kind) {
        case SinkConfig::Kind::standard_output:
            return "standard output";
        case SinkConfig::Kind::standard_error:
            return "standard error";
        case SinkConfig::Kind::file:
            break;
    }
    return sink.path;
}

}  // namespace

Logger::Logger(const LogConfig& config, const LogFiles& files, Scoreboard& scoreboard, int wake_fd, int channel)
    : scoreboard_(scoreboard),
      wake_fd_(wake_fd),
      channel_(channel),
      positions_(scoreboard.size()),
      known_losses_(scoreboard.size()) {
    for (std::size_t i = 0; i < config.access.size(); ++i) {
        const AccessSinkConfig& sink = config.access[i];
        access_.push_back({basehttp::LogFormat::compile(sink.format).value(),
                           FileSink(files.access[i].get(), sink_name(sink.sink))});
    }
    for (std::size_t i = 0; i < config.error.size(); ++i) {
        const ErrorSinkConfig& sink = config.error[i];
        error_.push_back({sink.level, FileSink(files.error[i].get(), sink_name(sink.sink))});
    }
    for (std::size_t slot = 0; slot < scoreboard_.size(); ++slot) {
        positions_[slot] = scoreboard_.slot(slot).ring.released();
        known_losses_[slot] = scoreboard_.slot(slot).ring.lost();
    }
}

int Logger::run() {
    loop_.add(wake_fd_, EPOLLIN, *this).value();
    loop_.add(channel_, EPOLLIN, *this).value();
    send_message(channel_, message::kReady);
    on_deadline();
    while (!stopping_ && !handing_over_)
        loop_.run_once();
    // Under load the rings are never empty for long: a successor must not wait for that.
    while (!handing_over_ && drain()) {
    }
    flush();
    return EXIT_SUCCESS;
}

void Logger::on_events(std::uint32_t) {
    std::uint64_t wakes = 0;
    [[maybe_unused]] const ssize_t read = ::read(wake_fd_, &wakes, sizeof wakes);
    listen_to_master();
    if (!armed()) on_deadline();
}

// The master's word, or its end.
void Logger::listen_to_master() {
    char byte = 0;
    const ssize_t got = ::recv(channel_, &byte, 1, MSG_DONTWAIT);
    if (got == 0 || (got == 1 && byte == message::kStop)) stopping_ = true;
    if (got == 1 && byte == message::kHandOver) handing_over_ = true;
}

void Logger::on_deadline() {
    drain();
    if (!sleep()) loop_.arm(*this, kFlushInterval);
}

// Whether every writer will wake this process for its next record.
bool Logger::sleep() {
    for (std::size_t slot = 0; slot < scoreboard_.size(); ++slot) {
        if (!scoreboard_.slot(slot).ring.mark_sleeping()) return false;
    }
    return true;
}

// Writes all that the rings hold now. False: they held nothing.
bool Logger::drain() {
    batch_.clear();
    for (std::size_t slot = 0; slot < scoreboard_.size(); ++slot)
        collect(slot);
    std::ranges::stable_sort(batch_, {}, &Item::time_ns);
    for (const Item& item : batch_)
        write(item);
    for (std::size_t slot = 0; slot < scoreboard_.size(); ++slot)
        note_losses(slot);
    flush();
    for (std::size_t slot = 0; slot < scoreboard_.size(); ++slot)
        scoreboard_.slot(slot).ring.release(positions_[slot]);
    return !batch_.empty();
}

void Logger::collect(std::size_t slot) {
    basehttp::LogRing& ring = scoreboard_.slot(slot).ring;
    while (const auto record = ring.read(positions_[slot])) {
        positions_[slot] = record->end;
        std::int64_t time = 0;
        if (record->kind == basehttp::RecordKind::access) {
            if (const auto access = basehttp::decode_record(record->payload)) time = access->completion_ns();
        } else if (const auto error = basehttp::decode_error_record(record->payload)) {
            time = error->time_ns;
        }
        batch_.push_back({time, slot, *record});
    }
    if (ring.released() > positions_[slot]) {
        say(basehttp::Severity::error,
            fmt::format("{}: its log ring made no sense; what it held was dropped", origin_name(slot)));
        positions_[slot] = ring.released();
    }
}

void Logger::write(const Item& item) {
    if (item.record.kind == basehttp::RecordKind::access) {
        auto record = basehttp::decode_record(item.record.payload);
        if (!record) return;
        record->worker = static_cast<std::uint32_t>(item.slot);  // whatever the worker says of itself
        for (AccessSink& sink : access_)
            sink.format.append_line(sink.file.batch(), *record);
        return;
    }
    if (const auto record = basehttp::decode_error_record(item.record.payload)) write_error(*record, item.slot);
}

void Logger::write_error(const basehttp::ErrorRecord& record, std::size_t slot) {
    for (ErrorSink& sink : error_) {
        if (record.severity <= sink.level) basehttp::append_error_line(sink.file.batch(), record, origin_name(slot));
    }
}

void Logger::note_losses(std::size_t slot) {
    const std::uint64_t lost = scoreboard_.slot(slot).ring.lost();
    if (lost == known_losses_[slot]) return;
    say(basehttp::Severity::error,
        fmt::format("{}: {} log lines lost, since its ring was full", origin_name(slot), lost - known_losses_[slot]));
    known_losses_[slot] = lost;
}

void Logger::flush() {
    for (AccessSink& sink : access_)
        report(sink.file, sink.file.flush());
    for (ErrorSink& sink : error_)
        report(sink.file, sink.file.flush());
}

// Tells once that a sink fails, and once what that has cost.
void Logger::report(FileSink& sink, FileSink::Outcome outcome) {
    switch (outcome) {
        case FileSink::Outcome::good:
        case FileSink::Outcome::failing:
            return;
        case FileSink::Outcome::began_to_fail:
            say(basehttp::Severity::error, fmt::format("cannot write to {}: {}; lines are lost and counted",
                                                       sink.name(), std::generic_category().message(sink.failure())));
            return;
        case FileSink::Outcome::recovered:
            say(basehttp::Severity::notice,
                fmt::format("{} takes lines again; {} were lost", sink.name(), sink.lost_lines()));
            return;
    }
}

// A line of the logger's own; it goes out with the sinks' next flush.
void Logger::say(basehttp::Severity severity, const std::string& text) {
    for (ErrorSink& sink : error_) {
        if (severity <= sink.level)
            basehttp::append_error_line(sink.file.batch(), {basehttp::wall_clock_ns(), severity, text}, "logger");
    }
    if (!armed()) loop_.arm(*this, kFlushInterval);
}

}  // namespace basehttpd
