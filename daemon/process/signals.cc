#include "daemon/process/signals.h"

#include <signal.h>
#include <sys/time.h>

#include <algorithm>
#include <array>

namespace basehttpd {
namespace {

// Those that a terminal or a service manager sends, and that the master acts on.
constexpr std::array kMastersSignals{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};

bool is_served(int signal) {
    return signal == SIGCHLD || std::ranges::find(kMastersSignals, signal) != kMastersSignals.end();
}

void reset(int signal) {
    struct sigaction present {};
    if (::sigaction(signal, nullptr, &present) < 0) return;
    const bool ignored = present.sa_handler == SIG_IGN;
    if (!ignored && present.sa_handler != SIG_DFL) return;  // a sanitizer's own
    if (ignored && signal == SIGHUP) return;
    if (!is_served(signal)) ::signal(signal, SIG_IGN);  // drops what is pending
    ::signal(signal, SIG_DFL);
}

}  // namespace

void reset_signals() {
    for (int signal = 1; signal < NSIG; ++signal)
        reset(signal);
    const itimerval none{};
    for (const auto timer : {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF})
        ::setitimer(timer, &none, nullptr);
}

void hold_back_served_signals() {
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGCHLD);
    for (const int signal : kMastersSignals) {
        ::sigaddset(&signals, signal);
        ::signal(signal, SIG_DFL);
    }
    ::sigprocmask(SIG_SETMASK, &signals, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
}

void unblock_signals() {
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void leave_signals_to_master() {
    for (const int signal : kMastersSignals)
        ::signal(signal, SIG_IGN);
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGCHLD, SIG_DFL);
    unblock_signals();
}

void restore_signals() {
    for (int signal = 1; signal < NSIG; ++signal)
        ::signal(signal, SIG_DFL);
    unblock_signals();
}

}  // namespace basehttpd
