#include "daemon/process/sealed_memory.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>

#include <boost/test/unit_test.hpp>

namespace basehttpd {
namespace {

constexpr std::size_t kSize = 4096;

struct Fixture {
    MemoryFiles files;
    SealedMemory memory = SealedMemory::create(files, {"spam", kSize}).value();
};

// What a child ends by: its exit code, or minus its signal.
int end_of_child(const std::function<int()>& body) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::signal(SIGSEGV, SIG_DFL);
        ::signal(SIGBUS, SIG_DFL);
        ::_exit(body());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

bool is_mapped(std::byte* memory) {
    unsigned char resident = 0;
    return ::mincore(memory, kSize, &resident) == 0;
}

BOOST_FIXTURE_TEST_CASE(what_is_written_can_be_read, Fixture) {
    memory.writable()[7] = std::byte{42};
    BOOST_TEST((memory.readable()[7] == std::byte{42}));
    BOOST_TEST(end_of_child([&] { return static_cast<int>(memory.readable()[7]); }) == 42);
}

BOOST_FIXTURE_TEST_CASE(a_child_writes_what_it_was_lent, Fixture) {
    BOOST_REQUIRE(memory.lend().has_value());
    BOOST_TEST(end_of_child([&] {
                   memory.writable()[0] = std::byte{1};
                   return 0;
               }) == 0);
    BOOST_TEST((memory.readable()[0] == std::byte{1}));
    BOOST_REQUIRE(memory.take_back().has_value());
    BOOST_TEST(end_of_child([&] { return is_mapped(memory.writable()) ? 1 : 0; }) == 0);
}

BOOST_FIXTURE_TEST_CASE(a_child_that_reads_cannot_write_by_any_means, Fixture) {
    BOOST_TEST(end_of_child([&] {
                   *const_cast<volatile std::byte*>(memory.readable()) = std::byte{1};
                   return 0;
               }) == -SIGSEGV);
    BOOST_TEST(end_of_child([&] { return ::mprotect(memory.readable(), kSize, PROT_READ | PROT_WRITE); }) == 255);
}

BOOST_FIXTURE_TEST_CASE(what_was_lent_does_not_grow, Fixture) {
    BOOST_REQUIRE(memory.lend().has_value());
    BOOST_TEST(end_of_child([&] {
                   void* const grown = ::mremap(memory.writable(), kSize, 2 * kSize, MREMAP_MAYMOVE);
                   if (grown == MAP_FAILED) ::raise(SIGBUS);
                   static_cast<volatile std::byte*>(grown)[kSize] = std::byte{1};
                   return 0;
               }) == -SIGBUS);
}

BOOST_FIXTURE_TEST_CASE(what_is_hidden_is_not_there, Fixture) {
    BOOST_REQUIRE(memory.hide().has_value());
    BOOST_TEST(end_of_child([&] { return is_mapped(memory.readable()) ? 1 : 0; }) == 0);
    BOOST_REQUIRE(memory.show().has_value());
    BOOST_TEST(end_of_child([&] { return is_mapped(memory.readable()) ? 1 : 0; }) == 1);
}

}  // namespace
}  // namespace basehttpd
