#include "daemon/worker/remembered_logins.h"

#include <string>

namespace basehttpd {

// A name has no colon.
RememberedLogins::Digest RememberedLogins::digest_of(std::string_view user, std::string_view password) const {
    return digest_(std::string(user).append(":").append(password));
}

bool RememberedLogins::knows(const Digest& login, Time now) const {
    const auto found = ends_.find(login);
    return found != ends_.end() && now < found->second;
}

void RememberedLogins::add(const Digest& login, Time now) {
    const auto [place, is_new] = ends_.insert_or_assign(login, now + kTime);
    if (!is_new) in_order_.remove(login);
    in_order_.push_back(login);
    while (in_order_.size() > kMost) {
        ends_.erase(in_order_.front());
        in_order_.pop_front();
    }
}

void RememberedLogins::clear() {
    ends_.clear();
    in_order_.clear();
}

}  // namespace basehttpd
