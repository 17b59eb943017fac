#include "basehttp/server/handler_factory.h"

#include <string>

#include <boost/test/unit_test.hpp>

namespace {

using basehttp::handler;
using basehttp::Method;
using basehttp::RequestHandler;
using basehttp::Task;

std::string called;

struct Getter : RequestHandler {
    Task<> do_GET() {
        called = "GET";
        co_return;
    }
};

struct Everything : RequestHandler {
    explicit Everything(std::string name_in, int number_in) : name(std::move(name_in)), number(number_in) {}
    Task<> say(std::string_view method) {
        called = fmt::format("{} {} {}", method, name, number);
        co_return;
    }
    Task<> do_GET() { return say("GET"); }
    Task<> do_HEAD() { return say("HEAD"); }
    Task<> do_POST() { return say("POST"); }
    Task<> do_PUT() { return say("PUT"); }
    Task<> do_DELETE() { return say("DELETE"); }
    Task<> do_PATCH() { return say("PATCH"); }
    Task<> do_OPTIONS() { return say("OPTIONS"); }
    Task<> do_TRACE() { return say("TRACE"); }
    Task<> do_SPAM() { return say("SPAM"); }
    static std::vector<Method> extension_methods() {
        return {{"SPAM", [](RequestHandler& h) { return static_cast<Everything&>(h).do_SPAM(); }}};
    }
    std::string name;
    int number;
};

struct Nothing : RequestHandler {};

std::string names_of(const basehttp::HandlerFactory& factory) {
    std::string names;
    for (const Method& method : factory.methods())
        names.append(names.empty() ? "" : ", ").append(method.name);
    return names;
}

std::string call(const basehttp::HandlerFactory& factory, std::string_view name) {
    const Method* method = factory.find(name);
    if (method == nullptr) return "none";
    const auto made = factory.make();
    auto task = method->call(*made);
    task.start();
    return called;
}

BOOST_AUTO_TEST_CASE(methods_are_found_by_their_members) {
    const auto getter = handler<Getter>();
    BOOST_TEST(names_of(*getter) == "GET, HEAD");
    BOOST_TEST(call(*getter, "GET") == "GET");
    BOOST_TEST(call(*getter, "HEAD") == "GET");
    BOOST_TEST(call(*getter, "POST") == "none");
    BOOST_TEST(call(*getter, "get") == "none");
    BOOST_TEST(call(*getter, "") == "none");
}

BOOST_AUTO_TEST_CASE(each_method_calls_its_own) {
    const auto everything = handler<Everything>(std::string("spam"), 7);
    BOOST_TEST(names_of(*everything) == "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS, TRACE, SPAM");
    for (const Method& method : everything->methods())
        BOOST_TEST(call(*everything, method.name) == std::string(method.name) + " spam 7");
}

BOOST_AUTO_TEST_CASE(a_class_without_methods) {
    BOOST_TEST(handler<Nothing>()->methods().empty());
    BOOST_TEST(call(*handler<Nothing>(), "GET") == "none");
}

BOOST_AUTO_TEST_CASE(standard_methods) {
    for (const char* name : {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"})
        BOOST_TEST(basehttp::is_standard_method(name));
    BOOST_TEST(!basehttp::is_standard_method("SPAM"));
    BOOST_TEST(!basehttp::is_standard_method("Get"));
}

}  // namespace
