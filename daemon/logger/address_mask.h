// AddressMask: takes from access records what tells one client from its neighbours: the last bits of addresses, and
// ports. Owned by the LogRoutes, in the logger, so that no log has them whatever its form.
#pragma once

#include <string>
#include <string_view>

#include "basehttp/log/access_record.h"
#include "daemon/config/config.h"

namespace basehttpd {

class AddressMask {
  public:
    explicit AddressMask(const PrivacyConfig& privacy) : privacy_(privacy) {}

    /// The record as logs may have it: client and peer, and every address in the captured fields, cookies and notes.
    /// Good until the next call.
    const basehttp::AccessRecord& masked(const basehttp::AccessRecord& record);

    /// `text` with each IP address in it masked, and without the ports that follow them.
    std::string masked(std::string_view text) const;

  private:
    PrivacyConfig privacy_;
    basehttp::AccessRecord record_;
    std::string captured_;
};

}  // namespace basehttpd
