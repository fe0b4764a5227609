#include "sim/host/terminal.h"

#include <csignal>
#include <cstdlib>
#include <initializer_list>
#include <termios.h>
#include <unistd.h>

namespace drydock::sim {

namespace {

// The one terminal of the process; only this file and signal handlers touch them.
termios saved_settings{};
volatile std::sig_atomic_t is_raw = 0;

void restore_and_die(int number)
{
    restore_terminal();
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    sigaction(number, &action, nullptr);
    raise(number);
}

}  // namespace

void make_terminal_raw()
{
    if (is_raw != 0 || tcgetattr(STDIN_FILENO, &saved_settings) != 0) return;
    termios raw = saved_settings;
    cfmakeraw(&raw);
    is_raw = 1;
    if (tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) != 0) {
        is_raw = 0;
        return;
    }
    std::atexit(restore_terminal);
    for (int const number : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU, SIGABRT}) {
        struct sigaction action {};
        action.sa_handler = restore_and_die;
        action.sa_flags = SA_ONSTACK | static_cast<int>(SA_RESETHAND);
        sigaction(number, &action, nullptr);
    }
}

void restore_terminal()
{
    if (is_raw == 0) return;
    is_raw = 0;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &saved_settings);
}

}  // namespace drydock::sim
