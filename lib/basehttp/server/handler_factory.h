// HandlerFactory: makes the handler for a request, and knows which methods its class has. The seed looks for an
// attribute named do_SPAM when SPAM is asked for; here the compiler looks, once, when handler<H>() is instantiated.
#pragma once

#include <array>
#include <concepts>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
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

    /// The method named `name`, case and all, or nullptr.
    const Method* find(std::string_view name) const;

  protected:
    explicit HandlerFactory(std::vector<Method> methods) : methods_(std::move(methods)) {}

  private:
    std::vector<Method> methods_;
};

/// Whether `name` is a method of RFC 9110 or RFC 5789: known, even where nothing implements it.
bool is_standard_method(std::string_view name);

namespace handler_detail {

// Each standard method as it is spelled, and as it is misspelled.
#define BASEHTTP_METHODS(ROW)      \
    ROW(GET, Get, get)             \
    ROW(HEAD, Head, head)          \
    ROW(POST, Post, post)          \
    ROW(PUT, Put, put)             \
    ROW(DELETE, Delete, delete)    \
    ROW(PATCH, Patch, patch)       \
    ROW(OPTIONS, Options, options) \
    ROW(TRACE, Trace, trace)

#define BASEHTTP_MEMBERS(NAME, CAPITAL, SMALL) int do_##NAME, do_##CAPITAL, do_##SMALL;
struct Names {
    BASEHTTP_METHODS(BASEHTTP_MEMBERS)
};
#undef BASEHTTP_MEMBERS

/// Whatever `H` calls like a member of Names is ambiguous here, though it be private or want arguments. A final class
/// cannot be asked.
template <typename H, bool = std::is_final_v<H>>
struct Probe : H, Names {};
template <typename H>
struct Probe<H, true> : Names {};

#define BASEHTTP_CONCEPTS(NAME, CAPITAL, SMALL)                                                              \
    template <typename H>                                                                                    \
    concept has_##NAME = !requires {                                                                         \
        &Probe<H>::do_##NAME;                                                                                \
    };                                                                                                       \
    template <typename H>                                                                                    \
    concept misspells_##NAME =                                                                               \
        !has_##NAME<H> && !(                                                                                 \
                              requires { &Probe<H>::do_##CAPITAL; } && requires { &Probe<H>::do_##SMALL; }); \
    template <typename H>                                                                                    \
    concept calls_##NAME = requires(H & handler) {                                                           \
        handler.do_##NAME();                                                                                 \
    };                                                                                                       \
    template <typename H>                                                                                    \
    concept answers_##NAME = requires(H & handler) {                                                         \
        { handler.do_##NAME() } -> std::same_as<Task<>>;                                                     \
    };
BASEHTTP_METHODS(BASEHTTP_CONCEPTS)
#undef BASEHTTP_CONCEPTS

template <typename H>
concept has_extensions = requires {
    H::extension_methods();
};

#define BASEHTTP_OR(NAME, CAPITAL, SMALL) || calls_##NAME<H>
template <typename H>
concept has_methods = has_extensions<H> BASEHTTP_METHODS(BASEHTTP_OR);
#undef BASEHTTP_OR

}  // namespace handler_detail

/// The methods of class `H`: each standard method `X` with a member `do_X()`, then what `H::extension_methods()`
/// lists, if there is such a function. HEAD is answered by do_GET() where there is no do_HEAD(): the body is left out
/// by itself. What looks like a method and cannot be one is an error of the compiler's, with a sentence that says
/// why.
template <typename H>
std::vector<Method> methods_of() {
    static_assert(!std::is_final_v<H> || handler_detail::has_methods<H>,
                  "the handler class has no public do_GET() or other method that it answers");
    std::vector<Method> methods;
#define BASEHTTP_ADD(NAME, CAPITAL, SMALL)                                                                         \
    static_assert(!handler_detail::calls_##NAME<H> || handler_detail::answers_##NAME<H>,                           \
                  "do_" #NAME "() returns basehttp::Task<>: it is a coroutine, with co_await or co_return in it"); \
    static_assert(!handler_detail::has_##NAME<H> || handler_detail::calls_##NAME<H>,                               \
                  "do_" #NAME "() is public and takes no arguments");                                              \
    static_assert(!handler_detail::misspells_##NAME<H> || handler_detail::has_extensions<H>,                       \
                  "do_" #NAME "() is spelled with the method in capitals");                                        \
    if constexpr (handler_detail::answers_##NAME<H>) {                                                             \
        methods.push_back({#NAME, [](RequestHandler& handler) { return static_cast<H&>(handler).do_##NAME(); }});  \
    } else if constexpr (std::string_view(#NAME) == "HEAD" && handler_detail::answers_GET<H>) {                    \
        methods.push_back({#NAME, [](RequestHandler& handler) { return static_cast<H&>(handler).do_GET(); }});     \
    }
    BASEHTTP_METHODS(BASEHTTP_ADD)
#undef BASEHTTP_ADD
#undef BASEHTTP_METHODS
    if constexpr (handler_detail::has_extensions<H>) {
        for (const Method& method : H::extension_methods())
            methods.push_back(method);
    }
    return methods;
}

/// A factory of handlers of class `H`, each constructed from copies of `arguments`. Where there is an
/// `H::check_arguments()`, it is called here with them: what it throws ends the start, not each request.
template <std::derived_from<RequestHandler> H, typename... Arguments>
std::unique_ptr<HandlerFactory> handler(Arguments... arguments) {
    if constexpr (requires { H::check_arguments(arguments...); }) H::check_arguments(arguments...);
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
