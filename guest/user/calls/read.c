#include "calls.h"

enum { kMostBlock = 5000, kMostDepth = 4 };

static int is_digit(char c) { return c >= '0' && c <= '9'; }

static int hex_digit(char c)
{
    if (is_digit(c)) return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

size_t word_length(char const* text)
{
    size_t length = 0;
    while (is_digit(text[length]) || text[length] == '_' ||
           ((text[length] | 32) >= 'a' && (text[length] | 32) <= 'z'))
        ++length;
    return length;
}

void read_list(char const* text)
{
    while (*text != 0 && list.count < kMostLines) {
        if (is_digit(text[0]) && text[0] - '0' < kActors && text[1] == ':')
            list.lines[list.count++] = (struct line){text + 2, (unsigned)(text[0] - '0')};
        while (*text != 0 && *text != '\n') ++text;
        if (*text == '\n') ++text;
    }
}

void skip_spaces(struct reader* reader)
{
    while (*reader->at == ' ') ++reader->at;
}

int is_at_end(struct reader* reader)
{
    skip_spaces(reader);
    return *reader->at == 0 || *reader->at == '\n' || *reader->at == '#';
}

static uint64_t bad(struct reader* reader)
{
    reader->is_bad = 1;
    return 0;
}

static uint64_t read_number(struct reader* reader)
{
    int const is_negative = *reader->at == '-';
    if (is_negative) ++reader->at;
    if (!is_digit(*reader->at)) return bad(reader);
    unsigned base = 10;
    if (reader->at[0] == '0' && reader->at[1] == 'x') {
        base = 16;
        reader->at += 2;
    } else if (reader->at[0] == '0') {
        base = 8;
    }
    uint64_t value = 0;
    for (int digit; (digit = hex_digit(*reader->at)) >= 0 && (unsigned)digit < base; ++reader->at)
        value = value * base + (unsigned)digit;
    return is_negative ? -value : value;
}

// The bytes between quotes. Returns how many.
static size_t read_text(struct reader* reader, unsigned char* target, size_t room)
{
    size_t size = 0;
    if (*reader->at != '"') return bad(reader);
    for (++reader->at; *reader->at != '"'; ++size) {
        if (*reader->at == 0 || *reader->at == '\n' || size == room) return bad(reader);
        unsigned char byte = (unsigned char)*reader->at++;
        if (byte == '\\') {
            if (reader->at[0] != 'x' || hex_digit(reader->at[1]) < 0 ||
                hex_digit(reader->at[2]) < 0)
                return bad(reader);
            byte = (unsigned char)(hex_digit(reader->at[1]) * 16 + hex_digit(reader->at[2]));
            reader->at += 3;
        }
        target[size] = byte;
    }
    ++reader->at;
    return size;
}

// Blocks are built where they are used from: an inner one stands before its outer one.
static uint64_t keep(struct reader* reader, unsigned char const* bytes, size_t size)
{
    size_t const taken = (size + 15) & ~(size_t)15;
    if ((size_t)(reader->room_end - reader->room) < taken) return bad(reader);
    unsigned char* const place = reader->room;
    for (size_t i = 0; i < size; ++i) place[i] = bytes[i];
    reader->room += taken;
    return (uint64_t)place;
}

static uint64_t read_value(struct reader* reader, unsigned depth);

static size_t read_item(struct reader* reader, unsigned char* target, size_t room, unsigned depth)
{
    char const kind = *reader->at++;
    if (kind == 's') return read_text(reader, target, room);
    if (kind == 'z' || kind == 'r') {
        uint64_t const count = read_number(reader);
        uint64_t byte = 0;
        if (kind == 'r' && *reader->at == ':') {
            ++reader->at;
            byte = read_number(reader);
        }
        if (count > room) return bad(reader);
        for (uint64_t i = 0; i < count; ++i) target[i] = (unsigned char)byte;
        return count;
    }
    size_t const size = kind == 'b' ? 1 : kind == 'h' ? 2 : kind == 'w' ? 4 : kind == 'q' ? 8 : 0;
    if (size == 0 || size > room) return bad(reader);
    uint64_t const value = read_value(reader, depth);
    for (size_t i = 0; i < size; ++i) target[i] = (unsigned char)(value >> (8 * i));
    return size;
}

static uint64_t read_block(struct reader* reader, unsigned depth)
{
    unsigned char bytes[kMostBlock];
    size_t size = 0;
    if (depth == kMostDepth) return bad(reader);
    for (++reader->at; *reader->at != '}' && !reader->is_bad;)
        size += read_item(reader, bytes + size, kMostBlock - size, depth + 1);
    if (reader->is_bad) return 0;
    ++reader->at;
    return keep(reader, bytes, size);
}

static uint64_t read_place(struct reader* reader)
{
    ++reader->at;
    uint64_t const page = read_number(reader);
    uint64_t place = (uint64_t)ARENA + page * kPage;
    if (*reader->at == '+' || *reader->at == '-') {
        int const is_below = *reader->at++ == '-';
        uint64_t const distance = read_number(reader);
        place = is_below ? place - distance : place + distance;
    }
    return place;
}

static uint64_t read_handler(struct reader* reader)
{
    char const which = reader->at[1];
    if (which == 0) return bad(reader);
    reader->at += 2;
    switch (which) {
    case '0': return (uint64_t)handler_counts;
    case '1': return (uint64_t)handler_calls;
    case 'r': return (uint64_t)handler_returns;
    default: return bad(reader);
    }
}

static uint64_t read_string(struct reader* reader)
{
    unsigned char bytes[kMostBlock];
    size_t const size = read_text(reader, bytes, kMostBlock - 1);
    bytes[reader->is_bad ? 0 : size] = 0;
    return keep(reader, bytes, size + 1);
}

static uint64_t read_value(struct reader* reader, unsigned depth)
{
    switch (*reader->at) {
    case 'v': {
        ++reader->at;
        uint64_t const which = read_number(reader);
        return which < kVariables ? reader->variables[which] : bad(reader);
    }
    case 'm': return read_place(reader);
    case 'h': return read_handler(reader);
    case '"': return read_string(reader);
    case '{': return read_block(reader, depth);
    default: return read_number(reader);
    }
}

uint64_t read_argument(struct reader* reader)
{
    skip_spaces(reader);
    return read_value(reader, 0);
}
