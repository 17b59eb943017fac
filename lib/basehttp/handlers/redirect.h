// Redirect: sends clients from a route to another address, the rest of the path and the query kept.
#pragma once

#include <string>
#include <string_view>

#include "basehttp/handlers/redirect_options.h"
#include "basehttp/server/request_handler.h"

namespace basehttp {

/// The address that `to` stands for: its path with `rest` appended, its query joined with `query` by `&`, and its
/// fragment last (RFC 3986, section 3). `rest` is decoded and relative, `query` is as the client sent it.
std::string redirect_location(std::string_view to, std::string_view rest, std::string_view query);

class Redirect final : public RequestHandler {
  public:
    /// `options` must outlive the handler.
    explicit Redirect(const RedirectOptions* options) : options_(options) {}

    Task<> do_GET() { return redirect(); }
    Task<> do_HEAD() { return redirect(); }
    Task<> do_POST() { return redirect(); }
    Task<> do_PUT() { return redirect(); }
    Task<> do_DELETE() { return redirect(); }
    Task<> do_PATCH() { return redirect(); }
    Task<> do_OPTIONS() { return redirect(); }

    std::string_view handler_name() const override { return "redirect"; }

  private:
    Task<> redirect();

    const RedirectOptions* options_;
};

}  // namespace basehttp
