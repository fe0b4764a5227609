#include "tests/tty/terminal.h"

#include <gtest/gtest.h>

namespace drydock {
namespace {

using test::Terminal;

std::string const kAgain = "error 11";
std::string const kIo = "error 5";
std::string const kErase = "\b \b";

TEST(terminal, a_line_is_delivered_with_its_end)
{
    Terminal terminal;
    terminal.type("hello");
    EXPECT_EQ(terminal.read(), kAgain);
    terminal.type("\r");
    EXPECT_EQ(terminal.read(), "hello\n");
    EXPECT_EQ(terminal.read(), kAgain);
}

TEST(terminal, echoes_what_is_typed)
{
    Terminal terminal;
    EXPECT_EQ(terminal.echo_of("ab\r"), "ab\r\n");
}

TEST(terminal, a_short_read_leaves_the_rest_of_the_line)
{
    Terminal terminal;
    terminal.type("abcdef\nxyz\n");
    EXPECT_EQ(terminal.read(2), "ab");
    EXPECT_EQ(terminal.read(3), "cde");
    EXPECT_EQ(terminal.read(), "f\n");
    EXPECT_EQ(terminal.read(3), "xyz");
    EXPECT_EQ(terminal.read(3), "\n");
}

TEST(terminal, end_of_file_on_an_empty_line_reads_nothing)
{
    Terminal terminal;
    terminal.type("\x04");
    EXPECT_EQ(terminal.read(), "");
    EXPECT_EQ(terminal.read(), kAgain);
}

TEST(terminal, end_of_file_within_a_line_delivers_it_without_an_end)
{
    Terminal terminal;
    terminal.type("abc\x04");
    EXPECT_EQ(terminal.read(), "abc");
    EXPECT_EQ(terminal.read(), kAgain);
    // A read that the line fills exactly takes the mark too.
    terminal.type("abc\x04");
    EXPECT_EQ(terminal.read(3), "abc");
    EXPECT_EQ(terminal.read(), kAgain);
}

TEST(terminal, erases_a_character)
{
    Terminal terminal;
    EXPECT_EQ(terminal.echo_of("abx\x7f"), "abx" + kErase);
    EXPECT_EQ(terminal.echo_of("c\n"), "c\r\n");
    EXPECT_EQ(terminal.read(), "abc\n");
    EXPECT_EQ(terminal.echo_of("\x7f"), "");
}

TEST(terminal, erases_no_further_than_the_line)
{
    Terminal terminal;
    terminal.type("one\n");
    terminal.type("\x7f\x7f\x7f");
    EXPECT_EQ(terminal.read(), "one\n");
}

TEST(terminal, erases_a_word)
{
    Terminal terminal;
    terminal.type("one two, \x17");
    terminal.type("x\n");
    EXPECT_EQ(terminal.read(), "one x\n");
}

TEST(terminal, kills_a_line)
{
    Terminal terminal;
    EXPECT_EQ(terminal.echo_of("abc\x15"), "abc" + kErase + kErase + kErase);
    terminal.type("x\n");
    EXPECT_EQ(terminal.read(), "x\n");
}

TEST(terminal, kill_without_echoke_starts_a_new_line)
{
    Terminal terminal;
    UserTermios settings = terminal.settings();
    settings.local &= ~termios::kEchoKe;
    terminal.set(settings);
    EXPECT_EQ(terminal.echo_of("ab\x15"), "ab^U\r\n");
}

TEST(terminal, erases_two_columns_of_a_control_character)
{
    Terminal terminal;
    EXPECT_EQ(terminal.echo_of("\x01"), "^A");
    EXPECT_EQ(terminal.echo_of("\x7f"), kErase + kErase);
}

TEST(terminal, erases_a_tab_back_to_where_it_began)
{
    Terminal terminal;
    EXPECT_EQ(terminal.echo_of("ab\t"), "ab\t");
    EXPECT_EQ(terminal.echo_of("\x7f"), "\b\b\b\b\b\b");
    EXPECT_EQ(terminal.echo_of("\t\t"), "\t\t");
    EXPECT_EQ(terminal.echo_of("\x7f"), "\b\b\b\b\b\b\b\b");
}

TEST(terminal, erases_the_tab_after_a_prompt)
{
    Terminal terminal;
    terminal.write("$ ");
    terminal.type("\t");
    EXPECT_EQ(terminal.echo_of("\x7f"), "\b\b\b\b\b\b");
}

TEST(terminal, erases_whole_characters_of_utf8)
{
    Terminal terminal;
    UserTermios settings = terminal.settings();
    settings.input |= termios::kIUtf8;
    terminal.set(settings);
    EXPECT_EQ(terminal.echo_of("a\xc3\xa9\x7f"), "a\xc3\xa9" + kErase);
    terminal.type("\n");
    EXPECT_EQ(terminal.read(), "a\n");
}

TEST(terminal, takes_the_next_character_literally)
{
    Terminal terminal;
    EXPECT_EQ(terminal.echo_of("\x16\x03"), "^\b^C");
    terminal.type("\n");
    EXPECT_EQ(terminal.read(), "\x03\n");
    EXPECT_TRUE(terminal.keyboard.signals.empty());
}

TEST(terminal, reprints_the_line)
{
    Terminal terminal;
    EXPECT_EQ(terminal.echo_of("ab\x12"), "ab^R\r\nab");
}

TEST(terminal, sends_signals_and_flushes)
{
    Terminal terminal;
    EXPECT_EQ(terminal.echo_of("abc\x03"), "abc^C");
    EXPECT_EQ(terminal.echo_of("\x1c\x1a"), "^\\^Z");
    std::vector<std::pair<u32, u32>> const expected{{1, 2}, {1, 3}, {1, 20}};
    EXPECT_EQ(terminal.keyboard.signals, expected);
    terminal.type("x\n");
    EXPECT_EQ(terminal.read(), "x\n");
}

TEST(terminal, keeps_its_input_with_noflsh)
{
    Terminal terminal;
    UserTermios settings = terminal.settings();
    settings.local |= termios::kNoFlsh;
    terminal.set(settings);
    terminal.type("ab\x03"
                  "c\n");
    EXPECT_EQ(terminal.read(), "abc\n");
}

TEST(terminal, stops_and_starts_output)
{
    Terminal terminal;
    terminal.type("\x13");
    EXPECT_EQ(terminal.write("x"), kAgain);
    terminal.type("\x11");
    EXPECT_EQ(terminal.write("x"), "x");
}

TEST(terminal, translates_carriage_returns_as_told)
{
    Terminal terminal;
    UserTermios settings = terminal.settings();
    settings.input = termios::kINlCr;
    settings.characters[termios::kVEol] = '\r';
    terminal.set(settings);
    terminal.type("a\n");
    EXPECT_EQ(terminal.read(), "a\r");
    settings.input = termios::kIgnCr;
    terminal.set(settings);
    terminal.type("a\r\n");
    EXPECT_EQ(terminal.read(), "a\n");
}

TEST(terminal, holds_4095_bytes_of_a_line_and_its_end)
{
    Terminal terminal;
    for (int i = 0; i < 100; ++i) terminal.type(std::string(60, 'a'));
    EXPECT_EQ(terminal.read(), kAgain);
    terminal.type("\n");
    EXPECT_EQ(terminal.read(), std::string(4095, 'a') + "\n");
}

TEST(terminal, raw_reads_give_what_is_there)
{
    Terminal terminal;
    UserTermios settings = terminal.settings();
    settings.local &= ~(termios::kICanon | termios::kEcho | termios::kISig);
    terminal.set(settings);
    EXPECT_EQ(terminal.read(), kAgain);
    EXPECT_EQ(terminal.echo_of("a\x03\x7f"), "");
    EXPECT_EQ(terminal.read(), "a\x03\x7f");
}

TEST(terminal, without_minimum_and_time_a_raw_read_never_waits)
{
    Terminal terminal;
    UserTermios settings = terminal.settings();
    settings.local &= ~termios::kICanon;
    settings.characters[termios::kVMin] = 0;
    terminal.set(settings);
    EXPECT_EQ(terminal.read(), "");
}

TEST(terminal, going_raw_gives_the_unfinished_line)
{
    Terminal terminal;
    terminal.type("abc");
    UserTermios settings = terminal.settings();
    settings.local &= ~termios::kICanon;
    terminal.set(settings);
    EXPECT_EQ(terminal.read(), "abc");
}

TEST(terminal, going_canonical_makes_a_line_of_what_was_typed)
{
    Terminal terminal;
    UserTermios settings = terminal.settings();
    settings.local &= ~termios::kICanon;
    terminal.set(settings);
    terminal.type("abc");
    settings.local |= termios::kICanon;
    terminal.set(settings);
    EXPECT_EQ(terminal.read(), "abc");
}

TEST(terminal, processes_output)
{
    Terminal terminal;
    EXPECT_EQ(terminal.write("a\nb\tc"), "a\r\nb\tc");
    UserTermios settings = terminal.settings();
    settings.output = termios::kOPost | termios::kXTabs;
    terminal.set(settings);
    EXPECT_EQ(terminal.write("\r\tx\n"), "\r        x\n");
    settings.output = termios::kOPost | termios::kOCrNl | termios::kONoCr;
    terminal.set(settings);
    EXPECT_EQ(terminal.write("a\r"), "a\n");
    settings.output = 0;
    terminal.set(settings);
    EXPECT_EQ(terminal.write("a\nb"), "a\nb");
}

TEST(terminal, background_readers_are_stopped)
{
    Terminal terminal;
    terminal.keyboard.group = 2;
    EXPECT_EQ(terminal.read(), "error 512");
    std::vector<std::pair<u32, u32>> const expected{{2, 21}};
    EXPECT_EQ(terminal.keyboard.signals, expected);
    terminal.keyboard.can_stop = false;
    EXPECT_EQ(terminal.read(), kIo);
}

TEST(terminal, background_writers_are_stopped_only_with_tostop)
{
    Terminal terminal;
    terminal.keyboard.group = 2;
    EXPECT_EQ(terminal.write("x"), "x");
    terminal.keyboard.group = 1;
    UserTermios settings = terminal.settings();
    settings.local |= termios::kToStop;
    terminal.set(settings);
    terminal.keyboard.group = 2;
    EXPECT_EQ(terminal.write("x"), "error 512");
    terminal.keyboard.can_stop = false;
    EXPECT_EQ(terminal.write("x"), "x");
}

TEST(terminal, a_changed_window_is_announced_once)
{
    Terminal terminal;
    UserWindowSize size{50, 132, 0, 0};
    MUST(terminal.control(ioctls::kTiocSwinSz, size));
    MUST(terminal.control(ioctls::kTiocSwinSz, size));
    std::vector<std::pair<u32, u32>> const expected{{1, 28}};
    EXPECT_EQ(terminal.keyboard.signals, expected);
    UserWindowSize seen;
    MUST(terminal.control(ioctls::kTiocGwinSz, seen));
    EXPECT_EQ(seen.rows, 50);
    EXPECT_EQ(seen.columns, 132);
}

TEST(terminal, the_foreground_is_a_group_of_the_session)
{
    Terminal terminal;
    i32 group = 7;
    MUST(terminal.control(ioctls::kTiocSpgrp, group));
    EXPECT_EQ(terminal.device.foreground_group, 7u);
    terminal.keyboard.group = 7;
    group = 2000;
    EXPECT_EQ(terminal.control(ioctls::kTiocSpgrp, group).error(), Errno::Perm);
    group = -1;
    EXPECT_EQ(terminal.control(ioctls::kTiocSpgrp, group).error(), Errno::Inval);
    terminal.keyboard.session = 9;
    EXPECT_EQ(terminal.control(ioctls::kTiocGpgrp, group).error(), Errno::NotTty);
}

TEST(terminal, counts_what_can_be_read)
{
    Terminal terminal;
    terminal.type("abc\nde");
    i32 count = 0;
    MUST(terminal.control(ioctls::kFionRead, count));
    EXPECT_EQ(count, 4);
    EXPECT_EQ(terminal.device.poll(nullptr) & poll_events::kIn, poll_events::kIn);
    terminal.read();
    EXPECT_EQ(terminal.device.poll(nullptr) & poll_events::kIn, 0u);
}

// Whatever is typed, in whatever mode, nothing breaks and nothing is invented.
TEST(terminal, survives_anything_typed)
{
    u64 state = 1;
    auto const random = [&state] {
        state = state * 6364136223846793005 + 1442695040888963407;
        return static_cast<u32>(state >> 33);
    };
    for (int round = 0; round < 20; ++round) {
        Terminal terminal;
        for (int step = 0; step < 300; ++step) {
            UserTermios settings = terminal.settings();
            if (random() % 8 == 0) {
                settings.input = random();
                settings.output = random();
                settings.local = random() & ~termios::kToStop;
                terminal.set(settings);
            }
            std::string text(random() % 200, ' ');
            for (char& letter : text) letter = static_cast<char>(random());
            terminal.type(text);
            terminal.write(text);
            if (random() % 2 == 0) terminal.read(random() % 5000);
        }
    }
}

}  // namespace
}  // namespace drydock
