#pragma once

// What the kernel command line asks for.
//
//   OPTION... -- PROGRAM ARGUMENT...
//
// Words are separated by blanks. Inside "..." or '...' blanks are ordinary; a backslash takes the
// next character as it is (\n is a line feed) everywhere but in '...'.
//
//   init=PATH             the program; what follows -- are its arguments then. Without a program:
//   the
//                         tree's own init
//   drydock.init=1        the program is an init although it is not called that
//   cwd=PATH              its working directory
//   env=NAME=VALUE        a variable of its environment
//   drydock.tty=0|1       whether the console is a terminal (1), or a digit each for standard
//                         input, output and error
//   drydock.rows=N drydock.columns=N
//   drydock.stderr=1|2    the serial port that standard error goes to (1)
//   drydock.input=3       the serial port that standard input comes from in blocks (input_stream.h)
//   drydock.stack=guarded|unguarded
//   drydock.memory=MiB    use no memory from this address on
//   drydock.seed=N        of entropy (0)
//   drydock.date=SECONDS  the date at boot; the battery clock's by default
//   drydock.user_clock=0|1  whether programs may read the time-stamp counter for the time (1)
//   drydock.clock=NANOSECONDS
//                         each system call and each fault takes so long, and nothing else takes any
//                         time: a wait is over at once; a timer is due when user code has run for
//                         two to four seconds without a call. 0: real time (default)
//   drydock.events=none|port|ADDRESS,SIZE   where events go (event_channel.h)
//
// Other words are for somebody else and are skipped; an unknown drydock.NAME is an error.
// /proc/cmdline shows all of it as it came.

#include "core/kernel/kernel.h"
#include "guest/event_channel.h"
#include "guest/kernel_stacks.h"

namespace drydock::guest {

class Options {
public:
    // Zero-terminated strings one after the other.
    class Strings {
    public:
        // False when there is no room.
        bool add(StringView text);
        // Drops the entry that starts with this prefix.
        void remove(StringView prefix);
        ConstBytes bytes() const { return {bytes_, used_}; }
        u32 count() const { return count_; }
        StringView first() const;

    private:
        // All words of a command line and the variables of every program.
        static constexpr usize kRoom = 8 * kKiB + 256;
        std::byte bytes_[kRoom] = {};
        usize used_ = 0;
        u32 count_ = 0;
    };

    // Reads a command line, which is changed in place. An error message, or an empty text.
    StringView read(Span<char> command_line);
    // Reads zero-terminated strings: the number of arguments, the arguments, the environment. They
    // stand instead of what the command line names, and stay the caller's.
    StringView read_program(ConstBytes strings);
    // Fills what was not said. Then `program` is complete, as long as this object lives.
    StringView complete(BootProgram& program);

    ConsoleMode console{};
    StackMode stack_mode = StackMode::Guarded;
    u64 memory_limit = ~u64{0};
    u64 seed = 0;
    u64 date = 0;
    u64 clock_step = 0;
    bool is_init = false;
    bool has_date = false;
    bool has_user_clock = true;
    bool is_error_separate = false;
    bool is_input_streamed = false;
    EventTarget events{};

private:
    StringView read_option(StringView word);
    StringView read_own_option(StringView name, StringView value);
    StringView read_events(StringView value);
    StringView read_terminals(StringView value);

    Strings arguments_{};
    Strings environment_{};
    std::byte joined_[2 * sizeof(Strings)] = {};
    // What read_program() was given, behind the number.
    ConstBytes given_{};
    bool is_given_ = false;
    u32 given_arguments_ = 0;
    u32 given_variables_ = 0;
    StringView program_{};
    StringView working_directory_ = "/";
};

}  // namespace drydock::guest
