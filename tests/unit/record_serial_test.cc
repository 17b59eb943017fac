#include "basehttp/log/record_serial.h"

#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <new>

#include <boost/test/unit_test.hpp>

namespace {

using basehttp::RecordSerial;

struct Shared {
    RecordSerial serial;
    std::atomic<std::uint64_t> head = 0;
};

void publish(Shared& shared) {
    const std::uint64_t head = shared.head;
    shared.serial.add(head, head + 8);
    shared.head = head + 8;
}

BOOST_AUTO_TEST_CASE(counts_what_the_head_has_passed) {
    Shared shared;
    BOOST_TEST(shared.serial.count(0) == 0U);
    for (std::uint64_t i = 1; i < 10; ++i) {
        publish(shared);
        BOOST_TEST(shared.serial.count(shared.head) == i);
    }
    shared.serial.add(shared.head, shared.head);  // lost
    BOOST_TEST(shared.serial.count(shared.head) == 10U);
    shared.serial.add(shared.head, shared.head + 8);  // begun, not published
    BOOST_TEST(shared.serial.count(shared.head) == 10U);
    BOOST_TEST(shared.serial.count(shared.head + 8) == 11U);
    shared.serial.take_over(shared.head);
    BOOST_TEST(shared.serial.count(shared.head + 8) == 10U);
    publish(shared);
    BOOST_TEST(shared.serial.count(shared.head) == 11U);
}

// What the next writer would count, had the last one died now.
std::uint64_t count_of_successor(const Shared& shared) {
    alignas(RecordSerial) std::byte copy[sizeof(RecordSerial)];
    std::memcpy(copy, &shared.serial, sizeof copy);
    auto& serial = *std::launder(reinterpret_cast<RecordSerial*>(copy));
    serial.take_over(shared.head);
    return serial.count(shared.head + 8);
}

// A child publishes records and is stopped after each of its instructions.
BOOST_AUTO_TEST_CASE(the_count_is_right_wherever_its_writer_dies) {
    constexpr int kRecords = 3;
    void* memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    auto& shared = *new (memory) Shared;
    const pid_t child = ::fork();
    if (child == 0) {
        ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
        ::raise(SIGSTOP);
        for (int i = 0; i < kRecords; ++i)
            publish(shared);
        ::_exit(0);
    }
    int status = 0;
    int steps = 0;
    for (::waitpid(child, &status, 0); WIFSTOPPED(status); ::waitpid(child, &status, 0)) {
        BOOST_REQUIRE(count_of_successor(shared) == shared.head / 8);
        ++steps;
        BOOST_REQUIRE(::ptrace(PTRACE_SINGLESTEP, child, nullptr, nullptr) == 0);
    }
    BOOST_TEST(WIFEXITED(status));
    BOOST_TEST(shared.head / 8 == kRecords);
    BOOST_TEST(steps > 100);
    ::munmap(memory, sizeof(Shared));
}

}  // namespace
