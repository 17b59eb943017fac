// Words of a syslog sink's configuration: facilities, and where messages go, as text and back. Pure functions.
#pragma once

#include <array>
#include <expected>
#include <string>
#include <string_view>

#include "daemon/config/config.h"
#include "daemon/config/config_value.h"

namespace basehttpd {

/// RFC 5424, 6.2.1; the kernel's own is not for us.
struct SyslogFacility {
    std::string_view name;
    unsigned number;
};
inline constexpr std::array<SyslogFacility, 19> kSyslogFacilities{{{"user", 1},
                                                                   {"mail", 2},
                                                                   {"daemon", 3},
                                                                   {"auth", 4},
                                                                   {"syslog", 5},
                                                                   {"lpr", 6},
                                                                   {"news", 7},
                                                                   {"uucp", 8},
                                                                   {"cron", 9},
                                                                   {"authpriv", 10},
                                                                   {"ftp", 11},
                                                                   {"local0", 16},
                                                                   {"local1", 17},
                                                                   {"local2", 18},
                                                                   {"local3", 19},
                                                                   {"local4", 20},
                                                                   {"local5", 21},
                                                                   {"local6", 22},
                                                                   {"local7", 23}}};

struct SyslogFormName {
    std::string_view name;
    SyslogConfig::Form form;
};
inline constexpr std::array<SyslogFormName, 2> kSyslogForms{
    {{"local", SyslogConfig::Form::local}, {"rfc5424", SyslogConfig::Form::rfc5424}}};

/// `/dev/log`, `udp:host:514`, `tcp:[v6]:514`; without a port it is 514.
std::expected<SyslogAddress, ValueProblem> parse_syslog_address(std::string_view text);

/// The text that parse_syslog_address() reads as `address`.
std::string format_syslog_address(const SyslogAddress& address);

/// What the daemon's messages are told by from others': letters, digits and `-._/`, as both forms allow it.
std::expected<std::string, ValueProblem> parse_syslog_tag(std::string_view text);

}  // namespace basehttpd
