#include "sim/command.h"

#include "sim/command_line.h"
#include "sim/outcome.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>

namespace drydock::sim {

CommandOption& CommandOption::required()
{
    option_->required();
    return *this;
}

CommandOption& CommandOption::between(u64 least, u64 most)
{
    option_->check(CLI::Range(least, most));
    return *this;
}

CommandOption& CommandOption::hidden()
{
    option_->group("");
    return *this;
}

CommandOption Command::add_option(char const* names, std::string& value, char const* help)
{
    return CommandOption(command_->add_option(names, value, help));
}

CommandOption Command::add_option(char const* names, u64& value, char const* help)
{
    return CommandOption(command_->add_option(names, value, help));
}

CommandOption Command::add_option(char const* names, std::optional<u64>& value, char const* help)
{
    return CommandOption(command_->add_option(names, value, help));
}

CommandOption Command::add_option(char const* names,
                                  std::vector<std::string>& values,
                                  char const* help)
{
    return CommandOption(command_->add_option(names, values, help)->allow_extra_args(false));
}

CommandOption Command::add_words(char const* name,
                                 std::vector<std::string>& words,
                                 char const* help)
{
    return CommandOption(command_->add_option(name, words, help));
}

CommandOption Command::add_flag(char const* names, bool& value, char const* help)
{
    return CommandOption(command_->add_flag(names, value, help));
}

bool Command::is_chosen() const { return command_->parsed(); }

CommandLine::CommandLine(char const* purpose, std::string const& version, char const* exit_statuses)
    : app_(std::make_unique<CLI::App>(purpose))
{
    app_->name("drydock");
    app_->set_version_flag("--version", "drydock " + version);
    app_->require_subcommand(1);
    app_->footer(exit_statuses);
}

CommandLine::~CommandLine() = default;

Command CommandLine::add_command(char const* name, char const* purpose)
{
    return Command(app_->add_subcommand(name, purpose));
}

namespace {

// What was left over when all options were read, as one line: an option that there is not, or a
// word where none belongs.
std::string describe_extras(CLI::App const& app)
{
    std::vector<std::string> const words = app.remaining(true);
    auto const is_option = [](std::string const& word) {
        return word.size() > 1 && word.starts_with('-') && word != "--";
    };
    auto const found = std::find_if(words.begin(), words.end(), is_option);
    if (found != words.end()) {
        return fmt::format("unknown option {}; what is meant for the program stands after --",
                           *found);
    }
    auto const word = std::find_if(
        words.begin(), words.end(), [](std::string const& text) { return text != "--"; });
    return fmt::format("unexpected argument {}", word == words.end() ? "--" : *word);
}

}  // namespace

std::optional<int> CommandLine::parse(int argument_count, char** arguments)
{
    try {
        app_->parse(argument_count, arguments);
    } catch (CLI::ParseError const& error) {
        if (error.get_exit_code() == 0) return app_->exit(error);
        bool const has_extras = dynamic_cast<CLI::ExtrasError const*>(&error) != nullptr;
        std::string const problem = has_extras ? describe_extras(*app_) : error.what();
        std::string command;
        for (CLI::App const* chosen : app_->get_subcommands()) command = chosen->get_name() + " ";
        throw UsageError(fmt::format("{}; see drydock {}--help", problem, command));
    }
    return std::nullopt;
}

int with_message(std::function<int()> const& command)
{
    try {
        return command();
    } catch (std::exception const& error) {
        std::string text = error.what();
        for (char& character : text) {
            if (character == '\n') character = ' ';
        }
        fmt::print(stderr, "drydock: {}\n", text);
        return kOracleStatus;
    }
}

}  // namespace drydock::sim
