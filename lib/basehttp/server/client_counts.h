// ClientCounts: how many connections each client has in one process. In the daemon it stands in memory that one
// worker writes and the others read; zeros are an empty one.
//
// A client is an IPv4 address or an IPv6 network of 64 bits, known by a keyed hash alone. The table does not grow:
// where the places for a hash are taken by other clients, the client's connections are not counted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "basehttp/io/client_address.h"

namespace basehttp {

class ClientCounts {
  public:
    /// A client's connections beyond this are not counted.
    static constexpr std::size_t kMost = 65'535;

    /// What the client at that address is known by. Who does not know the seed cannot choose addresses that meet in
    /// one place.
    static std::uint64_t client_at(const ClientAddress& address, std::uint64_t seed);

    std::size_t count(std::uint64_t client) const;

    void add(std::uint64_t client);

    /// Takes back one add(), if that one was counted.
    void remove(std::uint64_t client);

    void clear();

  private:
    // A place: 48 bits of the client's hash above its count; 0: free.
    using Bucket = std::array<std::uint64_t, 8>;  // a cache line

    Bucket& bucket(std::uint64_t client);
    const Bucket& bucket(std::uint64_t client) const;

    // Not initialized: what nobody has touched costs no memory.
    alignas(64) std::array<Bucket, 2048> buckets_;
};

}  // namespace basehttp
