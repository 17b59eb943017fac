#include "daemon/master/kept_files.h"

#include <systemd/sd-daemon.h>

#include <stdlib.h>

namespace basehttpd {

std::vector<PassedFile> take_passed_files() {
    std::vector<PassedFile> passed;
    char** names = nullptr;
    const int count = ::sd_listen_fds_with_names(1, &names);
    for (int i = 0; i < count; ++i) {
        passed.push_back({names[i], basehttp::UniqueFd(SD_LISTEN_FDS_START + i)});
        ::free(names[i]);
    }
    ::free(static_cast<void*>(names));
    return passed;
}

void keep_file(const std::string& name, int file) {
    ::sd_pid_notify_with_fds(0, 0, ("FDSTORE=1\nFDNAME=" + name).c_str(), &file, 1);
}

void forget_file(const std::string& name) {
    ::sd_notify(0, ("FDSTOREREMOVE=1\nFDNAME=" + name).c_str());
}

}  // namespace basehttpd
