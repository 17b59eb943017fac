// SIGPIPE: a write to a connection whose client has left raises it, and a program that does nothing about it dies.
// sendmsg(2) can be told not to; sendfile(2), and write(2) to a log, cannot. What the program does with the signal is
// none of the library's business, so it is blocked in the one thread that serves, for as long as that thread serves:
// EventLoop::run() does so. The disposition and all other threads stay as they are, and the call fails with EPIPE.
#pragma once

namespace basehttp {

/// While one of these lives, SIGPIPE is blocked in this thread. They nest, and only the outermost makes system calls:
/// one at the start, two at the end, where a signal that has become pending meanwhile is taken away. On the stack of
/// the thread that it is for.
class SigpipeBlocked {
  public:
    SigpipeBlocked();
    ~SigpipeBlocked();
    SigpipeBlocked(const SigpipeBlocked&) = delete;
    SigpipeBlocked& operator=(const SigpipeBlocked&) = delete;

  private:
    bool outermost_;
};

/// While one of these lives, the thread has SIGPIPE as it had it before SigpipeBlocked. For a handler that starts a
/// program or a thread: both inherit the mask, and a program with SIGPIPE blocked does not end when its reader does.
/// No `co_await` while it lives.
class SigpipeRestored {
  public:
    SigpipeRestored();
    ~SigpipeRestored();
    SigpipeRestored(const SigpipeRestored&) = delete;
    SigpipeRestored& operator=(const SigpipeRestored&) = delete;

  private:
    bool blocks_again_;
};

}  // namespace basehttp
