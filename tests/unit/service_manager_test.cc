#include "basehttp/io/service_manager.h"

#include <unistd.h>

#include <cstdlib>
#include <string>

#include <boost/test/unit_test.hpp>

namespace {

using basehttp::passed_sockets;

BOOST_AUTO_TEST_CASE(passed_sockets_are_this_processes_alone) {
    struct Row {
        const char* what;
        std::string process;
        const char* count;
        std::vector<int> sockets;
    };
    const std::string own = std::to_string(::getpid());
    for (const Row& row : {Row{"one", own, "1", {3}}, Row{"three", own, "3", {3, 4, 5}}, Row{"none", own, "0", {}},
                           Row{"a negative number", own, "-1", {}}, Row{"no number", own, "x", {}},
                           Row{"another process's", std::to_string(::getppid()), "1", {}}}) {
        ::setenv("LISTEN_PID", row.process.c_str(), 1);
        ::setenv("LISTEN_FDS", row.count, 1);
        BOOST_TEST((passed_sockets() == row.sockets), row.what);
    }
    ::unsetenv("LISTEN_FDS");
    BOOST_TEST(passed_sockets().empty());
}

}  // namespace
