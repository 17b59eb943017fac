// Spam: the handler of the wire tests. The path says what it does.
#pragma once

#include <span>
#include <string_view>

#include "basehttp/server/handler_factory.h"
#include "basehttp/server/request_handler.h"

namespace wire {

class Spam final : public basehttp::RequestHandler {
  public:
    basehttp::Task<> do_GET();
    basehttp::Task<> do_POST();

    /// A method of the seed's documentation.
    basehttp::Task<> do_SPAM();
    static std::span<const basehttp::Method> extension_methods();

    void log_request(const basehttp::AccessRecord& record) override;
    basehttp::Version protocol_version() const override;
    std::string error_message(int code, std::string_view message) const override;

  protected:
    void write_log(basehttp::Severity severity, std::string_view text) override;
};

}  // namespace wire
