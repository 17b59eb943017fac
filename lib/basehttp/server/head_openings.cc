#include "basehttp/server/head_openings.h"

#include "basehttp/protocol/response_head.h"
#include "basehttp/protocol/status.h"

namespace basehttp {

void HeadOpenings::write(Opening& opening) {
    const StatusInfo* info = find_status(opening.status);
    opening.text.clear();
    append_status_line(opening.text, kHttp11, opening.status, info != nullptr ? info->phrase : std::string_view{});
    if (!opening.server.empty()) append_field_line(opening.text, "Server", opening.server);
    append_field_line(opening.text, "Date", date_.at(opening.second));
}

}  // namespace basehttp
