// HandlerFactory: makes the handler for a request, and knows which methods its class has. The seed looks for an
// attribute named do_SPAM when SPAM is asked for; here the compiler looks, once, when handler<H>() is instantiated.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "basehttp/server/request_handler.h"

namespace basehttp {

/// A method that a handler class answers.
struct Method {
    std::string_view name;
    Task<> (*call)(RequestHandler& handler);
};

class HandlerFactory {
  public:
    virtual ~HandlerFactory() = default;

    /// A handler for one request.
    virtual std::unique_ptr<RequestHandler> make() const = 0;

    /// The methods of the class, in the order in which Allow lists them.
    std::span<const Method> methods() const { return methods_; }

    /// The value of Allow: their names as a list.
    std::string allow() const;

    /// The method named `name`, case and all, or nullptr.
    const Method* find(std::string_view name) const;

  protected:
    explicit HandlerFactory(std::vector<Method> methods) : methods_(std::move(methods)) {}

  private:
    std::vector<Method> methods_;
};

/// Whether `name` is a method of RFC 9110 or RFC 5789: known, even where nothing implements it.
bool is_standard_method(std::string_view name);

/// The methods of class `H`: each standard method `X` with a member `do_X()`, then what `H::extension_methods()`
/// lists, if there is such a function. HEAD is answered by do_GET() where there is no do_HEAD(): the body is left out
/// by itself.
template <typename H>
std::vector<Method> methods_of() {
    std::vector<Method> methods;
    [[maybe_unused]] const auto add = [&methods](std::string_view name, auto call) {
        methods.push_back({name, call});
    };
    if constexpr (requires(H & h) { h.do_GET(); }) {
        add("GET", [](RequestHandler& h) { return static_cast<H&>(h).do_GET(); });
    }
    if constexpr (requires(H & h) { h.do_HEAD(); }) {
        add("HEAD", [](RequestHandler& h) { return static_cast<H&>(h).do_HEAD(); });
    } else if constexpr (requires(H & h) { h.do_GET(); }) {
        add("HEAD", [](RequestHandler& h) { return static_cast<H&>(h).do_GET(); });
    }
    if constexpr (requires(H & h) { h.do_POST(); }) {
        add("POST", [](RequestHandler& h) { return static_cast<H&>(h).do_POST(); });
    }
    if constexpr (requires(H & h) { h.do_PUT(); }) {
        add("PUT", [](RequestHandler& h) { return static_cast<H&>(h).do_PUT(); });
    }
    if constexpr (requires(H & h) { h.do_DELETE(); }) {
        add("DELETE", [](RequestHandler& h) { return static_cast<H&>(h).do_DELETE(); });
    }
    if constexpr (requires(H & h) { h.do_PATCH(); }) {
        add("PATCH", [](RequestHandler& h) { return static_cast<H&>(h).do_PATCH(); });
    }
    if constexpr (requires(H & h) { h.do_OPTIONS(); }) {
        add("OPTIONS", [](RequestHandler& h) { return static_cast<H&>(h).do_OPTIONS(); });
    }
    if constexpr (requires(H & h) { h.do_TRACE(); }) {
        add("TRACE", [](RequestHandler& h) { return static_cast<H&>(h).do_TRACE(); });
    }
    if constexpr (requires { H::extension_methods(); }) {
        for (const Method& method : H::extension_methods())
            methods.push_back(method);
    }
    return methods;
}

/// A factory of handlers of class `H`, each constructed from copies of `arguments`.
template <typename H, typename... Arguments>
std::unique_ptr<HandlerFactory> handler(Arguments... arguments) {
    class Factory final : public HandlerFactory {
      public:
        explicit Factory(Arguments... given) : HandlerFactory(methods_of<H>()), arguments_(std::move(given)...) {}
        std::unique_ptr<RequestHandler> make() const override {
            return std::apply([](const auto&... each) { return std::make_unique<H>(each...); }, arguments_);
        }

      private:
        std::tuple<Arguments...> arguments_;
    };
    return std::make_unique<Factory>(std::move(arguments)...);
}

}  // namespace basehttp
