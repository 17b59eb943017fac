#include "basehttp/server/function_handler.h"

#include <algorithm>

namespace basehttp {
namespace {

using Functions = std::vector<std::pair<std::string, HandlerFunction>>;

class FunctionHandler final : public RequestHandler {
  public:
    explicit FunctionHandler(const Functions& functions) : functions_(functions) {}

    static Task<> call(RequestHandler& handler) {
        const Functions& functions = static_cast<FunctionHandler&>(handler).functions_;
        return std::ranges::find(functions, handler.command(), &Functions::value_type::first)->second(handler);
    }

  private:
    const Functions& functions_;  // of the factory
};

std::vector<Method> methods_of(const Functions& functions) {
    std::vector<Method> methods;
    for (const auto& [name, function] : functions)
        methods.push_back({name, FunctionHandler::call});
    return methods;
}

// The names that the methods point to must be where they stay: `functions` is filled before the base class is made.
struct OwnedFunctions {
    Functions functions;
};

class FunctionHandlers final : private OwnedFunctions, public HandlerFactory {
  public:
    explicit FunctionHandlers(Functions given)
        : OwnedFunctions{std::move(given)}, HandlerFactory(methods_of(functions)) {}
    std::unique_ptr<RequestHandler> make() const override { return std::make_unique<FunctionHandler>(functions); }
};

}  // namespace

std::unique_ptr<HandlerFactory> on(std::vector<std::pair<std::string, HandlerFunction>> functions) {
    const auto named = [&functions](std::string_view name) {
        return std::ranges::find(functions, name, &Functions::value_type::first);
    };
    if (const auto get = named("GET"); get != functions.end() && named("HEAD") == functions.end()) {
        HandlerFunction head = get->second;
        functions.emplace_back("HEAD", std::move(head));
    }
    return std::make_unique<FunctionHandlers>(std::move(functions));
}

std::unique_ptr<HandlerFactory> on(std::string method, HandlerFunction function) {
    Functions functions;
    functions.emplace_back(std::move(method), std::move(function));
    return on(std::move(functions));
}

}  // namespace basehttp
