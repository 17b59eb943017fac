#include "basehttp/log/json_keys.h"

namespace basehttp {
namespace {

std::string_view group_name(CaptureKind kind) {
    switch (kind) {
        case CaptureKind::request_field:
            return "request";
        case CaptureKind::response_field:
            return "response";
        case CaptureKind::cookie:
            return "cookie";
        case CaptureKind::note:
            return "note";
        case CaptureKind::request_trailer:
            return "trailer";
        case CaptureKind::file:
            return "file";
        case CaptureKind::handler:
            return "handler";
    }
    return {};
}

// The entries of one kind; false where there are none. A key comes once, whatever the record holds.
bool append_group(std::string& out, const Captured& captured, CaptureKind kind, std::string_view before) {
    bool any = false;
    const std::size_t start = out.size();
    captured.for_each([&](const Captured::Entry& entry) {
        if (entry.kind != kind || captured.find(kind, entry.name)->data() != entry.value.data()) return;
        out += any ? "," : "";
        append_json_string(out, entry.name);
        out += ':';
        append_json_string(out, entry.value);
        any = true;
    });
    if (!any) return false;
    out += '}';
    std::string head(before);
    head.append("\"").append(group_name(kind)).append("\":{");
    out.insert(start, head);
    return true;
}

bool append_single(std::string& out, const Captured& captured, CaptureKind kind, std::string_view before) {
    const auto value = captured.find(kind, "");
    if (!value) return false;
    out.append(before).append("\"").append(group_name(kind)).append("\":");
    append_json_string(out, *value);
    return true;
}

}  // namespace

void append_captured_json(std::string& out, const Captured& captured) {
    out += '{';
    std::string_view before;
    for (const CaptureKind kind : {CaptureKind::request_field, CaptureKind::response_field, CaptureKind::cookie,
                                   CaptureKind::note, CaptureKind::request_trailer}) {
        if (append_group(out, captured, kind, before)) before = ",";
    }
    for (const CaptureKind kind : {CaptureKind::file, CaptureKind::handler}) {
        if (append_single(out, captured, kind, before)) before = ",";
    }
    out += '}';
}

}  // namespace basehttp
