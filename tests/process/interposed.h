// What is preloaded into the daemon sees two of its moments: interposed.cc stands before glibc's functions for them,
// and calls these, which fault.cc and captured.cc each have of their own.
#pragma once

/// A worker has begun: it asks for a signal at its parent's death (prctl(2)), before it is shut in.
void on_worker_start();

/// A worker is about to open the file `path` beneath a root (openat2(2)).
void on_open(const char* path);
