#include "daemon/logger/sinks/address_lookup.h"

#include <netdb.h>

#include <system_error>
#include <thread>

namespace basehttpd {
namespace {

AddressLookup::Answer look_up(const std::string& host, const std::string& port, int socket_type, int flags) {
    addrinfo hints{};
    hints.ai_socktype = socket_type;
    hints.ai_flags = AI_NUMERICSERV | flags;
    addrinfo* found = nullptr;
    AddressLookup::Answer answer;
    answer.failure = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
    if (answer.failure != 0) return answer;
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next)
        answer.addresses.emplace_back(each->ai_addr, each->ai_addrlen);
    ::freeaddrinfo(found);
    return answer;
}

}  // namespace

std::optional<AddressLookup::Answer> AddressLookup::ask() {
    if (!question_) start();
    if (!question_->answered.load(std::memory_order_acquire)) return std::nullopt;
    Answer answer = std::move(question_->answer);
    question_.reset();
    return answer;
}

void AddressLookup::start() {
    question_ = std::make_shared<Question>();
    question_->answer = look_up(host_, port_, socket_type_, AI_NUMERICHOST);
    if (question_->answer.failure == 0) {
        question_->answered = true;
        return;
    }
    try {
        std::thread([question = question_, host = host_, port = port_, type = socket_type_] {
            question->answer = look_up(host, port, type, AI_ADDRCONFIG);
            question->answered.store(true, std::memory_order_release);
        }).detach();
    } catch (const std::system_error&) {
        question_->answer.failure = EAI_AGAIN;
        question_->answered = true;
    }
}

}  // namespace basehttpd
