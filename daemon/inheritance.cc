#include "daemon/inheritance.h"

#include <fcntl.h>

#include <sstream>

#include <fmt/format.h>
#include <stdlib.h>

namespace basehttpd {
namespace {

constexpr const char* kVariable = "BASEHTTPD_INHERITANCE";

}  // namespace

std::optional<Inheritance> Inheritance::take() {
    const char* text = ::getenv(kVariable);
    if (text == nullptr) return std::nullopt;
    auto inherited = decode(text);
    ::unsetenv(kVariable);
    if (inherited) inherited->set_close_on_exec(true);
    return inherited;
}

void Inheritance::give() const {
    ::setenv(kVariable, encode().c_str(), 1);
    set_close_on_exec(false);
}

void Inheritance::keep() const {
    ::unsetenv(kVariable);
    set_close_on_exec(true);
}

std::string Inheritance::encode() const {
    std::string text = fmt::format("logger {} {}", logger.pid, logger.channel);
    if (passed) text += " passed";
    for (const int fd : listeners)
        text += fmt::format(" listener {}", fd);
    for (const Child& worker : workers)
        text += fmt::format(" worker {} {}", worker.pid, worker.channel);
    return text;
}

std::optional<Inheritance> Inheritance::decode(const std::string& text) {
    Inheritance inherited;
    std::istringstream in(text);
    std::string word;
    while (in >> word) {
        if (word == "passed") {
            inherited.passed = true;
        } else if (word == "listener") {
            in >> inherited.listeners.emplace_back();
        } else if (word == "logger") {
            in >> inherited.logger.pid >> inherited.logger.channel;
        } else if (word == "worker") {
            Child& worker = inherited.workers.emplace_back();
            in >> worker.pid >> worker.channel;
        } else {
            return std::nullopt;
        }
        if (in.fail()) return std::nullopt;
    }
    return inherited;
}

void Inheritance::set_close_on_exec(bool on) const {
    std::vector<int> fds = listeners;
    fds.push_back(logger.channel);
    for (const Child& worker : workers)
        fds.push_back(worker.channel);
    for (const int fd : fds)
        ::fcntl(fd, F_SETFD, on ? FD_CLOEXEC : 0);
}

}  // namespace basehttpd
