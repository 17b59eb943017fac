// The lists of system calls: each name is one that libseccomp knows, and none is allowed and deadly at the same time.
#include "daemon/sandbox/call_list.h"

#include <sys/socket.h>

#include <set>
#include <string>

#include <boost/test/unit_test.hpp>
#include <seccomp.h>

namespace {

using basehttpd::CallGroup;
using basehttpd::CallList;

std::set<std::string> names_of(const std::vector<CallGroup>& groups) {
    std::set<std::string> names;
    for (const CallGroup& group : groups) {
        for (const char* name : group.names)
            BOOST_TEST(names.insert(name).second, name << " is there twice");
    }
    return names;
}

void check(const CallList& list) {
    const std::set<std::string> allowed = names_of(list.allowed);
    const std::set<std::string> deadly = names_of(list.deadly);
    std::set<std::string> all = allowed;
    all.insert(deadly.begin(), deadly.end());
    for (const auto& rule : list.allowed_if) {
        BOOST_TEST(!allowed.contains(rule.name), rule.name << " is allowed anyhow");
        BOOST_TEST(!deadly.contains(rule.name), rule.name << " is deadly anyhow");
        all.insert(rule.name);
    }
    for (const std::string& name : allowed)
        BOOST_TEST(!deadly.contains(name), name << " is allowed and deadly");
    for (const std::string& name : all)
        BOOST_TEST(::seccomp_syscall_resolve_name(name.c_str()) != __NR_SCMP_ERROR, name << " is not known");
}

}  // namespace

BOOST_AUTO_TEST_CASE(worker) {
    check(basehttpd::worker_calls());
}

BOOST_AUTO_TEST_CASE(worker_that_connects) {
    check(basehttpd::worker_calls({AF_UNIX, AF_INET}));
}

BOOST_AUTO_TEST_CASE(logger) {
    check(basehttpd::logger_calls());
}
