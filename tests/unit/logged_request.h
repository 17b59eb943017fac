// A request as the logs are given it.
#pragma once

#include "basehttp/log/access_record.h"

namespace basehttpd_test {

inline basehttp::AccessRecord logged_request() {
    basehttp::AccessRecord record;
    record.arrival_ns = 784'111'777'000'042'999;
    record.head_ns = 1'000;
    record.duration_ns = 4'999;
    record.client = {basehttp::ClientAddress::Family::ipv4, 4711, {192, 0, 2, 1}};
    record.status = 200;
    record.body_bytes = 5;
    record.bytes_in = 6;
    record.bytes_out = 7;
    record.id = {0x5e8a01c7, 31, 2};
    record.run = 0xabc;
    record.serial = 12;
    record.worker = 3;
    record.pid = 99;
    record.request_line = "GET /a?b HTTP/1.1";
    record.host = "example.org";
    record.user_agent = "spam";
    record.site = "*";
    record.route = "/a";
    return record;
}

}  // namespace basehttpd_test
