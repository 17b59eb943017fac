// What is left out of options has its default, without a warning.
#include <basehttp/handlers/files.h>

basehttp::Route files_of(const std::string& folder) {
    return basehttp::files("/", folder, {.listing = true});
}
