// What an operation takes while many things of a kind are alive: tools/growth runs this program
// with 10, 1000 and 10000 of them.
#pragma once

#include <stdbool.h>

// Ends the program with a message if something did not work.
void must(bool is_done, char const* what);

// An operation of two families: a pipe is made and closed.
void make_pipe(int round);

struct operation {
    char const* name;
    // Makes `count` things; null: like the operation before.
    void (*prepare)(int count);
    // Done once. `round` goes up from 0.
    void (*run)(int round);
};

// Processes that wait for ever.
extern struct operation const process_operations[];
// Descriptors that are open.
extern struct operation const descriptor_operations[];
// Names in one folder.
extern struct operation const file_operations[];
// Regions of memory.
extern struct operation const region_operations[];
// Programs: `count` is the number of pages of the program's text.
extern struct operation const text_operations[];
