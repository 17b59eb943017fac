#include "basehttp/upstream/upstream.h"

namespace basehttp {

Origin& Upstream::next(Clock::time_point now) {
    for (std::size_t tried = 0; tried < origins_.size(); ++tried) {
        Origin& origin = *origins_[turn_++ % origins_.size()];
        if (origin.is_usable(now)) return origin;
    }
    return *origins_[turn_++ % origins_.size()];
}

void Upstream::close_kept() {
    for (const auto& origin : origins_)
        origin->close_kept();
}

}  // namespace basehttp
