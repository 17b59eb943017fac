// StatusView: what `handler: status` shows, made of the facts whenever somebody asks. Runs in workers.
#pragma once

#include <functional>
#include <memory>

#include "basehttp/handlers/status_pages.h"
#include "daemon/board/status_facts.h"

namespace basehttpd {

class StatusView final : public basehttp::StatusSource {
  public:
    using Facts = std::function<std::unique_ptr<StatusFacts>()>;

    /// `facts` gives the present ones, or nullptr while there are none.
    explicit StatusView(Facts facts) : facts_(std::move(facts)) {}

    std::optional<std::string> render(Form form) const override;
    std::string_view page_policy() const override;

  private:
    Facts facts_;
};

}  // namespace basehttpd
