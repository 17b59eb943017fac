#include "daemon/process/anonymous_file.h"

#include <fcntl.h>
#include <sys/mman.h>

namespace basehttpd {

basehttp::IoResult<basehttp::UniqueFd> anonymous_file(const char* name) {
    basehttp::UniqueFd file(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (file) return file;
    const auto refused = basehttp::io_failure("memfd_create");
    for (const char* folder : {"/dev/shm", "/tmp", "/var/tmp"}) {
        file.reset(::open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
        if (file) return file;
    }
    return refused;
}

}  // namespace basehttpd
