// The commit that makes records leave the rings and enter the queues, stepped through: wherever a logger dies, its
// successor finds each record in the ring, in the queue or in the file, and nowhere twice.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <string>

#include <boost/test/unit_test.hpp>

#include "basehttp/io/unique_fd.h"
#include "daemon/logs/log_progress.h"
#include "daemon/logs/sink_queue.h"

namespace basehttpd {
namespace {

constexpr unsigned kRecords = 3;

std::byte* share(std::size_t size) {
    void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    BOOST_REQUIRE(memory != MAP_FAILED);
    return static_cast<std::byte*>(memory);
}

std::string line(std::uint64_t record) {
    return "record " + std::to_string(record) + '\n';
}

std::string lines(std::uint64_t records) {
    std::string text;
    for (std::uint64_t i = 0; i < records; ++i)
        text += line(i);
    return text;
}

struct Logs {
    FileMark mark() const {
        struct stat status {};
        ::fstat(file.get(), &status);
        return {status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size)};
    }

    // One record after the other goes from the ring, whose place is its number, to a file and to a sink that takes
    // none.
    void log_all() {
        std::array<LogProgress::Ring, 1> rings;
        RepeatFolder folder;
        progress.load(rings, folder);
        for (std::uint64_t record = 0; record < kRecords; ++record) {
            slow.put(line(record), 1);
            good.put(line(record), 1);
            rings[0].position = record + 1;
            slow.prepare(progress.next_version());
            good.prepare(progress.next_version());
            progress.prepare(rings, folder);
            progress.commit();
            const auto entry = good.front();
            good.begin_write(mark());
            const ssize_t written = ::write(file.get(), entry->bytes.data(), entry->bytes.size());
            good.advance(static_cast<std::size_t>(written));
            good.end_write();
        }
    }

    LogProgress& progress = LogProgress::make(share(LogProgress::size_for(1)));
    SinkQueue& good = SinkQueue::make(share(sizeof(SinkQueue)));
    SinkQueue& slow = SinkQueue::make(share(sizeof(SinkQueue)));
    basehttp::UniqueFd file{::memfd_create("log", MFD_CLOEXEC)};
};

// What the next logger has to write, had the last one died now. Its memory is the copy's: the last one goes on.
class Successor {
  public:
    std::string rest(const SinkQueue& queue, unsigned version, const FileMark& mark) {
        constexpr std::size_t kUsed = 4096;  // of what the lines have room in
        std::memcpy(memory_, static_cast<const void*>(&queue), sizeof(SinkQueue) - SinkQueue::kCapacity + kUsed);
        SinkQueue& copy = SinkQueue::in(memory_);
        BOOST_REQUIRE(copy.open(version));
        copy.settle_write(mark);
        std::string text;
        while (const auto entry = copy.front()) {
            text += entry->bytes;
            copy.advance(entry->bytes.size());
        }
        return text;
    }

  private:
    std::byte* memory_ = share(sizeof(SinkQueue));
};

std::string content(int file) {
    std::string text(4096, '\0');
    const ssize_t size = ::pread(file, text.data(), text.size(), 0);
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return text;
}

void check(const Logs& logs, Successor& successor) {
    std::array<LogProgress::Ring, 1> rings;
    RepeatFolder folder;
    logs.progress.load(rings, folder);
    const unsigned version = logs.progress.version();
    const std::string all = lines(rings[0].position);
    BOOST_REQUIRE_EQUAL(content(logs.file.get()) + successor.rest(logs.good, version, logs.mark()), all);
    BOOST_REQUIRE_EQUAL(successor.rest(logs.slow, version, {}), all);
}

BOOST_AUTO_TEST_CASE(no_record_is_lost_or_there_twice_wherever_a_logger_dies) {
    Logs logs;
    logs.good.open(logs.progress.version());
    logs.slow.open(logs.progress.version());
    Successor successor;
    const pid_t child = ::fork();
    if (child == 0) {
        ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
        ::raise(SIGSTOP);
        logs.log_all();
        ::_exit(0);
    }
    int status = 0;
    int steps = 0;
    for (::waitpid(child, &status, 0); WIFSTOPPED(status); ::waitpid(child, &status, 0)) {
        check(logs, successor);
        ++steps;
        BOOST_REQUIRE(::ptrace(PTRACE_SINGLESTEP, child, nullptr, nullptr) == 0);
    }
    BOOST_TEST(WIFEXITED(status));
    BOOST_TEST(content(logs.file.get()) == lines(kRecords));
    BOOST_TEST(steps > 1000);
    BOOST_TEST_MESSAGE(steps << " steps");
}

}  // namespace
}  // namespace basehttpd
