#include "basehttp/io/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>

#include "basehttp/io/unique_fd.h"

namespace {

using basehttp::notify_service_manager;
using basehttp::passed_sockets;
using basehttp::service_watchdog;
using std::chrono_literals::operator""ms;

BOOST_AUTO_TEST_CASE(passed_sockets_are_this_processes_alone) {
    struct Row {
        const char* what;
        std::string process;
        const char* count;
        std::vector<int> sockets;
    };
    const std::string own = std::to_string(::getpid());
    for (const Row& row : {Row{"one", own, "1", {3}}, Row{"three", own, "3", {3, 4, 5}}, Row{"none", own, "0", {}},
                           Row{"a negative number", own, "-1", {}}, Row{"no number", own, "1x", {}},
                           Row{"another process's", std::to_string(::getppid()), "1", {}}}) {
        ::setenv("LISTEN_PID", row.process.c_str(), 1);
        ::setenv("LISTEN_FDS", row.count, 1);
        BOOST_TEST((passed_sockets() == row.sockets), row.what);
    }
    ::unsetenv("LISTEN_FDS");
    BOOST_TEST(passed_sockets().empty());
}

struct Manager {
    explicit Manager(const std::string& name) : socket(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        name.copy(address.sun_path, sizeof address.sun_path - 1);
        if (name.front() == '@') address.sun_path[0] = '\0';
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
        BOOST_REQUIRE(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
        ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
    }
    ~Manager() { ::unsetenv("NOTIFY_SOCKET"); }
    std::string hear() const {
        std::array<char, 256> text{};
        const ssize_t size = ::recv(socket.get(), text.data(), text.size(), MSG_DONTWAIT);
        return size < 0 ? "" : std::string(text.data(), static_cast<std::size_t>(size));
    }
    basehttp::UniqueFd socket;
};

BOOST_AUTO_TEST_CASE(the_service_manager_is_told) {
    const std::string path = std::filesystem::absolute("service_manager_test." + std::to_string(::getpid())).string();
    for (const std::string& name : {path, "@" + path}) {
        const Manager manager(name);
        BOOST_TEST(notify_service_manager("READY=1\nSTATUS=spam").has_value());
        BOOST_TEST(manager.hear() == "READY=1\nSTATUS=spam");
    }
    BOOST_TEST(notify_service_manager("READY=1").has_value(), "without one there is nothing to do");
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
    BOOST_TEST(notify_service_manager("READY=1").error().code == ECONNREFUSED);
    std::filesystem::remove(path);
    for (const char* wrong : {"", "relative", "vsock:2:1234"}) {
        ::setenv("NOTIFY_SOCKET", wrong, 1);
        BOOST_TEST(notify_service_manager("READY=1").error().code == EINVAL, wrong);
    }
    ::unsetenv("NOTIFY_SOCKET");
}

BOOST_AUTO_TEST_CASE(the_watchdogs_interval) {
    ::setenv("WATCHDOG_USEC", "3000000", 1);
    BOOST_TEST((service_watchdog() == 3000ms));
    ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
    BOOST_TEST((service_watchdog() == 3000ms));
    ::setenv("WATCHDOG_PID", std::to_string(::getppid()).c_str(), 1);
    BOOST_TEST(!service_watchdog().has_value());
    ::unsetenv("WATCHDOG_PID");
    for (const char* wrong : {"", "0", "-5000", "3s"}) {
        ::setenv("WATCHDOG_USEC", wrong, 1);
        BOOST_TEST(!service_watchdog().has_value(), wrong);
    }
    ::unsetenv("WATCHDOG_USEC");
    BOOST_TEST(!service_watchdog().has_value());
}

}  // namespace
