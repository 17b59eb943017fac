#include "daemon/worker/basic_authentication.h"

#include <utility>

#include <fmt/format.h>

#include "basehttp/io/deadline.h"

namespace basehttpd {

BasicAuthentication::BasicAuthentication(std::string_view realm, std::string_view text,
                                         std::shared_ptr<PasswordChecks> checks)
    : challenge_(fmt::format("Basic realm=\"{}\", charset=\"UTF-8\"", realm)),
      users_(std::make_shared<const PasswordFile>(text)),
      checks_(std::move(checks)) {}

basehttp::Task<BasicAuthentication::Verdict> BasicAuthentication::check(basehttp::ServerContext& context,
                                                                        basehttp::Credentials given) {
    const auto login = remembered_.digest_of(given.user, given.password);
    if (remembered_.knows(login, basehttp::Clock::now())) co_return Verdict::right;
    const auto users = users_;  // it may be replaced meanwhile
    const std::string* own = users->hash_of(given.user);
    const std::string* hash = own != nullptr ? own : users->some_hash(remembered_.number_of(given.user));
    if (hash == nullptr) co_return Verdict::wrong;
    if (!checks_->enter()) co_return Verdict::overloaded;
    const bool matches = co_await checks_->check(context, std::move(given.password), *hash);
    if (!matches || own == nullptr) co_return Verdict::wrong;
    if (users == users_) remembered_.add(login, basehttp::Clock::now());
    co_return Verdict::right;
}

void BasicAuthentication::replace(std::string_view text) {
    users_ = std::make_shared<const PasswordFile>(text);
    remembered_.clear();
}

}  // namespace basehttpd
