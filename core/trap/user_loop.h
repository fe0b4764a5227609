#pragma once

// The life of a thread in the kernel: run user code, handle why it stopped, repeat.

#include "core/process/user_thread.h"

namespace drydock {

// Entry of every user thread's kernel stack; `argument` is its UserThread.
void run_user_thread(void* argument);

}  // namespace drydock
