#include "daemon/logs/failure_text.h"

#include <netdb.h>

#include <cerrno>
#include <system_error>

namespace basehttpd {

std::string failure_text(int failure) {
    if (failure == EAGAIN) return "it accepts no data";
    if (failure < 0) return ::gai_strerror(failure);
    return std::generic_category().message(failure);
}

}  // namespace basehttpd
