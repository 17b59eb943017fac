// files(): the files of a folder as a route of a site, in one line. The daemon puts StaticFiles together itself.
#pragma once

#include <string>
#include <vector>

#include "basehttp/handlers/file_root.h"
#include "basehttp/server/router.h"

namespace basehttp {

struct FilesOptions {
    std::vector<std::string> index{"index.html"};  ///< for a folder: the first of these that exists
    bool listing = false;                          ///< for a folder without index: its list instead of 403
    bool hidden_files = false;                     ///< whether names that start with a dot exist
    Symlinks symlinks = Symlinks::within;
    std::string cache_control{};  ///< for the Cache-Control field of files; empty: not sent
};

/// A route that serves what is in `folder` below `path`: ranges, conditional requests, media types of the machine.
/// Throws std::system_error if the folder cannot be opened.
Route files(std::string path, const std::string& folder, FilesOptions options = {});

}  // namespace basehttp
