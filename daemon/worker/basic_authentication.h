// BasicAuthentication: users of a password file, by HTTP's Basic scheme (RFC 7617). One for each file and realm in a
// worker; what the file holds comes from the master.
//
// A wrong password takes as long as a right one, and one of a user that there is not as long as one of some user.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "basehttp/server/authentication.h"
#include "daemon/passwords/password_file.h"
#include "daemon/worker/password_checks.h"
#include "daemon/worker/remembered_logins.h"

namespace basehttpd {

class BasicAuthentication final : public basehttp::Authentication {
  public:
    /// `text` is what the file holds.
    BasicAuthentication(std::string_view realm, std::string_view text, std::shared_ptr<PasswordChecks> checks);

    std::string_view challenge() const override { return challenge_; }
    basehttp::Task<Verdict> check(basehttp::ServerContext& context, basehttp::Credentials given) override;

    /// The file holds this from now on; nothing of what it held before is remembered.
    void replace(std::string_view text);

  private:
    std::string challenge_;
    std::shared_ptr<const PasswordFile> users_;
    std::shared_ptr<PasswordChecks> checks_;
    RememberedLogins remembered_;
};

}  // namespace basehttpd
