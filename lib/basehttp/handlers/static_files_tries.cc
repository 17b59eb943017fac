// Where StaticFiles looks for a path, step by step, as `try` says. See static_files.h.
#include "basehttp/handlers/static_files.h"

namespace basehttp {

Task<> StaticFiles::answer_first_of_tries() {
    for (const TryStep& step : options_->settings.tries) {
        if (auto answer = answer_try(step)) return *std::move(answer);
    }
    instead_ = {};
    name_ = {};
    refuse({ENOENT, "openat2"});
    return {};
}

// Nothing where there is nothing at this step. What is there and cannot be served ends the search.
std::optional<Task<>> StaticFiles::answer_try(const TryStep& step) {
    if (!start_try(step)) {
        log_step("not tried for this path", step);
        return std::nullopt;
    }
    const bool is_file = step.kind != TryStep::Kind::folder;
    const auto found = find_file(name_);
    if (found && is_file) return redirects_slash(step) ? Task<>() : answer_file();
    if (found) {
        log_step("not a directory", step);
        return std::nullopt;
    }
    if (found.error().code == EISDIR && !is_file) {
        return options_->settings.trailing_slash == TrailingSlash::remove ? answer_folder_without_slash()
                                                                          : answer_path();
    }
    if (FileRefusal::of(found.error().code).status == 404) {
        log_step(found.error().code == EISDIR ? "a directory" : "not found", step);
        return std::nullopt;
    }
    refuse(found.error());
    return Task<>();
}

void StaticFiles::log_step(std::string_view outcome, const TryStep& step) {
    if (logs(Severity::debug))
        log_message(Severity::debug, "try {}: {}, request \"{}\"", step.written(), outcome, request().line);
}

// Sets what is to be looked up. False: this step is not for the path.
bool StaticFiles::start_try(const TryStep& step) {
    const FilesSettings& settings = options_->settings;
    instead_ = {};
    name_ = {};
    switch (step.kind) {
        case TryStep::Kind::folder:
            break;
        case TryStep::Kind::file:
            if (!settings.try_suffixed && has_suffix(path())) return false;
            instead_ = step.text;
            break;
        case TryStep::Kind::path:
            name_ = step.text;
            if (!path().ends_with('/')) break;
            // A file has a slash after it only where that is its address, or is taken away.
            if (settings.trailing_slash == TrailingSlash::keep || relative_path().empty()) return false;
            if (settings.trailing_slash == TrailingSlash::add && step.text.empty()) return false;
            instead_ = relative_path().substr(0, relative_path().size() - 1);
            break;
    }
    return true;
}

// Whether what was found at `step` has another address, to which the client has then been sent.
bool StaticFiles::redirects_slash(const TryStep& step) {
    const bool slash = path().ends_with('/');
    const bool is_path_itself = step.kind == TryStep::Kind::path && step.text.empty();
    switch (options_->settings.trailing_slash) {
        case TrailingSlash::keep:
            return false;
        case TrailingSlash::add:
            if (slash || is_path_itself || has_suffix(path())) return false;
            redirect_to_folder();
            return true;
        case TrailingSlash::remove:
            if (!slash || relative_path().empty()) return false;
            redirect_without_slash();
            return true;
    }
    return false;
}

}  // namespace basehttp
