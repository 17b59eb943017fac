// Listeners: the sockets that the daemon accepts on. Bound by the master, or taken from the service manager; workers
// inherit them by fork.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "basehttp/io/io_result.h"
#include "basehttp/io/socket_address.h"
#include "basehttp/io/unique_fd.h"
#include "daemon/config/config.h"

namespace basehttpd {

/// Why a socket could not be had: a sentence with the address and, where it is known, who holds it.
struct ListenError {
    ConfigPosition where;
    std::string message;
};

class Listeners {
  public:
    /// The sockets that the service manager has passed, if any; otherwise binds what `addresses` name. Of `previous`,
    /// if given, or of those that it has kept for an earlier instance, sockets of the same address are shared instead
    /// of bound again.
    static std::expected<Listeners, std::vector<ListenError>> open(const std::vector<ListenConfig>& addresses,
                                                                   const Listeners* previous = nullptr);

    /// Lets the service manager keep these for the next instance (FDSTORE of sd_notify(3)), and those of `previous`
    /// no longer that are not among them. Not those that it has passed, and no unix sockets: their path may go.
    void keep(const Listeners* previous = nullptr) const;

    /// Sockets that this process was handed; `passed` as they were there.
    static Listeners adopt(const std::vector<int>& sockets, bool passed);

    /// Whether the service manager has passed them: then `listen` does not count.
    bool passed() const { return passed_; }

    std::vector<int> fds() const;

    /// `127.0.0.1:80, [::1]:80`.
    std::string text() const;

  private:
    struct Listener {
        basehttp::SocketAddress address;
        basehttp::UniqueFd socket;
    };

    static Listeners take_passed(Listeners& kept);
    bool has(const basehttp::SocketAddress& address) const;
    static basehttp::IoResult<basehttp::UniqueFd> share_or_bind(const basehttp::SocketAddress& address,
                                                                const Listeners& previous);

    bool passed_ = false;
    std::vector<Listener> listeners_;
};

}  // namespace basehttpd
