// ClientLimit: how many connections one client may have open (`limits.connections_per_client`): refused are those
// beyond. A client that has none in this process always gets one, so that nothing that is said of other processes
// shuts it out. Connections without an address, those of unix sockets, are not counted.
#pragma once

#include <cstddef>
#include <cstdint>

#include "basehttp/io/client_address.h"
#include "basehttp/server/client_counts.h"

namespace basehttp {

class ClientLimit {
  public:
    /// `own` counts this process's connections and is empty. All processes that count together have the same seed.
    ClientLimit(std::size_t most, std::uint64_t seed, ClientCounts& own) : most_(most), seed_(seed), own_(own) {}
    virtual ~ClientLimit() = default;
    ClientLimit(const ClientLimit&) = delete;
    ClientLimit& operator=(const ClientLimit&) = delete;

    std::size_t most() const { return most_; }

    /// Counts a connection, or says false where the client has as many as it may.
    bool enter(const ClientAddress& address);

    /// A connection that has entered is closed.
    void leave(const ClientAddress& address);

  private:
    /// The client's connections in other processes.
    virtual std::size_t elsewhere(std::uint64_t) const { return 0; }

    std::size_t most_;
    std::uint64_t seed_;
    ClientCounts& own_;
};

}  // namespace basehttp
