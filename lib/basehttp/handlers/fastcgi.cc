#include "basehttp/handlers/fastcgi.h"

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "basehttp/handlers/file_refusal.h"
#include "basehttp/handlers/forwarded_methods.h"
#include "basehttp/handlers/hidden_path.h"
#include "basehttp/handlers/script_path.h"
#include "basehttp/server/route_path.h"

namespace basehttp {
namespace {

const std::vector<TryStep>& usual_tries() {
    static const std::vector<TryStep> tries{{TryStep::Kind::path}, {TryStep::Kind::folder}};
    return tries;
}

}  // namespace

std::vector<Method> FastCgi::extension_methods() {
    return forwarded_methods([](RequestHandler& handler) { return static_cast<FastCgi&>(handler).answer(); });
}

std::string_view FastCgi::relative_path() const {
    std::string_view relative = rest_of_path(path(), options_->files->prefix);
    if (relative.starts_with('/')) relative.remove_prefix(1);
    return relative;
}

Task<> FastCgi::answer() {
    absence_ = ENOENT;
    const bool may_be_looked_up = options_->files->settings.hidden_files || !is_hidden(relative_path());
    // A decoded slash would name a file that the URL's own segments do not.
    if (may_be_looked_up && !request().target.escaped_slash) {
        for (const TryStep& step : options_->tries.empty() ? usual_tries() : options_->tries) {
            if (auto answer = answer_try(step)) return *std::move(answer);
        }
    }
    const FileRefusal refusal = FileRefusal::of(absence_);
    log_message(refusal.severity, "code {}, message {}, below {}: {}, request \"{}\"", refusal.status,
                refusal.message, options_->files->folder, std::generic_category().message(absence_), request().line);
    send_status_page(refusal.status, refusal.message);
    return {};
}

// Nothing where there is nothing at this step.
std::optional<Task<>> FastCgi::answer_try(const TryStep& step) {
    const bool is_file = step.kind == TryStep::Kind::file;
    const std::string relative = is_file ? step.text : std::string(relative_path()).append(step.text);
    const Found found = look_up(relative);
    if (step.kind == TryStep::Kind::folder) return found == Found::folder ? answer_folder() : std::nullopt;
    if (found == Found::script) return run_script();
    if (found == Found::file && !is_file) return serve_file();
    return std::nullopt;
}

std::optional<Task<>> FastCgi::answer_folder() {
    if (!path().ends_with('/')) {
        redirect_to_folder();
        return Task<>();
    }
    for (const std::string& name : options_->index) {
        const Found found = look_up(std::string(relative_path()).append(name));
        if (found == Found::script) return run_script();
        if (found == Found::file) return serve_file();
    }
    return std::nullopt;
}

// What `relative` is beneath the root. The first part that may name a script and is a file is one; where it is a
// directory, which may be called so, a later part can be.
FastCgi::Found FastCgi::look_up(std::string_view relative) {
    const FileRoot& root = options_->files->source.root;
    for (auto cut = ScriptPath::cut(relative, options_->split); cut;
         cut = ScriptPath::cut(relative, options_->split, cut->script.size())) {
        const auto status = root.status_of(cut->script);
        if (!status) return note_absence(status.error().code);
        if (S_ISREG(status->st_mode)) {
            take_script(cut->script, cut->info);
            return Found::script;
        }
        if (!S_ISDIR(status->st_mode)) return note_absence(ENOENT);
    }
    const auto status = root.status_of(relative);
    if (!status) return note_absence(status.error().code);
    if (S_ISDIR(status->st_mode)) return Found::folder;
    return S_ISREG(status->st_mode) ? Found::file : note_absence(ENOENT);
}

// Of several reasons, the last that is more than an absence.
FastCgi::Found FastCgi::note_absence(int error) {
    if (FileRefusal::of(error).status != 404) absence_ = error;
    return Found::nothing;
}

void FastCgi::take_script(std::string_view script, std::string_view info) {
    const std::string_view above = path().substr(0, path().size() - relative_path().size());
    script_.root = options_->files->folder;
    if (script_.root.ends_with('/')) script_.root.pop_back();
    script_.file = script_.root + '/';
    script_.file += script;
    script_.name = above;
    script_.name += script;
    script_.info = info;
}

Task<> FastCgi::run_script() {
    const BodyFraming content = request_content();
    // A program is told the length first: CONTENT_LENGTH.
    if (content.kind == BodyFraming::Kind::chunked) {
        send_error(411, "The program that serves this needs to know the length of the content");
        return {};
    }
    if (options_->upstream->size() == 0) {
        abandon_response();
        return {};
    }
    software_ = version_string();
    return run_with(
        {request(), script_, content, client_address(), scheme(), user(), software_, options_->pass_authorization});
}

Task<> FastCgi::run_with(ProgramRequest program) {
    codec_.emplace(program, options_->keeps_connections,
                   [this](std::string_view line) { log_error("{}: {}", origin_name(), line); });
    co_await forward(*options_->upstream, *codec_);
    codec_->report_line();
}

Task<> FastCgi::serve_file() {
    if (command() != "GET" && command() != "HEAD") {
        const FieldLine allow{"Allow", "GET, HEAD"};
        send_error(405, "This is a file, not a program", {&allow, 1});
        return {};
    }
    files_ = std::make_unique<StaticFiles>(options_->files);
    hand_to(*files_);
    return files_->do_GET();
}

}  // namespace basehttp
