#include "interposed.h"

#include <dlfcn.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cstdarg>

// prctl(2): only a worker asks to die with its parent, when it starts.
extern "C" int prctl(int option, ...) noexcept {
    static const auto next = reinterpret_cast<int (*)(int, ...)>(::dlsym(RTLD_NEXT, "prctl"));
    va_list arguments;
    va_start(arguments, option);
    const unsigned long a = va_arg(arguments, unsigned long);
    const unsigned long b = va_arg(arguments, unsigned long);
    const unsigned long c = va_arg(arguments, unsigned long);
    const unsigned long d = va_arg(arguments, unsigned long);
    va_end(arguments);
    if (option == PR_SET_PDEATHSIG) on_worker_start();
    return next(option, a, b, c, d);
}

// syscall(2), through which openat2(2) is called.
extern "C" long syscall(long number, ...) {
    static const auto next = reinterpret_cast<long (*)(long, ...)>(::dlsym(RTLD_NEXT, "syscall"));
    va_list arguments;
    va_start(arguments, number);
    const long a = va_arg(arguments, long);
    const long b = va_arg(arguments, long);
    const long c = va_arg(arguments, long);
    const long d = va_arg(arguments, long);
    const long e = va_arg(arguments, long);
    const long f = va_arg(arguments, long);
    va_end(arguments);
    if (number == SYS_openat2) on_open(reinterpret_cast<const char*>(b));
    return next(number, a, b, c, d, e, f);
}
