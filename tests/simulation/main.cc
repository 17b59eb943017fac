// Runs seeds, each in a process of its own: what a killed process held is never given back, and no seed finds
// anything of the one before. Prints each seed that breaks a promise, or the simulation; `--seed N` replays it and
// prints every event.
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "simulation/scenario.h"

namespace {

constexpr unsigned kLongestSeconds = 60;  // of one seed, by the real clock

struct Options {
    std::uint64_t seeds = 0;  // 0: as many as the time allows
    double seconds = 60;
    std::uint64_t first = 1;
    std::uint64_t at_least = 1;
    std::uint64_t most_failures = 10;
    std::uint64_t seed = 0;
    bool digests = false;
};

std::vector<std::string> run(std::uint64_t seed, bool traces, std::uint64_t* digest = nullptr) {
    simulation::Scenario scenario(seed, traces);
    std::vector<std::string> broken = scenario.run();
    if (traces) scenario.print_logs();
    if (digest != nullptr) *digest = scenario.digest();
    return broken;
}

int replay(std::uint64_t seed) {
    std::uint64_t digest = 0;
    const std::vector<std::string> broken = run(seed, true, &digest);
    for (const std::string& each : broken)
        fmt::print("seed {}: {}\n", seed, each);
    fmt::print("seed {}: digest {:016x}\n", seed, digest);
    return broken.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}

/// What a child tells of its seed.
struct Report {
    std::uint64_t seed;
    bool failed;
};

class Runner {
  public:
    explicit Runner(const Options& options) : options_(options), next_(options.first) {
        void* const memory =
            ::mmap(nullptr, sizeof(Report) * kMostJobs, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        reports_ = static_cast<Report*>(memory);
    }

    int run() {
        const std::size_t jobs =
            std::clamp<std::size_t>(static_cast<std::size_t>(::sysconf(_SC_NPROCESSORS_ONLN)), 1, kMostJobs);
        for (std::size_t job = 0; job < jobs; ++job)
            start(job);
        while (!jobs_.empty())
            wait_for_one();
        fmt::print("{} seeds, {} failed\n", done_, failed_);
        if (done_ < options_.at_least) fmt::print("at least {} were to be run\n", options_.at_least);
        return failed_ == 0 && done_ >= options_.at_least ? EXIT_SUCCESS : EXIT_FAILURE;
    }

  private:
    static constexpr std::size_t kMostJobs = 64;

    bool is_over() const {
        const bool enough = options_.seeds != 0 && next_ >= options_.first + options_.seeds;
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - began_;
        return enough || failed_ >= options_.most_failures ||
               (options_.seeds == 0 && passed.count() >= options_.seconds);
    }

    void start(std::size_t job) {
        if (is_over()) return;
        const std::uint64_t seed = next_++;
        reports_[job] = {seed, false};
        std::fflush(stdout);
        const pid_t pid = ::fork();
        if (pid == 0) {
            run_seed(reports_[job], options_.digests);
            std::fflush(stdout);
            ::_exit(EXIT_SUCCESS);
        }
        jobs_[pid] = job;
    }

    static void run_seed(Report& report, bool digests) {
        ::alarm(kLongestSeconds);
        std::uint64_t digest = 0;
        const std::vector<std::string> broken = ::run(report.seed, false, &digest);
        if (digests) fmt::print("seed {}: digest {:016x}\n", report.seed, digest);
        for (const std::string& each : broken)
            fmt::print("seed {}: {}\n", report.seed, each);
        report.failed = !broken.empty();
    }

    void wait_for_one() {
        int status = 0;
        const pid_t pid = ::wait(&status);
        const std::size_t job = jobs_.at(pid);
        jobs_.erase(pid);
        ++done_;
        if (reports_[job].failed || status != 0) ++failed_;
        if (status != 0)
            fmt::print("seed {}: the simulation itself ended: {} {}\n", reports_[job].seed,
                       WIFSIGNALED(status) ? "signal" : "code",
                       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        start(job);
    }

    const Options& options_;
    std::uint64_t next_;
    std::uint64_t done_ = 0;
    std::uint64_t failed_ = 0;
    Report* reports_;
    std::map<pid_t, std::size_t> jobs_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace

// What a killed process held is lost: that is what being killed means here.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() {
    return "detect_leaks=0:detect_stack_use_after_return=0";
}

int main(int argc, char** argv) {
    Options options;
    CLI::App app("Simulates the daemon, a seed after the other", "simulation");
    app.add_option("--seed", options.seed, "Replay this one, and print what happens");
    app.add_option("--seeds", options.seeds, "Run so many");
    app.add_option("--seconds", options.seconds, "Run as many as can be begun in this time, if no number is given");
    app.add_option("--first", options.first, "The first of them");
    app.add_option("--at-least", options.at_least, "Fail if fewer were run");
    app.add_flag("--digests", options.digests, "Print the digest of each: the same history has the same one");
    app.add_option("--failures", options.most_failures, "Stop after so many seeds that fail");
    CLI11_PARSE(app, argc, argv);
    return options.seed != 0 ? replay(options.seed) : Runner(options).run();
}
