// HostNames: what clients' addresses are called, as far as that is known in time. Owned by the Logger, where
// `resolve_hostnames` is on.
//
// The clients of a batch of lines are asked for all at once, and the batch waits for the answers: at most 100 ms, and
// on the whole at most a fifth of the time, so that name servers that do not answer hold up no log. What is not known
// by then is a number in these lines, and a name in later ones.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <string_view>

#include "basehttp/io/client_address.h"
#include "daemon/logger/lookup_threads.h"

namespace basehttpd {

class HostNames {
  public:
    using Clock = std::chrono::steady_clock;

    static constexpr std::size_t kMostKnown = 10'000;
    static constexpr std::chrono::milliseconds kLongestWait{100};
    static constexpr std::chrono::minutes kNameLasts{10};
    static constexpr std::chrono::minutes kNoNameLasts{1};

    explicit HostNames(LookupThreads::LookUp look_up);

    /// A line of a batch is about that client: it is asked for, unless it is known.
    void expect(const basehttp::ClientAddress& client);

    /// Waits for those that were asked for since the last call, as long as may be; `hurry` is asked now and then
    /// whether that is too long.
    void wait(const std::function<bool()>& hurry);

    /// The client's name; empty where it has none that is known. Good until the next call of another function.
    std::string_view name_of(const basehttp::ClientAddress& client);

  private:
    using Key = std::array<unsigned char, 17>;  // family and address
    struct Known {
        Key key;
        std::string name;
        Clock::time_point until;
        bool asked = false;    // and not answered yet
        bool awaited = false;  // by this batch
    };

    static Key key_of(const basehttp::ClientAddress& address);
    Known& remember(const Key& key);
    void note(const std::vector<LookupThreads::Answer>& answers);
    void refill(Clock::time_point now);

    LookupThreads threads_;
    std::list<Known> known_;  // the one that was needed last in front
    std::map<Key, std::list<Known>::iterator> by_key_;
    std::size_t awaited_ = 0;
    std::chrono::nanoseconds may_wait_ = kLongestWait;
    Clock::time_point refilled_ = Clock::now();
};

}  // namespace basehttpd
