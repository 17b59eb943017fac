#include "daemon/process/crash_handler.h"

#include <signal.h>
#include <sys/prctl.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include <execinfo.h>
#include <fmt/format.h>
#include <link.h>
#include <string.h>

namespace basehttpd {
namespace {

constexpr std::array kSignals{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS};

// Where the program and its libraries lie, noted while that may still take locks.
struct Module {
    std::array<char, 32> name;
    std::uintptr_t base;
    std::uintptr_t end;
};

struct Modules {
    std::array<Module, 64> list{};
    std::size_t count = 0;
};

// What the handler works with: a handler gets no arguments.
basehttp::Log* the_log = nullptr;
Modules the_modules;
std::vector<NamedCall> the_calls;
alignas(64) std::array<std::byte, 64 * 1024> the_stack;

int note_module(dl_phdr_info* info, std::size_t, void* to) {
    auto& modules = *static_cast<Modules*>(to);
    if (modules.count >= modules.list.size()) return 1;
    Module& module = modules.list[modules.count++];
    std::string_view name = info->dlpi_name;
    name.remove_prefix(std::min(name.rfind('/') + 1, name.size()));
    if (name.empty()) name = "basehttpd";
    const std::size_t size = std::min(name.size(), module.name.size() - 1);
    std::ranges::copy(name.substr(0, size), module.name.begin());
    module.base = info->dlpi_addr;
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const ElfW(Phdr)& part = info->dlpi_phdr[i];
        if (part.p_type == PT_LOAD) module.end = std::max(module.end, module.base + part.p_vaddr + part.p_memsz);
    }
    return 0;
}

// A line that takes no memory from anybody.
class Line {
  public:
    template <typename... Arguments>
    void add(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
        const auto result = fmt::format_to_n(bytes_.data() + size_, bytes_.size() - size_, format,
                                             std::forward<Arguments>(arguments)...);
        size_ = std::min(bytes_.size(), size_ + result.size);
    }
    std::string_view text() const { return {bytes_.data(), size_}; }

  private:
    std::array<char, 3072> bytes_;
    std::size_t size_ = 0;
};

void add_frame(Line& line, std::uintptr_t address) {
    for (std::size_t i = 0; i < the_modules.count; ++i) {
        const Module& module = the_modules.list[i];
        if (address < module.base || address >= module.end) continue;
        line.add(" {}+{:#x}", module.name.data(), address - module.base);
        return;
    }
    line.add(" {:#x}", address);
}

void add_call(Line& line, int number) {
    const auto named = std::ranges::find(the_calls, number, &NamedCall::number);
    if (named != the_calls.end()) {
        line.add(": the sandbox forbids {}(2)", named->name);
    } else {
        line.add(": system call {} is forbidden", number);
    }
}

// The process goes no further after this: a record that the ring was in the middle of is dropped, and nobody misses
// it.
void on_crash(int signal, siginfo_t* info, void*) {
    Line line;
    const char* name = ::sigabbrev_np(signal);
    line.add("SIG{}", name != nullptr ? name : "?");
    if (info->si_code <= 0) {
        line.add(", sent by process {}", info->si_pid);
    } else if (signal == SIGSYS) {
        add_call(line, info->si_syscall);
    } else if (signal == SIGSEGV || signal == SIGBUS) {
        line.add(" at {:#x}", reinterpret_cast<std::uintptr_t>(info->si_addr));
    }
    line.add("; the stack, for addr2line(1):");
    std::array<void*, 48> frames;
    const int count = ::backtrace(frames.data(), static_cast<int>(frames.size()));
    for (int i = 0; i < count; ++i)
        add_frame(line, reinterpret_cast<std::uintptr_t>(frames[static_cast<std::size_t>(i)]));
    the_log->error(basehttp::Severity::critical, line.text());
    ::raise(signal);  // its action is the default one again
}

}  // namespace

void name_system_calls(std::vector<NamedCall> calls) {
    the_calls = std::move(calls);
}

void install_crash_handler(basehttp::Log& log) {
    ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // which have better ones
    the_log = &log;
    ::dl_iterate_phdr(note_module, &the_modules);
    std::array<void*, 1> frame;
    ::backtrace(frame.data(), 1);  // loads what it needs
    stack_t stack{};
    stack.ss_sp = the_stack.data();
    stack.ss_size = the_stack.size();
    ::sigaltstack(&stack, nullptr);
    struct sigaction action {};
    action.sa_sigaction = on_crash;
    action.sa_flags = static_cast<int>(SA_SIGINFO | SA_ONSTACK | SA_RESETHAND | SA_NODEFER);
    for (const int signal : kSignals)
        ::sigaction(signal, &action, nullptr);
#else
    static_cast<void>(log);
#endif
}

}  // namespace basehttpd
