# The headers that are installed. All others are for the library itself and the daemon.

# The interface: libbasehttp(3) names each of these.
set(basehttp_interface
    basehttp/handlers/files.h
    basehttp/handlers/redirect.h
    basehttp/io/address_range.h
    basehttp/io/client_address.h
    basehttp/io/event_loop.h
    basehttp/io/event_target.h
    basehttp/io/io_result.h
    basehttp/io/listen.h
    basehttp/io/service_manager.h
    basehttp/io/sigpipe.h
    basehttp/io/socket_address.h
    basehttp/io/stream.h
    basehttp/io/task.h
    basehttp/io/timer.h
    basehttp/io/unique_fd.h
    basehttp/log/access_record.h
    basehttp/log/error_record.h
    basehttp/log/file_log.h
    basehttp/log/log.h
    basehttp/log/log_format.h
    basehttp/log/severity.h
    basehttp/log/stderr_log.h
    basehttp/pages/error_pages.h
    basehttp/protocol/credentials.h
    basehttp/protocol/date.h
    basehttp/protocol/fields.h
    basehttp/protocol/form_data.h
    basehttp/protocol/limits.h
    basehttp/protocol/multipart.h
    basehttp/protocol/negotiation.h
    basehttp/protocol/parameters.h
    basehttp/protocol/refusal.h
    basehttp/protocol/request.h
    basehttp/protocol/status.h
    basehttp/protocol/target.h
    basehttp/protocol/version.h
    basehttp/server/client_rules.h
    basehttp/server/counters.h
    basehttp/server/forms.h
    basehttp/server/function_handler.h
    basehttp/server/handler_factory.h
    basehttp/server/http_server.h
    basehttp/server/json_content.h
    basehttp/server/request_handler.h
    basehttp/server/router.h
    basehttp/testing/test_client.h
    basehttp/text/html.h
)

# What those include and users do not: free to change.
set(basehttp_included
    basehttp/handlers/file_root.h
    basehttp/handlers/redirect_options.h
    basehttp/io/deadline.h
    basehttp/io/frame_pool.h
    basehttp/io/input_buffer.h
    basehttp/io/mailbox.h
    basehttp/io/patience.h
    basehttp/io/wall_clock.h
    basehttp/log/captured.h
    basehttp/log/format_directive.h
    basehttp/log/json_line.h
    basehttp/log/line_log.h
    basehttp/log/log_directive.h
    basehttp/log/log_record.h
    basehttp/log/request_id.h
    basehttp/log/request_line.h
    basehttp/log/time_text.h
    basehttp/log/timestamp.h
    basehttp/pages/page_template.h
    basehttp/protocol/body_framing.h
    basehttp/protocol/chunked.h
    basehttp/protocol/known_field.h
    basehttp/protocol/request_parser.h
    basehttp/protocol/response_framing.h
    basehttp/server/body_reader.h
    basehttp/server/exchange.h
    basehttp/server/head_reader.h
    basehttp/server/host_map.h
    basehttp/server/response_sender.h
    basehttp/server/response_writer.h
    basehttp/server/route_tree.h
    basehttp/text/ascii.h
    basehttp/text/string_writer.h
)

foreach(header IN LISTS basehttp_interface basehttp_included)
    cmake_path(GET header PARENT_PATH folder)
    install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/${folder} COMPONENT development)
endforeach()
