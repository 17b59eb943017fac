#include "basehttp/log/stderr_log.h"

#include <unistd.h>

namespace basehttp {

StderrLog::StderrLog() : LineLog(LogFormat::compile("combined").value()) {
    write_to(STDERR_FILENO, STDERR_FILENO);
}

}  // namespace basehttp
