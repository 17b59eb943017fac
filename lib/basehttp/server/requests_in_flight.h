// RequestsInFlight: the requests that a process is in the middle of, for whoever finds it dead or stuck. In the
// daemon the table stands in the scoreboard: one worker writes it; the master reads it when that worker has died, and
// trusts nothing in it.
//
// A request has a place from its first byte until its connection turns to the next one. Taking a place and giving it
// back costs a few stores: no lock, no allocation. Places given back are taken again first, so that memory is touched
// only as far as there once were requests at the same time.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/io/stream.h"
#include "basehttp/log/access_record.h"
#include "basehttp/log/request_id.h"
#include "basehttp/protocol/request.h"

namespace basehttp {

class RequestsInFlight {
  public:
    /// Places. Requests beyond them are not told of, only counted.
    static constexpr std::size_t kMost = 4096;

    /// What is kept of a request line, and of a host.
    static constexpr std::size_t kLongestLine = 328;
    static constexpr std::size_t kLongestHost = 104;

    /// What is known of a request when its first bytes have come.
    struct Arrival {
        std::int64_t time_ns;
        ClientAddress client;
        RequestId id;
        std::string_view bytes;
    };

    /// A request as the reader finds it. Line and host are a client's bytes, cut where they were long.
    struct Found {
        std::int64_t arrival_ns = 0;
        ClientAddress client;
        RequestId id;
        std::uint64_t fingerprint = 0;  ///< 0: its head was not complete
        std::uint64_t log_position = 0;
        bool was_to_be_logged = false;  ///< its record was about to be written, at `log_position` of the log
        bool at_work = false;           ///< the process was executing it, not waiting for its client
        std::string line;
        std::string host;
    };

    /// One request's place, for as long as this lives.
    class Mark {
      public:
        /// `table` may be nullptr: then nobody wants to know. `stream` is the one that its coroutine waits on.
        Mark(RequestsInFlight* table, Stream& stream, const Arrival& arrival);
        ~Mark();
        Mark(const Mark&) = delete;
        Mark& operator=(const Mark&) = delete;

        /// Its head is complete, and `client` asks for it.
        void identify(const Request& request, const ClientAddress& client);

        /// Its record goes to the log next, which has come to `position`: see Log::position().
        void note_logging(std::uint64_t position);

      private:
        RequestsInFlight* table_;
        Stream& stream_;
        std::uint32_t number_ = 0;  // of its place, from 1; 0: there was none left
    };

    /// What tells one request from others when it is asked for again: method, host and path. Never 0.
    static std::uint64_t fingerprint(const Request& request);

    // The reader's side.

    /// The requests that are under way, in no order.
    std::vector<Found> read() const;

    /// How many more there are that found no place.
    std::uint32_t untold() const { return untold_.load(std::memory_order_relaxed); }

    /// The next process that uses this starts without any.
    void reset();

  private:
    struct Place {
        std::atomic<bool> taken = false;
        std::atomic<bool> logging = false;
        std::uint16_t line_size;
        std::uint16_t host_size;
        ClientAddress client;
        std::uint32_t next_free;  // the number of a place, 0: none
        RequestId id;
        std::int64_t arrival_ns;
        std::uint64_t fingerprint;
        std::uint64_t log_position;
        std::array<char, kLongestLine> line;
        std::array<char, kLongestHost> host;
    };
    static_assert(sizeof(Place) == 512);

    Place& place(std::uint32_t number) { return reinterpret_cast<Place*>(places_)[number - 1]; }
    const Place& place(std::uint32_t number) const { return reinterpret_cast<const Place*>(places_)[number - 1]; }
    std::uint32_t take();
    void give_back(std::uint32_t number);
    static void copy_line(Place& place, std::string_view line);
    Found found(std::uint32_t number) const;

    std::atomic<std::uint32_t> at_work_ = 0;  // the number of a place
    std::atomic<std::uint32_t> used_ = 0;     // places that were ever taken
    std::atomic<std::uint32_t> untold_ = 0;
    std::uint32_t free_ = 0;  // of the places given back, the last one
    // Not an array of places: their constructors would touch all of the memory.
    alignas(64) std::byte places_[kMost * sizeof(Place)];
};

}  // namespace basehttp
