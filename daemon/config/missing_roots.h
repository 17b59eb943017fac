// What to do about a root that cannot be opened: decided by the master, carried out by a worker.
#pragma once

#include <cstdint>

namespace basehttpd {

/// What becomes of a site one of whose folders cannot be opened.
enum class MissingRoots : std::uint8_t {
    refuse,         ///< none is served: whoever asked for it is told
    serve_without,  ///< what is asked for in that folder is answered as a file that is not there, or not readable
};

}  // namespace basehttpd
