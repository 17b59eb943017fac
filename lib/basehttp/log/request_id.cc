#include "basehttp/log/request_id.h"

#include "basehttp/text/number.h"

namespace basehttp {

void RequestId::append_to(std::string& out) const {
    append_padded(out, instance, 8, 16);
    out += '-';
    append_number(out, connection, 16);
    out += '-';
    append_number(out, request, 16);
}

std::string RequestId::text() const {
    std::string out;
    append_to(out);
    return out;
}

}  // namespace basehttp
