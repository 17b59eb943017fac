// Timer: a Deadline that calls a function.
#pragma once

#include <functional>
#include <utility>

#include "basehttp/io/deadline.h"

namespace basehttp {

class Timer final : public Deadline {
  public:
    explicit Timer(std::function<void()> on_expiry) : on_expiry_(std::move(on_expiry)) {}

  private:
    void on_deadline() override { on_expiry_(); }

    std::function<void()> on_expiry_;
};

}  // namespace basehttp
