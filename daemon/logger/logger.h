// Logger: the logger process: the only writer of logs. It drains the rings of all workers and of the master, brings
// the records into order of completion, makes lines of them in the sinks' queues, and hands those on.
//
// It sleeps while all rings are empty, and once woken looks every flush interval until they are empty again, or as
// soon as a ring is half full; so a lone line is written at once, and a busy server costs twenty wake-ups a second.
//
// A round: take a batch of what the rings hold, make lines, commit, release the rings, flush the sinks. Where a good
// sink has no room, the round waits before its commit, and the rings fill.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "basehttp/io/event_loop.h"
#include "basehttp/log/access_record.h"
#include "daemon/board/scoreboard.h"
#include "daemon/logger/host_names.h"
#include "daemon/logger/log_routes.h"
#include "daemon/logger/record_intake.h"
#include "daemon/logger/sinks/open_outlet.h"
#include "daemon/logger/sinks/sink.h"
#include "daemon/logs/log_memory.h"
#include "daemon/logs/log_plan.h"
#include "daemon/logs/repeat_folder.h"

namespace basehttpd {

/// The descriptors that a logger inherits, beside its files.
struct LoggerFds {
    int wake;     ///< eventfd that writers wake it by
    int channel;  ///< to the master
};

class Logger : private basehttp::EventTarget, private basehttp::Deadline, private Sink::Observer {
  public:
    /// All must outlive it; `ends` has an entry for each sink of the plan, in its order.
    Logger(const LogPlan& plan, const std::vector<SinkEnds>& ends, Scoreboard& scoreboard, LogMemory& memory,
           LoggerFds fds);

    /// Writes logs until the master says stop or is gone, then what the rings still hold; or until it says that
    /// another logger takes over, who finds in the rings and queues what this one has not written. The exit code.
    int run();

  private:
    void open_sinks(const LogPlan& plan, const std::vector<SinkEnds>& ends);

    void on_events(std::uint32_t events) override;
    void on_deadline() override;
    void on_failing(Sink& sink) override;
    void on_recovered(Sink& sink, std::uint64_t lost, std::chrono::milliseconds after) override;
    void on_progress() override;
    void listen_to_master();
    void on_master_gone();
    bool out_of_time() const;

    enum class Found : std::uint8_t {
        nothing,
        some,  ///< and maybe there is more by the next time
        more,  ///< than goes into one batch
    };
    Found round();
    void tell_losses(std::size_t slot);
    void heed_owners(std::size_t slot);
    void drop_nonsense(std::size_t slot);
    void look_clients_up();
    bool a_ring_fills_up() const;
    void make_lines();
    void write(const RecordIntake::Item& item);
    void write_access(const RecordIntake::Item& item);
    void write_if_new(const basehttp::ErrorRecord& record, std::size_t slot);
    void write_error(const basehttp::ErrorRecord& record, std::size_t slot);
    bool sinks_are_full() const;
    bool commit();
    void tell_repeats();
    void write_repeats(const RepeatFolder::Repeats& repeats);
    void say(basehttp::Severity severity, const std::string& text);
    bool sleep();
    void finish();
    void tell_leftovers();

    Scoreboard& scoreboard_;
    LogMemory& memory_;
    LoggerFds fds_;
    basehttp::EventLoop loop_;
    std::vector<std::unique_ptr<Sink>> sinks_;
    std::unique_ptr<LogRoutes> routes_;
    std::unique_ptr<HostNames> names_;  // where they are wanted
    RecordIntake intake_;
    basehttp::AccessRecord record_;  // the one of which lines are made
    RepeatFolder folder_;
    std::vector<LogProgress::Ring> rings_;  // read so far, for each slot
    bool more_ = false;                     // is in the rings than the last batch took
    bool asleep_ = false;
    bool stopping_ = false;
    bool handing_over_ = false;
    std::int64_t leave_at_ms_ = 0;  // once the master is gone
};

}  // namespace basehttpd
