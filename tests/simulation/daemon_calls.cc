// What the daemon's functions do in a simulation that would change this process, or ask the real system: most of them
// nothing. As system_calls.cc; the names are those that the linker knows.
#include <sys/wait.h>
#include <systemd/sd-daemon.h>

#include <cerrno>
#include <cstdlib>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basehttp/handlers/media_types.h"
#include "basehttp/log/log_ring.h"
#include "daemon/board/scoreboard.h"
#include "daemon/check/config_check.h"
#include "daemon/config/config_reader.h"
#include "daemon/logs/log_memory.h"
#include "daemon/master/resources.h"
#include "daemon/process/child.h"
#include "daemon/sandbox/sandbox.h"
#include "simulation/daemon.h"
#include "simulation/kernel.h"

#define REPLACES(name) __asm__("__wrap_" name)
#define ORIGINAL(name) __asm__("__real_" name)

namespace simulation {

using namespace basehttpd;
using basehttp::IoResult;

Daemon* Daemon::the_one = nullptr;

namespace {

/// For as many workers; a reload needs twice as many.
constexpr std::size_t kSlots = 5;

}  // namespace

IoResult<pid_t> fork_child_here(const std::vector<int>& keep, const std::function<int()>& body)
    REPLACES("_ZN9basehttpd10fork_childERKSt6vectorIiSaIiEERKSt8functionIFivEE");
IoResult<pid_t> fork_child_here(const std::vector<int>& keep, const std::function<int()>& body) {
    const SystemCall call;
    Kernel& kernel = *Kernel::running();
    if (kernel.refuses(Fault::fork)) return std::unexpected(basehttp::IoError{EAGAIN, "fork"});
    const pid_t pid = kernel.start(keep, [body] {
        try {
            return body();
        } catch (const std::exception& error) {
            Daemon::the_one->on_complaint(error.what());
            return EXIT_FAILURE;
        }
    });
    kernel.give_way();
    return pid;
}

void set_title(std::string_view title)
    REPLACES("_ZN9basehttpd17set_process_titleESt17basic_string_viewIcSt11char_traitsIcEE");
void set_title(std::string_view title) {
    const SystemCall call;
    Kernel::running()->current().title = title;
    if (title.starts_with("worker") && !Daemon::the_one->worker_can_start()) Kernel::running()->exit(EXIT_FAILURE);
}

void complain_here(basehttp::Severity, std::string_view text)
    REPLACES("_ZN9basehttpd8complainEN8basehttp8SeverityESt17basic_string_viewIcSt11char_traitsIcEE");
void complain_here(basehttp::Severity, std::string_view text) {
    const SystemCall call;
    Daemon::the_one->on_complaint(std::string(text));
}

std::expected<Config, std::vector<ConfigError>> read_here(const std::string& file)
    REPLACES("_ZN9basehttpd11read_configERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE");
std::expected<Config, std::vector<ConfigError>> really_read(const std::string& file)
    ORIGINAL("_ZN9basehttpd11read_configERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE");
std::expected<Config, std::vector<ConfigError>> read_here(const std::string& file) {
    const SystemCall call;
    return Kernel::running() == nullptr ? really_read(file) : Daemon::the_one->read_config();
}

std::vector<ConfigError> check_here(Config& config, ConfigOrigin origin)
    REPLACES("_ZN9basehttpd12check_configERNS_6ConfigENS_12ConfigOriginE");
std::vector<ConfigError> check_here(Config&, ConfigOrigin) {
    return {};
}

// Few slots, and rings that are nearly at their end.
IoResult<Scoreboard> create_here(std::size_t workers, MemoryFiles& files)
    REPLACES("_ZN9basehttpd10Scoreboard6createEmRNS_11MemoryFilesE");
IoResult<Scoreboard> really_create(std::size_t workers, MemoryFiles& files)
    ORIGINAL("_ZN9basehttpd10Scoreboard6createEmRNS_11MemoryFilesE");
IoResult<Scoreboard> create_here(std::size_t, MemoryFiles& files) {
    return really_create(kSlots, files);
}

using Opened = std::expected<Resources, std::vector<std::string>>;
Opened open_here(const Config& config, const std::optional<Inheritance>& inherited)
    REPLACES("_ZN9basehttpd9Resources4openB5cxx11ERKNS_6ConfigERKSt8optionalINS_11InheritanceEE");
Opened really_open(const Config& config, const std::optional<Inheritance>& inherited)
    ORIGINAL("_ZN9basehttpd9Resources4openB5cxx11ERKNS_6ConfigERKSt8optionalINS_11InheritanceEE");
Opened open_here(const Config& config, const std::optional<Inheritance>& inherited) {
    const SystemCall call;
    Opened opened = really_open(config, inherited);
    if (!opened) return opened;
    const std::uint64_t position = Daemon::the_one->first_position();
    Scoreboard& board = opened->scoreboard;
    LogProgress& progress = opened->log_memory.progress();
    std::vector<LogProgress::Ring> rings(board.size());
    RepeatFolder folder;
    progress.load(rings, folder);
    for (std::size_t slot = 0; slot < board.size(); ++slot) {
        board.slot(slot).ring.writers_part().head = position;
        board.slot(slot).ring.release(position);
        rings[slot].position = position;
    }
    progress.prepare(rings, folder);
    progress.commit();
    return opened;
}

// Both are larger than what a scenario writes: they are full when chance says so. A queue is where its sink fails.

using Room = std::optional<std::span<std::byte>>;
Room reserve_here(basehttp::LogRing* ring, std::size_t size) REPLACES("_ZN8basehttp7LogRing7reserveEm");
Room really_reserve(basehttp::LogRing* ring, std::size_t size) ORIGINAL("_ZN8basehttp7LogRing7reserveEm");
Room reserve_here(basehttp::LogRing* ring, std::size_t size) {
    if (Kernel::running()->refuses(Fault::ring)) return std::nullopt;
    return really_reserve(ring, size);
}

bool has_room_here(const SinkQueue* queue, std::size_t bytes, std::size_t entries)
    REPLACES("_ZNK9basehttpd9SinkQueue8has_roomEmm");
bool has_room_really(const SinkQueue* queue, std::size_t bytes, std::size_t entries)
    ORIGINAL("_ZNK9basehttpd9SinkQueue8has_roomEmm");
bool has_room_here(const SinkQueue* queue, std::size_t bytes, std::size_t entries) {
    if (queue->failing_since_ns() != 0 && Kernel::running()->refuses(Fault::queue)) return false;
    return has_room_really(queue, bytes, entries);
}

// No file is served.
basehttp::MediaTypes no_types(const std::string& file)
    REPLACES("_ZN8basehttp10MediaTypes9of_systemERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE");
basehttp::MediaTypes no_types(const std::string&) {
    return {};
}

// Rights: all processes are this one, and it keeps its own.

IoResult<void> keep_privileges(const std::optional<Identity>& identity)
    REPLACES("_ZN9basehttpd18give_up_privilegesERKSt8optionalINS_8IdentityEE");
IoResult<void> keep_privileges(const std::optional<Identity>&) {
    return {};
}

std::vector<std::string> stay_outside(SandboxMode mode, const Confinement& confinement)
    REPLACES("_ZN9basehttpd13enter_sandboxB5cxx11ENS_11SandboxModeERKNS_11ConfinementE");
std::vector<std::string> stay_outside(SandboxMode, const Confinement&) {
    return {};
}

std::optional<std::string> refuse_nothing(SandboxMode mode)
    REPLACES("_ZN9basehttpd15sandbox_refusalB5cxx11ENS_11SandboxModeE");
std::optional<std::string> refuse_nothing(SandboxMode) {
    return std::nullopt;
}

std::string remark_nothing(SandboxMode mode) REPLACES("_ZN9basehttpd14sandbox_remarkB5cxx11ENS_11SandboxModeE");
std::string remark_nothing(SandboxMode) {
    return {};
}

bool always(pid_t parent) REPLACES("_ZN9basehttpd15die_with_parentEi");
bool always(pid_t) {
    return true;
}

void install_nothing(basehttp::Log& log) REPLACES("_ZN9basehttpd21install_crash_handlerERN8basehttp3LogE");
void install_nothing(basehttp::Log&) {}

void raise_nothing(unsigned long limit) REPLACES("_ZN9basehttpd22raise_descriptor_limitEm");
void raise_nothing(unsigned long) {}

void keep_capabilities() REPLACES("_ZN9basehttpd25keep_masters_capabilitiesEv");
void keep_capabilities() {}

int no_refusal() REPLACES("_ZN8basehttp15openat2_refusalEv");
int no_refusal() {
    return 0;
}

// Shared memory: everybody has all of it.

void become_worker(Scoreboard* board, std::size_t slot) REPLACES("_ZN9basehttpd10Scoreboard13become_workerEm");
void become_worker(Scoreboard*, std::size_t) {}

void become_logger(Scoreboard* board) REPLACES("_ZN9basehttpd10Scoreboard13become_loggerEv");
void become_logger(Scoreboard*) {}

IoResult<void> lend_worker(Scoreboard* board, std::size_t slot)
    REPLACES("_ZN9basehttpd10Scoreboard14lend_to_workerEm");
IoResult<void> lend_worker(Scoreboard*, std::size_t) {
    return {};
}

IoResult<void> take_worker(Scoreboard* board, std::size_t slot)
    REPLACES("_ZN9basehttpd10Scoreboard21take_back_from_workerEm");
IoResult<void> take_worker(Scoreboard*, std::size_t) {
    return {};
}

IoResult<void> lend_logger(Scoreboard* board) REPLACES("_ZN9basehttpd10Scoreboard14lend_to_loggerEv");
IoResult<void> lend_logger(Scoreboard*) {
    return {};
}

IoResult<void> take_logger(Scoreboard* board) REPLACES("_ZN9basehttpd10Scoreboard21take_back_from_loggerEv");
IoResult<void> take_logger(Scoreboard*) {
    return {};
}

IoResult<void> pass_on(LogMemory* memory) REPLACES("_ZN9basehttpd9LogMemory7pass_onEv");
IoResult<void> pass_on(LogMemory*) {
    return {};
}

IoResult<void> hold_back(LogMemory* memory) REPLACES("_ZN9basehttpd9LogMemory9hold_backEv");
IoResult<void> hold_back(LogMemory*) {
    return {};
}

}  // namespace simulation

extern "C" {

int __wrap_kill(pid_t pid, int signal);
int __wrap_kill(pid_t pid, int signal) {
    const simulation::SystemCall call;
    auto& kernel = *simulation::Kernel::running();
    const auto found = kernel.processes.find(pid);
    if (found == kernel.processes.end() || found->second->reaped) {
        errno = ESRCH;
        return -1;
    }
    if (kernel.refuses(simulation::Fault::kill)) {
        errno = EPERM;
        return -1;
    }
    kernel.signal(pid, signal);
    return 0;
}

// The master looks for children that nobody waits for.
int __wrap_waitid(idtype_t type, id_t id, siginfo_t* info, int options);
int __wrap_waitid(idtype_t type, id_t id, siginfo_t* info, int options) {
    const simulation::SystemCall call;
    for (const auto& [pid, process] : simulation::Kernel::running()->processes) {
        if (!process->how || process->reaped || (type == P_PID && pid != static_cast<pid_t>(id))) continue;
        info->si_pid = pid;
        if ((options & WNOWAIT) == 0) process->reaped = true;
        return 0;
    }
    return 0;
}

int __wrap_sd_notify(int unset, const char* text);
int __wrap_sd_notify(int, const char* text) {
    const simulation::SystemCall call;
    simulation::Daemon::the_one->on_notification(text);
    return 0;
}

int __wrap_sd_pid_notify_with_fds(pid_t, int, const char*, const int*, unsigned);
int __wrap_sd_pid_notify_with_fds(pid_t, int, const char*, const int*, unsigned) {
    const simulation::SystemCall call;
    return 0;
}

}  // extern "C"
