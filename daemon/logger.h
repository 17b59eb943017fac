// Logger: the logger process: the only writer of logs. It drains the rings of all workers and of the master, brings
// the records into order of completion, and writes them to the sinks, one write for each sink and batch.
//
// It sleeps while all rings are empty, and once woken looks every flush interval until they are empty again; so a
// lone line is written at once, and a busy server costs twenty wake-ups a second.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "basehttp/io/event_loop.h"
#include "basehttp/log/error_record.h"
#include "basehttp/log/log_format.h"
#include "daemon/config.h"
#include "daemon/log_files.h"
#include "daemon/scoreboard.h"
#include "daemon/sinks/file_sink.h"

namespace basehttpd {

class Logger : private basehttp::EventTarget, private basehttp::Deadline {
  public:
    /// `wake_fd` is the eventfd that writers wake it by, `channel` its line to the master. All must outlive it.
    Logger(const LogConfig& config, const LogFiles& files, Scoreboard& scoreboard, int wake_fd, int channel);

    /// Writes logs until the master says stop or is gone, then what the rings still hold; or until it says that
    /// another logger takes over, who finds in the rings what this one has not written. The exit code.
    int run();

  private:
    struct AccessSink {
        basehttp::LogFormat format;
        FileSink file;
    };
    struct ErrorSink {
        basehttp::Severity level;
        FileSink file;
    };
    // A record in a ring: views into it stay good until the ring is released.
    struct Item {
        std::int64_t time_ns;
        std::size_t slot;
        basehttp::LogRing::Record record;
    };

    void on_events(std::uint32_t events) override;
    void on_deadline() override;
    void listen_to_master();

    bool drain();
    void collect(std::size_t slot);
    void write(const Item& item);
    void write_error(const basehttp::ErrorRecord& record, std::size_t slot);
    void note_losses(std::size_t slot);
    void flush();
    void report(FileSink& sink, FileSink::Outcome outcome);
    void say(basehttp::Severity severity, const std::string& text);
    bool sleep();

    Scoreboard& scoreboard_;
    int wake_fd_;
    int channel_;
    basehttp::EventLoop loop_;
    std::vector<AccessSink> access_;
    std::vector<ErrorSink> error_;
    std::vector<Item> batch_;
    std::vector<std::uint64_t> positions_;     // read so far, for each slot
    std::vector<std::uint64_t> known_losses_;  // told of so far, for each slot
    bool stopping_ = false;
    bool handing_over_ = false;
};

}  // namespace basehttpd
