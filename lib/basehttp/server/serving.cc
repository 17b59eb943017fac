#include "basehttp/server/serving.h"

#include <random>
#include <system_error>
#include <utility>

#include "basehttp/io/thread_pool.h"

namespace basehttp {

Serving::Serving(EventLoop& loop, ServerContext& context, ListeningSockets& listeners,
                 std::chrono::milliseconds stop_timeout)
    : loop_(loop),
      context_(context),
      listeners_(listeners),
      stop_timeout_(stop_timeout),
      connections_(loop, context) {
    if (const std::size_t most = context.limits.connections_per_client; most != 0) {
        client_counts_ = std::make_unique<ClientCounts>();
        clients_ = std::make_unique<ClientLimit>(most, std::random_device{}(), *client_counts_);
        context_.clients = clients_.get();
    }
    for (const int listener : listeners.descriptors())
        acceptors_.emplace_back(loop, listener, static_cast<Acceptor::Receiver&>(*this));
    connections_.on_change = [this] { context_.stopping ? leave_when_done() : accept_while_room(); };
    connections_.on_room_change = [this] {
        if (limit_.is_reached()) accept_while_room();
    };
}

Serving::~Serving() {
    connections_.on_change = nullptr;
    if (context_.threads != nullptr) context_.threads->finish();
}

void Serving::run(const std::function<void()>& on_ready) {
    if (auto joined = join(); !joined)
        throw std::system_error(joined.error().code, std::generic_category(), joined.error().operation);
    on_ready();
    loop_.run();
    pause_.cancel();
    patience_.cancel();
    leave();
}

IoResult<void> Serving::join() {
    for (Acceptor& acceptor : acceptors_) {
        if (auto joined = acceptor.join(); !joined) return joined;
    }
    return {};
}

void Serving::leave() {
    for (Acceptor& acceptor : acceptors_)
        acceptor.leave();
}

void Serving::stop(Stop how) {
    const bool first = !std::exchange(context_.stopping, true);
    context_.draining = true;
    if (first) leave_listeners();
    if (how == Stop::now) {
        connections_.interrupt_all();
        loop_.stop();
        return;
    }
    if (first) {
        connections_.close_idle();
        loop_.arm(patience_, stop_timeout_);
    }
    leave_when_done();
}

// Connections that wait in the queue were accepted in the client's eyes: closing the sockets would reset them.
void Serving::leave_listeners() {
    constexpr int kMostWaiting = 4096;
    pause_.cancel();
    for (Acceptor& acceptor : acceptors_) {
        for (int i = 0; i < kMostWaiting && acceptor.accept_one(); ++i) {
        }
    }
    leave();
    listeners_.close();
}

void Serving::leave_when_done() {
    if (connections_.size() == 0) loop_.stop();
}

void Serving::on_accepted(UniqueFd socket, const SocketAddress& peer, const SocketAddress& local) {
    // Stopping, each that waits in the queue is served, and the end of the last one would end the loop.
    if (context_.stopping || limit_.admit(peer)) connections_.open(std::move(socket), peer, local);
    accept_while_room();
}

void Serving::on_accept_failed(const IoError& error) {
    constexpr std::chrono::milliseconds kPause{100};
    // The listening socket says at once that somebody waits still.
    if (limit_.make_room_after(error)) return;
    // There is nothing to accept with: tried again when a connection ends, or after a pause.
    leave();
    if (!context_.stopping) loop_.arm(pause_, kPause);
}

void Serving::accept_while_room() {
    constexpr std::chrono::milliseconds kPause{500};
    if (context_.stopping) return;
    if (!limit_.is_full()) {
        static_cast<void>(join());
        return;
    }
    if (takes_part()) limit_.note_full();
    leave();
    // Nothing tells when one that has sent no request yet has been silent for long enough to make room.
    loop_.arm(pause_, kPause);
}

}  // namespace basehttp
