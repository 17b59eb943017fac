// A captured worker: preloaded into the daemon, it makes a worker that opens a file called `captured-NAME` do to the
// memory that processes share whatever it can. What it cannot write it dies of (SIGSEGV); should that succeed, it
// ends with kBroken.
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string_view>
#include <vector>

#include <time.h>

#include "basehttp/log/log_ring.h"
#include "basehttp/server/counters.h"
#include "basehttp/server/requests_in_flight.h"
#include "interposed.h"

namespace {

using basehttp::LogRing;
using basehttp::RequestsInFlight;

constexpr int kBroken = 99;

struct Mapping {
    std::byte* begin;
    std::size_t size;
    bool writable;
    std::string_view kind;  // of kKinds
};

constexpr std::array<std::string_view, 4> kKinds{"worker", "journal", "assignments", "read"};

std::vector<Mapping> mappings;  // the shared ones of this process

void find_mappings() {
    std::FILE* const file = std::fopen("/proc/self/maps", "re");
    if (file == nullptr) return;
    std::array<char, 512> line;
    while (std::fgets(line.data(), line.size(), file) != nullptr) {
        unsigned long begin = 0;
        unsigned long end = 0;
        std::array<char, 8> rights{};
        if (std::sscanf(line.data(), "%lx-%lx %7s", &begin, &end, rights.data()) != 3) continue;
        const char* const name = std::strstr(line.data(), "/memfd:");
        if (name == nullptr) continue;
        for (const std::string_view kind : kKinds) {
            if (std::strncmp(name + 7, kind.data(), kind.size()) != 0) continue;
            mappings.push_back({reinterpret_cast<std::byte*>(begin), end - begin, rights[1] == 'w', kind});
        }
    }
    std::fclose(file);
}

const Mapping& own(std::string_view kind) {
    for (const Mapping& mapping : mappings) {
        if (mapping.writable && mapping.kind == kind) return mapping;
    }
    ::_exit(kBroken);
}

std::mt19937_64 the_random(static_cast<std::uint64_t>(::getpid()));

void write_noise(const Mapping& mapping) {
    for (std::size_t at = 0; at + 8 <= mapping.size; at += 8)
        reinterpret_cast<std::atomic<std::uint64_t>*>(mapping.begin + at)
            ->store(the_random() >> the_random() % 64, std::memory_order_relaxed);
}

// Each 32 bits are the same number: where there ever was a pid, there is this one.
void write_number(const Mapping& mapping, std::uint32_t number) {
    for (std::size_t at = 0; at + 4 <= mapping.size; at += 4)
        reinterpret_cast<std::atomic<std::uint32_t>*>(mapping.begin + at)->store(number, std::memory_order_relaxed);
}

LogRing::Written& ring() {
    constexpr std::size_t kAlignment = alignof(LogRing::Written);
    constexpr std::size_t kAt = (sizeof(RequestsInFlight) + kAlignment - 1) / kAlignment * kAlignment;
    return *reinterpret_cast<LogRing::Written*>(own("journal").begin + kAt);
}

// The head at an edge of what there is.
void move_head(unsigned which) {
    const std::uint64_t head = ring().head;
    constexpr std::uint64_t kAll = LogRing::kCapacity;
    const std::uint64_t edges[] = {0,          1,           head - 16,        head + 16,  head + kAll,
                                   head + 24,  head - kAll, head + kAll + 16, UINT64_MAX, UINT64_MAX - 15,
                                   1ULL << 63U};
    ring().head = edges[which % std::size(edges)];
}

// Records whose sizes, kinds and losses are at the edges, and a head behind them.
void write_records() {
    constexpr std::uint32_t kSizes[] = {0,
                                        1,
                                        15,
                                        16,
                                        LogRing::kLongestRecord,
                                        98'305,
                                        0x7fffffff,
                                        0xfffffff0,
                                        UINT32_MAX,
                                        LogRing::kCapacity,
                                        LogRing::kCapacity - 16};
    std::uint64_t at = ring().head;
    for (int i = 0; i < 5000; ++i) {
        const std::uint32_t size = kSizes[the_random() % (i < 4900 ? 5 : std::size(kSizes))];
        std::byte* const place = ring().bytes + at % LogRing::kCapacity;
        const std::uint32_t head[] = {size, static_cast<std::uint32_t>(the_random() % 4)};
        std::memcpy(place, head, sizeof head);
        for (std::size_t j = 0; j < 64 && place + 24 + j < ring().bytes + LogRing::kCapacity; ++j)
            place[16 + j] = the_random() % 3 == 0 ? std::byte{'\n'} : static_cast<std::byte>(the_random());
        at += (16 + size + 15) & ~15U;
        ring().head = at;
        if (i % 16 == 0) ::usleep(10);
    }
}

void write_others(std::string_view kind) {
    for (const Mapping& mapping : mappings) {
        if (mapping.kind != kind || mapping.writable) continue;
        // What may not be written may not be made writable either.
        if (::mprotect(mapping.begin, mapping.size, PROT_READ | PROT_WRITE) == 0) ::_exit(kBroken);
        *reinterpret_cast<volatile std::uint64_t*>(mapping.begin) = 1;
        ::_exit(kBroken);
    }
    ::_exit(kBroken);
}

void talk() {
    for (int fd = 3; fd < 100; ++fd) {
        int type = 0;
        socklen_t size = sizeof type;
        if (::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0 || type != SOCK_SEQPACKET) continue;
        for (int i = 0; i < 1000; ++i)
            ::send(fd, "R", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    }
}

// As a worker that has no connection and takes all that come; for good.
void feign() {
    constexpr int kAcceptingAt = 1;
    constexpr int kHeartbeatAt = 8;
    constexpr int kCountersAt = 24;
    std::byte* const condition = own("worker").begin;
    for (;; ::usleep(1000)) {
        timespec now{};
        ::clock_gettime(CLOCK_MONOTONIC, &now);
        write_number({condition + kCountersAt, sizeof(basehttp::Counters), true, {}}, 0);
        reinterpret_cast<std::atomic<bool>*>(condition + kAcceptingAt)->store(true);
        reinterpret_cast<std::atomic<std::int64_t>*>(condition + kHeartbeatAt)
            ->store(now.tv_sec * 1000 + now.tv_nsec / 1'000'000);
    }
}

void act(std::string_view name) {
    const auto is = [&name](std::string_view start) { return name.starts_with(start); };
    if (is("noise")) {
        for (int i = 0; i < 3; ++i) {
            write_noise(own("worker"));
            write_noise(own("journal"));
        }
    }
    if (is("head-")) move_head(static_cast<unsigned>(std::atoi(name.data() + 5)));
    if (is("records")) write_records();
    if (is("pids-")) write_number(own("worker"), static_cast<std::uint32_t>(std::atoi(name.data() + 5)));
    if (is("requests-")) write_number(own("journal"), static_cast<std::uint32_t>(std::atoi(name.data() + 9)));
    if (is("requests-") || is("noise-die")) ::raise(SIGKILL);
    if (is("slots")) write_others("worker");
    if (is("assignments")) write_others("assignments");
    if (is("positions")) write_others("read");
    if (is("talk")) talk();
    if (is("feign")) feign();
}

}  // namespace

// Before it is shut in.
void on_worker_start() {
    if (mappings.empty()) find_mappings();
}

void on_open(const char* path) {
    const char* const name = std::strstr(path, "captured-");
    if (name != nullptr) act(name + 9);
}
