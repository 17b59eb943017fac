#include "simulation/open_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "simulation/random.h"

namespace simulation {
namespace {

constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

}  // namespace

void Wire::note_edge() const {
    if (const auto end = server.lock()) end->note_edge();
}

// Bytes that nobody has read make a reset of the close, and that takes from the client what it has not read.
Socket::~Socket() {
    push();
    wire->server_finished = true;
    if (wire->to_server.empty() || wire->client_finished) return;
    wire->server_reset = true;
    wire->to_client.clear();
}

std::uint32_t Socket::readiness() const {
    std::uint32_t events = 0;
    if (wire->client_reset) return EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLHUP | EPOLLERR;
    if (!wire->to_server.empty() || wire->client_finished) events |= EPOLLIN;
    if (wire->client_finished) events |= EPOLLRDHUP;
    if (wire->to_client.size() + wire->held.size() < wire->window) events |= EPOLLOUT;
    return events;
}

ssize_t Socket::receive(char* space, std::size_t size, bool peek) const {
    if (wire->client_reset) return -ECONNRESET;
    if (wire->to_server.empty()) return wire->client_finished ? 0 : -EAGAIN;
    const std::size_t taken = wire->to_server.copy(space, size);
    if (!peek) wire->to_server.erase(0, taken);
    return static_cast<ssize_t>(taken);
}

ssize_t Socket::send(std::string_view bytes, bool more) const {
    if (wire->client_reset || wire->server_finished) return -EPIPE;
    const std::size_t used = wire->to_client.size() + wire->held.size();
    const std::size_t room = wire->window > used ? wire->window - used : 0;
    if (room == 0) return -EAGAIN;
    const std::size_t taken = std::min(room, bytes.size());
    wire->held.append(bytes.substr(0, taken));
    if (!more || taken < bytes.size()) push();
    return static_cast<ssize_t>(taken);
}

Listener::~Listener() {
    for (const auto& wire : waiting)
        wire->server_reset = wire->server_finished = true;
}

ssize_t LogFile::write(std::string_view bytes) const {
    const auto most = static_cast<std::size_t>(std::max<std::int64_t>(disk.room, 0));
    if (most == 0 && !bytes.empty()) return -ENOSPC;
    const std::string_view taken = bytes.substr(0, most);
    inode->content += taken;
    if (disk.room != std::numeric_limits<std::int64_t>::max()) disk.room -= static_cast<std::int64_t>(taken.size());
    return static_cast<ssize_t>(taken.size());
}

int Epoll::control(int operation, int fd, const std::shared_ptr<OpenFile>& file, const epoll_event* event) {
    std::erase_if(interests_, [](const Interest& each) { return each.file.expired(); });
    const auto found = std::ranges::find_if(
        interests_, [&](const Interest& each) { return each.fd == fd && each.file.lock() == file; });
    const bool known = found != interests_.end();
    if (known == (operation == EPOLL_CTL_ADD)) return known ? -EEXIST : -ENOENT;
    if (operation == EPOLL_CTL_DEL) {
        interests_.erase(found);
    } else if (known) {
        found->event = *event;
        found->seen = kNever;
    } else {
        interests_.push_back({fd, file, *event, kNever});
    }
    return 0;
}

std::uint32_t Epoll::ready(const Interest& interest) {
    const auto file = interest.file.lock();
    if (!file) return 0;
    if ((interest.event.events & EPOLLET) != 0 && interest.seen == file->edges()) return 0;
    return file->readiness() & (interest.event.events | EPOLLHUP | EPOLLERR);
}

bool Epoll::has_events() const {
    return std::ranges::any_of(interests_, [](const Interest& each) { return ready(each) != 0; });
}

// In any order: nobody may count on one.
int Epoll::collect(epoll_event* events, int most, Random& random) {
    if (interests_.empty()) return 0;
    int count = 0;
    const std::size_t first = random.below(interests_.size());
    for (std::size_t i = 0; i < interests_.size() && count < most; ++i) {
        Interest& each = interests_[(first + i) % interests_.size()];
        const std::uint32_t seen = ready(each);
        if (seen == 0) continue;
        each.seen = each.file.lock()->edges();
        events[count].events = seen;
        events[count].data = each.event.data;
        ++count;
    }
    return count;
}

}  // namespace simulation
