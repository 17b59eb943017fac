#include "simulation/client.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace simulation {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000;

int number_after(std::string_view text, std::string_view what) {
    const std::size_t at = text.find(what);
    int number = 0;
    if (at != std::string_view::npos)
        std::from_chars(text.data() + at + what.size(), text.data() + text.size(), number);
    return number;
}

}  // namespace

Client::Client(Kernel& kernel, unsigned number, std::vector<Request> requests, Manner manner, std::int64_t begins_ns)
    : kernel_(kernel),
      number_(number),
      requests_(std::move(requests)),
      manner_(manner),
      pipelines_(kernel.random.chance(1, 3)),
      portion_(std::uint64_t{1} << (manner == Manner::prompt ? 13 : kernel.random.below(13))),
      acts_left_(static_cast<unsigned>(kernel.random.of_any_size(40))),
      next_ns_(begins_ns) {}

void Client::sleep(std::int64_t most_ns) {
    next_ns_ = kernel_.now_ns() + kernel_.random.between(1, most_ns);
}

void Client::act() {
    sleep(kernel_.random.chance(1, 20) ? 20 * kMillisecond : kMillisecond / 2);
    if (!wire_) return connect();
    if (manner_ == Manner::leaves && acts_left_-- == 0) return leave();
    const bool sends = request_ < requests_.size() && (pipelines_ || request_ <= answers_.size());
    if (sends && !wire_->server_finished && kernel_.random.chance(1, 2)) return send_some();
    read_some();
}

void Client::connect() {
    const auto listener = kernel_.listener.lock();
    if (!listener || !listener->listens) {
        next_ns_ = Kernel::kForever;
        return;
    }
    wire_ = std::make_shared<Wire>();
    wire_->port = static_cast<std::uint16_t>(1024 + number_);
    if (manner_ != Manner::prompt && kernel_.random.chance(1, 4))
        wire_->window = 1 + kernel_.random.of_any_size(2000);
    connected_ns_ = kernel_.now_ns();
    kernel_.note(fmt::format("client {} connects", number_));
    listener->waiting.push_back(wire_);
    listener->note_edge();
}

void Client::send_some() {
    const std::string& bytes = requests_[request_].bytes;
    const std::size_t count = std::min<std::size_t>(1 + kernel_.random.below(portion_), bytes.size() - sent_);
    wire_->to_server.append(bytes, sent_, count);
    wire_->note_edge();
    sent_ += count;
    if (sent_ < bytes.size()) return;
    kernel_.note(fmt::format("client {} has sent {}", number_, requests_[request_].name));
    ++request_;
    sent_ = 0;
}

void Client::read_some() {
    const std::size_t count = std::min<std::size_t>(1 + kernel_.random.below(4 * portion_), wire_->to_client.size());
    received_.append(wire_->to_client, 0, count);
    wire_->to_client.erase(0, count);
    if (count > 0) wire_->note_edge();
    while (take_answer()) {
    }
    if (answers_.size() == requests_.size() || !complaint_.empty()) {
        leave();
    } else if ((wire_->server_finished && wire_->to_client.empty()) || wire_->server_reset) {
        kernel_.note(fmt::format("client {} sees the connection end", number_));
        leave();
    }
}

// One whole response.
bool Client::take_answer() {
    const std::size_t end = received_.find("\r\n\r\n");
    if (end == std::string::npos || answers_.size() == requests_.size()) return false;
    const std::string_view head(received_.data(), end + 4);
    const Request& request = requests_[answers_.size()];
    const int status = number_after(head, "HTTP/1.1 ");
    const auto length = static_cast<std::size_t>(number_after(head, "Content-Length: "));
    const std::size_t size = head.size() + (request.head_only || status == 204 || status == 304 ? 0 : length);
    if (received_.size() < size) return false;
    if (status == 100) {
        received_.erase(0, size);
        return true;
    }
    const bool redirects = head.find("Location: ") != std::string_view::npos;
    if (status < 200 || status > 599 || (redirects && head.find(request.name) == std::string_view::npos))
        complaint_ = fmt::format("client {}: the answer to {} is {}", number_, request.name, head);
    answers_.push_back({request.name, status, number_after(head, "Location: /g"), request_ > answers_.size()});
    kernel_.note(fmt::format("client {} has the answer to {}: {} g{}", number_, request.name, status,
                             answers_.back().generation));
    received_.erase(0, size);
    return true;
}

void Client::leave() {
    next_ns_ = Kernel::kForever;
    const bool resets = manner_ == Manner::leaves && kernel_.random.chance(1, 2);
    (resets ? wire_->client_reset : wire_->client_finished) = true;
    wire_->to_client.clear();
    if (resets) wire_->to_server.clear();
    wire_->note_edge();
    kernel_.note(fmt::format("client {} leaves", number_));
}

}  // namespace simulation
