#include "basehttp/handlers/file_refusal.h"

#include <cerrno>

namespace basehttp {

FileRefusal FileRefusal::of(int code) {
    switch (code) {
        case ENOENT:
        case ENOTDIR:
        case EISDIR:
        case ENAMETOOLONG:
            return {404, Severity::debug, "No such file"};
        case EACCES:
        case EPERM:
            return {403, Severity::warning, "The server may not read this file"};
        case EXDEV:
            return {403, Severity::info, "A symbolic link leads out of the directory that is served"};
        case ELOOP:
            return {403, Severity::info, "This path has a symbolic link that is not followed here"};
        case ENXIO:
        case ENODEV:
            return {403, Severity::info, "Not a regular file"};
        case ENOBUFS:
            return {503, Severity::error, "Too many directory listings in progress; try again shortly"};
        case EAGAIN:
        case EMFILE:
        case ENFILE:
        case ENOMEM:
            return {503, Severity::error, "The server cannot open the file at present; try again shortly"};
        default:
            return {500, Severity::error, "The file cannot be read"};
    }
}

std::string_view refusing_part(const FileRoot& root, std::string_view path) {
    std::string_view searched;
    while (searched.size() < path.size()) {
        const std::string_view next = path.substr(0, path.find('/', searched.size() + 1));
        if (!root.status_of(next)) break;
        searched = next;
    }
    return searched;
}

}  // namespace basehttp
