// Listeners: the sockets that the daemon accepts on. Bound by the master, or taken from the service manager; workers
// inherit them by fork.
#pragma once

#include <sys/types.h>

#include <expected>
#include <string>
#include <vector>

#include "basehttp/io/io_result.h"
#include "basehttp/io/socket_address.h"
#include "basehttp/io/unique_fd.h"
#include "daemon/check/listen_plan.h"
#include "daemon/config/config.h"
#include "daemon/config/config_error.h"
#include "daemon/master/kept_files.h"
#include "daemon/master/socket_access.h"

namespace basehttpd {

class Listeners {
  public:
    /// The sockets of `passed`, by the service manager, if there are any; otherwise binds what `addresses` name. Of
    /// those that it has kept for an earlier instance, sockets of the same address are used instead; kept ones that
    /// are not wanted any more are given up first, since one may cover an address that is.
    static std::expected<Listeners, std::vector<ConfigError>> open(const std::vector<ListenConfig>& addresses,
                                                                   std::vector<PassedFile> passed);

    /// The same where `previous` serves: sockets of the same address are shared.
    static std::expected<Listeners, std::vector<ConfigError>> open(const std::vector<ListenConfig>& addresses,
                                                                   const Listeners& previous);

    /// Takes the place of `previous`: lets the service manager keep for the next instance what is new here (FDSTORE
    /// of sd_notify(3)), and gives up what is not here any more. It keeps no sockets that it has passed, and no unix
    /// sockets: their path may go.
    void replace(const Listeners& previous) const;

    /// Gives up, for the service manager and on the disk, what is not in `others`; unix sockets that are get the
    /// mode and owner that they have there.
    void give_up_all_but(const Listeners& others) const;

    /// Unlinks the unix sockets that were made here, at the end of the daemon. One that another process has made in
    /// their place meanwhile stays.
    void remove_files() const;

    /// Sockets that this process was handed; `passed` as they were there.
    static Listeners adopt(const std::vector<int>& sockets, bool passed);

    /// Whether the service manager has passed them: then `listen` does not count.
    bool passed() const { return passed_; }

    /// A sentence for each address without a socket: another covers it, or the machine lacks its family.
    const std::vector<std::string>& left_out() const { return left_out_; }

    std::vector<int> fds() const;

    /// `127.0.0.1:80` and so on; what text() has in one: `127.0.0.1:80, [::1]:80`.
    std::vector<std::string> addresses() const;
    std::string text() const;

  private:
    /// Which file a unix socket is; nothing where it is none of ours.
    struct Place {
        dev_t device = 0;
        ino_t inode = 0;

        static Place of(const basehttp::SocketAddress& address);
        bool operator==(const Place&) const = default;
    };
    struct Listener {
        basehttp::SocketAddress address;
        basehttp::UniqueFd socket;
        Place place{};
        SocketAccess made{};    ///< what its file had at first
        SocketAccess access{};  ///< and what it was given

        void give_access() const;
        void remove_file() const;
    };

    static Listeners take_passed(std::vector<PassedFile> files, Listeners& kept);
    std::expected<Listeners, std::vector<ConfigError>> open_beside(const std::vector<ListenConfig>& addresses,
                                                                   const ListenPlan& plan) const;
    std::vector<ConfigError> find_unmet(const std::vector<ListenConfig>& addresses) const;
    void share(const Listeners& previous);
    void keep_wanted(const ListenPlan& plan);
    const Listener* find(const basehttp::SocketAddress& address) const;
    basehttp::IoResult<Listener> share_or_bind(const ListenPlan::Socket& wanted) const;
    basehttp::IoResult<basehttp::UniqueFd> bind(const ListenPlan::Socket& wanted) const;
    std::vector<int> on_port_of(const basehttp::SocketAddress& address) const;

    bool passed_ = false;
    bool gave_up_ = false;
    std::vector<Listener> listeners_;
    std::vector<std::string> left_out_;
};

}  // namespace basehttpd
