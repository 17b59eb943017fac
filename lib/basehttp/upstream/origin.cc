#include "basehttp/upstream/origin.h"

#include <algorithm>

#include "basehttp/io/connect_stream.h"

namespace basehttp {
namespace {

// Shorter than the patience of most programs: Node ends a connection after 5 s, gunicorn after 2 s, which it does not
// say; who loses that race gets 502.
constexpr std::chrono::milliseconds kKeptFor{4'000};

// One that says how long it waits is left in time before that.
constexpr std::chrono::milliseconds kMargin{1'000};

}  // namespace

std::string Origin::authority() const {
    return address_.family() == AF_UNIX ? "localhost" : address_.text();
}

std::unique_ptr<OriginConnection> Origin::take_kept() {
    while (!kept_.empty()) {
        auto connection = std::move(kept_.back());
        kept_.pop_back();
        connection->idle_timer.reset();
        if (connection->is_quiet_now()) return connection;
    }
    return nullptr;
}

Task<OriginResult<std::unique_ptr<OriginConnection>>> Origin::connect(EventLoop& loop, const Stream& client) {
    auto stream = co_await connect_stream(loop, address_, settings_.connect_timeout, client);
    if (!stream) co_return std::unexpected(origin_failure(stream.error()));
    co_return std::make_unique<OriginConnection>(*std::move(stream), settings_.timeout);
}

void Origin::keep(EventLoop& loop, std::unique_ptr<OriginConnection> connection,
                  std::optional<std::chrono::seconds> at_most) {
    auto time = kKeptFor;
    if (at_most) time = std::min(time, std::chrono::milliseconds(*at_most) - kMargin);
    if (settings_.keep_connections == 0 || time.count() <= 0 || !connection->is_quiet()) return;
    if (kept_.size() >= settings_.keep_connections) kept_.pop_front();
    OriginConnection* const raw = connection.get();
    raw->rest();
    raw->idle_timer = std::make_unique<Timer>(
        [this, raw] { std::erase_if(kept_, [raw](const auto& each) { return each.get() == raw; }); });
    loop.arm(*raw->idle_timer, time);
    kept_.push_back(std::move(connection));
}

void Origin::note_failure(Clock::time_point now) {
    if (settings_.failures == 0 || ++failures_ < settings_.failures) return;
    aside_until_ = now + settings_.retry_after;
}

}  // namespace basehttp
