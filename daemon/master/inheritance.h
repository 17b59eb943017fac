// Inheritance: what a master hands over to the new binary that it executes in its own place, and what that finds: the
// listening sockets, the children, and the lines to them. It travels as open descriptors and one environment
// variable. The shared memory does not: the two versions may see it differently. The old workers keep theirs, with
// the old logger to drain it, until they are done; and a second one stands by, since the new binary could not start
// another one if that dies.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/board/status_facts.h"

namespace basehttpd {

struct Inheritance {
    struct Child {
        pid_t pid;
        int channel;
    };

    /// One that takes a log's lines.
    struct Program {
        pid_t pid;     ///< 0: none runs
        int read_end;  ///< of its pipe
        std::string command;
    };

    /// What is counted from the first master on.
    struct Counted {
        Figures all{};
        std::vector<std::pair<std::string, SiteFigures>> sites{};  ///< by name
    };

    std::vector<int> listeners;
    bool passed = false;  ///< the listeners came from the service manager: `listen` does not count
    std::vector<Child> workers;
    Child logger{};
    std::vector<Program> programs{};
    Counted counted{};
    Child standby{};  ///< a logger that does nothing before it hears message::kTakeOver; pid 0: there is none

    /// Whether this process was handed something that it has not taken yet.
    static bool waits();

    /// What this process was handed, once: the variable is gone afterwards, and the descriptors are closed by exec.
    static std::optional<Inheritance> take();

    /// Makes the next exec hand this over.
    void give() const;

    /// Undoes give(), where exec has failed.
    void keep() const;

    std::string encode() const;
    static std::optional<Inheritance> decode(const std::string& text);

  private:
    void set_close_on_exec(bool on) const;
};

}  // namespace basehttpd
