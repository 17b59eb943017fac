#include "daemon/worker/worker.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "basehttp/io/monotonic_clock.h"
#include "daemon/config/error_level.h"
#include "daemon/config/log_captures.h"
#include "daemon/process/child.h"

namespace basehttpd {
namespace {

constexpr std::chrono::milliseconds kHeartbeat{500};

// Connections accepted without a look at what goes on on the others; AcceptShare ends it sooner.
constexpr int kMostARound = 16;

std::string server_version(ServerTokens tokens) {
    switch (tokens) {
        case ServerTokens::full:
            return "basehttpd/" BASEHTTPD_VERSION;
        case ServerTokens::name:
            return "basehttpd";
        case ServerTokens::none:
            break;
    }
    return {};
}

}  // namespace

Worker::Worker(const Config& config, const Sites& sites, Scoreboard& scoreboard, std::size_t slot, WorkerFds fds)
    : config_(config),
      sites_(sites),
      limits_(Sites::limits_for(config)),
      scoreboard_(scoreboard),
      slot_(scoreboard.slot(slot)),
      fds_(std::move(fds)),
      log_(slot_.ring, fds_.logger_wake, config, loop_),
      context_(limits_, sites.router(), log_, slot_.counters),
      connections_(loop_, context_),
      share_(scoreboard, slot) {
    context_.loop = &loop_;
    context_.log_room = &log_;
    context_.threads = &threads_;
    context_.in_flight = &slot_.in_flight;
    context_.captures = captures_of(config);
    context_.log_level = error_level(config);
    context_.quarantine = &scoreboard.quarantine();
    context_.trusted_proxies = config.trusted_proxies;
    context_.server_version = server_version(config.server_tokens);
    for (const SiteConfig& site : config.sites)
        context_.site_counters.push_back(&slot_.sites[scoreboard.site_numbers().of(site_name(site))]);
    if (limits_.connections_per_client != 0) {
        clients_.emplace(limits_.connections_per_client, scoreboard, slot);
        context_.clients = &*clients_;
    }
    connections_.on_change = [this] { leave_when_done(); };
    connections_.on_room_change = [this] {
        if (limit_.is_reached()) balance();
    };
    for (const int listener : fds_.listeners)
        doors_.emplace_back(*this, listener);
}

int Worker::run() {
    loop_.add(fds_.channel, EPOLLIN, master_watch_).value();
    slot_.state = WorkerState::serving;
    beat();
    take_part();
    send_message(fds_.channel, message::kReady);
    loop_.run();
    slot_.accepting = false;
    return EXIT_SUCCESS;
}

void Worker::beat() {
    slot_.heartbeat_ms.store(basehttp::monotonic_ms(), std::memory_order_relaxed);
    slot_.own_memory.store(memory_.read(), std::memory_order_relaxed);
    out_of_descriptors_ = false;
    look_again();
    doubt_others();
    balance();
    loop_.arm(heart_, kHeartbeat);
}

// The kernel may have woken one worker alone for a connection, and that one hangs or has died since. Joining anew
// tells what waits.
void Worker::look_again() {
    if (!slot_.accepting) return;
    for (Door& door : doors_) {
        door.acceptor.leave();
        if (auto joined = door.acceptor.join(); !joined) log_.error(basehttp::Severity::error, joined.error().text());
    }
}

// Others take part by their own account. Where connections wait for two beats nevertheless, this one takes them.
void Worker::doubt_others() {
    const bool left = !slot_.accepting && !full() && !context_.draining;
    beats_with_waiting_ = left && somebody_waits() ? beats_with_waiting_ + 1 : 0;
    others_doubted_ = beats_with_waiting_ >= 2;
}

bool Worker::somebody_waits() const {
    return std::ranges::any_of(fds_.listeners, [](int listener) {
        pollfd waiting{listener, POLLIN, 0};
        return ::poll(&waiting, 1, 0) == 1;
    });
}

void Worker::on_master() {
    const Order order = receive_order(fds_.channel);
    switch (order.message) {
        // The master is gone, and with it whoever would replace this process: the port must not be kept.
        case message::kGone:
            loop_.stop();
            return;
        case message::kPasswords:
            sites_.replace_passwords(order.name, read_whole(order.file.get()));
            return;
        case message::kEnd:
            ::_exit(EXIT_SUCCESS);
        case message::kStop:
            context_.stopping = true;
            break;
        case message::kRetire:
            break;
        default:
            return;
    }
    drain();
    if (context_.stopping) connections_.close_idle();
    leave_when_done();
}

void Worker::drain() {
    if (context_.draining) return;
    context_.draining = true;
    slot_.state = WorkerState::draining;
    // Connections that wait in the queue were accepted in the client's eyes: closing the socket would reset them.
    constexpr int kMostWaiting = 4096;
    for (Door& door : doors_) {
        for (int i = 0; i < kMostWaiting && door.acceptor.accept_one(); ++i) {
        }
    }
    leave_sockets();
    doors_.clear();
    for (const int listener : fds_.listeners)
        ::close(listener);
}

void Worker::leave_when_done() {
    if (context_.draining) {
        // Not while drain() still takes connections from the queue.
        if (doors_.empty() && connections_.size() == 0) loop_.stop();
        return;
    }
    out_of_descriptors_ = false;
    if (!slot_.accepting) balance();
}

Worker::Door::Door(Worker& worker, int listener)
    : acceptor(worker.loop_, listener, *this, kMostARound),
      worker_(worker),
      proxy_protocol_(requires_proxy_protocol(worker.config_, basehttp::SocketAddress::of_socket(listener))
                          ? basehttp::ProxyProtocol::required
                          : basehttp::ProxyProtocol::off) {}

void Worker::Door::on_accepted(basehttp::UniqueFd socket, const basehttp::SocketAddress& peer,
                               const basehttp::SocketAddress& local) {
    if (worker_.limit_.admit(peer, proxy_protocol_))
        worker_.connections_.open(std::move(socket), peer, local, proxy_protocol_);
    if (!worker_.context_.draining) worker_.balance();
}

void Worker::on_accept_failed(const basehttp::IoError& error) {
    if (out_of_descriptors_) return;
    // The listening socket says at once that somebody waits still.
    if (limit_.make_room_after(error)) return;
    out_of_descriptors_ = true;
    leave_sockets();
}

// Takes part in the listening sockets or leaves them to the others.
void Worker::balance() {
    if (context_.draining) return;
    if (full()) {
        if (slot_.accepting && !out_of_descriptors_) limit_.note_full();
        leave_sockets();
        return;
    }
    if (others_doubted_ || !share_.has_more_than_its_share()) {
        take_part();
        return;
    }
    leave_sockets();
    // Others may have left at the same moment: the one with the fewest connections comes back when called.
    if (!share_.others_take_part()) call_others();
}

void Worker::take_part() {
    if (slot_.accepting) return;
    if (waits_for_call_) loop_.remove(fds_.accept_call, call_watch_);
    waits_for_call_ = false;
    for (Door& door : doors_) {
        if (auto joined = door.acceptor.join(); !joined) log_.error(basehttp::Severity::error, joined.error().text());
    }
    slot_.accepting = true;
}

void Worker::leave_sockets() {
    if (!slot_.accepting) return;
    slot_.accepting = false;
    for (Door& door : doors_)
        door.acceptor.leave();
    if (!context_.draining) waits_for_call_ = loop_.add(fds_.accept_call, EPOLLIN | EPOLLET, call_watch_).has_value();
}

// The eventfd is never read: edge-triggered, each write wakes every worker that has left the sockets.
void Worker::call_others() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(fds_.accept_call, &one, sizeof one);
}

}  // namespace basehttpd
