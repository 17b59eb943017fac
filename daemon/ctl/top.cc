#include "daemon/ctl/top.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <string_view>

#include <termios.h>

#include "basehttp/io/unique_fd.h"
#include "daemon/ctl/conversation.h"
#include "daemon/ctl/logs/shows/terminal.h"

namespace basehttpd {
namespace {

constexpr int kIntervalMs = 1000;
constexpr std::string_view kEnterScreen = "\x1b[?1049h\x1b[?25l";
constexpr std::string_view kLeaveScreen = "\x1b[?25h\x1b[?1049l";
constexpr std::string_view kHome = "\x1b[H";
constexpr std::string_view kClearLine = "\x1b[K";
constexpr std::string_view kClearBelow = "\x1b[J";

void put(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

// Keys come one by one and unseen, and the page is another than the one before, as long as this lives.
class Screen {
  public:
    Screen() : has_keys_(::isatty(STDIN_FILENO) != 0 && ::tcgetattr(STDIN_FILENO, &before_) == 0) {
        if (has_keys_) {
            termios raw = before_;
            raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
            ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
        }
        put(kEnterScreen);
    }
    ~Screen() {
        put(kLeaveScreen);
        if (has_keys_) ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    }
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    bool has_keys() const { return has_keys_; }

    // No line wider than the terminal: one that wraps would push the rest down.
    void show(std::string_view text) const {
        const std::size_t width = Terminal::find(Colours::never).width;
        std::string page(kHome);
        while (!text.empty()) {
            const std::string_view line = text.substr(0, text.find('\n'));
            text.remove_prefix(std::min(line.size() + 1, text.size()));
            append_cut(page, line, width);
            page.append(kClearLine) += '\n';
        }
        put(page.append(kClearBelow));
    }

  private:
    termios before_{};
    bool has_keys_;
};

// Ctrl-C and the like end the loop, so that the terminal is left as it was found.
basehttp::UniqueFd take_signals() {
    sigset_t signals;
    ::sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        ::sigaddset(&signals, signal);
    ::sigprocmask(SIG_BLOCK, &signals, nullptr);
    return basehttp::UniqueFd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

bool quits(int keys) {
    std::array<char, 64> typed{};
    const ssize_t got = ::read(keys, typed.data(), typed.size());
    constexpr char kEndOfText = 4;
    return got <= 0 ||
           std::ranges::any_of(typed, [](char key) { return key == 'q' || key == 'Q' || key == kEndOfText; });
}

// Until the next look is due; true where the person wants no further one.
bool wait_for_end(int signals, std::optional<int> keys) {
    std::array<pollfd, 2> events{pollfd{signals, POLLIN, 0}, pollfd{keys.value_or(-1), POLLIN, 0}};
    if (::poll(events.data(), events.size(), kIntervalMs) <= 0) return false;
    return events[0].revents != 0 || (events[1].revents != 0 && quits(*keys));
}

}  // namespace

Verdict watch_status(const std::string& socket) {
    Verdict verdict = ask(socket, "status");
    if (verdict.code != 0) return verdict;
    const basehttp::UniqueFd signals = take_signals();
    std::optional<Screen> screen;
    if (::isatty(STDOUT_FILENO) != 0) screen.emplace();
    const std::optional<int> keys = screen && screen->has_keys() ? std::optional(STDIN_FILENO) : std::nullopt;
    do {
        if (screen) screen->show(verdict.text + "\nq quits\n");
        if (!screen) put(verdict.text + '\n');
        if (wait_for_end(signals.get(), keys)) return {};
        verdict = ask(socket, "status");
    } while (verdict.code == 0);
    return verdict;
}

}  // namespace basehttpd
