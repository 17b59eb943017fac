#include "daemon/sandbox/sandbox.h"

#include "daemon/sandbox/inspection.h"
#include "daemon/sandbox/kernel_support.h"

namespace basehttpd {

std::vector<std::string> enter_sandbox(SandboxMode mode) {
    std::vector<std::string> problems;
    const auto note = [&problems](const basehttp::IoResult<void>& step) {
        if (!step) problems.push_back("sandbox: " + step.error().text());
    };
    if (mode == SandboxMode::off || KernelSupport::find().instrumented) return problems;
    note(forbid_inspection());
    return problems;
}

std::optional<std::string> sandbox_refusal(SandboxMode mode) {
    if (mode != SandboxMode::required) return std::nullopt;
    const std::string lacking = KernelSupport::find().lacking();
    if (lacking.empty()) return std::nullopt;
    return "the sandbox is required and cannot be had here: " + lacking;
}

std::string sandbox_remark(SandboxMode mode) {
    if (mode == SandboxMode::off) return "the sandbox is off, as configured";
    const std::string lacking = KernelSupport::find().lacking();
    return lacking.empty() ? "" : "the sandbox is not complete here: " + lacking;
}

}  // namespace basehttpd
