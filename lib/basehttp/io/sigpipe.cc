#include "basehttp/io/sigpipe.h"

#include <signal.h>

#include <cerrno>
#include <cstdint>
#include <ctime>
#include <utility>

namespace basehttp {
namespace {

enum class Blocked : std::uint8_t { no, by_us, by_the_program };

constinit thread_local Blocked blocked = Blocked::no;

sigset_t sigpipe() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    return set;
}

Blocked block() {
    const sigset_t set = sigpipe();
    sigset_t before;
    ::pthread_sigmask(SIG_BLOCK, &set, &before);
    return sigismember(&before, SIGPIPE) == 1 ? Blocked::by_the_program : Blocked::by_us;
}

// It was not blocked before, so a signal that is pending has come since, for a write that has failed with EPIPE.
void unblock() {
    const sigset_t set = sigpipe();
    const timespec at_once{};
    while (::sigtimedwait(&set, nullptr, &at_once) < 0 && errno == EINTR) {
    }
    ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace

SigpipeBlocked::SigpipeBlocked() : outermost_(blocked == Blocked::no) {
    if (outermost_) blocked = block();
}

SigpipeBlocked::~SigpipeBlocked() {
    if (outermost_ && std::exchange(blocked, Blocked::no) == Blocked::by_us) unblock();
}

SigpipeRestored::SigpipeRestored() : blocks_again_(blocked == Blocked::by_us) {
    if (!blocks_again_) return;
    unblock();
    blocked = Blocked::no;
}

SigpipeRestored::~SigpipeRestored() {
    if (blocks_again_) blocked = block();
}

}  // namespace basehttp
