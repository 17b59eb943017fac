"""The servers that the benchmarks compare, each with two workers, an access log in a file, and no limit that a benchmark
reaches; the others are tuned as their manuals advise, basehttpd is as it comes.
"""

import os
import shutil
import sys

from servers import Server

BASEHTTPD = """\
listen: ["127.0.0.1:{port}"]
{user}
control: {folder}/control.sock
workers: {{count: {workers}, crash_limit: 0}}
limits: {{connections: 16000}}
log:
  access: [{access}]
  error: [{{file: {folder}/error.log, level: info}}]
sites: [{{root: {site}}}]
"""

NGINX = """\
daemon off;
{user}
worker_processes {workers};
worker_rlimit_nofile 16384;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 16000; }}
http {{
    include /etc/nginx/mime.types;
    access_log {access};
    log_not_found off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    open_file_cache max=10000 inactive=60s;
    open_file_cache_valid 30s;
    open_file_cache_errors on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port} backlog=4096; root {site}; }}
}}
"""

# 65535 requests on a connection are the most that it can be told.
LIGHTTPD = """\
server.modules = ("mod_accesslog")
server.bind = "127.0.0.1"
server.port = {port}
{user}
server.document-root = "{site}"
server.pid-file = "{folder}/lighttpd.pid"
server.errorlog = "{folder}/error.log"
server.max-worker = {workers}
server.max-fds = 20000
server.max-connections = 10000
server.listen-backlog = 4096
server.max-keep-alive-requests = 65535
server.max-keep-alive-idle = 60
server.stat-cache-engine = "simple"
server.network-backend = "sendfile"
mimetype.assign = (".txt" => "text/plain", ".bin" => "application/octet-stream")
accesslog.filename = "{access}"
"""

H2O = """\
{user}
num-threads: {workers}
num-name-resolution-threads: 1
max-connections: 16000
pid-file: {folder}/h2o.pid
error-log: {folder}/error.log
access-log: {access}
http1-request-timeout: 60
listen: {{host: 127.0.0.1, port: {port}}}
hosts:
  default:
    paths:
      /: {{file.dir: {site}}}
"""

APACHE = """\
ServerName localhost
ServerRoot {folder}
PidFile {folder}/apache.pid
ErrorLog {folder}/error.log
Listen 127.0.0.1:{port}
ListenBacklog 4096
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule mime_module /usr/lib/apache2/modules/mod_mime.so
{user}
TypesConfig /etc/mime.types
ServerLimit {workers}
StartServers {workers}
ThreadLimit 512
ThreadsPerChild 512
MaxRequestWorkers 1024
AsyncRequestWorkerFactor 30
MaxConnectionsPerChild 0
KeepAlive On
MaxKeepAliveRequests 0
KeepAliveTimeout 60
EnableSendfile On
BufferedLogs On
LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{{Referer}}i\\" \\"%{{User-Agent}}i\\"" combined
CustomLog {access}
DocumentRoot {site}
<Directory {site}>
    Options FollowSymLinks
    AllowOverride None
    Require all granted
</Directory>
"""

# Debian's caddy has no combined format, only its own JSON.
CADDY = """\
{{
    admin off
    auto_https off
}}
http://:{port} {{
    bind 127.0.0.1
    root * {site}
    file_server
    log {{
        output file {access} {{
            roll_disabled
        }}
        format json
    }}
}}
"""


def basehttpd(name, binary, scratch, site, access="{file: {log}, format: combined}", **how):
    """`access` are the sinks of its access log; {log} in it is a file's path."""
    return Server(name, [binary.resolve(), "-c", "{config}"], scratch, BASEHTTPD, access, site, "user: www-data", **how)


def nginx(name, scratch, site, access="{log} combined", **how):
    command = [installed("nginx"), "-e", "stderr", "-c", "{config}"]
    return Server(name, command, scratch, NGINX, access, site, "user www-data;", **how)


def lighttpd(name, scratch, site):
    user = 'server.username = "www-data"\nserver.groupname = "www-data"'
    return Server(name, [installed("lighttpd"), "-D", "-f", "{config}"], scratch, LIGHTTPD, "{log}", site, user)


def h2o(name, scratch, site):
    return Server(name, [installed("h2o"), "-c", "{config}"], scratch, H2O, "{log}", site, "user: www-data")


def apache(name, scratch, site):
    command = [installed("apache2"), "-D", "FOREGROUND", "-f", "{config}"]
    return Server(name, command, scratch, APACHE, "{log} combined", site, "User www-data\nGroup www-data")


def caddy(name, scratch, site):
    command = [installed("caddy"), "run", "--adapter", "caddyfile", "--config", "{config}"]
    environment = {"GOMAXPROCS": "2", "HOME": str(scratch), "XDG_DATA_HOME": str(scratch), "XDG_CONFIG_HOME": str(scratch)}
    return Server(name, command, scratch, CADDY, "{log}", site, environment=environment)


def installed(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin") or sys.exit(f"{name} is not installed")
