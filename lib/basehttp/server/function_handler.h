// on(): functions as handlers, where a class would hold nothing.
//
//     site.add("/ping", basehttp::on("GET", [](basehttp::RequestHandler& http) -> basehttp::Task<> {
//         http.send_content(200, "text/plain", "pong\n");
//         co_return;
//     }));
//
// A function that captures is kept as long as the server: its coroutine may use what it has captured.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "basehttp/server/handler_factory.h"

namespace basehttp {

/// Answers a request: the body of a do_GET() with the handler as its argument.
using HandlerFunction = std::function<Task<>(RequestHandler&)>;

/// Handlers that answer each method by its function, and HEAD by that for GET.
std::unique_ptr<HandlerFactory> on(std::vector<std::pair<std::string, HandlerFunction>> functions);

/// The same for one method.
std::unique_ptr<HandlerFactory> on(std::string method, HandlerFunction function);

}  // namespace basehttp
