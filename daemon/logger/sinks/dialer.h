// Dialer: makes the connection to who takes syslog messages, without ever waiting: looks the name up, tries one
// address after the other, finds out of what type a socket in the file system is. Owned by a SyslogOutlet, in the
// logger.
#pragma once

#include <cstddef>
#include <vector>

#include "basehttp/io/io_result.h"
#include "basehttp/io/socket_address.h"
#include "basehttp/io/unique_fd.h"
#include "daemon/config/config.h"
#include "daemon/logger/sinks/address_lookup.h"
#include "daemon/logger/sinks/outlet_socket.h"

namespace basehttpd {

class Dialer {
  public:
    explicit Dialer(const SyslogAddress& to);

    /// The connection. EAGAIN while it is being made; any other error when all addresses were tried, which the next
    /// call does again.
    basehttp::IoResult<basehttp::UniqueFd> dial();

    /// What to watch while it is being made, as Outlet::descriptor() has it.
    int descriptor() const { return connecting_.get(); }

    /// Whether there is an address that was not tried yet.
    bool has_more() const { return next_ < addresses_.size(); }

  private:
    basehttp::IoResult<basehttp::UniqueFd> dial_path() const;
    basehttp::IoResult<void> look_up();
    basehttp::IoResult<basehttp::UniqueFd> try_addresses();
    basehttp::UniqueFd make_socket(int family) const;

    SyslogAddress to_;
    int type_;
    AddressLookup lookup_;
    std::vector<basehttp::SocketAddress> addresses_;
    std::size_t next_ = 0;
    OutletSocket connecting_;
    basehttp::IoError failure_;  // of the address tried last
};

}  // namespace basehttpd
