// Exchange: one request and its response, with the memory for both. A connection borrows one from the process's pool
// when a request begins to arrive and gives it back when it falls idle, so that idle connections hold no buffers.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/io/client_address.h"
#include "basehttp/io/input_buffer.h"
#include "basehttp/log/request_id.h"
#include "basehttp/pages/error_pages.h"
#include "basehttp/protocol/request.h"
#include "basehttp/server/body_reader.h"
#include "basehttp/server/head_reader.h"
#include "basehttp/server/response_writer.h"

namespace basehttp {

struct Route;
struct Site;

struct Exchange {
    /// Bytes of a response that an exchange keeps room for.
    static constexpr std::size_t kMostKept = 64 * 1024;

    explicit Exchange(const Limits& limits) : head(input, request, limits), body(input, limits), response(limits) {}
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    /// Whether it holds more memory than an idle one should.
    bool has_grown() const { return input.capacity() > InputBuffer::kFirstCapacity || response.memory() > kMostKept; }

    InputBuffer input;
    Request request;
    HeadReader head;
    BodyReader body;
    ResponseWriter response;
    RequestId id;
    ClientAddress client;                     // who asks: the peer, or whom a trusted proxy names
    std::string_view scheme;                  // that the client uses, `http` or `https`
    Stream* stream = nullptr;                 // of the connection
    const ErrorPages* error_pages = nullptr;  // of the site that was found, if any
    const Site* site = nullptr;               // that was found, if any
    const Route* route = nullptr;             // likewise
    std::string user;                         // who has proved to be who, if anybody has
    std::string captured;                     // what the log formats ask for, as class Captured packs it
};

class ExchangePool {
  public:
    static constexpr std::size_t kMostSpare = 64;

    /// `limits` must outlive the pool and what it lent.
    explicit ExchangePool(const Limits& limits) : limits_(limits) {}

    std::unique_ptr<Exchange> borrow() {
        if (spare_.empty()) return std::make_unique<Exchange>(limits_);
        auto exchange = std::move(spare_.back());
        spare_.pop_back();
        return exchange;
    }

    /// How many wait to be borrowed.
    std::size_t spare() const { return spare_.size(); }

    /// Frees those that wait.
    void drop_spare() {
        spare_.clear();
        spare_.shrink_to_fit();
    }

    void give_back(std::unique_ptr<Exchange> exchange) {
        if (exchange->has_grown() || spare_.size() >= kMostSpare) return;
        exchange->input.clear();
        spare_.push_back(std::move(exchange));
    }

  private:
    const Limits& limits_;
    std::vector<std::unique_ptr<Exchange>> spare_;
};

}  // namespace basehttp
