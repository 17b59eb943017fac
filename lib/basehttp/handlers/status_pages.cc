#include "basehttp/handlers/status_pages.h"

#include <array>

#include "basehttp/protocol/negotiation.h"
#include "basehttp/server/route_path.h"

namespace basehttp {
namespace {

using Form = StatusSource::Form;

struct FormType {
    Form form;
    std::string_view accepted;  // what clients that want this form accept
    std::string_view sent;
};

// Of those that a client accepts alike, the first.
constexpr std::array kForms{
    FormType{Form::page, "text/html", "text/html; charset=utf-8"},
    FormType{Form::json, "application/json", "application/json"},
    FormType{Form::openmetrics, "application/openmetrics-text",
             "application/openmetrics-text; version=1.0.0; charset=utf-8"},
    FormType{Form::prometheus, "text/plain", "text/plain; version=0.0.4; charset=utf-8"},
};

const FormType& type_of(Form form) {
    for (const FormType& each : kForms) {
        if (each.form == form) return each;
    }
    return kForms.front();
}

Form preferred(const Fields& fields, bool metrics) {
    const FormType* best = metrics ? &type_of(Form::prometheus) : &kForms.front();
    MediaPreference most = media_preference(fields, best->accepted);
    for (const FormType& each : kForms) {
        if (metrics && each.form != Form::openmetrics) continue;
        const MediaPreference wanted = media_preference(fields, each.accepted);
        // That everything is accepted does not say that this is wanted.
        const bool named = wanted.closeness > MediaPreference::Closeness::any;
        if (named && wanted > most) {
            best = &each;
            most = wanted;
        }
    }
    return best->form;
}

}  // namespace

// Nothing: there is no such form.
std::optional<Form> StatusPages::form() const {
    std::string_view rest = rest_of_path(path(), options_->from);
    while (rest.starts_with('/'))
        rest.remove_prefix(1);
    if (rest.empty()) return preferred(headers(), false);
    if (rest == "json") return Form::json;
    if (rest == "metrics") return preferred(headers(), true);
    return std::nullopt;
}

Task<> StatusPages::do_GET() {
    const auto wanted = form();
    if (!wanted) {
        send_error(404, "The status is here as a page, as json and as metrics");
        return {};
    }
    const auto text = options_->source->render(*wanted);
    if (!text) {
        send_error(503, "The status is not known yet", {{"Retry-After", "1"}});
        return {};
    }
    send_response(200);
    send_header("Content-Type", type_of(*wanted).sent);
    send_headers({{"Vary", "Accept"}, {"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}});
    if (*wanted == Form::page) send_header("Content-Security-Policy", options_->source->page_policy());
    end_headers();
    response().append(*text);
    return {};
}

}  // namespace basehttp
