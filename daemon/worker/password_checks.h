// PasswordChecks: the hashing of passwords, off the event loop and bounded: what all password files of one worker
// share. A client can ask for as much of it as it likes.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>

#include "basehttp/io/task.h"
#include "basehttp/server/server_context.h"

namespace basehttpd {

class PasswordChecks {
  public:
    /// Passwords that are hashed or wait for it at once, in a worker.
    static constexpr std::size_t kMost = 64;

    /// Takes one of the places. False: there is none.
    bool enter();

    /// Whether `password` is the one of `hash`, after enter(); the place is given back when it is known, even if
    /// nobody waits for that any more.
    basehttp::Task<bool> check(basehttp::ServerContext& context, std::string password, std::string hash);

  private:
    std::shared_ptr<std::atomic<std::size_t>> entered_ = std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace basehttpd
