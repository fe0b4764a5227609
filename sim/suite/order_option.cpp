#include "sim/suite/order_option.h"

#include "sim/command_line.h"
#include "sim/file_bytes.h"

#include <fmt/format.h>
#include <sys/stat.h>

namespace drydock::sim {

Order order_of_text(std::string const& text)
{
    bool const is_names = text.find(',') != std::string::npos || find_benchmark(text).has_value();
    if (is_names) return parse_order(text, "--order");
    struct stat status {};
    if (stat(text.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
        throw UsageError(fmt::format(
            "--order {}: neither a file nor a benchmark; drydock suite --list names them", text));
    }
    MappedFile const file(text);
    return parse_order(file.text(), text);
}

Order chosen_of(Order const& order, std::string const& names)
{
    if (names.empty()) return order;
    Order chosen = only(order, parse_order(names, "--only"));
    if (chosen.empty()) throw UsageError("--only: the order has none of these benchmarks");
    return chosen;
}

}  // namespace drydock::sim
