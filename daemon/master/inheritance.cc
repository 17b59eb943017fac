#include "daemon/master/inheritance.h"

#include <fcntl.h>

#include <bit>
#include <charconv>
#include <sstream>

#include <fmt/format.h>
#include <stdlib.h>

namespace basehttpd {
namespace {

constexpr const char* kVariable = "BASEHTTPD_INHERITANCE";

// A command has blanks, and a word of the variable has none.
std::string to_hex(std::string_view text) {
    std::string hex;
    for (const char byte : text)
        hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return hex;
}

std::string from_hex(std::string_view hex) {
    std::string text;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        unsigned char byte = 0;
        if (std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16).ptr != hex.data() + i + 2) return {};
        text += static_cast<char>(byte);
    }
    return text;
}

// Another version may count more, or less: how many numbers there are comes first.
template <typename Counts>
void write_figures(std::string& text, const Counts& counts) {
    const auto numbers = counts.numbers();
    text += fmt::format(" {} {}", numbers.size(), fmt::join(numbers, " "));
}

template <typename Counts>
void read_figures(std::istream& in, Counts& counts) {
    auto numbers = counts.numbers();
    std::size_t size = 0;
    in >> size;
    for (std::size_t i = 0; i < size && in; ++i) {
        std::uint64_t number = 0;
        in >> number;
        if (i < numbers.size()) numbers[i] = number;
    }
    counts = std::bit_cast<Counts>(numbers);
}

}  // namespace

bool Inheritance::waits() {
    return ::getenv(kVariable) != nullptr;
}

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
    if (standby.pid != 0) text += fmt::format(" standby {} {}", standby.pid, standby.channel);
    if (passed) text += " passed";
    text += " counted";
    write_figures(text, counted.all);
    for (const auto& [name, figures] : counted.sites) {
        text += fmt::format(" site {}", to_hex(name));
        write_figures(text, figures);
    }
    for (const int fd : listeners)
        text += fmt::format(" listener {}", fd);
    for (const Child& worker : workers)
        text += fmt::format(" worker {} {}", worker.pid, worker.channel);
    for (const Program& program : programs)
        text += fmt::format(" program {} {} {}", program.pid, program.read_end, to_hex(program.command));
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
        } else if (word == "counted") {
            read_figures(in, inherited.counted.all);
        } else if (word == "site") {
            in >> word;
            auto& [name, figures] = inherited.counted.sites.emplace_back(from_hex(word), SiteFigures{});
            read_figures(in, figures);
        } else if (word == "logger") {
            in >> inherited.logger.pid >> inherited.logger.channel;
        } else if (word == "standby") {
            in >> inherited.standby.pid >> inherited.standby.channel;
        } else if (word == "worker") {
            Child& worker = inherited.workers.emplace_back();
            in >> worker.pid >> worker.channel;
        } else if (word == "program") {
            Program& program = inherited.programs.emplace_back();
            in >> program.pid >> program.read_end >> word;
            program.command = from_hex(word);
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
    if (standby.pid != 0) fds.push_back(standby.channel);
    for (const Child& worker : workers)
        fds.push_back(worker.channel);
    for (const Program& program : programs)
        fds.push_back(program.read_end);
    for (const int fd : fds)
        ::fcntl(fd, F_SETFD, on ? FD_CLOEXEC : 0);
}

}  // namespace basehttpd
