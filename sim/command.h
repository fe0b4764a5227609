#pragma once

// The commands of the program (run, boot, ...) and their options. CLI11 reads them; its headers,
// which take long to compile, stay in command.cpp.

#include "core/base/integers.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace drydock::sim {

// An option just added: what else holds of it. To be used at once.
class CommandOption {
public:
    explicit CommandOption(CLI::Option* option) : option_(option) {}

    CommandOption& required();
    CommandOption& between(u64 least, u64 most);
    // Not in --help.
    CommandOption& hidden();

private:
    CLI::Option* option_;
};

// A handle: the command lives in its CommandLine. Values are written by CommandLine::parse; they
// must stay where they are until then. `names` begin with --, or are one name for a word without.
class Command {
public:
    explicit Command(CLI::App* command) : command_(command) {}

    CommandOption add_option(char const* names, std::string& value, char const* help);
    CommandOption add_option(char const* names, u64& value, char const* help);
    CommandOption add_option(char const* names, std::optional<u64>& value, char const* help);
    // Any number of times, a word each.
    CommandOption add_option(char const* names, std::vector<std::string>& values, char const* help);
    // All words that are left.
    CommandOption add_words(char const* name, std::vector<std::string>& words, char const* help);
    CommandOption add_flag(char const* names, bool& value, char const* help);

    bool is_chosen() const;

private:
    CLI::App* command_;
};

class CommandLine {
public:
    CommandLine(char const* purpose, std::string const& version, char const* exit_statuses);
    ~CommandLine();
    CommandLine(CommandLine const&) = delete;
    CommandLine& operator=(CommandLine const&) = delete;

    Command add_command(char const* name, char const* purpose);

    // The exit status if there is nothing more to do: --help and --version print. Throws UsageError
    // with a line for people if the words make no sense; otherwise one command is chosen.
    std::optional<int> parse(int argument_count, char** arguments);

private:
    std::unique_ptr<CLI::App> app_;
};

// What `command` returns, or, where it throws, the status of a run that could not be done: with the
// exception's text on standard error, as one line.
int with_message(std::function<int()> const& command);

}  // namespace drydock::sim
