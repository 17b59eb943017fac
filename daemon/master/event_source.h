// EventSource: what somebody waits for: a timer, a descriptor, a signal, the end of a child. Runs in the master.
#pragma once

#include <memory>
#include <utility>

namespace basehttpd {

/// A source of events; it delivers nothing once this is gone.
class EventSource {
  public:
    /// What whoever delivers the events keeps for a source; destroyed with it.
    class Registration {
      public:
        virtual ~Registration() = default;
    };

    EventSource() = default;
    explicit EventSource(std::unique_ptr<Registration> registration) : registration_(std::move(registration)) {}

  private:
    std::unique_ptr<Registration> registration_;
};

}  // namespace basehttpd
