// Kernel: the system that the daemon runs on in a simulation. Master, logger and workers are the real ones, from
// Master::run() on; each is a Fiber with a table of descriptors. One of them goes on at a time, and chance alone says
// which one, when it is interrupted, and what fails: so a seed stands for one history, and replays it.
//
// The linker sends the daemon's system calls here (--wrap; system_calls.cc, master_events.cc), so no class has a seam
// for it. What processes share in reality they share here; what a fork copies they share as well, which is good as
// long as the master leaves alone what a child was made from.
//
// The clock moves a few microseconds with each step, and to the next deadline where nobody can go on. The sources
// that share memory between processes are compiled with a call at each basic block (interruption()), so a process can
// be interrupted, and die, between any two of their steps; elsewhere at each system call.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/master/child_exit.h"
#include "simulation/fiber.h"
#include "simulation/open_file.h"
#include "simulation/random.h"

namespace simulation {

/// The points at which the system can refuse.
enum class Fault : std::uint8_t { fork, channel, watch, open, accept, epoll, kill, write, ring, queue, kCount };

inline constexpr std::array<const char*, static_cast<std::size_t>(Fault::kCount)> kFaultNames{
    "fork", "channel", "watch", "open", "accept", "epoll", "kill", "write", "ring", "queue"};

struct Process {
    Process(pid_t number, std::function<void()> body)
        : pid(number), fiber(std::make_unique<Fiber>(std::move(body))) {}

    pid_t pid;
    std::unique_ptr<Fiber> fiber;  ///< none: it has ended
    std::map<int, std::shared_ptr<OpenFile>> files;
    std::string title = "new";
    bool (*waits_for)(void*) = nullptr;  ///< suspended until this is true of `waits_for_what`,
    void* waits_for_what = nullptr;
    std::int64_t wakes_ns = 0;          ///< or until then
    std::int64_t stopped_until_ns = 0;  ///< SIGSTOP
    std::uint64_t dies_after = 0;       ///< steps of its own: basic blocks and system calls; 0: it is not doomed
    std::vector<int> signals;           ///< that somebody has to take
    std::optional<basehttpd::ChildExit> how;  ///< it ended
    bool reaped = false;
    std::size_t left_open = 0;  ///< descriptors, when it returned from its body
};

class Kernel {
  public:
    static constexpr int kFirstDescriptor = 1'000'000;
    static constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();

    Kernel(std::uint64_t seed, bool traces);
    ~Kernel();
    Kernel(const Kernel&) = delete;
    Kernel& operator=(const Kernel&) = delete;

    /// Whether the process that goes on is in a SystemCall.
    static bool in_call;

    /// The one whose process goes on now; nullptr: the program itself does, and its calls are the system's.
    static Kernel* running();

    Random random;
    Disk disk;
    std::array<unsigned, static_cast<std::size_t>(Fault::kCount)> faults{};  ///< in 1000
    std::int64_t wall_offset_ns = 1'700'000'000'000'000'000;
    std::map<pid_t, std::unique_ptr<Process>> processes;

    std::int64_t now_ns() const { return now_ns_; }
    std::uint64_t steps() const { return steps_; }
    std::uint64_t digest() const { return digest_; }

    /// At most 2^`bits` basic blocks lie between two interruptions; 0: none.
    void set_interruptions(unsigned bits);

    /// A line of the trace.
    void note(std::string_view what);
    bool traces() const { return traces_; }

    /// Whether the system refuses at this point, now.
    bool refuses(Fault fault);

    // What the program does with it.

    pid_t start(const std::vector<int>& keep, std::function<int()> body);
    void end(Process& process, basehttpd::ChildExit how);
    void signal(pid_t pid, int number);

    /// Something else that happens: `next_ns` says when, and `run` does it.
    struct Actor {
        virtual ~Actor() = default;
        virtual std::int64_t next_ns() const = 0;
        virtual void act() = 0;
    };
    void add(Actor& actor) { actors_.push_back(&actor); }

    /// One process or actor goes on. False: nobody ever will.
    bool step();

    std::weak_ptr<Listener> listener;  ///< the one that clients connect to; bind(2) sets it

    // What processes call.

    Process& current() { return *current_; }

    /// Lets others go on until `condition` is true of `what`, or that moment has come.
    void wait(bool (*condition)(void*), void* what, std::int64_t until_ns);

    /// Lets others go on, maybe.
    void give_way();

    /// At each basic block of what shares memory.
    void interruption() {
        if (in_call) return;
        if (current_->dies_after != 0 && --current_->dies_after == 0) die();
        if (--until_interruption_ == 0) interrupt();
    }

    int open(std::shared_ptr<OpenFile> file);
    /// The process's table owns it, and no stack of a fiber may: one that is killed is not unwound.
    template <typename File = OpenFile>
    File* file(int fd) {
        const auto found = current_->files.find(fd);
        return found == current_->files.end() ? nullptr : dynamic_cast<File*>(found->second.get());
    }
    std::shared_ptr<OpenFile> share(int fd) const {
        const auto found = current_->files.find(fd);
        return found == current_->files.end() ? nullptr : found->second;
    }

    [[noreturn]] void exit(int code);

  private:
    void interrupt();
    void die();
    void draw_interruption();
    void resume(Process& process);
    bool can_go_on(const Process& process) const;

    std::vector<Actor*> actors_;
    std::vector<Process*> ready_;
    std::vector<Actor*> due_;
    Process* current_ = nullptr;
    std::int64_t now_ns_ = 1'000'000'000'000;
    std::uint64_t steps_ = 0;
    std::uint64_t digest_ = 0;
    std::uint64_t until_interruption_ = 0;
    pid_t next_pid_ = 1000;
    unsigned interruption_bits_ = 0;
    bool traces_;
};

/// While one lives, a process is in a system call: there it is interrupted where the kernel says so alone. Templates
/// that the daemon and the kernel both use exist once, and may be of those compiled with calls of interruption().
class SystemCall {
  public:
    SystemCall() : before_(std::exchange(Kernel::in_call, true)) {}
    SystemCall(const SystemCall&) = delete;
    SystemCall& operator=(const SystemCall&) = delete;
    ~SystemCall() { Kernel::in_call = before_; }

    /// Within one, while the process's own code runs again.
    class Callback {
      public:
        Callback() { Kernel::in_call = false; }
        Callback(const Callback&) = delete;
        Callback& operator=(const Callback&) = delete;
        ~Callback() { Kernel::in_call = true; }
    };

  private:
    bool before_;
};

}  // namespace simulation
