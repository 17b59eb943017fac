#include "daemon/sandbox/call_filter.h"

#include <linux/seccomp.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <memory>
#include <utility>

#include <seccomp.h>

#include "daemon/process/crash_handler.h"

namespace basehttpd {
namespace {

class Filter {
  public:
    explicit Filter(DeadlyCall deadly)
        : context_(::seccomp_init(SCMP_ACT_ERRNO(ENOSYS)), ::seccomp_release),
          deadly_(deadly == DeadlyCall::handled ? SCMP_ACT_TRAP : SCMP_ACT_KILL_PROCESS) {
        if (context_ == nullptr) failure_ = ENOMEM;
        // As a tree: a call costs the same wherever it stands.
        note(::seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2));
        note(::seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_TSYNC, 1));
        note(::seccomp_attr_set(context_.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS));
    }

    void allow(const char* name, const std::vector<scmp_arg_cmp>& conditions = {}) {
        add(SCMP_ACT_ALLOW, name, conditions);
    }

    void forbid(const char* name, const std::vector<scmp_arg_cmp>& conditions = {}) {
        const int number = add(deadly_, name, conditions);
        names_.push_back({number, name});
    }

    basehttp::IoResult<void> load() {
        name_system_calls(std::move(names_));
        if (failure_ == 0) note(::seccomp_load(context_.get()));
        if (failure_ != 0) return std::unexpected(basehttp::IoError{failure_, "seccomp"});
        return {};
    }

  private:
    // A call that this machine's architecture or this libseccomp does not know cannot be made by its name either.
    int add(std::uint32_t action, const char* name, const std::vector<scmp_arg_cmp>& conditions) {
        const int number = ::seccomp_syscall_resolve_name(name);
        if (number < 0) return number;
        note(::seccomp_rule_add_array(context_.get(), action, number, static_cast<unsigned>(conditions.size()),
                                      conditions.data()));
        return number;
    }

    void note(int result) {
        if (result < 0 && failure_ == 0) failure_ = -result;
    }

    std::unique_ptr<void, void (*)(scmp_filter_ctx)> context_;
    std::uint32_t deadly_;
    int failure_ = 0;
    std::vector<NamedCall> names_;
};

scmp_arg_cmp masked(const CallRule::Condition& condition) {
    return SCMP_CMP(condition.argument, SCMP_CMP_MASKED_EQ, condition.mask, condition.value);
}

// abort(3) and raise(3) take this call.
void allow_signals_to(Filter& filter, pid_t self) {
    const auto own = static_cast<scmp_datum_t>(self);
    filter.allow("tgkill", {SCMP_CMP(0, SCMP_CMP_EQ, own, 0)});
    filter.forbid("tgkill", {SCMP_CMP(0, SCMP_CMP_NE, own, 0)});
}

// A handler of SIGSYS stays, so that it names what the process dies of.
void allow_handlers(Filter& filter) {
    filter.allow("rt_sigaction", {SCMP_CMP(0, SCMP_CMP_NE, SIGSYS, 0)});
    filter.forbid("rt_sigaction", {SCMP_CMP(0, SCMP_CMP_EQ, SIGSYS, 0)});
}

// A listening socket that one process shuts down is down for all, and connect(2) to AF_UNSPEC does the same. A rule
// looks at an argument once: so each number up to the largest has a rule of its own.
void allow_but_on(Filter& filter, const char* name, const std::vector<int>& untouchable) {
    const int largest = untouchable.empty() ? -1 : std::ranges::max(untouchable);
    for (int socket = 0; socket <= largest; ++socket) {
        const std::vector<scmp_arg_cmp> this_one{SCMP_CMP(0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(socket), 0)};
        std::ranges::find(untouchable, socket) != untouchable.end() ? filter.forbid(name, this_one)
                                                                    : filter.allow(name, this_one);
    }
    filter.allow(name, {SCMP_CMP(0, SCMP_CMP_GE, static_cast<scmp_datum_t>(largest + 1), 0)});
}

}  // namespace

basehttp::IoResult<void> filter_calls(const CallList& list, DeadlyCall deadly, const std::vector<int>& untouchable) {
    Filter filter(deadly);
    for (const CallGroup& group : list.allowed) {
        for (const char* name : group.names)
            filter.allow(name);
    }
    for (const CallRule& rule : list.allowed_if) {
        std::vector<scmp_arg_cmp> conditions;
        std::ranges::transform(rule.conditions, std::back_inserter(conditions), masked);
        filter.allow(rule.name, conditions);
    }
    for (const CallTrap& trap : list.deadly_if)
        filter.forbid(trap.name, {masked(trap.condition)});
    for (const CallGroup& group : list.deadly) {
        for (const char* name : group.names)
            filter.forbid(name);
    }
    allow_signals_to(filter, ::getpid());
    allow_handlers(filter);
    for (const char* name : list.not_on_shared)
        allow_but_on(filter, name, untouchable);
    return filter.load();
}

bool call_filters_work() {
    const std::uint32_t action = SECCOMP_RET_KILL_PROCESS;
    return ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

}  // namespace basehttpd
