#include "daemon/process/standard_descriptors.h"

#include <fcntl.h>
#include <unistd.h>

namespace basehttpd {

void secure_standard_descriptors() {
    int fd = 0;
    while (fd >= 0 && fd <= STDERR_FILENO)
        fd = ::open("/dev/null", O_RDWR);
    ::close(fd);
}

}  // namespace basehttpd
