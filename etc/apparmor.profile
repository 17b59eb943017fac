# AppArmor profile of basehttpd. It says what the units say, once more and by the kernel's word alone, and it also holds
# where the daemon is started without systemd.
#
# It complains, and denies nothing, until `aa-enforce /etc/apparmor.d/basehttpd`: logs, sockets and log programs can be
# anywhere, and what is outside the directories below needs a line in /etc/apparmor.d/local/basehttpd first.
# `journalctl -k --grep apparmor` shows what would be denied.

abi <abi/3.0>,

include <tunables/global>

profile basehttpd /usr/sbin/basehttpd flags=(attach_disconnected, complain) {
  include <abstractions/base>
  include <abstractions/nameservice>

  # Ports below 1024; the rest for a start as root, until the master has become the user of the configuration.
  capability chown,
  capability fowner,
  capability kill,
  capability net_bind_service,
  capability setgid,
  capability setpcap,
  capability setuid,
  capability sys_resource,

  network inet stream,
  network inet6 stream,
  network inet dgram,
  network inet6 dgram,
  network netlink raw,
  network unix stream,
  network unix dgram,
  network unix seqpacket,
  unix,

  # Master, workers and logger among themselves; whoever manages them.
  signal (send, receive) peer=basehttpd,
  signal (receive) peer=unconfined,
  ptrace (read, readby) peer=basehttpd,
  ptrace (readby) peer=unconfined,

  # Roots can be anywhere. Landlock keeps the workers to those that are configured.
  / r,
  /** r,
  deny /etc/{g,}shadow{,-} r,

  # The memory that processes share.
  /memfd:** rwm,

  # Logs, sockets, state.
  /var/log/** rwk,
  /run/** rwk,
  /var/lib/basehttpd/** rwk,
  /dev/{null,stdout,stderr,tty} rw,
  owner /tmp/** rwk,

  # An upgrade runs the new binary; log programs inherit the profile.
  /usr/sbin/basehttpd mrix,
  /{usr/,usr/local/,}{bin,sbin}/** mrix,
  /usr/local/lib/** mrix,
  /usr/lib/** mrix,
  /opt/** mrix,

  include if exists <local/basehttpd>
}
