// Signals: what each process of basehttpd starts with. A parent hands down through exec which signals are ignored,
// which are blocked, what is pending and which timers run; none of that may decide how this program behaves.
#pragma once

namespace basehttpd {

/// At the start of main(): gives each signal its default disposition, drops what is pending of those that the daemon
/// does not serve, and disarms timers. SIGHUP stays ignored where nohup(1) or the like has asked for that. The mask
/// is left for one of the next two, so that no signal slips through in between.
void reset_signals();

/// Blocks exactly the signals that the master serves in its event loop, and ignores SIGPIPE: a signal that comes
/// while the configuration is read is served once the daemon has started.
void hold_back_served_signals();

/// For a program that serves no signal in a loop: blocks none.
void unblock_signals();

/// For a child of the master: what a terminal or a service manager sends to the whole group is the master's to act
/// on.
void leave_signals_to_master();

/// Before exec of a program that knows nothing of the master: each signal has its default disposition, none is
/// blocked.
void restore_signals();

}  // namespace basehttpd
