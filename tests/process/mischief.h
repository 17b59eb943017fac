// What a worker tries that has been captured: see mischief.cc.
#pragma once

/// Tries what is called `name` and ends the process: with 99 where it could be done, with 100 and errno where it was
/// refused. Comes back where nothing has that name.
void misbehave(const char* name);
