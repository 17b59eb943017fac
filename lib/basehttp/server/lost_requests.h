// Lost requests: what logs are told of the requests that a process was in the middle of when it died. Used by the
// parent of worker processes: an HttpServer's, or the daemon's master.
#pragma once

#include <cstddef>
#include <string>

#include "basehttp/log/access_record.h"
#include "basehttp/server/requests_in_flight.h"

namespace basehttp {

/// `"GET / HTTP/1.1" for example.org`: a client's bytes, not escaped.
std::string what_of(const RequestsInFlight::Found& request);

/// The same with whose it is: `"GET / HTTP/1.1" for example.org from 192.0.2.7`.
std::string name_of(const RequestsInFlight::Found& request);

/// ` with 2 requests in flight`, or nothing for 0.
std::string count_of(std::size_t requests);

/// Its line in the access log, as a view of `request`. `signal`: that the process died of, or 0.
AccessRecord record_of(const RequestsInFlight::Found& request, int signal);

}  // namespace basehttp
