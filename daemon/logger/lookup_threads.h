// LookupThreads: look names up, several at a time, so that the logger itself never waits for a name server. Owned by
// its HostNames, in the logger. The threads are made when they are needed; one that waits for a name server cannot be
// stopped, and ends with the process.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "basehttp/io/client_address.h"

namespace basehttpd {

class LookupThreads {
  public:
    using LookUp = std::function<std::string(const basehttp::ClientAddress&)>;

    struct Answer {
        basehttp::ClientAddress address;
        std::string name;  ///< empty: it has none
    };

    /// `look_up` is called in the threads, in several at a time.
    explicit LookupThreads(LookUp look_up);
    ~LookupThreads();
    LookupThreads(const LookupThreads&) = delete;
    LookupThreads& operator=(const LookupThreads&) = delete;

    /// Puts a question. False: there are too many already.
    bool ask(const basehttp::ClientAddress& address);

    /// What has been found out since the last call.
    std::vector<Answer> take();

    /// The same, after a wait for the first of it where there is none yet.
    std::vector<Answer> wait(std::chrono::nanoseconds longest);

  private:
    struct Shared;
    static void run(const std::shared_ptr<Shared>& shared);
    void add_thread();

    // Shared with the threads, which may outlive this.
    std::shared_ptr<Shared> shared_;
    std::size_t threads_ = 0;
};

}  // namespace basehttpd
