// StatusPages: what a server does, for people and for programs: a page, JSON, and the text of Prometheus. Which of
// them is asked for is said by what follows the route's path, `json` or `metrics`, or else by Accept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "basehttp/server/request_handler.h"

namespace basehttp {

/// Whoever knows what the server does.
class StatusSource {
  public:
    enum class Form : std::uint8_t { page, json, prometheus, openmetrics };

    virtual ~StatusSource() = default;

    /// The present state in that form. Nothing: it is not known.
    virtual std::optional<std::string> render(Form form) const = 0;

    /// The Content-Security-Policy of the page.
    virtual std::string_view page_policy() const = 0;
};

struct StatusPagesOptions {
    std::string from;                      ///< the path of the route
    const StatusSource* source = nullptr;  ///< must outlive the handler
};

class StatusPages final : public RequestHandler {
  public:
    /// `options` must outlive the handler.
    explicit StatusPages(const StatusPagesOptions* options) : options_(options) {}

    Task<> do_GET();

    std::string_view handler_name() const override { return "status"; }

  private:
    std::optional<StatusSource::Form> form() const;

    const StatusPagesOptions* options_;
};

}  // namespace basehttp
