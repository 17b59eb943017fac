// Redirect: sends clients from a route to another address, the rest of the path and the query kept.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basehttp/server/request_handler.h"

namespace basehttp {

struct RedirectOptions {
    std::string from;                                            ///< the route's path
    std::string to;                                              ///< a path or an absolute URL
    int status = 301;                                            ///< 301, 302, 303, 307 or 308
    std::vector<std::pair<std::string, std::string>> headers{};  ///< further fields of the response
};

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
