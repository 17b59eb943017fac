// Dispatcher: the seed's dispatch. A request SPAM goes to do_SPAM() of the handler that the router finds; where there
// is none, or it fails, the answer is given here. Part of a Connection.
#pragma once

#include <exception>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "basehttp/io/io_result.h"
#include "basehttp/io/task.h"
#include "basehttp/log/access_record.h"
#include "basehttp/log/severity.h"
#include "basehttp/server/exchange.h"
#include "basehttp/server/server_context.h"

namespace basehttp {

class Dispatcher {
  public:
    /// `context` must outlive it.
    explicit Dispatcher(ServerContext& context) : context_(context) {}

    /// Starts on a request; `exchange` must stay until finish().
    void start(Exchange& exchange) { exchange_ = &exchange; }

    /// Has the request answered. Afterwards the response has a whole head, or the connection is to be cut.
    Task<> run();

    /// Answers a request that breaks a rule of the protocol; the connection closes after that.
    void answer_refusal(Refusal refusal);

    /// Answers in the handler's stead; nothing of the response was sent yet.
    void answer_error(int status, std::string_view message, std::span<const FieldLine> fields = {});

    /// Looks for what log formats ask of the exchange by name.
    void capture_names();

    /// Gives the record of the exchange to the handler's log_request().
    void log_request(const AccessRecord& record);

    /// A line in the error log, with client and request line.
    void log_error(std::string_view text, Severity severity = Severity::error);

    /// Says once why a response ended before its end: `error` is what ResponseWriter::finish() gave. Nothing where
    /// the client left, which the access log tells, and where whoever gave the response up has said why.
    void log_cut(const IoError& error);

    /// Drops the handler.
    void finish() { handler_.reset(); }

  private:
    const Method* route();
    void note(AnsweredBy what) const;
    Task<> call(const Method& method);
    Task<> authenticate(const Method& method, Authentication& authentication);
    void answer_unauthorized(const Authentication& authentication, std::string_view message);
    Task<> wait_for(Task<> method);
    void check_response();
    bool answer_quarantined();
    bool redirects_to_canonical_host(const Site& site);
    bool refuses_client();
    bool answers_preflight();
    void answer_asterisk();
    void redirect_to_folder();
    void answer_unhandled();
    void answer_exception(std::exception_ptr thrown);
    std::string cut_text() const;
    void log_exception(std::string_view where, std::exception_ptr thrown);

    ServerContext& context_;
    Exchange* exchange_ = nullptr;
    std::unique_ptr<RequestHandler> handler_;  // of the request under way, once routed
};

}  // namespace basehttp
