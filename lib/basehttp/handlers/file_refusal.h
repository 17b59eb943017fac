// FileRefusal: what a request for a file that cannot be opened is answered with. Pure but for refusing_part().
#pragma once

#include <string_view>

#include "basehttp/handlers/file_root.h"
#include "basehttp/log/severity.h"

namespace basehttp {

struct FileRefusal {
    int status;
    Severity severity;  ///< a warning: for want of a permission
    std::string_view message;

    /// By the errno.
    static FileRefusal of(int code);
};

/// Where the permission is missing without which `path` cannot be opened: the folder that may not be searched, or
/// else all of `path`; empty: the root itself.
std::string_view refusing_part(const FileRoot& root, std::string_view path);

}  // namespace basehttp
