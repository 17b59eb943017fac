#include "daemon/status/status_view.h"

#include "daemon/status/status_json.h"
#include "daemon/status/status_metrics.h"
#include "daemon/status/status_page.h"

namespace basehttpd {

std::optional<std::string> StatusView::render(Form form) const {
    const auto facts = facts_();
    if (!facts) return std::nullopt;
    switch (form) {
        case Form::page:
            return status_page(*facts);
        case Form::json:
            return to_json(status_document(*facts));
        case Form::prometheus:
            return status_metrics(*facts, MetricsForm::prometheus);
        case Form::openmetrics:
            return status_metrics(*facts, MetricsForm::openmetrics);
    }
    return std::nullopt;
}

std::string_view StatusView::page_policy() const {
    return kStatusPolicy;
}

}  // namespace basehttpd
