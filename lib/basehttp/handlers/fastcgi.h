// FastCgi: has a responder of FastCGI, like php-fpm, run the scripts of a folder, and serves its other files. A
// script is run only if it is a regular file beneath the folder, as the kernel finds it: neither a path like
// /avatar.png/x.php nor one that leads out of the folder reaches the responder.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/handlers/forwarding_handler.h"
#include "basehttp/handlers/static_files.h"
#include "basehttp/handlers/try_step.h"
#include "basehttp/server/handler_factory.h"
#include "basehttp/upstream/fastcgi_codec.h"

namespace basehttp {

/// What a route of this handler is told. What it points to must outlive it.
struct FastCgiOptions {
    Upstream* upstream = nullptr;               ///< with no server in it, scripts are found and not answered
    const StaticFilesOptions* files = nullptr;  ///< root and prefix; serves what is not a script, `index` included
    std::vector<std::string> index{"index.php"};
    std::vector<TryStep>
        tries{};                 ///< as those of files; a TryStep::Kind::file is a script, whatever suffix a path has
    std::string split = ".php";  ///< what names of scripts end in
    bool pass_authorization = false;
    bool keeps_connections = false;  ///< whether to ask the responder to
};

class FastCgi final : public ForwardingHandler {
  public:
    /// `options` must outlive the handler.
    explicit FastCgi(const FastCgiOptions* options) : options_(options) {}

    Task<> do_GET() { return answer(); }
    Task<> do_HEAD() { return answer(); }
    Task<> do_POST() { return answer(); }
    Task<> do_PUT() { return answer(); }
    Task<> do_DELETE() { return answer(); }
    Task<> do_PATCH() { return answer(); }
    Task<> do_OPTIONS() { return answer(); }

    static std::vector<Method> extension_methods();

    std::string_view handler_name() const override { return files_ ? files_->handler_name() : "fastcgi"; }
    std::string file_name() const override { return files_ ? files_->file_name() : script_.file; }

  private:
    enum class Found : std::uint8_t { nothing, script, file, folder };

    Task<> answer();
    std::optional<Task<>> answer_try(const TryStep& step);
    std::optional<Task<>> answer_folder();
    Found look_up(std::string_view relative);
    Found note_absence(int error);
    void take_script(std::string_view script, std::string_view info);
    Task<> run_script();
    Task<> run_with(ProgramRequest program);
    Task<> serve_file();
    std::string_view relative_path() const;

    const FastCgiOptions* options_;
    Script script_;
    std::string software_;
    int absence_ = 0;                     // why nothing was found: errno
    std::optional<FastCgiCodec> codec_;   // of the script
    std::unique_ptr<StaticFiles> files_;  // where it is none
};

}  // namespace basehttp
